"""The county that ships, and copies of its files to spoil."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.areas import county, service
from backend.areas.county import County
from backend.kernel.db import db, execute
from backend.kernel.settings import ROOT

CONFIG = ROOT / "config"


@pytest.fixture(scope="session")
def shipped() -> County:
    """The county as shipped."""
    return county.load(CONFIG)


@pytest.fixture
def no_county(database: str) -> Iterator[None]:
    """A database without areas and units; what the test does to them is undone."""
    with db.atomic() as transaction:
        execute("DELETE FROM units")
        execute("DELETE FROM areas")
        yield
        transaction.rollback()


@pytest.fixture
def whole_county(no_county: None, shipped: County) -> None:
    """The shipped areas and units, freshly imported."""
    for path in county.area_files(CONFIG):
        service.import_areas(path)
    service.sync_units(shipped.units)


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], tuple[Path, int]]:
    """Replaces one text in one file of a copy of the configuration.

    Gives the folder and the line on which the text stood. May be called several times.
    """
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)

    def replace(name: str, old: str, new: str) -> tuple[Path, int]:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder, text[: text.index(old)].count("\n") + 1

    return replace
