"""The demo's people in the whole product."""

import pytest
from flask import Flask

from backend.sandbox import Sandbox
from tests.policy.scene import Scene
from tests.running import admin_url

__all__ = ["admin_url"]


@pytest.fixture
def scene(app: Flask, sandbox: Sandbox) -> Scene:
    return Scene(app, sandbox)
