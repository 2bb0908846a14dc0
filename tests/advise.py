"""``python -m tests.advise URL``: legal advisers and their cases, for a database that is settled.

Every adviser has time around the clock, from the next slot on, so that a meeting can be booked and
held whenever the tests run. URL is pretended WeChat's.
"""

import sys

from backend.advisers import legal
from backend.app import connect
from backend.areas import county
from backend.bookings import service as bookings
from backend.bookings.models import Resource
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.cases import service as cases
from backend.demo.advisers import settle_advisers
from backend.demo.people import cast, settle
from backend.demo.seed import PretendWeChat
from backend.kernel import clock
from backend.kernel.db import connection
from backend.kernel.settings import load_settings

PLACE = "大洼塘社区居民委员会"
SLOT_MINUTES = 10
DAY_MINUTES = 24 * 60
WEEKDAYS = range(1, 8)


def main(wechat_url: str) -> None:
    settings = load_settings()
    connect(settings)
    county.use(settings.config_dir)
    legal.configure(settings.config_dir)
    now = clock.now()
    cut = Cut(SLOT_MINUTES, (Mode.IN_PERSON,), place=PLACE)
    today = now.astimezone(clock.LOCAL).date()
    rules = [PlanRule(day, 0, DAY_MINUTES, cut, today, on_holidays=True) for day in WEEKDAYS]
    wechat = PretendWeChat(wechat_url)
    with connection():
        members = cast()
        people = {one.slug: settle(one, wechat.openid_of(one.slug), now) for one in members}
        for practice in settle_advisers(members, people, now):
            bookings.set_plan_rules(practice.id, rules, now)
        Resource.update(lead_minutes=0, cancel_minutes=0).execute()
        cases.import_samples(settings.config_dir / cases.SAMPLES, now)


if __name__ == "__main__":
    main(sys.argv[1])
