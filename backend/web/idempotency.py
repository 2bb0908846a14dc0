"""Doing things once: a repeated request with the same key gets the first one's answer.

The key's row, the effect and the stored answer are one transaction. A second request with the
same key waits for the first; a first attempt that was refused leaves nothing behind, unless the
refusal keeps what was written (`DomainError.keeps`). Either way the key can be tried again.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

import peewee
from flask import Response, current_app, request

from backend.kernel.clock import now
from backend.kernel.crypto import keyring
from backend.kernel.db import Model, execute, fetch_one, transaction
from backend.kernel.errors import DomainError
from backend.kernel.fields import BytesField, UtcDateTimeField, UuidField
from backend.kernel.periodic import Periodic
from backend.web.auth import current_actor
from backend.web.lifecycle import hold, release
from backend.web.traits import View, mark

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
KEY_PATTERN = "[A-Za-z0-9_-]{8,64}"
KEPT = timedelta(days=7)

_KEY = re.compile(KEY_PATTERN)
_CHUNK = 65_536


class IdempotencyKeyRequired(DomainError):
    code = "idempotency_key_required"
    status = 400


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"


class IdempotencyKey(Model):
    """A request that was carried out, and its answer, encrypted: it holds personal data."""

    person_id = UuidField()
    key = peewee.TextField()
    fingerprint = BytesField()
    status = peewee.SmallIntegerField(null=True)
    body = BytesField(null=True)
    content_type = peewee.TextField(null=True)
    created_at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "idempotency_keys"
        primary_key = peewee.CompositeKey("person_id", "key")


def forget(person_id: UUID, now: datetime) -> None:
    """Delete the answers kept for a person."""
    execute("DELETE FROM idempotency_keys WHERE person_id = %s", (person_id,))


class _Refused(Exception):
    """Carries an answer that is an error out of the transaction, which is undone."""

    def __init__(self, response: Response) -> None:
        self.response = response


def idempotent(view: View) -> View:
    """The view needs an Idempotency-Key and is carried out once per person and key."""
    return mark(view, idempotent=True)


def run_once(
    view: Callable[..., Any], prepare: Callable[[], Any] | None = None
) -> Callable[..., Response]:
    """What :func:`idempotent` asks for, around the whole view with its parsing and answering.

    ``prepare`` is the slow part that changes nothing in the database: it runs before the
    transaction with no connection held, unless there is an answer already, and the view gets what
    it returns as ``prepared``. Of two requests racing with one key both may prepare.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if _KEY.fullmatch(key) is None:
            raise IdempotencyKeyRequired
        person_id = current_actor().id
        fingerprint = _fingerprint()
        if prepare is not None:
            known = _answer(person_id, key, fingerprint)
            if known is not None:
                return known
            release()
            kwargs["prepared"] = prepare()
            hold()
        try:
            with transaction():
                if not _claim(person_id, key, fingerprint):
                    known = _answer(person_id, key, fingerprint)
                    if known is None:  # purged in this very moment
                        raise IdempotencyKeyReused
                    return known
                try:
                    response = current_app.make_response(view(*args, **kwargs))
                except DomainError as refusal:
                    if not refusal.keeps:
                        raise
                    _disclaim(person_id, key)
                    kept = refusal
                else:
                    if response.status_code >= 400:
                        raise _Refused(response)
                    _keep(person_id, key, response)
                    return response
        except _Refused as refused:
            return refused.response
        raise kept

    return wrapper


def _fingerprint() -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data(cache=True))
        return digest.digest()
    for name, text in sorted(request.form.items(multi=True)):
        digest.update(hashlib.sha256(f"{name}={text}".encode("utf-8", "surrogatepass")).digest())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        digest.update(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest())
        while chunk := file.stream.read(_CHUNK):
            digest.update(chunk)
        file.stream.seek(0)
    return digest.digest()


def _claim(person_id: UUID, key: str, fingerprint: bytes) -> bool:
    """Whether this request is the first with its key. Waits for one that is under way."""
    claimed = execute(
        "INSERT INTO idempotency_keys (person_id, key, fingerprint, created_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (person_id, key, fingerprint, now()),
    )
    return claimed == 1


def _disclaim(person_id: UUID, key: str) -> None:
    """Let the key be tried again."""
    execute("DELETE FROM idempotency_keys WHERE person_id = %s AND key = %s", (person_id, key))


def _keep(person_id: UUID, key: str, response: Response) -> None:
    text = response.get_data(as_text=True)
    execute(
        "UPDATE idempotency_keys SET status = %s, body = %s, content_type = %s"
        " WHERE person_id = %s AND key = %s",
        (
            response.status_code,
            keyring.encrypt(text, _context(person_id, key)) if text else None,
            response.content_type,
            person_id,
            key,
        ),
    )


def _answer(person_id: UUID, key: str, fingerprint: bytes) -> Response | None:
    """What the first request with this key was answered; None if there was none."""
    row = fetch_one(
        "SELECT fingerprint, status, body, content_type FROM idempotency_keys"
        " WHERE person_id = %s AND key = %s",
        (person_id, key),
    )
    if row is None:
        return None
    if row[0] != fingerprint:
        raise IdempotencyKeyReused
    _, status, body, content_type = row
    text = keyring.decrypt(body, _context(person_id, key)) if body is not None else ""
    response = Response(text, status, {REPLAYED_HEADER: "true"}, content_type=content_type)
    if content_type is None:  # werkzeug would have chosen one
        del response.headers["Content-Type"]
    return response


def _context(person_id: UUID, key: str) -> str:
    return f"idempotency:{person_id}:{key}"


def purge(moment: datetime) -> None:
    """Forget answers that are older than anyone's retries."""
    execute("DELETE FROM idempotency_keys WHERE created_at < %s", (moment - KEPT,))


PERIODIC = {"idempotency.purge": Periodic(every=timedelta(hours=1), run=purge)}
