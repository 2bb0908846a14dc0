"""What is done with pictures: taken in, claimed, shown, checked, discarded."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from backend.attachments import images, links, queries, rules
from backend.attachments.models import Attachment
from backend.attachments.ports import plugged
from backend.attachments.queries import Picture
from backend.attachments.rules import Variant, Verdict
from backend.integrations.storage import Missing, StorageError
from backend.kernel import outbox
from backend.kernel.db import connection, execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import FieldError, NotFound
from backend.kernel.greenlets import in_background
from backend.kernel.ids import new_id

_PURGED_AT_ONCE: Final = 500
_DECODERS = threading.BoundedSemaphore(2)
"""The worst picture needs some 600 MB while it is decoded: not many at once in one process."""
_QUEUE = threading.BoundedSemaphore(8)
"""Uploads under way, waiting ones too. Each holds megabytes, and a thread that others need."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture's bytes, and a name of its content for caches."""

    jpeg: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clean picture whose files are stored; nothing else knows of it yet."""

    id: UUID
    content_hash: bytes
    width: int
    height: int
    size_bytes: int
    thumbnail_size: int


def prepare(actor_id: UUID, data: bytes, declared_type: str | None, now: datetime) -> Prepared:
    """Turn an upload into a clean picture and store its files: the slow half of taking it in.

    Call it without a connection; it takes one for a moment. What `take_in` never gets is swept
    away later. Raises the refusals of ``images.process``, TooManyUnclaimed, UploadsBusy,
    StorageDown.
    """
    with connection():
        _refuse_hoarding(actor_id, now)
    processed = _processed(data, declared_type)
    attachment_id = new_id()
    storage_key = attachment_id.hex
    storage = plugged().storage
    try:
        storage.put(file_key(storage_key, Variant.THUMBNAIL), processed.thumbnail)
        storage.put(file_key(storage_key, Variant.ORIGINAL), processed.jpeg)
    except StorageError as error:
        raise rules.StorageDown() from error
    return Prepared(
        id=attachment_id,
        content_hash=processed.sha256,
        width=processed.width,
        height=processed.height,
        size_bytes=len(processed.jpeg),
        thumbnail_size=len(processed.thumbnail),
    )


def take_in(actor_id: UUID, prepared: Prepared, now: datetime) -> Picture:
    """Take the picture in; it waits a day for something to claim it. Raises TooManyUnclaimed."""
    with transaction():
        # Uploads of one person one after the other, so that the count is right.
        fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", (str(actor_id),))
        _refuse_hoarding(actor_id, now)
        Attachment.insert(
            id=prepared.id,
            owner_id=actor_id,
            storage_key=prepared.id.hex,
            content_hash=prepared.content_hash,
            width=prepared.width,
            height=prepared.height,
            size_bytes=prepared.size_bytes,
            thumbnail_size=prepared.thumbnail_size,
            created_at=now,
        ).execute()
    picture = queries.find(prepared.id)
    assert picture is not None
    return picture


def claim(
    actor_id: UUID,
    attachment_ids: Sequence[UUID],
    subject_kind: str,
    subject_id: UUID,
    now: datetime,
    *,
    field: str = "/attachment_ids",
) -> None:
    """Bind the actor's waiting pictures to a subject, in this order, in the caller's transaction.

    Raises TooManyAttachments, or AttachmentNotAvailable naming each that is not there, not the
    actor's, claimed already, expired or repeated; ``field`` is where the caller got the ids from.
    """
    if not attachment_ids:
        return
    if len(attachment_ids) > rules.MAX_PER_CLAIM:
        raise rules.TooManyAttachments(limit=rules.MAX_PER_CLAIM)
    with transaction():
        claimed = {
            row[0]
            for row in fetch_all(
                """
                UPDATE attachments SET subject_kind = %s, subject_id = %s, claimed_at = %s,
                    position = array_position(%s::uuid[], id) - 1
                WHERE id = ANY(%s::uuid[]) AND owner_id = %s
                    AND claimed_at IS NULL AND created_at > %s
                RETURNING id
                """,
                (
                    subject_kind,
                    subject_id,
                    now,
                    list(attachment_ids),
                    list(attachment_ids),
                    actor_id,
                    now - rules.UNCLAIMED_LIFETIME,
                ),
            )
        }
        refused = [
            FieldError(f"{field}/{index}", rules.AttachmentNotAvailable.code)
            for index, attachment_id in enumerate(attachment_ids)
            if attachment_id not in claimed or attachment_id in attachment_ids[:index]
        ]
        if refused:
            raise rules.AttachmentNotAvailable(fields=refused)
        for attachment_id in attachment_ids:
            outbox.put("attachment.check", {"attachment_id": str(attachment_id)})


def copy(actor_id: UUID, attachment_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Take in again, for the actor, pictures that belong to something already; their new ids.

    Whether the actor may is for the caller to know. A copy waits to be claimed like any other. It
    shares files and verdict with the first; the files stay until no picture has them. To be called
    inside the transaction that claims it.
    """
    copies = []
    for attachment_id in attachment_ids:
        # Locked, so that the first is not deleted, with its files, before the copy is there.
        row = fetch_one(
            "INSERT INTO attachments (id, owner_id, storage_key, content_hash, width, height,"
            " size_bytes, thumbnail_size, created_at, media_trace_id)"
            " SELECT %s, %s, storage_key, content_hash, width, height, size_bytes, thumbnail_size,"
            " %s, media_trace_id FROM attachments WHERE id = %s FOR KEY SHARE RETURNING id",
            (new_id(), actor_id, now, attachment_id),
        )
        if row is None:
            raise rules.AttachmentNotAvailable()
        copies.append(row[0])
    return copies


def discard(actor_id: UUID, attachment_id: UUID, now: datetime) -> None:
    """Delete an own picture that nothing has claimed. Raises NotFound, AttachmentInUse."""
    with transaction():
        row = fetch_one(
            "DELETE FROM attachments WHERE id = %s AND owner_id = %s AND claimed_at IS NULL"
            " RETURNING storage_key",
            (attachment_id, actor_id),
        )
        if row is not None:
            _erase_later(row[0])
            return
    picture = queries.find(attachment_id)
    if picture is None or picture.owner_id != actor_id:
        raise NotFound()
    raise rules.AttachmentInUse()


def show(
    attachment_id: UUID,
    variant: Variant,
    person_id: UUID | None,
    expires: int,
    signature: str,
    now: datetime,
) -> Shown:
    """The picture a signed link leads to, if whom it was made for may still see it.

    For who may not, there is none. Raises LinkInvalid, LinkExpired, NotFound, StorageDown.
    """
    links.verify(attachment_id, variant, person_id, expires, signature, now)
    picture = queries.find(attachment_id)
    if picture is None or (person_id is not None and not _may_view(picture, person_id)):
        raise NotFound()
    try:
        jpeg = plugged().storage.get(file_key(picture.storage_key, variant))
    except Missing as error:
        raise NotFound() from error
    except StorageError as error:
        raise rules.StorageDown() from error
    return Shown(jpeg, f"{picture.content_hash.hex()[:32]}-{variant}")


def note_check(attachment_id: UUID, trace_id: str) -> None:
    """Remember under which trace id WeChat will answer; a second question changes nothing."""
    execute(
        "UPDATE attachments SET media_trace_id = %s WHERE id = %s AND media_trace_id IS NULL",
        (trace_id, attachment_id),
    )


def record_verdict(
    trace_id: str, verdict: Literal["pass", "review", "risky"] | Verdict, now: datetime
) -> None:
    """Keep WeChat's answer. Repeated, late, early and unknown ones do no harm.

    Where two answers contradict each other the stricter one stays.
    """
    known = Verdict(verdict)
    if known in (Verdict.NONE, Verdict.PENDING):
        raise ValueError(f"{known} is no answer")
    if not 1 <= len(trace_id) <= rules.TRACE_ID_LENGTH:
        return
    execute(
        """
        INSERT INTO media_verdicts AS kept (trace_id, verdict, received_at) VALUES (%s, %s, %s)
        ON CONFLICT (trace_id) DO UPDATE
        SET verdict = excluded.verdict, received_at = excluded.received_at
        WHERE array_position(%s, kept.verdict) < array_position(%s, excluded.verdict)
        """,
        (trace_id, known.value, now, list(rules.BY_STRICTNESS), list(rules.BY_STRICTNESS)),
    )


def is_publishable(picture: Picture) -> bool:
    """Whether people beyond the uploader and staff may see it. No verdict is not a pass."""
    return rules.is_publishable(picture.verdict)


def forget_waiting(person_id: UUID, now: datetime) -> None:
    """Delete what the person uploaded and nothing has claimed, in the caller's transaction."""
    rows = fetch_all(
        "DELETE FROM attachments WHERE owner_id = %s AND claimed_at IS NULL RETURNING storage_key",
        (person_id,),
    )
    for (storage_key,) in rows:
        _erase_later(storage_key)


def purge_unclaimed(now: datetime) -> int:
    """Delete what has waited longer than a day; how many. Safe to repeat and to run twice."""
    total = 0
    while True:
        with transaction():
            rows = fetch_all(
                """
                DELETE FROM attachments WHERE id IN (
                    SELECT id FROM attachments WHERE claimed_at IS NULL AND created_at <= %s
                    LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING storage_key
                """,
                (now - rules.UNCLAIMED_LIFETIME, _PURGED_AT_ONCE),
            )
            for (storage_key,) in rows:
                _erase_later(storage_key)
        total += len(rows)
        if len(rows) < _PURGED_AT_ONCE:
            return total


def purge_verdicts(now: datetime) -> None:
    """Forget answers that belong to no picture of ours and are too old to be merely early."""
    execute(
        """
        DELETE FROM media_verdicts v WHERE received_at < %s
            AND NOT EXISTS (SELECT FROM attachments a WHERE a.media_trace_id = v.trace_id)
        """,
        (now - rules.EARLY_VERDICT_LIFETIME,),
    )


def sweep_files(now: datetime) -> int:
    """Delete files no row knows: left by uploads that broke off before their commit; how many."""
    storage, removed = plugged().storage, 0
    for key in storage.keys_before(now - rules.ORPHAN_FILE_AGE):
        known = fetch_one(
            "SELECT 1 FROM attachments WHERE storage_key = %s", (key.partition(".")[0],)
        )
        if known is None:
            storage.delete(key)
            removed += 1
    return removed


def erase_files(storage_key: str) -> None:
    """Delete both files of a picture, unless another still has them. Safe to repeat."""
    if fetch_one("SELECT 1 FROM attachments WHERE storage_key = %s LIMIT 1", (storage_key,)):
        return
    for variant in Variant:
        plugged().storage.delete(file_key(storage_key, variant))


def file_key(storage_key: str, variant: Variant) -> str:
    """Under which key the storage has one file of a picture."""
    return f"{storage_key}.{variant}.jpg"


def _refuse_hoarding(actor_id: UUID, now: datetime) -> None:
    row = fetch_one(
        "SELECT count(*), min(created_at) FROM attachments"
        " WHERE owner_id = %s AND claimed_at IS NULL AND created_at > %s",
        (actor_id, now - rules.UNCLAIMED_LIFETIME),
    )
    assert row is not None
    count, oldest = row
    if count >= rules.MAX_UNCLAIMED:
        wait = oldest + rules.UNCLAIMED_LIFETIME - now
        raise rules.TooManyUnclaimed(
            limit=rules.MAX_UNCLAIMED, headers={"Retry-After": str(int(wait.total_seconds()) + 1)}
        )


def _processed(data: bytes, declared_type: str | None) -> images.Processed:
    """Decode, a few at a time. Raises UploadsBusy rather than keep everyone waiting."""
    if not _QUEUE.acquire(blocking=False):
        raise rules.UploadsBusy()
    try:
        with _DECODERS:
            return in_background(images.process, data, declared_type)
    finally:
        _QUEUE.release()


def _may_view(picture: Picture, person_id: UUID) -> bool:
    if picture.subject_kind is None or picture.subject_id is None:
        return picture.owner_id == person_id
    may_view = plugged().viewers.get(picture.subject_kind)
    return may_view is not None and may_view(person_id, picture.subject_id)


def _erase_later(storage_key: str) -> None:
    """The files go once the row's deletion is certain."""
    outbox.put("attachment.erase", {"storage_key": storage_key})
