"""Refusals. Each is one class with a stable code; its sentence is in the message catalogue."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from backend.kernel.settings import ROOT


class FieldError:
    """What is wrong with one field.

    ``field`` is a JSON pointer (RFC 6901) into what was sent, as in ``/answers/lamp_no``.
    """

    __slots__ = ("code", "field", "params")

    def __init__(self, field: str, code: str, **params: Any) -> None:
        self.field = field
        self.code = code
        self.params = params

    def __repr__(self) -> str:
        return f"FieldError({self.field!r}, {self.code!r})"


class DomainError(Exception):
    """A refusal a person can understand and a program can rely on.

    ``params`` fill the placeholders of the catalogue's sentence; they never hold personal data,
    because they may be logged. ``extra`` members are added to the problem document.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 422
    keeps: ClassVar[bool] = False
    """Whether what was written before the refusal stays although the call fails: where the attempt
    itself is to be on record. Everything else a refused call wrote is undone."""

    def __init__(
        self,
        *,
        fields: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(self.code)
        self.fields = tuple(fields)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})
        self.params = params


class ValidationFailed(DomainError):
    code = "validation_failed"


class Unauthenticated(DomainError):
    code = "unauthenticated"
    status = 401


class Forbidden(DomainError):
    code = "forbidden"
    status = 403


class MandateNotInForce(Forbidden):
    """Nobody consented to the actor's doing this for them, or the consent has ended."""

    code = "mandate_not_in_force"


class NotFound(DomainError):
    code = "not_found"
    status = 404


class Conflict(DomainError):
    code = "conflict"
    status = 409


def where(error: BaseException) -> Iterator[str]:
    """The frames of an exception as ``file:line function``, outermost first, without values."""
    root = f"{ROOT}/"
    for frame in traceback.extract_tb(error.__traceback__)[-12:]:
        name = frame.filename.removeprefix(root).rpartition("site-packages/")[2]
        yield f"{name}:{frame.lineno} {frame.name}"
