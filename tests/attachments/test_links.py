"""Signed links, and who they show a picture to."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from backend.attachments import links, queries, rules, service
from backend.attachments.ports import Ports, register_viewer
from backend.attachments.rules import Variant
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from tests.attachments.conftest import NOW, upload
from tests.attachments.test_service import Broken

pytestmark = pytest.mark.usefixtures("plugged")

MINUTE = timedelta(minutes=1)


def follow(path: str, now: object = NOW, **changes: object) -> service.Shown:
    """Open a link, some of its parts changed."""
    parts = urlsplit(path)
    *_, attachment_id, variant = parts.path.split("/")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    asked = {
        "attachment_id": UUID(attachment_id),
        "variant": Variant(variant),
        "person_id": UUID(query["person"]) if "person" in query else None,
        "expires": int(query["expires"]),
        "signature": query["signature"],
        "now": now,
    } | changes
    return service.show(**asked)  # type: ignore[arg-type]


@pytest.fixture
def picture(owner: UUID, photo: bytes) -> queries.Picture:
    return upload(owner, photo)


def test_a_link_lasts_ten_to_fifteen_minutes_and_is_stable_for_a_while(
    picture: queries.Picture, owner: UUID
) -> None:
    made = [
        links.signed(picture.id, Variant.ORIGINAL, owner, NOW + second * timedelta(seconds=1))
        for second in range(0, 1200, 7)
    ]
    for second, link in zip(range(0, 1200, 7), made, strict=True):
        left = link.expires_at - (NOW + timedelta(seconds=second))
        assert 10 * MINUTE < left <= 15 * MINUTE
    assert len({link.path for link in made}) == 4


def test_a_fresh_picture_shows_itself_to_its_owner(picture: queries.Picture, owner: UUID) -> None:
    (view,) = queries.views([picture], owner, NOW)
    large, small = follow(view["url"]), follow(view["thumbnail_url"])
    assert len(large.jpeg) == picture.size_bytes == view["size"]
    assert len(small.jpeg) < len(large.jpeg)
    assert large.etag != small.etag
    assert view["expires_at"] > NOW


def test_every_part_of_a_link_is_signed(
    picture: queries.Picture, owner: UUID, new_person: Callable[[], UUID], photo: bytes
) -> None:
    path = links.signed(picture.id, Variant.ORIGINAL, owner, NOW).path
    other = upload(owner, photo)
    for change in (
        {"attachment_id": other.id},
        {"variant": Variant.THUMBNAIL},
        {"person_id": new_person()},
        {"person_id": None},
        {"expires": 2**40},
        {"signature": "A" * 22},
        {"signature": ""},
        {"signature": "中文"},
    ):
        with pytest.raises(rules.LinkInvalid):
            follow(path, **change)


def test_a_link_ends(picture: queries.Picture, owner: UUID) -> None:
    link = links.signed(picture.id, Variant.ORIGINAL, owner, NOW)
    follow(link.path, link.expires_at - timedelta(seconds=1))
    with pytest.raises(rules.LinkExpired) as caught:
        follow(link.path, link.expires_at)
    assert caught.value.status == 410


def test_an_unclaimed_picture_is_its_owners_alone(
    picture: queries.Picture, new_person: Callable[[], UUID]
) -> None:
    path = links.signed(picture.id, Variant.ORIGINAL, new_person(), NOW).path
    with pytest.raises(NotFound):
        follow(path)


def test_who_may_see_the_subject_is_asked_each_time(
    picture: queries.Picture, owner: UUID, new_person: Callable[[], UUID]
) -> None:
    subject, handler = new_id(), new_person()
    service.claim(owner, [picture.id], "service_request", subject, NOW)
    mine = links.signed(picture.id, Variant.ORIGINAL, owner, NOW).path
    theirs = links.signed(picture.id, Variant.ORIGINAL, handler, NOW).path

    with pytest.raises(NotFound):
        follow(mine)  # nobody has said who may see such a subject

    allowed = {(owner, subject), (handler, subject)}
    register_viewer("service_request", lambda person, seen: (person, seen) in allowed)
    assert follow(mine) == follow(theirs)

    allowed.remove((handler, subject))
    follow(mine)
    with pytest.raises(NotFound):
        follow(theirs)


def test_wechat_gets_a_link_of_its_own(picture: queries.Picture, owner: UUID) -> None:
    service.claim(owner, [picture.id], "service_request", new_id(), NOW)
    link = links.for_media_check(picture.id, NOW)
    assert follow(link.path, NOW + 59 * MINUTE).jpeg
    with pytest.raises(rules.LinkExpired):
        follow(link.path, NOW + 65 * MINUTE)
    for change in ({"variant": Variant.THUMBNAIL}, {"person_id": owner}):
        with pytest.raises(rules.LinkInvalid):
            follow(link.path, **change)


def test_a_picture_that_is_gone(picture: queries.Picture, owner: UUID, plugged: Ports) -> None:
    path = links.signed(picture.id, Variant.ORIGINAL, owner, NOW).path
    whole = plugged.storage
    plugged.storage = Broken()
    with pytest.raises(rules.StorageDown):
        follow(path)
    plugged.storage = whole
    whole.delete(service.file_key(picture.storage_key, Variant.ORIGINAL))
    with pytest.raises(NotFound):
        follow(path)
    service.discard(owner, picture.id, NOW)
    with pytest.raises(NotFound):
        follow(path)
