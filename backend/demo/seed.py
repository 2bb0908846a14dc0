"""Fills an empty database with the demo county, its people and what they have been through."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests

from backend.areas import county
from backend.areas import service as areas
from backend.cases import service as cases
from backend.demo import history, scenes
from backend.demo.advisers import settle_advisers, suspend
from backend.demo.counsel import Counsel
from backend.demo.helping import Helping
from backend.demo.people import Member, cast, settle
from backend.kernel.db import fetch_one
from backend.kernel.outbox import Handler
from backend.kernel.settings import Settings
from backend.notices import service as notices
from backend.notices import templates
from backend.notices.service import Answer

Progress = Callable[[int, int], None]

_CHANCE = 520526
_TIMEOUT_SECONDS = 10


class PretendWeChat:
    """The other side of the demo's WeChat, over its control addresses."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_sandbox"

    def openid_of(self, slug: str) -> str:
        """Who ``demo-<slug>`` signs in."""
        answer = self._send("POST", "people", {"name": slug})
        openid: str = answer["openid"]
        return openid

    def know_templates(self, known: templates.Templates) -> None:
        """What a county sets up once in WeChat's console."""
        items = [
            {
                "template_id": template.template_id,
                "title": template.title["zh-CN"],
                "kind": template.kind.value,
                "fields": [{"key": field.key, "label": field.label} for field in template.fields],
            }
            for template in known.by_key.values()
        ]
        self._send("PUT", "templates", {"items": items})

    def allow(self, openid: str, template_ids: list[str]) -> None:
        """The person says yes to some messages."""
        results = [{"template_id": id, "outcome": "accept"} for id in template_ids]
        self._send("POST", "subscriptions", {"openid": openid, "results": results})

    def push_to(self, url: str) -> None:
        """Where WeChat tells the product what happened."""
        self._send("PUT", "push", {"url": url})

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = requests.request(
            method, f"{self._url}/{path}", json=body, timeout=_TIMEOUT_SECONDS
        )
        response.raise_for_status()
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer


def seed(
    settings: Settings,
    wechat: PretendWeChat,
    handlers: dict[str, Handler],
    now: datetime,
    on_progress: Progress,
) -> None:
    """Make everything that is not there yet. The past is told once, into an empty database."""
    for path in county.area_files(settings.config_dir):
        areas.import_areas(path)
    areas.sync_units(county.current().units)
    wechat.know_templates(templates.in_force())
    empty = fetch_one("SELECT 1 FROM service_requests LIMIT 1") is None
    members = cast()
    people = {member.slug: settle(member, wechat.openid_of(member.slug), now) for member in members}
    if empty:
        guests = [people[member.slug] for member in members if not member.roles]
        past = history.History(random.Random(_CHANCE), now, handlers)  # noqa: S311 - a story
        past.tell(
            history.COUNT,
            guests,
            people["yangguang"],
            lambda done: on_progress(done, history.COUNT),
        )
        scenes.Scenes(past, people).play()
        practices = settle_advisers(members, people, now - history.BEFORE)
        Counsel(past, practices, people, random.Random(_CHANCE)).tell()  # noqa: S311 - a story
        suspend(people["admin"], practices, now)
        Helping(past, people, random.Random(_CHANCE)).tell()  # noqa: S311 - a story
        cases.import_samples(settings.config_dir / cases.SAMPLES, now)
        history.read_what_is_old(now)
        for member in members:
            _allow_messages(member, people[member.slug].id, wechat, now)
    wechat.push_to(f"{settings.public_url}/wechat/push")


def _allow_messages(member: Member, person_id: Any, wechat: PretendWeChat, now: datetime) -> None:
    ids = [template.template_id for template in templates.in_force().by_key.values()]
    openid = wechat.openid_of(member.slug)
    for time in range(member.messages):
        wechat.allow(openid, ids)
        answers = [Answer(template_id, "accept") for template_id in ids]
        notices.record_answers(person_id, answers, f"demo-{member.slug}-{time}", "zh-CN", now)
