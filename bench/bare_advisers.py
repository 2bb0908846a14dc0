"""The baseline's slots of an adviser and search for advisers: the same queries' worth, plain loops.

It knows no exceptions from a plan, no holidays, no term and one place per time, because the
advisers of the run have none; and that China has had one time all year since 1992.
"""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import orjson

from backend.kernel.text import tsquery_text

LOCAL = ZoneInfo("Asia/Shanghai")
LONGEST = timedelta(hours=12)
PAGE = 20
LANGUAGES = {"mandarin": "普通话", "southwestern": "贵州方言"}

RULES = """(SELECT json_agg(json_build_array(p.weekday, p.starts_minute, p.ends_minute,
    p.slot_minutes, p.slot_minutes + p.buffer_minutes, p.modes, p.place)
    ORDER BY p.starts_minute) FROM booking_plan_rules p WHERE p.resource_key = res.key)"""

RESOURCE = f"""
    SELECT res.key, res.lead_minutes, res.horizon_days, {RULES},
        (SELECT count(*) FROM booking_waits w
         WHERE w.resource_key = res.key AND w.state = 'waiting')
    FROM booking_resources res WHERE res.id = %s
"""

TAKEN = """
    SELECT resource_key, starts_at, occupied_until FROM bookings
    WHERE resource_key = ANY(%s) AND starts_at > %s AND starts_at < %s AND occupied_until > %s
        AND state IN ('held', 'booked', 'checked_in', 'served')
        AND (state <> 'held' OR held_until > %s) ORDER BY starts_at
"""

FOUND = """
    SELECT d.id, d.name, d.languages, json_build_object(
        'id', d.id, 'name', d.name, 'firm', d.firm, 'licence_no', d.licence_no, 'phone', d.phone,
        'intro', d.intro, 'term_from', res.term_from, 'term_until', res.term_until,
        'state', 'active', 'bookable', true,
        'last_served_on', d.last_served_on, 'villages', (
            SELECT coalesce(json_agg(json_build_object('code', v.code, 'name', v.name)
                ORDER BY v.code), '[]')
            FROM (SELECT a.code, a.name FROM booking_resource_areas s
                JOIN areas a ON a.code = s.area_code
                WHERE s.resource_id = d.id AND NOT s.standby ORDER BY a.code LIMIT 6) v),
        'villages_count', (SELECT count(*) FROM booking_resource_areas s
            WHERE s.resource_id = d.id AND NOT s.standby))::text
    FROM advisers d JOIN booking_resources res ON res.id = d.id
    WHERE d.search @@ %s::tsquery ORDER BY d.name, d.id LIMIT 21
"""

PLANS = f"""
    SELECT res.id, res.key, res.lead_minutes, res.horizon_days, {RULES}
    FROM booking_resources res WHERE res.id = ANY(%s)
"""


def slots(connection, path, query):
    """Of some days from the first one on."""
    wanted = parse_qs(query)
    first, count = date.fromisoformat(wanted["from"][0]), int(wanted["days"][0])
    now = datetime.now(UTC)
    resource_id = path.split("/")[3]
    key, lead, horizon, rules, waiting = connection.execute(RESOURCE, (resource_id,)).fetchone()
    taken = times_taken(connection, [key], first, count, now)[key]
    days = []
    for day, offered in offers(rules, taken, first, count, bounds(lead, horizon, now)):
        free = [
            {"starts_at": start, "ends_at": end, "modes": modes, "place": place, "free": 1}
            for start, end, modes, place, is_free in offered
            if is_free
        ]
        state = "open" if free else "full" if offered else "closed"
        days.append({"date": day, "state": state, "slots": free})
    answer = {"bookable": True, "waiting": waiting, "days": days}
    return orjson.dumps(answer, option=orjson.OPT_UTC_Z)


def search(connection, query):
    """The first page, and the key behind it."""
    now = datetime.now(UTC)
    words = tsquery_text(parse_qs(query)["q"][0])
    rows = connection.execute(FOUND, (words,)).fetchall()
    found = rows[:PAGE]
    plans = connection.execute(PLANS, ([row[0] for row in found],)).fetchall()
    today = now.astimezone(LOCAL).date()
    longest = max(horizon for *_, horizon, _ in plans) + 1
    taken = times_taken(connection, [row[1] for row in plans], today, longest, now)
    free = {
        id_: next_free(rules, taken[key], today, horizon + 1, bounds(lead, horizon, now))
        for id_, key, lead, horizon, rules in plans
    }
    items = []
    for id_, _, codes, text in found:
        spoken = [{"code": code, "name": LANGUAGES[code]} for code in codes]
        added = {"languages": spoken, "next_free": free[id_], "photo_url": None}
        added = orjson.dumps(added, option=orjson.OPT_UTC_Z)
        items.append(added[:-1] + b"," + text[1:].encode())
    key = orjson.dumps([found[-1][1], found[-1][0]]) if len(rows) > PAGE else None
    return key, b'{"items":[' + b",".join(items)


def bounds(lead, horizon, now):
    return now + timedelta(minutes=lead), now + timedelta(days=horizon)


def times_taken(connection, keys, first, count, now):
    starts = datetime.combine(first, time(), LOCAL)
    ends = starts + timedelta(days=count + 1)
    taken = {key: [] for key in keys}
    for key, *times in connection.execute(TAKEN, (keys, starts - LONGEST, ends, starts, now)):
        taken[key].append(times)
    return taken


def offers(rules, taken, first, count, within):
    """Each day with its times: start, end, modes, place, and whether it is free."""
    earliest, latest = within
    at = 0
    for number in range(count):
        day = first + timedelta(days=number)
        midnight = datetime.combine(day, time(), LOCAL).astimezone(UTC)
        weekday, offered = day.isoweekday(), []
        for on, minute, last, length, step, modes, place in rules:
            if on != weekday:
                continue
            for begins in range(minute, last - length + 1, step):
                start = midnight + timedelta(minutes=begins)
                if not earliest <= start <= latest:
                    continue
                while at < len(taken) and taken[at][1] <= start:
                    at += 1
                is_free = at == len(taken) or taken[at][0] >= start + timedelta(minutes=step)
                end = start + timedelta(minutes=length)
                offered.append((start, end, modes, place, is_free))
        yield day, offered


def next_free(rules, taken, first, count, within):
    for _, offered in offers(rules, taken, first, count, within):
        for start, _, modes, _, is_free in offered:
            if is_free:
                return {"starts_at": start, "modes": modes}
    return None
