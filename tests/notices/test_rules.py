"""When a send is tried again, and what is worth asking for."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.kernel import outbox
from backend.notices.rules import ENOUGH_CREDITS, Offer, TemplateKind, retry_at, worth_asking

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_retries_come_later_each_time_and_end_before_the_outbox_gives_up() -> None:
    moments = [retry_at(attempt, NOW) for attempt in range(1, outbox.MAX_ATTEMPTS)]
    tried = [moment for moment in moments if moment is not None]
    assert tried == sorted(tried) and tried[0] == NOW + timedelta(minutes=1)
    assert len(tried) + 1 < outbox.MAX_ATTEMPTS, "the last failure is ours to write down"
    assert moments[-1] is None


OFFERS = st.lists(
    st.builds(
        Offer,
        key=st.text("abc", min_size=1, max_size=4),
        kind=st.just(TemplateKind.ONE_TIME),
        credits=st.integers(0, 6),
    ),
    max_size=6,
)


@given(OFFERS)
def test_the_scarcest_are_asked_for_and_the_plentiful_are_not(offers: list[Offer]) -> None:
    asked = worth_asking(offers)
    assert len(asked) == min(3, sum(offer.credits < ENOUGH_CREDITS for offer in offers))
    assert all(offer.credits < ENOUGH_CREDITS for offer in asked)
    left_out = [o for o in offers if o not in asked and o.credits < ENOUGH_CREDITS]
    assert all(a.credits <= b.credits for a in asked for b in left_out)


def test_a_long_term_template_is_asked_for_until_it_is_granted() -> None:
    granted = Offer("policy", TemplateKind.LONG_TERM, 1)
    missing = Offer("work", TemplateKind.LONG_TERM, 0)
    assert worth_asking([granted, missing]) == [missing]
