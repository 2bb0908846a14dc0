"""``python -m tests.settle URL``: a migrated database with the county and the demo's people.

As an installation is set up, less the requests of the past; URL is pretended WeChat's. A process
of its own, because the database it fills is not that of the tests.
"""

import sys

from backend.app import connect
from backend.areas import county
from backend.areas import service as areas
from backend.demo.people import cast, settle
from backend.demo.seed import PretendWeChat
from backend.kernel import clock
from backend.kernel.db import connection
from backend.kernel.migrate import migrate
from backend.kernel.settings import load_settings
from backend.notices import templates


def main(wechat_url: str) -> None:
    settings = load_settings()
    connect(settings)
    migrate()
    here = county.use(settings.config_dir)
    templates.configure(settings.config_dir)
    wechat = PretendWeChat(wechat_url)
    wechat.know_templates(templates.in_force())
    with connection():
        for path in county.area_files(settings.config_dir):
            areas.import_areas(path)
        areas.sync_units(here.units)
        for member in cast():
            settle(member, wechat.openid_of(member.slug), clock.now())


if __name__ == "__main__":
    main(sys.argv[1])
