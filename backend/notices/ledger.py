"""The ledger of credits: what WeChat lets us send, counted without counting anything twice.

A credit is one message a person allowed. What is left is the sum of the ledger less the messages
under way, so a message sets a credit aside by being `pending` or `sending` and gives it back by
leaving those states; only `sent` and `unknown` (which may have been delivered) write that it is
used. Everything that decides on credits of one person and template happens under one lock.

A long-term template is allowed or not: its sum is 0 or 1, and messages use nothing up.
"""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import db, execute, transaction
from backend.notices import queries
from backend.notices.models import GrantEntry
from backend.notices.rules import SAME_GRANT_WITHIN, Reason, SendState, TemplateKind
from backend.notices.templates import Template

_OTHER_REPORT = {
    Reason.CLIENT_REPORT: Reason.PUSH_EVENT,
    Reason.PUSH_EVENT: Reason.CLIENT_REPORT,
}


def credits_left(person_id: UUID, template: Template) -> int:
    """Messages that could still be promised to the person; never below zero."""
    return _free(person_id, template, SendState.PENDING, SendState.SENDING)


def lock(person_id: UUID, template: Template) -> None:
    """Hold the credits of one person and template until the transaction ends."""
    if not db.in_transaction():
        raise RuntimeError("a lock on credits needs a transaction to end with")
    execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
        (f"notices.credits:{person_id}:{template.key}",),
    )


def may_send(person_id: UUID, template: Template) -> bool:
    """Whether a credit is free for one more message in `sending`. Call it under the lock."""
    return _free(person_id, template, SendState.SENDING) > 0


def grant(person_id: UUID, template: Template, reason: Reason, source: str, at: datetime) -> None:
    """Write down that a person said yes, at a moment, as one of two sources reports it.

    The same source is counted once. If the other source reported a yes within SAME_GRANT_WITHIN
    that is not explained yet, this is the same yes. A yes from before all credits were taken back
    counts nothing any more.
    """
    with transaction():
        lock(person_id, template)
        if queries.has_source(source):
            return
        same = queries.unconfirmed_report(
            person_id, template.key, _OTHER_REPORT[reason], at, SAME_GRANT_WITHIN
        )
        counts = (
            same is None
            and not queries.voided_since(person_id, template.key, at)
            and (
                template.kind is TemplateKind.ONE_TIME
                or queries.granted(person_id, template.key) == 0
            )
        )
        _add(person_id, template, int(counts), reason, source, at, confirms=same)


def use(person_id: UUID, template: Template, send_id: UUID, at: datetime) -> None:
    """Write down that a message used its credit, or may have."""
    with transaction():
        lock(person_id, template)
        source = f"send:{send_id}"
        if not queries.has_source(source):
            used = 1 if template.kind is TemplateKind.ONE_TIME else 0
            _add(person_id, template, -used, Reason.SENT, source, at)


def void(person_id: UUID, template: Template, reason: Reason, source: str, at: datetime) -> None:
    """Take back every credit granted up to a moment, but those of messages being sent just now."""
    with transaction():
        lock(person_id, template)
        if queries.has_source(source):
            return
        free = _free(person_id, template, SendState.SENDING)
        later = queries.granted_after(person_id, template.key, at)
        _add(person_id, template, -max(0, free - later), reason, source, at)


def _free(person_id: UUID, template: Template, *holding: SendState) -> int:
    granted = queries.granted(person_id, template.key)
    if template.kind is TemplateKind.ONE_TIME:
        granted -= queries.under_way(person_id, template.key, *holding)
    return max(0, granted)


def _add(
    person_id: UUID,
    template: Template,
    change: int,
    reason: Reason,
    source: str,
    at: datetime,
    confirms: UUID | None = None,
) -> None:
    GrantEntry.create(
        person_id=person_id,
        template_key=template.key,
        change=change,
        reason=reason,
        source=source,
        confirms=confirms,
        at=at,
    )
