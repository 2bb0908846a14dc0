"""Reading what the client sent, before any schema sees it."""

from typing import Any, NoReturn

import flask
import marshmallow as ma
import orjson
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from backend.kernel.errors import FieldError, ValidationFailed
from backend.kernel.json import loads
from backend.web.errors import BadJson, UnsupportedMediaType, escape, field_errors

_ESCAPED_NUL = b"\\u0000"
_UNKNOWN: dict[str, str | None] = dict.fromkeys(("json", "query", "form", "files"), ma.RAISE)


class Parser(FlaskParser):
    """Refuses instead of guessing: unknown members, other media types, text no database takes.

    orjson refuses bad UTF-8, NaN, lone surrogates and nesting deeper than 1024 by itself.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = _UNKNOWN

    def load_json(self, req: flask.Request, schema: ma.Schema) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType(headers={"Accept": "application/json"})
        try:
            value = loads(body)
        except orjson.JSONDecodeError:
            raise BadJson from None
        if _ESCAPED_NUL in body:
            refuse_nul(value)
        return value

    def load_files(self, req: flask.Request, schema: ma.Schema) -> Any:
        """The whole form: a text field where only files are expected is unknown, too."""
        fields = [*req.files.items(multi=True), *req.form.items(multi=True)]
        return self._makeproxy(MultiDict(fields), schema)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: flask.Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        (found,) = error.messages.values()  # type: ignore[union-attr]
        raise ValidationFailed(fields=list(field_errors(found))) from None


def refuse_nul(value: Any) -> None:
    """NUL cannot be stored, in a text or in a key, not even inside jsonb."""
    found: list[FieldError] = []
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        pointer, current = waiting.pop()
        if isinstance(current, dict):
            if any("\x00" in key for key in current):
                found.append(FieldError(pointer, "invalid_text"))
            waiting.extend(
                (f"{pointer}/{escape(key)}", inner)
                for key, inner in current.items()
                if "\x00" not in key
            )
        elif isinstance(current, list):
            waiting.extend((f"{pointer}/{index}", inner) for index, inner in enumerate(current))
        elif isinstance(current, str) and "\x00" in current:
            found.append(FieldError(pointer, "invalid_text"))
    if found:
        raise ValidationFailed(fields=found)
