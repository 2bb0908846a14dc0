"""The database a run measures on: the county as shipped, residents with requests, open sessions."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from backend.app import assemble, connect
from backend.areas import county
from backend.areas import service as areas
from backend.kernel import clock
from backend.kernel.actor import Actor, Role
from backend.kernel.db import connection, execute, fetch_all, transaction
from backend.kernel.ids import new_id, new_token, token_digest
from backend.kernel.migrate import migrate
from backend.kernel.settings import Settings
from backend.people import service as people
from backend.service_requests import service as requests
from backend.service_requests.rules import Visibility
from bench import advisers

RESIDENTS = 200
"""So many that the product's limit of requests per person and minute is never reached."""

LISTED = 20
EVENTS = 30

VILLAGE = "520526001001"
LAMPS = "520526001:law_enforcement"
DESCRIPTION = "村口到小学这段路两盏路灯一个多星期不亮了，孩子早晚摸黑走，请派人来修。"
ANSWERS = {"fault": "dark", "lamp_count": 2}
PLACE = {"text": "村口小卖部对面", "latitude": 26.87, "longitude": 104.27}


@dataclass(frozen=True, slots=True)
class Resident:
    """A token, and the request with the long timeline."""

    token: str
    request_id: UUID


@dataclass(frozen=True, slots=True)
class World:
    """``adviser_id`` is the one whose slots everybody looks at."""

    residents: list[Resident]
    adviser_id: UUID


def build(settings: Settings) -> World:
    """Fill an empty database; what the load generator needs to know of it."""
    connect(settings)
    migrate()
    assemble(settings)
    here = county.current()
    with connection():
        for path in county.area_files(settings.config_dir):
            areas.import_areas(path)
        areas.sync_units(here.units)
        with transaction():
            residents = _residents()
            adviser_id = advisers.add(clock.now())
        execute("ANALYZE")
    return World(residents, adviser_id)


def _residents() -> list[Resident]:
    now = clock.now()
    handler_id = people.ensure_person("bench-handler", "陈伟", now, phone="13812340000")
    [(unit_id,)] = fetch_all("SELECT id FROM units WHERE code = %s", (LAMPS,))
    people.grant(handler_id, Role.HANDLER, now, unit_id=unit_id)
    found = []
    for number in range(RESIDENTS):
        person_id = people.ensure_person(
            f"bench-{number}", "李秀英", now, phone=f"1380000{number:04d}"
        )
        token = new_token("st")
        execute(
            "INSERT INTO sessions (id, person_id, token_digest, created_at, expires_at,"
            " last_seen_on) VALUES (%s, %s, %s, %s, %s, %s)",
            (
                new_id(),
                person_id,
                token_digest(token),
                now,
                now + timedelta(days=30),
                now.astimezone(clock.LOCAL).date(),
            ),
        )
        request_id = requests.submit(Actor(id=person_id, name="李秀英"), _draft(), now)
        found.append(Resident(token, request_id))
    _take_on(handler_id)
    _lengthen_timelines(handler_id, unit_id)
    _add_older_requests()
    return found


def _draft() -> requests.Draft:
    return requests.Draft(
        category="street_lamp",
        area_code=VILLAGE,
        description=DESCRIPTION,
        answers=ANSWERS,
        place=requests.Place(**PLACE),
        visibility=Visibility.PRIVATE,
        attachment_ids=(),
    )


def _take_on(handler_id: UUID) -> None:
    execute(
        "UPDATE service_requests SET state = 'in_progress', version = %s, handler_id = %s,"
        " asked_at = submitted_at",
        (EVENTS, handler_id),
    )


def _lengthen_timelines(handler_id: UUID, unit_id: UUID) -> None:
    execute(
        """
        INSERT INTO timeline_events
            (request_id, seq, kind, at, actor_id, capacity, unit_id, text, data, shown_to)
        SELECT id, seq, CASE seq %% 2 WHEN 0 THEN 'asked' ELSE 'supplied' END,
            submitted_at + seq * interval '1 minute',
            CASE seq %% 2 WHEN 0 THEN %s ELSE requester_id END,
            CASE seq %% 2 WHEN 0 THEN 'handler' ELSE 'requester' END, %s,
            CASE seq %% 2 WHEN 0 THEN '请写明灯杆编号和大概位置。' ELSE '灯杆编号是 27 和 28。' END,
            '{}', 'resident'
        FROM service_requests, generate_series(2, %s) seq
        """,
        (handler_id, unit_id, EVENTS),
    )


def _add_older_requests() -> None:
    """Enough of them that a list of 20 has a next page."""
    execute(
        """
        INSERT INTO service_requests
        SELECT (r).* FROM (
            SELECT jsonb_populate_record(r, jsonb_build_object(
                'id', gen_random_uuid(),
                'number', lpad((row_number() OVER ())::text, 13, '0'),
                'place_encrypted', NULL,
                'submitted_at', r.submitted_at - age * interval '1 day')) AS r
            FROM service_requests r, generate_series(1, %s) age) older
        """,
        (LISTED,),
    )
