"""Whatever is promised is somebody's work, and nobody waits for work that never comes."""

import ast
from collections.abc import Iterator

import pytest

from backend.app import handlers, periodic_work
from backend.bookings.rules import What
from backend.kernel import clock
from backend.kernel.db import fetch_all
from backend.service_requests.rules import EVENT_OF, Kind
from backend.service_requests.service import SUBJECT_KIND
from backend.volunteering.service import announcing
from tests.policy.life import live
from tests.policy.scene import Scene
from tests.policy.source import modules, trees

BESIDE_ACTIONS = {
    Kind.SUBMITTED,
    Kind.EXTENSION_GRANTED,
    Kind.EXTENSION_REFUSED,
    Kind.SECOND_LIST,
    Kind.ESCALATED,
    Kind.TASK_OVERDUE,
    Kind.FOLLOWED_UP,
}
"""Events that are told and are not named for one action."""

ANNOUNCED = {f"{SUBJECT_KIND}.{kind}" for kind in {*BESIDE_ACTIONS, *EVENT_OF.values()}}
"""What `moves.announce` puts: the kind of a timeline event somebody, or time, wrote."""

BOOKED = {f"booking.{what}" for what in What}
"""What `bookings.service.announcing` puts."""

SIGNED_UP = {f"signup.{what}" for what in announcing.What}
"""What `volunteering.service.announcing` puts."""

MADE_AT_RUN_TIME = {
    ("backend/service_requests/service/moves.py", "event"): ANNOUNCED,
    ("backend/bookings/service/announcing.py", "f'{SUBJECT_KIND}.{what}'"): BOOKED,
    ("backend/bookings/service/announcing.py", "f'{SUBJECT_KIND}.{What.REMINDER}'"): BOOKED,
    ("backend/volunteering/service/announcing.py", "f'{SUBJECT_KIND}.{what}'"): SIGNED_UP,
    ("backend/volunteering/service/announcing.py", "f'{SUBJECT_KIND}.{What.REMINDER}'"): SIGNED_UP,
}
"""Calls whose kind is no constant, by file and argument, with the kinds they put."""


def puts() -> Iterator[tuple[str, ast.expr]]:
    """The first argument of every ``outbox.put(…)``, with its file."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.put":
                yield path, node.args[0]


def test_every_kind_that_is_put_is_handled_and_every_handler_has_work():
    known = dict(modules())
    kinds: set[str] = set()
    dynamic = set()
    for path, argument in puts():
        if isinstance(argument, ast.Constant):
            kinds.add(argument.value)
        elif isinstance(argument, ast.Name) and hasattr(known[path], argument.id):
            kinds.add(getattr(known[path], argument.id))
        else:
            dynamic.add((path, ast.unparse(argument)))
    assert dynamic == set(MADE_AT_RUN_TIME)
    kinds |= set().union(*MADE_AT_RUN_TIME.values())
    assert kinds == set(handlers())


def test_nothing_but_the_kernel_writes_the_outbox():
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "INTO outbox" not in node.value or path == "backend/kernel/outbox.py"


@pytest.mark.usefixtures("pushed_to")
def test_a_whole_life_puts_every_kind_and_all_of_it_is_done(scene: Scene):
    live(scene)
    found = fetch_all("SELECT kind, bool_and(done_at IS NOT NULL) FROM outbox GROUP BY kind")
    assert dict(found) == dict.fromkeys(handlers(), True)
    assert fetch_all("SELECT kind, last_error FROM outbox WHERE last_error IS NOT NULL") == []


@pytest.mark.usefixtures("pushed_to")
def test_the_clocks_work_has_names_of_its_own_and_can_be_done_at_any_time(scene: Scene):
    live(scene)
    for name, work in periodic_work().items():
        for _ in range(2):
            work.run(clock.now())
        assert "." in name
