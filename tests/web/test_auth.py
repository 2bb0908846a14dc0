"""Signing in, and that nobody gets in without."""

import pytest
from flask import Flask

from backend.kernel.errors import Unauthenticated
from backend.web.api import Blueprint
from backend.web.auth import current_actor, public
from tests.web.test_problems import problem


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer st_unknown-token",
        "Basic c3RfbGk6eA==",
        "Bearer st_li-xiuying extra",
        "Bearer " + "x" * 5_000,
        "Bearer st_\u00e4\u00f6\u00fc-token",
        "st_li-xiuying",
    ],
)
def test_refused(stranger, header):
    headers = {"Authorization": header} if header is not None else {}
    problem(stranger.get("/api/lamps", headers=headers), 401, "unauthenticated")


def test_the_scheme_is_not_case_sensitive(stranger):
    answer = stranger.get("/api/lamps", headers={"Authorization": "bearer st_li-xiuying"})
    assert answer.status_code == 200


def test_a_wrong_address_is_404_before_any_sign_in(stranger):
    problem(stranger.get("/api/nothing"), 404, "not_found")


def test_nobody_is_signed_in_on_public_views(lamp_app: Flask):
    with lamp_app.test_request_context("/"), pytest.raises(Unauthenticated):
        current_actor()


def test_public_is_said_below_the_route_or_not_at_all():
    things = Blueprint("things", __name__)

    @things.route("/things")
    def show() -> None: ...

    with pytest.raises(TypeError, match="below the route"):
        public(show)


def test_one_method_per_view():
    things = Blueprint("things", __name__)
    with pytest.raises(TypeError, match="one method"):
        things.route("/things", methods=["GET", "POST"])(lambda: None)
