"""How PostgreSQL reads the lists once there is much: by index, and no more than a page needs."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import pytest

from backend.kernel.actor import Actor
from backend.kernel.db import db, execute
from backend.kernel.json import dumps, loads
from backend.service_requests import queries
from backend.service_requests.queries import Queue, View, Wanted
from backend.service_requests.rules import State
from tests.service_requests.conftest import LAMPS, NOW, Cast, unit_id

MANY = 20_000


@pytest.fixture
def many(cast: Cast) -> Iterator[None]:
    """Requests of all units, villages and states, nine of ten closed, as after some years."""
    execute(
        """
        INSERT INTO service_requests
            (id, number, requester_id, category, area_code, description, answers, visibility,
             state, version, lead_unit_id, deadline_profile, deadline_source, calendar_version,
             due_at, due_provisional, asked_at, submitted_at, updated_at, outcome,
             replied_at, confirm_until, closed_at, follow_up_at, flagged_danger, text_verdict,
             search)
        SELECT gen_random_uuid(), lpad(n::text, 13, '0'), %(requester)s, 'street_lamp',
            areas.codes[1 + n %% cardinality(areas.codes)], 'x', '[]', 'private',
            CASE WHEN n %% 10 = 0 THEN open.states[1 + n / 10 %% cardinality(open.states)]
                ELSE 'confirmed' END,
            1, CASE WHEN n / 10 %% 20 = 0 THEN %(unit)s
                ELSE units.ids[1 + n %% cardinality(units.ids)] END, 'general', 'x', 'x',
            %(now)s + n %% 997 * interval '1 minute', false, %(now)s,
            %(now)s - n * interval '1 minute', %(now)s, 'fixed',
            %(now)s, %(now)s, %(now)s, %(now)s, n %% 200 = 0, 'none', ''
        FROM generate_series(1, %(many)s) n,
            (SELECT array_agg(id) AS ids FROM units) units,
            (SELECT array_agg(code) AS codes FROM areas WHERE level = 'village') areas,
            (SELECT ARRAY['accepted', 'assigned', 'in_progress', 'awaiting_resident', 'replied',
                'contested', 'rework'] AS states) open
        """,
        {"requester": cast["wangdafu"].id, "now": NOW, "many": MANY, "unit": unit_id(LAMPS)},
    )
    execute("ANALYZE service_requests")
    yield


@pytest.fixture
def plans(many: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How each statement that is sent from now on is carried out."""
    found: list[str] = []
    execute_sql = db.execute_sql

    def explain(sql: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
        found.append("\n".join(row[0] for row in execute_sql(f"EXPLAIN {sql}", params)))
        return execute_sql(sql, params, *args, **kwargs)

    monkeypatch.setattr(db, "execute_sql", explain)
    yield found


def turned(actor: Actor, queue: Queue, limit: int) -> Iterator[dict[str, Any]]:
    """All items, page by page."""
    key = None
    while True:
        page = queries.workbench(actor, queue, Wanted(), key, limit, NOW)
        yield from loads(page.items)
        if page.next_key is None:
            return
        key = loads(dumps(list(page.next_key)))


def urgency(item: dict[str, Any]) -> tuple[Any, ...]:
    with_resident = item["state"] in ("awaiting_resident", "replied")
    return with_resident, not item["danger"], item["due_at"], item["id"]


def test_turning_pages_keeps_the_order_of_urgency(cast: Cast, many: None):
    keys = [urgency(item) for item in turned(cast["liufang"], Queue.UNIT, 50)]
    assert keys == sorted(set(keys))
    assert len(keys) > 100 and {key[:2] for key in keys} == set(product((False, True), repeat=2))


def test_no_list_is_found_by_reading_everything(cast: Cast, plans: list[str]):
    for who in ("chenwei", "yangguang", "majing"):
        for queue in Queue:
            list(islice(turned(cast[who], queue, 20), 60))
    for view in (*View, None):
        queries.own(cast["lixiuying"], view, None, None, 20)
    closed = Wanted(states=[State.CONFIRMED])
    queries.workbench(cast["chenwei"], Queue.UNIT, closed, None, 20, NOW)
    queries.workbench_summary(cast["chenwei"], NOW)
    assert not [plan for plan in plans if "Seq Scan on service_requests" in plan]


def test_the_widest_queue_is_read_in_its_order(cast: Cast, plans: list[str]):
    list(islice(turned(cast["majing"], Queue.ALL, 20), 60))
    assert len(plans) == 3
    for plan in plans:
        assert "Index Scan using service_requests_urgency" in plan and "Sort" not in plan
