"""The honest handling of something difficult in a browser: a land dispute with a lead and two units
that help, one list of what is missing, more time, one reply, contest, rework and confirmation."""

from pathlib import Path

from tests.e2e.playing import play
from tests.running import Running


def test_a_land_dispute(running: Running, photos: Path, tmp_path: Path):
    play("dispute", running, photos, tmp_path)
