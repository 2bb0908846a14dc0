"""docs/openapi.json is what clients are built from: it says what this version answers."""

import json

from flask import Flask

from backend.kernel.settings import ROOT


def test_the_published_document_is_that_of_this_version(app: Flask) -> None:
    published = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    current = json.loads(json.dumps(app.extensions["api"].document()))
    assert published == current, "run `python -m backend openapi docs/openapi.json`"
