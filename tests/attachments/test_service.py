"""Pictures from upload to their end."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backend.attachments import queries, rules, service
from backend.attachments.ports import Ports
from backend.attachments.rules import Variant, Verdict
from backend.integrations.storage import DiskStorage, StorageError
from backend.kernel.db import connection, execute, fetch_all, transaction
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from tests.attachments.conftest import NOW, upload

pytestmark = pytest.mark.usefixtures("plugged")

DAY = timedelta(hours=24)
KIND = "service_request"


def files(storage: DiskStorage) -> set[str]:
    return set(storage.keys_before(datetime.now(UTC) + DAY))


def events(kind: str) -> list[dict[str, str]]:
    rows = fetch_all("SELECT payload FROM outbox WHERE kind = %s ORDER BY id", (kind,))
    return [row[0] for row in rows]


def row_made(owner: UUID, now: datetime = NOW) -> UUID:
    """A waiting picture without the work of making one."""
    attachment_id = new_id()
    execute(
        "INSERT INTO attachments (id, owner_id, storage_key, content_hash, width, height,"
        " size_bytes, thumbnail_size, created_at) VALUES (%s, %s, %s, %s, 1, 1, 1, 1, %s)",
        (attachment_id, owner, attachment_id.hex, bytes(32), now),
    )
    return attachment_id


def test_an_upload_is_stored_and_waits(owner: UUID, photo: bytes, storage: DiskStorage) -> None:
    picture = upload(owner, photo)
    assert (picture.width, picture.height) == (640, 480)
    assert picture.owner_id == owner
    assert picture.claimed_at is None
    assert picture.verdict is Verdict.NONE
    large = storage.get(service.file_key(picture.storage_key, Variant.ORIGINAL))
    assert len(large) == picture.size_bytes
    assert len(files(storage)) == 2
    assert queries.find(picture.id) == picture


def test_a_refused_picture_leaves_nothing(owner: UUID, storage: DiskStorage) -> None:
    with pytest.raises(rules.ImageUnsupported):
        upload(owner, b"no picture")
    assert files(storage) == set()
    assert fetch_all("SELECT 1 FROM attachments") == []


def test_a_storage_that_is_away_is_said_so(owner: UUID, photo: bytes, plugged: Ports) -> None:
    plugged.storage = Broken()
    with pytest.raises(rules.StorageDown) as caught:
        upload(owner, photo)
    assert caught.value.status == 503
    assert fetch_all("SELECT 1 FROM attachments") == []


class Broken:
    """A storage whose disk is full and gone."""

    def put(self, key: str, data: bytes) -> None:
        raise StorageError("no space")

    def get(self, key: str) -> bytes:
        raise StorageError("no disk")

    def delete(self, key: str) -> None:
        raise StorageError("no disk")

    def exists(self, key: str) -> bool:
        raise StorageError("no disk")

    def keys_before(self, moment: datetime) -> Iterator[str]:
        raise StorageError("no disk")


def test_waiting_pictures_are_limited_per_person(
    owner: UUID, photo: bytes, new_person: Callable[[], UUID]
) -> None:
    oldest = row_made(owner, NOW - timedelta(hours=23))
    for _ in range(rules.MAX_UNCLAIMED - 1):
        row_made(owner)
    with pytest.raises(rules.TooManyUnclaimed) as caught:
        upload(owner, photo)
    assert caught.value.status == 429
    assert 3600 <= int(caught.value.headers["Retry-After"]) <= 3601
    upload(new_person(), photo)
    upload(owner, photo, NOW + timedelta(hours=1, seconds=1))  # the oldest has expired
    service.claim(owner, [row_made(owner)], KIND, new_id(), NOW)
    assert queries.find(oldest) is not None


def test_a_claim_binds_pictures_in_their_order(owner: UUID) -> None:
    pictures = [row_made(owner) for _ in range(9)]
    subject = new_id()
    wanted = pictures[::-1]
    service.claim(owner, wanted, KIND, subject, NOW)
    later = row_made(owner)
    service.claim(owner, [later], KIND, subject, NOW + timedelta(minutes=5))
    assert [picture.id for picture in queries.for_subject(KIND, subject)] == [*wanted, later]
    assert queries.for_subject("activity", subject) == []
    assert queries.for_subject(KIND, new_id()) == []


def test_a_claim_asks_for_the_check_of_each_picture(owner: UUID) -> None:
    pictures = [row_made(owner), row_made(owner)]
    service.claim(owner, pictures, KIND, new_id(), NOW)
    asked = {event["attachment_id"] for event in events("attachment.check")}
    assert asked == {str(picture) for picture in pictures}


def test_claiming_nothing_is_fine(owner: UUID) -> None:
    service.claim(owner, [], KIND, new_id(), NOW)
    assert events("attachment.check") == []


def test_more_than_nine_are_refused(owner: UUID) -> None:
    pictures = [row_made(owner) for _ in range(10)]
    with pytest.raises(rules.TooManyAttachments):
        service.claim(owner, pictures, KIND, new_id(), NOW)


def test_what_cannot_be_claimed_is_named(owner: UUID, new_person: Callable[[], UUID]) -> None:
    good, strange, unknown = row_made(owner), row_made(new_person()), new_id()
    used, expired = row_made(owner), row_made(owner, NOW - DAY)
    fresh = row_made(owner, NOW - DAY + timedelta(seconds=1))
    service.claim(owner, [used], KIND, new_id(), NOW)
    subject = new_id()

    with pytest.raises(rules.AttachmentNotAvailable) as caught:
        service.claim(
            owner,
            [good, strange, fresh, unknown, used, expired, good],
            KIND,
            subject,
            NOW,
            field="/reply/attachment_ids",
        )

    assert [error.field for error in caught.value.fields] == [
        f"/reply/attachment_ids/{index}" for index in (1, 3, 4, 5, 6)
    ]
    assert {error.code for error in caught.value.fields} == {"attachment_not_available"}
    assert queries.for_subject(KIND, subject) == [], "one bad picture claims none"


def test_a_claim_is_undone_with_what_it_is_for(owner: UUID) -> None:
    picture, subject = row_made(owner), new_id()
    with pytest.raises(RuntimeError), transaction():
        service.claim(owner, [picture], KIND, subject, NOW)
        raise RuntimeError
    assert queries.for_subject(KIND, subject) == []
    assert events("attachment.check") == []
    service.claim(owner, [picture], KIND, subject, NOW)


def test_of_racing_claims_one_wins(owner: UUID) -> None:
    picture = row_made(owner)
    start, outcomes = threading.Barrier(6), []

    def race() -> None:
        with connection():
            start.wait()
            try:
                service.claim(owner, [picture], KIND, new_id(), NOW)
                outcomes.append("won")
            except rules.AttachmentNotAvailable:
                outcomes.append("lost")

    threads = [threading.Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 5 + ["won"]


def test_discarding(owner: UUID, photo: bytes, new_person: Callable[[], UUID]) -> None:
    picture = upload(owner, photo).id
    with pytest.raises(NotFound):
        service.discard(new_person(), picture, NOW)
    service.discard(owner, picture, NOW)
    assert queries.find(picture) is None
    assert events("attachment.erase") == [{"storage_key": picture.hex}]
    with pytest.raises(NotFound):
        service.discard(owner, picture, NOW)


def test_what_is_submitted_cannot_be_discarded(owner: UUID) -> None:
    picture = row_made(owner)
    service.claim(owner, [picture], KIND, new_id(), NOW)
    with pytest.raises(rules.AttachmentInUse):
        service.discard(owner, picture, NOW)
    assert queries.find(picture) is not None


def test_only_what_waited_a_day_is_purged(owner: UUID) -> None:
    expired, waiting = row_made(owner, NOW - DAY), row_made(owner, NOW - DAY + timedelta(seconds=1))
    used = row_made(owner, NOW - DAY)
    service.claim(owner, [used], KIND, new_id(), NOW - timedelta(hours=1))
    assert service.purge_unclaimed(NOW) == 1
    assert service.purge_unclaimed(NOW) == 0
    assert queries.find(expired) is None
    assert queries.find(waiting) is not None
    assert queries.find(used) is not None
    assert events("attachment.erase") == [{"storage_key": expired.hex}]


def test_a_purge_works_through_any_number(owner: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PURGED_AT_ONCE", 3)
    for _ in range(7):
        row_made(owner, NOW - DAY)
    assert service.purge_unclaimed(NOW) == 7


def test_erasing_is_safe_to_repeat(owner: UUID, photo: bytes, storage: DiskStorage) -> None:
    picture = upload(owner, photo).id
    execute("DELETE FROM attachments WHERE id = %s", (picture,))
    service.erase_files(picture.hex)
    service.erase_files(picture.hex)
    assert files(storage) == set()


def test_a_copy_and_its_first_outlive_each_other(
    owner: UUID, photo: bytes, storage: DiskStorage
) -> None:
    for goes in (0, 1):
        first = upload(owner, photo)
        service.claim(owner, [first.id], KIND, new_id(), NOW)
        service.note_check(first.id, f"trace-{first.id}")
        with transaction():
            (copied,) = service.copy(owner, [first.id], NOW + DAY)
            service.claim(owner, [copied], KIND, new_id(), NOW + DAY)
        copy = queries.find(copied)
        assert copy is not None and copy.content_hash == first.content_hash
        assert copy.media_trace_id == f"trace-{first.id}"

        pair = (first.id, copied)
        execute("DELETE FROM attachments WHERE id = %s", (pair[goes],))
        service.erase_files(first.storage_key)
        assert len(files(storage)) == 2
        assert service.sweep_files(datetime.now(UTC) + 3 * DAY) == 0
        execute("DELETE FROM attachments WHERE id = %s", (pair[1 - goes],))
        service.erase_files(first.storage_key)
        assert files(storage) == set()


def test_what_is_gone_is_not_copied(owner: UUID) -> None:
    with pytest.raises(rules.AttachmentNotAvailable):
        service.copy(owner, [new_id()], NOW)


def test_files_of_broken_uploads_are_swept(owner: UUID, photo: bytes, storage: DiskStorage) -> None:
    kept, lost = upload(owner, photo).id, upload(owner, photo).id
    execute("DELETE FROM attachments WHERE id = %s", (lost,))
    old = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    for key in files(storage):
        os.utime(storage._path(key), (old, old))
    storage.put(service.file_key(new_id().hex, Variant.ORIGINAL), b"being uploaded")

    assert service.sweep_files(datetime.now(UTC)) == 2
    assert service.sweep_files(datetime.now(UTC)) == 0

    assert {key.partition(".")[0] for key in files(storage)} >= {kept.hex}
    assert lost.hex not in {key.partition(".")[0] for key in files(storage)}
    assert len(files(storage)) == 3


def test_verdicts(owner: UUID) -> None:
    picture = row_made(owner)

    def verdict() -> Verdict:
        found = queries.find(picture)
        assert found is not None
        assert service.is_publishable(found) is (found.verdict is Verdict.PASS)
        return found.verdict

    assert verdict() is Verdict.NONE
    service.note_check(picture, "trace")
    assert verdict() is Verdict.PENDING
    service.note_check(picture, "another")
    service.record_verdict("another", "risky", NOW)
    assert verdict() is Verdict.PENDING
    service.record_verdict("trace", "pass", NOW)
    assert verdict() is Verdict.PASS
    service.record_verdict("trace", "pass", NOW)
    assert verdict() is Verdict.PASS
    service.record_verdict("trace", "risky", NOW)
    service.record_verdict("trace", "review", NOW)
    service.record_verdict("trace", "pass", NOW)
    assert verdict() is Verdict.RISKY, "the strictest answer stays"


def test_a_verdict_may_come_before_we_know_its_question(owner: UUID) -> None:
    picture = row_made(owner)
    service.record_verdict("early", Verdict.PASS, NOW)
    service.note_check(picture, "early")
    found = queries.find(picture)
    assert found is not None
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("answer", ["none", "pending", "fine", ""])
def test_what_is_no_verdict_is_not_recorded(answer: str) -> None:
    with pytest.raises(ValueError, match="is n"):
        service.record_verdict("trace", answer, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("trace_id", ["", "x" * 201, "unknown"])
def test_verdicts_of_strange_trace_ids_are_harmless(owner: UUID, trace_id: str) -> None:
    picture = row_made(owner)
    service.note_check(picture, "trace")
    service.record_verdict(trace_id, "pass", NOW)
    found = queries.find(picture)
    assert found is not None
    assert found.verdict is Verdict.PENDING


def test_verdicts_of_nothing_are_forgotten_after_a_week(owner: UUID) -> None:
    picture = row_made(owner)
    service.note_check(picture, "ours")
    long_ago = NOW - timedelta(days=8)
    service.record_verdict("ours", "pass", long_ago)
    service.record_verdict("unknown", "pass", long_ago)
    service.record_verdict("unknown-new", "pass", NOW)
    service.purge_verdicts(NOW)
    left = {row[0] for row in fetch_all("SELECT trace_id FROM media_verdicts")}
    assert left == {"ours", "unknown-new"}
