"""A thousand advisers with weekly plans, and one of them much in demand."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, fetch_all
from backend.kernel.text import tsvector_text

ADVISERS = 1000
BOOKINGS = 300
DAYS = 28

FIRMS = [f"贵州{name}律师事务所" for name in ("黑颈鹤", "荞花坡", "百草坪", "洋芋花", "乌撒驿")]
SOUGHT = "黑颈鹤"
SURNAMES = "赵钱孙李周吴郑王冯陈杨罗马安禄陆蔡龙管耿"
GIVEN = ("文斌", "玉兰", "晓峰", "正美", "国庆")


def add(now: datetime) -> UUID:
    """Enter them; the id of the one in demand."""
    numbers = range(ADVISERS)
    names = [SURNAMES[n % 20] + GIVEN[n // 20 % 5] for n in numbers]
    firms = [FIRMS[n % 5] for n in numbers]
    licences = [f"199052010100{n:05d}" for n in numbers]
    terms = [tsvector_text(*each) for each in zip(names, firms, licences, strict=True)]
    execute(
        """
        WITH entry AS (
            SELECT gen_random_uuid() AS id, *
            FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
                WITH ORDINALITY AS e (name, firm, licence_no, terms, number)
        ), resource AS (
            INSERT INTO booking_resources (id, kind, name, term_from, created_at)
            SELECT id, 'adviser', name, '2024-01-01', %s FROM entry RETURNING id
        ), area AS (
            INSERT INTO booking_resource_areas (resource_id, kind, area_code, standby)
            SELECT entry.id, 'adviser', village.code, false
            FROM entry JOIN (
                SELECT code, row_number() OVER (ORDER BY code) AS number
                FROM areas WHERE level = 'village'
            ) village USING (number)
        )
        INSERT INTO advisers (id, name, firm, licence_no, languages, search)
        SELECT id, name, firm, licence_no, '{mandarin,southwestern}',
            array_to_tsvector(string_to_array(terms, ' '))
        FROM entry
        """,
        (names, firms, licences, terms, now),
    )
    execute(
        """
        INSERT INTO booking_plan_rules (id, resource_key, weekday, starts_minute, ends_minute,
            slot_minutes, buffer_minutes, capacity, modes, place, valid_from, on_holidays)
        SELECT gen_random_uuid(), key, weekday, starts, starts + 240, 20, 0, 1,
            '{in_person,phone}', '海边街道司法所', '2024-01-01', true
        FROM booking_resources, generate_series(1, 7) weekday, unnest('{480,840}'::int[]) starts
        """
    )
    return _book(now)


def _book(now: datetime) -> UUID:
    """Every resident has some times of the first adviser, and everybody else's next one is gone."""
    [(adviser_id, key)] = fetch_all(
        "SELECT id, key FROM booking_resources WHERE kind = 'adviser' ORDER BY key LIMIT 1"
    )
    tomorrow = now.astimezone(LOCAL).date() + timedelta(days=1)
    execute(
        """
        WITH person AS (
            SELECT id, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS count
            FROM people
        ), wanted AS (
            SELECT %(key)s::bigint AS key, n, %(tomorrow)s::date + n * %(days)s / %(bookings)s
                + time '08:00' + n %% 12 * interval '20 minutes' AS starts
            FROM generate_series(0, %(bookings)s - 1) n
            UNION ALL
            SELECT key, key, %(tomorrow)s::date + time '08:00'
            FROM booking_resources WHERE key <> %(key)s
        )
        INSERT INTO bookings (id, resource_key, person_id, by_provider, state, starts_at, ends_at,
            occupied_until, seat, capacity, mode, created_at)
        SELECT gen_random_uuid(), key, person.id, false, 'booked',
            starts AT TIME ZONE 'Asia/Shanghai',
            (starts + interval '20 minutes') AT TIME ZONE 'Asia/Shanghai',
            (starts + interval '20 minutes') AT TIME ZONE 'Asia/Shanghai', 1, 1, 'phone', %(now)s
        FROM wanted JOIN person ON person.number = wanted.n %% person.count
        """,
        {"key": key, "tomorrow": tomorrow, "days": DAYS, "bookings": BOOKINGS, "now": now},
    )
    id_: UUID = adviser_id
    return id_
