"""Whoever sends whatever: no failure of ours, and no answer that the document does not promise."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from json import dumps, loads
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
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
from tests.callers import Answer, Caller
from tests.policy import access_helping, access_law
from tests.policy.scene import (
    BODIES,
    LAMP,
    OTHER_UNIT,
    VILLAGE,
    WAYS,
    Scene,
    Step,
    by,
    filled,
    new_picture,
    unit,
)
from tests.policy.test_access import ROWS, SLUGS
from tests.policy.test_openapi import routes

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 16, GenerationMode.NEGATIVE: 8}
"""Of each operation. Half of what sound ones name exists."""

SUCCEEDING = 7
"""More examples of each operation whose parts must fit together: that do."""

ENDS_SESSIONS = {
    "people.sign_out",
    "people.sign_out_everywhere",
    "people.renew",
    "people.close_account",
}
ONLY_BY = {"people.close_account": "newcomer"}
"""Who alone asks for what the others would not come back from."""

HAN, FEWER_HAN = r"\\u4e00-\\u9fff", r"\\u4e00-\\u4e7f"
"""In patterns, as JSON writes them."""

NOT_NEEDED = ("songjia", "heping", "luoyongfang")
"""Of units that have no part in any of the requests."""

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
        "role_id": [scene.role(slug) for slug in NOT_NEEDED],
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


def acted_on(action: str, state: str, who: str, *before: Step, **changes: Any) -> Prepare:
    """An action on a new request in a state from which it is possible, by who can take it.

    What must fit the request does; words are as chance has them.
    """
    fitting = {name: value for name, value in BODIES[action].items() if callable(value)} | changes

    def prepare(scene: Scene, case: Any) -> str:
        request = scene.request(state)
        for step in before:
            step(scene, request)
        path = f"/api/requests/{request['id']}"
        case.path_parameters = {"request_id": request["id"]}
        case.body |= filled(fitting, scene, scene[who], request)
        case.body["version"] = scene["lixiuying"].get(path).expect(200)["version"]
        return who

    return prepare


def of_request(state: str, who: str) -> Prepare:
    def prepare(scene: Scene, case: Any) -> str:
        case.path_parameters = {"request_id": scene.request(state)["id"]}
        return who

    return prepare


def published(who: str) -> Prepare:
    def prepare(scene: Scene, case: Any) -> str:
        case.path_parameters = {"request_id": scene.published()["id"]}
        return who

    return prepare


def of_task(who: str, **changes: Any) -> Prepare:
    """What becomes of a part another unit is to do."""

    def prepare(scene: Scene, case: Any) -> str:
        request, task_id = scene.helped()
        case.path_parameters = {"request_id": request["id"], "task_id": task_id}
        case.body |= changes
        return who

    return prepare


def nearby(scene: Scene, case: Any) -> str:
    case.query |= {"category": "street_lamp", "area_code": VILLAGE}
    return "wangdafu"


def looked_up(scene: Scene, case: Any) -> str:
    scene["lixiuying"].put("/api/me/phone", {"phone": scene.phone}).expect(200)
    case.body = {"number": scene.request()["number"], "phone_last4": scene.phone[-4:]}
    return "nobody"


def reported(scene: Scene, case: Any) -> str:
    case.path_parameters = {"report_id": scene.report()}
    return "zhouping"


def inspected(scene: Scene, case: Any) -> str:
    return "zhouping"


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
    case.path_parameters = {"role_id": scene.role(NOT_NEEDED[0])}
    return "admin"


def claimed(scene: Scene, case: Any) -> str:
    case.body = {"code": scene.code()}
    return "lixiuying"


def asked_for_consent(scene: Scene, case: Any) -> str:
    case.body |= {"name": "无此人", "phone": "13812345678"}
    return "wangdafu"


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


def the_queue(scene: Scene, case: Any) -> str:
    """What a unit works on, without a filter: few of those made up fit each other."""
    case.query = {}
    return "chenwei"


PREPARED: dict[str, Prepare] = {
    "service_requests.workbench": the_queue,
    "service_requests.submit": submitted,
    "service_requests.request_view": of_request("confirmed", "lixiuying"),
    "service_requests.contact": of_request("accepted", "chenwei"),
    "service_requests.printed_receipt": of_request("merged", "liufang"),
    "service_requests.accept": acted_on("accept", "submitted", "chenwei"),
    "service_requests.not_accept": acted_on("not-accept", "submitted", "yangguang"),
    "service_requests.assign": acted_on(
        "assign", "accepted", "yangguang", unit_id=unit(OTHER_UNIT), handler_id=None
    ),
    "service_requests.dispute": acted_on("dispute", "submitted", "chenwei"),
    "service_requests.rule": acted_on("rule", "disputed", "yangguang"),
    "service_requests.start": acted_on("start", "accepted", "liufang"),
    "service_requests.ask": acted_on("ask", "in_progress", "chenwei"),
    "service_requests.supply": acted_on(
        "supply",
        "awaiting_resident",
        "lixiuying",
        text="27 号",
        attachment_ids=[],
        reuse_of=None,
        unavailable=False,
    ),
    "service_requests.request_extension": acted_on("request-extension", "in_progress", "chenwei"),
    "service_requests.decide_extension": acted_on(
        "decide-extension", "in_progress", "liufang", by("chenwei", "request-extension")
    ),
    "service_requests.open_task": acted_on("tasks", "in_progress", "chenwei"),
    "service_requests.answer_task": of_task("dengjun", attachment_ids=[]),
    "service_requests.cancel_task": of_task("chenwei"),
    "service_requests.reply": acted_on("reply", "rework", "chenwei", outcome="fixed"),
    "service_requests.defer": acted_on("defer", "contested", "chenwei"),
    "service_requests.merge": acted_on("merge", "submitted", "chenwei"),
    "service_requests.remind": acted_on("remind", "assigned", "lixiuying"),
    "service_requests.confirm": acted_on("confirm", "replied", "lixiuying"),
    "service_requests.contest": acted_on(
        "contest", "replied", "lixiuying", attachment_ids=new_picture
    ),
    "service_requests.direct": acted_on("direct", "supervised", "majing", unit_id=None),
    "service_requests.came_back": acted_on(
        "came-back", "closed_unconfirmed", "lixiuying", attachment_ids=new_picture
    ),
    "service_requests.withdraw": acted_on("withdraw", "deferred", "lixiuying"),
    "service_requests.rate": of_request("confirmed", "lixiuying"),
    "service_requests.similar": nearby,
    "service_requests.follow": published("wangdafu"),
    "service_requests.public_request": published("nobody"),
    "service_requests.look_up": looked_up,
    "service_requests.report_pressure": of_request("replied", "lixiuying"),
    "service_requests.own_pressure_reports": of_request("submitted", "lixiuying"),
    "service_requests.reported_pressure": inspected,
    "service_requests.reporter_contact": reported,
    "service_requests.close_report": reported,
    "attachments.upload": uploaded,
    "attachments.show": shown,
    "attachments.discard": discarded,
    "people.invite": invited,
    "people.accept_invitation": invitation_accepted,
    "people.revoke": revoked,
    "people.claim_mandate": claimed,
    "people.ask_for_mandate": asked_for_consent,
    "people.confirm_mandate": confirmed,
    "people.record_mandate": recorded,
    "people.mandate": mandated,
    "people.revoke_mandate": mandated,
    "people.sign_in": signed_in,
    "people.set_phone": telephoned,
    "people.members": listed,
    "areas.area": found,
}
"""What must fit together to succeed, by operation; who then asks."""


class Sketched(Exception):
    """What would have been sent."""

    def __init__(self, method: str, path: str, body: Any) -> None:
        super().__init__(path)
        self.method, self.path, self.body = method, path, body


class Sketch(Caller):
    """Says what it would send instead of sending it."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> Answer:
        raise Sketched(method, path, body.get("json"))


BY_MATRIX = access_law.CALLS | access_helping.CALLS
"""What the matrix of access knows how to do."""


def as_in_the_matrix(use: str) -> Prepare:
    """Sent as the matrix of access has it, by the first who may."""
    slug = SLUGS[next(who for who, found in ROWS[use].items() if found == "ok")]

    def prepare(scene: Scene, case: Any) -> str:
        sketch = Sketch(scene.nobody._send, scene[slug].token)
        with pytest.raises(Sketched) as caught:
            BY_MATRIX[use](scene, sketch)
        sent = caught.value
        path, _, query = sent.path.partition("?")
        _, values = scene.app.url_map.bind("").match(path, sent.method)
        case.path_parameters = {name: str(value) for name, value in values.items()}
        case.query = dict(parse_qsl(query))
        if case.operation.definition.raw.get("requestBody"):
            case.body = sent.body
        return slug

    return prepare


def prepared(app: Flask) -> dict[str, Prepare]:
    """All of it, with what the matrix knows to do."""
    names = {name: rule.endpoint for name, rule, _ in routes(app)}
    matrix = {names[use.partition(" | ")[0]]: as_in_the_matrix(use) for use in BY_MATRIX}
    return matrix | PREPARED


ONLY_WECHAT = {"notices.check_address", "notices.receive_push"}
"""Nobody else knows how to sign these."""


def tried(times: int) -> settings:
    """So many examples, all of them new."""
    return settings(
        max_examples=times,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )


def try_out(
    scene: Scene, known: Known, operation: Any, promises: Any, mode: GenerationMode
) -> set[int]:
    """Call an operation as often as its mode says; the statuses it answered with, each as
    ``promises`` has it."""
    name = operation.definition.raw["operationId"]
    prepare = prepared(scene.app).get(name)
    statuses = set()
    attachments.purge_unclaimed(clock.now() + timedelta(days=2))
    pictures = [scene.picture(), scene.picture("chenwei")]
    known = {**known, "attachment_ids": [[picture] for picture in pictures]}
    positive = mode is GenerationMode.POSITIVE

    def call(case: Any, who: str) -> None:
        who = ONLY_BY.get(name, who)
        token = scene[who].token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        case.operation = promises
        answer = case.call_and_validate(headers=headers, checks=PROMISES)
        statuses.add(answer.status_code)
        if name in ENDS_SESSIONS:
            scene.forget(who)

    @tried(EXAMPLES[mode])
    @given(
        case=operation.as_strategy(generation_mode=mode),
        who=st.sampled_from([*scene.people, "nobody"]),
        data=st.data(),
    )
    def keeps_its_promises(case: Any, who: str, data: Any) -> None:
        if positive:
            case.path_parameters = led_to_what_exists(case.path_parameters, known, data.draw)
            case.query = led_to_what_exists(case.query, known, data.draw)
            case.body = led_to_what_exists(case.body, known, data.draw)
        call(case, who)

    @tried(SUCCEEDING)
    @given(case=operation.as_strategy(generation_mode=mode))
    def succeeds_when_all_fits(case: Any) -> None:
        who = prepare(scene, case)
        case.headers["Idempotency-Key"] = uuid4().hex  # or most would be repeats
        call(case, who)

    try:
        keeps_its_promises()
        if positive and prepare is not None:
            succeeds_when_all_fits()
    except Unsatisfiable:
        assert not positive, "only where nothing is sent, nothing can be wrong"
    return statuses


def with_fewer_characters(promised: dict[str, Any]) -> dict[str, Any]:
    """The same document, where texts are made of fewer Chinese characters: preparing to choose
    among all of them, again for each operation, would take most of the time."""
    text = dumps(promised)
    assert HAN in text
    fewer: dict[str, Any] = loads(text.replace(HAN, FEWER_HAN))
    return fewer


@pytest.mark.parametrize("mode", GenerationMode)
def test_answers_are_as_documented(world: tuple[Scene, Known], mode: GenerationMode):
    scene, known = world
    promised = schemathesis.openapi.from_wsgi("/api/openapi.json", scene.app)
    made = schemathesis.openapi.from_dict(with_fewer_characters(promised.raw_schema))
    made.app = scene.app
    statuses = {}
    for result in made.get_all_operations():
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        promises = promised.find_operation_by_id(name)
        statuses[name] = try_out(scene, known, operation, promises, mode)
    assert len(statuses) > 30
    if mode is GenerationMode.POSITIVE:
        never = {name for name, found in statuses.items() if not {200, 201, 202, 204} & found}
        assert never == ONLY_WECHAT
