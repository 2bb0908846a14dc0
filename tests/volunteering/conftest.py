"""Who every test of volunteering may ask for."""

import pytest
from flask import Flask

from backend.kernel.actor import Actor
from tests.volunteering import scene


@pytest.fixture
def ma(app: Flask) -> Actor:
    """The village's organiser."""
    return scene.organiser()


@pytest.fixture
def li(app: Flask) -> Actor:
    return scene.volunteer("李秀英")


@pytest.fixture
def wang(app: Flask) -> Actor:
    return scene.volunteer("王强")


@pytest.fixture
def zhao(app: Flask) -> Actor:
    return scene.volunteer("赵敏")
