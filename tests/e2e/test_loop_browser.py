"""The main loop in a browser, as people use it: happy, contested, and on a bad day."""

from pathlib import Path

import pytest

from tests.e2e.playing import play
from tests.running import Running


@pytest.mark.parametrize("name", ["loop", "contest", "unhappy"])
def test_scenario(running: Running, photos: Path, tmp_path: Path, name: str):
    play(name, running, photos, tmp_path)
