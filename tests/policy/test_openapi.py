"""Promises every route keeps, checked on the whole product."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.routing import Rule

from backend.kernel import messages
from backend.kernel.errors import DomainError
from backend.web.errors import PROBLEM_JSON, MethodNotAllowed
from backend.web.traits import Traits, traits_of

PUBLIC = {
    "GET /",
    "GET /<any(assets, static):folder>/<path:name>",
    "GET /healthz",
    "GET /readyz",
    "GET /problems/<code>",
    "GET /api/openapi.json",
    "GET /api/docs",
    "GET /api/docs/<name>",
    "POST /api/sessions",
    # The receipt's number and the telephone's last digits stand for a sign-in.
    "POST /api/lookup",
    # What its requester made public, without anybody's data.
    "GET /api/public/requests",
    "GET /api/public/requests/<uuid:request_id>",
    # What lawyers are asked about, and cases without anybody's data, approved for everybody.
    "GET /api/legal/topics",
    "GET /api/public/cases",
    "GET /api/public/cases/<uuid:case_id>",
    # The kinds of what volunteers do.
    "GET /api/volunteering/terms",
    # A signed link, and a secret one: calendar programs cannot send a token.
    "GET /api/calendars/bookings/<uuid:booking_id>.ics",
    "GET /api/calendars/feeds/<string(maxlength=64):token>.ics",
    # Signed links: an <image> cannot send a token.
    "GET /api/attachments/<uuid:attachment_id>/<any(original, thumbnail):variant>",
    # Nothing personal, and needed before signing in.
    "GET /api/areas",
    "GET /api/areas/<code>",
    "GET /api/catalogue",
    # WeChat signs its calls.
    "GET /wechat/push",
    "POST /wechat/push",
}
"""Everything anyone may call. Whoever adds a line says why it is safe."""

UNDOCUMENTED = {
    "GET /",
    "GET /<any(assets, static):folder>/<path:name>",
    "GET /healthz",
    "GET /readyz",
    "GET /problems/<code>",
    "GET /api/openapi.json",
    "GET /api/docs",
    "GET /api/docs/<name>",
}
"""Not the API: the site, what watches the process, and the documents themselves."""

NOT_EXACTLY_ONCE = {
    "POST /api/sessions": "a code of WeChat's works once",
    "POST /api/sessions/renew": "a second token harms nobody, and the answer holds a secret",
    "POST /api/requests/<uuid:request_id>/contact": "each look at a number is recorded",
    "POST /api/requests/<uuid:request_id>/follow": "following twice is following",
    "POST /api/lookup": "nothing is done",
    "POST /api/inspection/reports/<uuid:report_id>/contact": "each look at a number is recorded",
    "POST /api/resources/<uuid:resource_id>/calendar": "the answer holds a secret",
    "POST /api/consultations/<uuid:consultation_id>/look-into": "each look is recorded",
    "POST /api/me/close": "afterwards nobody is signed in who could ask again",
    "POST /wechat/push": "WeChat repeats itself by its own rules; the handler is idempotent",
}

LIMITED = {
    "POST /api/sessions": "sign_in",
    "POST /api/me/roles": "sign_in",
    "POST /api/mandates/claim": "sign_in",
    "POST /api/mandates/requests": "sign_in",
    "POST /api/lookup": "lookup",
    "POST /api/bookings/<uuid:booking_id>/check-in": "sign_in",
    "POST /api/signups/<uuid:signup_id>/check-in": "sign_in",
    "POST /api/signups/<uuid:signup_id>/check-out": "sign_in",
    "GET /api/requests/<uuid:request_id>/receipt.pdf": "print",
    "GET /api/ledger.xlsx": "print",
    "GET /api/calendars/bookings/<uuid:booking_id>.ics": "signed",
    "GET /api/calendars/feeds/<string(maxlength=64):token>.ics": "signed",
    "GET /api/attachments/<uuid:attachment_id>/<any(original, thumbnail):variant>": "signed",
    "GET /wechat/push": "signed",
    "POST /wechat/push": "signed",
}
"""Where guessing is worth while, where a signature is asked for, and where type is set: limits of
their own."""


def routes(app: Flask) -> Iterator[tuple[str, Rule, Traits]]:
    for rule in app.url_map.iter_rules():
        traits = traits_of(app.view_functions[rule.endpoint])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", rule, traits


@pytest.fixture
def document(app: Flask) -> dict:
    found: dict = app.extensions["api"].document()
    return found


def operations(document: dict) -> Iterator[tuple[str, dict]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", operation


def documented_codes(operation: dict) -> set[str]:
    return {
        code
        for response in operation["responses"].values()
        if PROBLEM_JSON in response.get("content", {})
        for code in response["content"][PROBLEM_JSON]["schema"]["properties"]["code"]["enum"]
    }


def refusals() -> set[type[DomainError]]:
    """Every class of the product that is a refusal with a code."""
    found, waiting = set(), [DomainError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            waiting.append(child)
            if child.__module__.startswith("backend.") and "code" in vars(child):
                found.add(child)
    return found


def test_only_what_is_listed_is_public(app):
    assert {name for name, _, traits in routes(app) if traits.public} == PUBLIC


def test_everything_else_asks_who_is_calling(app):
    values = {"uuid": "018f0000-0000-7000-8000-000000000000"}
    client = app.test_client()
    for name, rule, traits in routes(app):
        if traits.public:
            continue
        path = re.sub(
            r"<(?:(\w+)(?:\(([^,)]*)[^>]*\))?:)?\w+>",
            lambda found: values.get(found[1], found[2] or "520526"),
            rule.rule,
        )
        answer = client.open(path, method=name.split()[0])
        assert answer.status_code == 401, name
        assert answer.get_json()["code"] == "unauthenticated"


def test_what_creates_or_acts_happens_once(app):
    posts = {name: traits for name, _, traits in routes(app) if name.startswith("POST ")}
    assert {name for name, traits in posts.items() if not traits.idempotent} == set(
        NOT_EXACTLY_ONCE
    )


def test_only_what_is_listed_has_a_limit_of_its_own(app):
    found = {name: traits.limit for name, _, traits in routes(app) if traits.limit}
    assert found == LIMITED


def test_the_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_documented(app, document):
    documented = {name for name, _ in operations(document)}
    served = {
        re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", name)
        for name, _, _ in routes(app)
        if name not in UNDOCUMENTED
    }
    assert documented == served


def test_operations_have_a_summary_and_a_name_of_their_own(document):
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert not [name for name, operation in operations(document) if not operation.get("summary")]


def test_sign_in_is_documented_where_it_is_needed(document):
    for name, operation in operations(document):
        public = re.sub(r"{\w+}", "*", name) in {re.sub(r"<[^>]+>", "*", path) for path in PUBLIC}
        assert (operation.get("security") == []) == public, name
        assert ("unauthenticated" in documented_codes(operation)) or public, name


def test_every_refusal_has_sentences_and_is_documented(document):
    codes = {refusal.code for refusal in refusals()}
    documented = {
        code for _, operation in operations(document) for code in documented_codes(operation)
    }
    for language in messages.LANGUAGES:
        assert messages.error_codes(language) == codes
    families = {
        parent.code for child in refusals() for parent in child.__bases__ if parent in refusals()
    }
    # Of a method that a path does not have, nothing can be documented.
    assert codes - documented - families == {MethodNotAllowed.code}


def test_a_code_means_one_status():
    statuses: dict[str, set[int]] = {}
    for refusal in refusals():
        statuses.setdefault(refusal.code, set()).add(refusal.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


def test_every_status_has_a_title():
    for refusal in refusals():
        for language in messages.LANGUAGES:
            assert messages.text(f"web.titles.{refusal.status}", language)


def test_both_languages_say_the_same_things():
    first, *others = (messages.catalogue(language) for language in messages.LANGUAGES)
    for other in others:
        assert set(other) == set(first)
        for key, sentence in first.items():
            holes = re.findall(r"\{\w+", sentence)
            assert sorted(set(re.findall(r"\{\w+", other[key]))) == sorted(set(holes)), key


def test_bodies_refuse_what_they_do_not_know(document):
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            assert schema["additionalProperties"] is False, name
