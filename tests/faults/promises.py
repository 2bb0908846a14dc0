"""What must hold whatever was killed: nothing acknowledged is lost, nothing happens twice."""

from collections import Counter

from backend.notices.rules import SENDING_LEASE
from tests.callers import Caller
from tests.faults.crowd import HANDLING, Crowd
from tests.running import Running, eventually

ARRIVED = "work_arrived"
"""The template of the message to those who handle a request."""

_TEMPLATE_ID = "DEMO-work-arrived-0000000000000000000000000"


def allow_messages(running: Running, count: int) -> None:
    """Those who handle requests let WeChat send them ``count`` messages each, here and there."""
    running.wechat("PUT", "push", {"url": ""})
    for slug in HANDLING:
        yes = {"template_id": _TEMPLATE_ID, "outcome": "accept"}
        openid = running.wechat("POST", "subscriptions", {"name": slug, "results": [yes] * count})[
            "openid"
        ]
        running.rows(
            "INSERT INTO subscription_grants"
            " (id, person_id, template_key, change, reason, source, at)"
            " SELECT gen_random_uuid(), p.id, %s, 1, 'client_report', gen_random_uuid(), now()"
            " FROM people p, generate_series(1, %s) WHERE p.wechat_openid = %s RETURNING id",
            ARRIVED,
            count,
            openid,
        )
    running.wechat("PUT", "push", {"url": f"{running.url}/wechat/push"})


def forget_the_dead(running: Running) -> None:
    """Let the time pass that a dead worker's claims last. No other worker may be running."""
    running.rows(
        "UPDATE outbox SET available_at = now()"
        " WHERE done_at IS NULL AND dead_at IS NULL AND lease_id IS NOT NULL RETURNING id"
    )
    running.rows(
        "UPDATE wechat_sends SET started_at = started_at - %s * interval '1 second'"
        " WHERE state = 'sending' RETURNING id",
        SENDING_LEASE.total_seconds() + 1,
    )
    running.rows("UPDATE periodic_runs SET next_run_at = now() RETURNING name")


def drained(running: Running, seconds: float = 60.0) -> None:
    """Wait until all work is done; what waits for its next attempt is let try at once."""

    def none_in_sending() -> bool:
        return running.rows("SELECT 1 FROM wechat_sends WHERE state = 'sending' LIMIT 1") == []

    def done() -> bool:
        if none_in_sending():
            running.rows(
                "UPDATE outbox SET available_at = now() WHERE done_at IS NULL AND dead_at IS NULL"
                " AND lease_id IS NULL AND available_at > now() + interval '2 s' RETURNING id"
            )
        running.wechat("GET", "pushes?wait=1")
        return running.work_done() and none_in_sending()

    eventually(done, "the outbox to be empty", seconds)
    assert running.rows("SELECT kind, last_error FROM outbox WHERE dead_at IS NOT NULL") == []


def check_requests(running: Running, crowd: Crowd) -> None:
    """Each intention is one request, that of its receipt, and no other was made."""
    assert len(crowd.receipts) == len(crowd.intentions)
    made = running.rows(
        "SELECT id::text, number FROM service_requests WHERE description = %s",
        crowd.body["description"],
    )
    assert sorted(made) == sorted(
        (receipt["id"], receipt["number"].replace("-", "")) for receipt in crowd.receipts
    )
    assert len(set(made)) == len(crowd.intentions)


def check_inboxes(running: Running, crowd: Crowd) -> None:
    """Of each request its resident is told once, and each of those who handle it once."""
    for slug, person in crowd.residents.items():
        own = [it.receipt["id"] for it in crowd.intentions if it.slug == slug and it.receipt]
        assert Counter(_told(person, "request_submitted", set(own))) == Counter(own)
    for slug in HANDLING:
        ids = [receipt["id"] for receipt in crowd.receipts]
        assert Counter(_told(running.caller(slug), "request_arrived", set(ids))) == Counter(ids)


def _told(person: Caller, kind: str, wanted: set[str]) -> list[str]:
    """Of which of the wanted requests the person's inbox has a notice of the kind."""
    found, cursor = [], ""
    while cursor is not None:
        page = person.get(f"/api/notices?limit=50{cursor}").expect(200)
        found += [item["subject"]["id"] for item in page["items"] if item["kind"] == kind]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    return [request_id for request_id in found if request_id in wanted]


def check_messages(running: Running, crowd: Crowd) -> Counter[str]:
    """Each promised WeChat message was delivered once, or nobody knows and it was not sent twice.

    How many ended in which state.
    """
    sends = running.rows(
        "SELECT p.wechat_openid, n.params ->> 'number', s.state, s.error_code FROM wechat_sends s"
        " JOIN notices n ON n.id = s.notice_id JOIN people p ON p.id = s.recipient_id"
        " JOIN service_requests r ON r.id = n.subject_id WHERE r.description = %s",
        crowd.body["description"],
    )
    assert len(sends) == len(crowd.receipts) * len(HANDLING)
    delivered = Counter(
        (message["openid"], field["value"])
        for message in running.wechat("GET", "messages")["items"]
        for field in message["fields"]
        if field["key"] == "character_string1"
    )
    for openid, number, state, error_code in sends:
        times = delivered[openid, number]
        assert times == 1 if state == "sent" else times <= 1, (number, state, times)
        assert state in ("sent", "unknown"), (number, state, error_code)
    return Counter(state for _, _, state, _ in sends)
