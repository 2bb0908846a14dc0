"""Playing a scenario of ``browser/*.mjs`` on the demo page of a running product.

``E2E_SHOTS=folder pytest …`` keeps a picture of every page after every step of every scenario.
"""

import os
import random
import subprocess
from pathlib import Path

import pytest

from backend.demo import pictures
from tests.running import Running

SCENARIOS = Path(__file__).parent / "browser"
SECONDS = 240

PHOTOS = {
    "lamp-1": "lamp",
    "lamp-2": "lamp",
    "pole": "lamp",
    "field": "field",
    "stones": "field",
    "mended": "mended",
}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What people attach: photos, and something that only says it is one."""
    folder = tmp_path_factory.mktemp("photos")
    chance = random.Random(7)
    for name, scene in PHOTOS.items():
        (folder / f"{name}.jpg").write_bytes(pictures.draw(scene, chance))
    (folder / "letter.jpg").write_text("This is a letter.")
    return folder


def play(name: str, running: Running, photos: Path, tmp_path: Path, **more: str) -> None:
    """Play it to its end; it fails with what the pages showed then. ``more`` is told the scenario
    in its environment."""
    kept = os.environ.get("E2E_SHOTS")
    shots = Path(kept).absolute() if kept else tmp_path
    environment = {
        **os.environ,
        "DEMO_URL": running.wechat_url,
        "PICTURES": str(photos),
        "SHOTS": str(shots),
        "EVERY_STEP": "1" if kept else "",
        **more,
    }
    played = subprocess.run(
        ["node", SCENARIOS / f"{name}.mjs"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    if played.returncode != 0:
        pytest.fail(
            f"{played.stdout}{played.stderr}\nPictures and texts of the pages: {shots}",
            pytrace=False,
        )
