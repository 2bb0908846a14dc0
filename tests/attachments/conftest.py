"""A feature on its own: people as bare rows, a real folder for files, and what is plugged in."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from backend.attachments import ports, service
from backend.attachments.queries import Picture
from backend.integrations.storage import DiskStorage
from backend.kernel.db import execute
from backend.kernel.ids import new_id
from tests.attachments.pictures import encoded, halves

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def new_person(database: str) -> Callable[[], UUID]:
    def make() -> UUID:
        person_id = new_id()
        execute(
            "INSERT INTO people (id, name, language, created_at) VALUES (%s, '', 'zh-CN', now())",
            (person_id,),
        )
        return person_id

    return make


@pytest.fixture
def owner(new_person: Callable[[], UUID]) -> UUID:
    return new_person()


class WeChat:
    """Takes note of what is asked; answers with trace ids, or as ``answer`` says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []
        self.answer: Exception | None = None

    def check_media(self, openid: str, url: str, scene: int) -> str:
        self.asked.append((openid, url, scene))
        if self.answer is not None:
            raise self.answer
        return f"trace-{len(self.asked)}"


@pytest.fixture
def wechat() -> WeChat:
    return WeChat()


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "files")


@pytest.fixture
def plugged(
    monkeypatch: pytest.MonkeyPatch, database: str, storage: DiskStorage, wechat: WeChat
) -> ports.Ports:
    """This test's own connections to the world; those of the app come back afterwards."""
    monkeypatch.setattr(ports, "_plugged", None)
    ports.plug_in(
        storage=storage,
        openid_of=lambda person_id: f"openid-{person_id}",
        check_media=wechat.check_media,
        public_url="https://county.example",
    )
    return ports.plugged()


@pytest.fixture
def photo() -> bytes:
    return encoded(halves((640, 480)))


def upload(owner: UUID, photo: bytes, now: datetime = NOW) -> Picture:
    """Take a JPEG in, as the route does."""
    return service.take_in(owner, service.prepare(owner, photo, "image/jpeg", now), now)
