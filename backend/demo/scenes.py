"""One request for each situation worth showing, played among the people of the cast."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from backend.areas import queries as areas
from backend.demo.history import History, Life, Story, lead_unit_of, missing_item, version_of
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.json import loads
from backend.service_requests import service as requests
from backend.service_requests.rules import MaterialKind, Outcome, PressureKind

SCENES_FILE = Path(__file__).with_name("scenes.yaml")

Step = dict[str, Any]


class Scenes:
    """The scenes of the file; ``people`` are the cast, by slug."""

    def __init__(self, history: History, people: dict[str, Actor]) -> None:
        self._history = history
        self._people = people
        self._requests: dict[str, UUID] = {}

    def play(self) -> None:
        """All of them, side by side, until now."""
        self._history.live(list(self._lives()), lambda told: None)

    def _lives(self) -> Iterable[tuple[datetime, Life]]:
        for scene in yaml.safe_load(SCENES_FILE.read_text(encoding="utf-8"))["scenes"]:
            yield self._history.now - timedelta(hours=scene["hours"]), self._life(scene)

    def _life(self, scene: dict[str, Any]) -> Life:
        wangdafu = self._people["wangdafu"]
        resident = self._people.get(scene["by"]) or self._history.crowd.resident(
            wangdafu.home_area_code or ""
        )
        request_id = self._requests[scene["name"]] = self._history.submit(
            Story(scene["category"], scene["answers"], scene["text"], scene["place"]),
            resident,
            about=tuple(areas.unit_ids(scene.get("about", ())).values()),
        )
        for step in scene["steps"]:
            yield self._history.at + timedelta(hours=step["after"])
            self._do(step, request_id)

    def _do(self, step: Step, request_id: UUID) -> None:
        who, at, text = self._who(step["who"], request_id), self._history.at, step.get("text")
        args = (who, request_id)
        version = version_of(request_id)
        match step["do"]:
            case "accept":
                requests.accept(*args, version, at)
            case "start":
                requests.start(*args, version, at)
            case "ask":
                items = [
                    requests.Item(item["label"], MaterialKind(item["kind"]), item.get("note"))
                    for item in step["items"]
                ]
                requests.ask(*args, version, items, text, at)
            case "supply":
                given = requests.Supply(missing_item(request_id), text=text)
                requests.supply(*args, version, given, at)
            case "request_extension":
                requests.request_extension(*args, version, text or "", at)
            case "merge":
                main = self._requests[step["into"]]
                number = loads(requests.view(who, main, at))["number"]
                requests.merge(*args, version, number, text, at)
            case "defer":
                until_on = (self._history.now + timedelta(days=step["days"])).date()
                requests.defer(*args, version, until_on, text or "", at)
            case "reply":
                photos = self._history.photos(who, "mended", (1,))
                answer = requests.Answer(Outcome.FIXED, text or "", photos)
                requests.reply(*args, version, answer, at)
            case "confirm":
                requests.confirm(*args, version, at)
            case "rate":
                requests.rate(*args, step["score"], text, at)
            case "contest":
                requests.contest(*args, version, text or "", (), at)
            case "dispute":
                requests.dispute(*args, version, text or "", at, unit_id=_unit(step["to"]))
            case "open_task":
                due_on = (at + timedelta(days=step["days"])).astimezone(LOCAL).date()
                requests.open_task(*args, version, _unit(step["to"]), text or "", due_on, at)
            case "answer_task":
                task_id = next(
                    task["id"]
                    for task in loads(requests.view(who, request_id, at))["tasks"]
                    if task["mine"] and task["state"] == "open"
                )
                requests.answer_task(*args, UUID(task_id), text or "", (), at)
            case "report_pressure":
                kind = PressureKind(step["kind"])
                requests.report_pressure(*args, kind, text or "", at)
            case "remind":
                requests.remind(*args, version, text, at)
            case unknown:
                raise ValueError(f"No scene can {unknown}")

    def _who(self, slug: str, request_id: UUID) -> Actor:
        if slug != "unit":
            return self._people[slug]
        unit_id, area_code = lead_unit_of(request_id)
        assert unit_id is not None
        return self._history.crowd.handler(unit_id, area_code)


def _unit(code: str) -> UUID:
    return areas.unit_ids([code])[code]
