"""Whoever sends whatever: no failure of ours, and no answer that the document does not promise."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.attachments import service as attachments
from backend.kernel import clock
from backend.kernel.db import fetch_all
from backend.notices import templates
from tests.policy.scene import LAMP, VILLAGE, WAYS, Scene

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 60, GenerationMode.NEGATIVE: 30}
"""Of each operation. Half of the sound ones lead to something that exists."""

ENDS_SESSIONS = {
    "people.sign_out",
    "people.sign_out_everywhere",
    "people.renew",
    "people.close_account",
}
ONLY_BY = {"people.close_account": "newcomer"}
"""Who alone asks for what the others would not come back from."""

Known = dict[str, list[Any]]
Prepare = Callable[[Scene, Any], str]


@pytest.fixture
def world(scene: Scene) -> tuple[Scene, Known]:
    """The cast, requests in every state with pictures, notices, invitations; and their ids."""
    requests = [scene.request(state, attachment_ids=[scene.picture()]) for state in WAYS]
    invitations = [scene.invitation() for _ in range(5)]

    def column(sql: str) -> list[Any]:
        return [str(value) for (value,) in fetch_all(sql)]

    return scene, {
        "request_id": [request["id"] for request in requests],
        "attachment_id": [request["attachments"][0]["id"] for request in requests],
        "unit_id": [str(scene.unit()), str(scene.unit("water_company"))],
        "handler_id": [str(person.id) for person in scene.people.values()],
        # Roles that nobody needs to succeed with anything: chance may take them.
        "role_id": column("SELECT id FROM role_grants WHERE role IN ('supervisor', 'grid_worker')"),
        "ids": [column("SELECT id FROM notices LIMIT 3")],
        "version": [1, 2, 3, 4],
        "category": ["street_lamp", "something_else"],
        "area_code": [VILLAGE, "520526"],
        "home_area_code": [VILLAGE],
        "answers": [LAMP["answers"]],
        "invitation_code": invitations,
        "template_id": [each.template_id for each in templates.in_force().by_key.values()],
        "code": [VILLAGE, "520526001", "demo-lixiuying", "demo-newcomer"],
        "parent": ["520526", "520526001"],
        "area": ["520526001"],
        "moment": ["submitted", "workbench"],
        "phone": ["13812345678"],
        "id_number": ["522401199003071211"],
        "name": ["王小二"],
    }


def led_to_what_exists(value: Any, known: Known, draw: Callable[[Any], Any]) -> Any:
    """The same value with members of known names changed for what exists, each as chance has it."""
    if isinstance(value, dict):
        return {
            name: draw(st.sampled_from(known[name]))
            if name in known and draw(st.booleans())
            else led_to_what_exists(inner, known, draw)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [led_to_what_exists(inner, known, draw) for inner in value]
    return value


def acted_on(state: str, who: str) -> Prepare:
    """An action on a new request in a state from which it is possible, by who can take it."""

    def prepare(scene: Scene, case: Any) -> str:
        request = scene.request(state)
        case.path_parameters = {"request_id": request["id"]}
        if isinstance(case.body, dict) and "version" in case.body:
            case.body["version"] = request["version"]
        return who

    return prepare


def assigned(scene: Scene, case: Any) -> str:
    acted_on("accepted", "yangguang")(scene, case)
    case.body |= {"unit_id": str(scene.unit("water_company")), "handler_id": None}
    return "yangguang"


def submitted(scene: Scene, case: Any) -> str:
    case.body = {**case.body, **LAMP, "attachment_ids": [scene.picture()]}
    return "lixiuying"


def uploaded(scene: Scene, case: Any) -> str:
    case.body = {"file": scene.photo}
    return "wangdafu"


def shown(scene: Scene, case: Any) -> str:
    request = scene.request(attachment_ids=[scene.picture()])
    link = urlsplit(request["attachments"][0]["thumbnail_url"])
    case.path_parameters = {"attachment_id": link.path.split("/")[3], "variant": "thumbnail"}
    case.query = dict(parse_qsl(link.query))
    return "nobody"


def discarded(scene: Scene, case: Any) -> str:
    case.path_parameters = {"attachment_id": scene.picture()}
    return "lixiuying"


def invited(scene: Scene, case: Any) -> str:
    case.body = {"role": "supervisor", "area_code": "520526"}
    return "admin"


def invitation_accepted(scene: Scene, case: Any) -> str:
    case.body = {"invitation_code": scene.invitation()}
    return "zhangmin"


def revoked(scene: Scene, case: Any) -> str:
    case.path_parameters = {"role_id": scene.role("majing")}
    return "admin"


def claimed(scene: Scene, case: Any) -> str:
    case.body = {"code": scene.code()}
    return "lixiuying"


def confirmed(scene: Scene, case: Any) -> str:
    case.path_parameters = {"mandate_id": scene.question()}
    return "lixiuying"


def recorded(scene: Scene, case: Any) -> str:
    case.body |= {"area_code": f"{VILLAGE}001", "attachment_ids": [], "phone": None}
    return "sunhao"


def mandated(scene: Scene, case: Any) -> str:
    case.path_parameters = {"mandate_id": scene.mandate()}
    return "wangdafu"


def signed_in(scene: Scene, case: Any) -> str:
    case.body = {"code": "demo-wangdafu"}
    return "nobody"


def telephoned(scene: Scene, case: Any) -> str:
    case.body = {"code": scene.sandbox.world.issue_phone_code("13812345678")}
    return "lixiuying"


def listed(scene: Scene, case: Any) -> str:
    case.path_parameters = {"unit_id": str(scene.unit())}
    return "liufang"


def found(scene: Scene, case: Any) -> str:
    case.path_parameters = {"code": VILLAGE}
    return "nobody"


PREPARED: dict[str, Prepare] = {
    "service_requests.submit": submitted,
    "service_requests.request_view": acted_on("confirmed", "lixiuying"),
    "service_requests.contact": acted_on("accepted", "chenwei"),
    "service_requests.accept": acted_on("submitted", "chenwei"),
    "service_requests.not_accept": acted_on("submitted", "yangguang"),
    "service_requests.assign": assigned,
    "service_requests.start": acted_on("accepted", "liufang"),
    "service_requests.ask": acted_on("in_progress", "chenwei"),
    "service_requests.supply": acted_on("awaiting_resident", "lixiuying"),
    "service_requests.reply": acted_on("rework", "chenwei"),
    "service_requests.confirm": acted_on("replied", "lixiuying"),
    "service_requests.contest": acted_on("replied", "lixiuying"),
    "service_requests.withdraw": acted_on("in_progress", "lixiuying"),
    "service_requests.rate": acted_on("confirmed", "lixiuying"),
    "attachments.upload": uploaded,
    "attachments.show": shown,
    "attachments.discard": discarded,
    "people.invite": invited,
    "people.accept_invitation": invitation_accepted,
    "people.revoke": revoked,
    "people.claim_mandate": claimed,
    "people.confirm_mandate": confirmed,
    "people.record_mandate": recorded,
    "people.mandate": mandated,
    "people.revoke_mandate": mandated,
    "people.sign_in": signed_in,
    "people.set_phone": telephoned,
    "people.members": listed,
    "areas.area": found,
}
"""What must fit together to succeed, by operation; who then asks. Every third sound example."""

ONLY_WECHAT = {"notices.check_address", "notices.receive_push"}
"""Nobody else knows how to sign these."""


def try_out(scene: Scene, known: Known, operation: Any, mode: GenerationMode) -> set[int]:
    """Call an operation as often as its mode says; the statuses it answered with."""
    name = operation.definition.raw["operationId"]
    statuses = set()
    attachments.purge_unclaimed(clock.now() + timedelta(days=2))
    pictures = [scene.picture(), scene.picture("chenwei")]
    known = {**known, "attachment_ids": [[picture] for picture in pictures]}

    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        who=st.sampled_from([*scene.people, "nobody"]),
        data=st.data(),
    )
    def keeps_its_promises(case: Any, who: str, data: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            if name in PREPARED and data.draw(st.integers(0, 2)) == 0:
                who = PREPARED[name](scene, case)
                case.headers["Idempotency-Key"] = uuid4().hex  # or most would be repeats
            else:
                case.path_parameters = led_to_what_exists(case.path_parameters, known, data.draw)
                case.query = led_to_what_exists(case.query, known, data.draw)
                case.body = led_to_what_exists(case.body, known, data.draw)
        who = ONLY_BY.get(name, who)
        token = scene[who].token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call_and_validate(headers=headers, checks=PROMISES)
        statuses.add(answer.status_code)
        if name in ENDS_SESSIONS:
            scene.forget(who)

    try:
        keeps_its_promises()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "only where nothing is sent, nothing can be wrong"
    return statuses


@pytest.mark.parametrize("mode", GenerationMode)
def test_answers_are_as_documented(world: tuple[Scene, Known], mode: GenerationMode):
    scene, known = world
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", scene.app)
    statuses = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        statuses[operation.definition.raw["operationId"]] = try_out(scene, known, operation, mode)
    assert len(statuses) > 30
    if mode is GenerationMode.POSITIVE:
        never = {name for name, found in statuses.items() if not {200, 201, 202, 204} & found}
        assert never == ONLY_WECHAT
