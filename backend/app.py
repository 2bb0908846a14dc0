"""Puts the product together: the one place that knows every feature and every vendor."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from backend.advisers import legal
from backend.advisers import routes as adviser_routes
from backend.advisers import service as adviser_service
from backend.advisers.rules.register import RESOURCE_KIND
from backend.areas import county
from backend.areas import routes as area_routes
from backend.attachments import jobs as attachment_jobs
from backend.attachments import ports as attachment_ports
from backend.attachments import queries as attachments
from backend.attachments import routes as attachment_routes
from backend.attachments import service as attachment_service
from backend.attachments.rules import AttachmentNotAvailable
from backend.bookings import jobs as booking_jobs
from backend.bookings import ports as booking_ports
from backend.bookings import routes as booking_routes
from backend.bookings import service as booking_service
from backend.cases import jobs as case_jobs
from backend.cases import ports as case_ports
from backend.cases import queries as cases
from backend.cases import routes as case_routes
from backend.cases import service as case_service
from backend.consultations import jobs as consultation_jobs
from backend.consultations import ports as consultation_ports
from backend.consultations import routes as consultation_routes
from backend.consultations import service as consultation_service
from backend.consultations.queries.held import numbers_of as numbers_of_meetings
from backend.consultations.service import my_data as meetings_data
from backend.consultations.service import question_data, question_reading
from backend.consultations.service.questions import QUESTION
from backend.integrations.storage import open_storage
from backend.integrations.wechat import DatabaseTokens, WeChat
from backend.kernel import clock, embedded, outbox
from backend.kernel.actor import Actor
from backend.kernel.crypto import keyring
from backend.kernel.db import configure
from backend.kernel.migrate import pending
from backend.kernel.outbox import Handler
from backend.kernel.periodic import Periodic
from backend.kernel.settings import Settings
from backend.notices import jobs as notice_jobs
from backend.notices import ports as notice_ports
from backend.notices import queries as notices
from backend.notices import routes as notice_routes
from backend.notices import service as notice_service
from backend.notices import templates
from backend.people import jobs as people_jobs
from backend.people import ports as people_ports
from backend.people import queries as people
from backend.people import routes as people_routes
from backend.people import service as people_service
from backend.people.errors import EvidenceNotAvailable
from backend.service_requests import jobs as request_jobs
from backend.service_requests import ports as request_ports
from backend.service_requests import queries as requests
from backend.service_requests import routes as request_routes
from backend.service_requests import service as request_service
from backend.service_requests.service import SUBJECT_KIND
from backend.volunteering import jobs as volunteer_jobs
from backend.volunteering import routes as volunteer_routes
from backend.volunteering import terms as volunteering_terms
from backend.volunteering.service import my_data as volunteer_data
from backend.volunteering.service.activities import ACTIVITY
from backend.web import docs, health, idempotency, limits, site
from backend.web.api import create_flask, make_api
from backend.web.auth import init_auth
from backend.worker import Worker

VERSION = "0.1.0"

FEATURES = (
    area_routes,
    people_routes,
    attachment_routes,
    booking_routes,
    adviser_routes,
    request_routes,
    consultation_routes,
    case_routes,
    volunteer_routes,
    notice_routes,
)
JOBS = (
    people_jobs,
    attachment_jobs,
    booking_jobs,
    request_jobs,
    consultation_jobs,
    case_jobs,
    volunteer_jobs,
    notice_jobs,
)


def connect(settings: Settings) -> None:
    """Give this process its database and its keys."""
    configure(embedded.database_url(settings), settings)
    keyring.load(**settings.keys())


def assemble(settings: Settings) -> WeChat:
    """Read the county's files and plug the vendors into the features; the WeChat client.

    Raises InvalidConfig with every mistake in the files.
    """
    county.use(settings.config_dir)
    legal.configure(settings.config_dir)
    volunteering_terms.configure(settings.config_dir)
    templates.configure(settings.config_dir)
    wechat = WeChat(settings, DatabaseTokens(settings.wechat_app_id))
    attachment_ports.plug_in(
        storage=open_storage(settings),
        openid_of=people.openid_of,
        check_media=wechat.check_media,
        public_url=settings.public_url,
    )
    attachment_ports.register_viewer(
        SUBJECT_KIND, lambda person, request: requests.may_view(person, request, clock.now())
    )
    attachment_ports.register_viewer(people_service.SUBJECT_KIND, people.is_party)
    for shown_to_all in (adviser_service.SUBJECT_KIND, ACTIVITY):
        attachment_ports.register_viewer(shown_to_all, lambda person, subject: True)
    for kind, may_view in (
        (consultation_service.SUBJECT_KIND, consultation_service.may_view),
        (QUESTION, question_reading.may_view),
    ):
        attachment_ports.register_viewer(kind, _now(may_view))
    booking_ports.plug_in(calendar=lambda: county.current().calendar)
    booking_ports.register_kind(
        RESOURCE_KIND,
        runs=adviser_service.runs,
        wrote=consultation_service.wrote_down,
        tell=consultation_jobs.tell,
    )
    _plug_into_people()
    request_ports.plug_in(check_text=lambda *question: wechat.check_text(*question).suggest)
    case_ports.plug_in(matter_of=_matter)
    consultation_ports.plug_in(case_of=cases.made_of)
    notice_ports.plug_in(wechat)
    notice_ports.register_hiding(lambda person: requests.hidden_from(person, clock.now()))
    return wechat


def _plug_into_people() -> None:
    people_ports.plug_in(claim_pictures=_claim_evidence, pictures_of=_evidence)
    people_ports.register_export("pictures", attachments.held_of)
    people_ports.register_export("notices", notices.held_of)
    people_ports.register_export("requests", request_service.export)
    people_ports.register_export("consultations", meetings_data.export)
    people_ports.register_export("questions", question_data.export)
    people_ports.register_export("ledger", adviser_service.ledger_about)
    people_ports.register_export("cases", case_service.export)
    people_ports.register_export("volunteering", volunteer_data.export)
    people_ports.register_numbers(SUBJECT_KIND, requests.numbers_of)
    people_ports.register_numbers(consultation_service.SUBJECT_KIND, numbers_of_meetings)
    people_ports.register_joined(adviser_service.joined)
    for forget in (
        request_service.detach,
        booking_service.call_off_all,
        meetings_data.detach,
        question_data.detach,
        adviser_service.detach,
        adviser_service.leave,
        case_service.detach,
        volunteer_data.detach,
        attachment_service.forget_waiting,
        notice_service.forget_inbox,
        idempotency.forget,
    ):
        people_ports.register_detach(forget)


def _now(may_view: Callable[[UUID, UUID, datetime], bool]) -> Callable[[UUID, UUID], bool]:
    """At the moment somebody looks."""
    return lambda person_id, subject_id: may_view(person_id, subject_id, clock.now())


def _matter(actor: Actor, kind: str, source_id: UUID) -> case_ports.Matter:
    return case_ports.Matter(**asdict(consultation_service.matter(actor, kind, source_id)))


def _claim_evidence(
    person_id: UUID, picture_ids: Sequence[UUID], kind: str, subject_id: UUID, now: datetime
) -> None:
    try:
        attachment_service.claim(person_id, picture_ids, kind, subject_id, now)
    except AttachmentNotAvailable as refusal:
        raise EvidenceNotAvailable(fields=refusal.fields) from refusal


def _evidence(
    kind: str, subject_id: UUID, person_id: UUID, now: datetime
) -> list[dict[str, object]]:
    return attachments.views(attachments.for_subject(kind, subject_id), person_id, now)


def create_app(settings: Settings) -> Flask:
    """The web application, over a database that is configured and migrated."""
    app = create_flask(settings)
    app.extensions["settings"] = settings
    app.extensions["wechat"] = assemble(settings)
    init_auth(app, people_service.authenticate)
    limits.init_limits(app, settings)
    api = make_api(app, VERSION)
    for feature in FEATURES:
        api.register_blueprint(feature.blueprint)
    docs.init_docs(app, api)
    health.init_health(
        app,
        {"database": health.database_reachable, "migrations": lambda: not pending()},
    )
    site.init_site(app, settings)
    return app


def handlers() -> dict[str, Handler]:
    """Who handles which kind of outbox event."""
    return {kind: handler for jobs in JOBS for kind, handler in jobs.HANDLERS.items()}


def periodic_work() -> dict[str, Periodic]:
    """What is done by the clock."""
    work = {"outbox.purge": Periodic(every=timedelta(hours=6), run=outbox.purge)}
    for jobs in (*JOBS, idempotency):
        work |= getattr(jobs, "PERIODIC", {})
    return work


def create_worker(settings: Settings) -> Worker:
    """The background worker, over a database that is configured and migrated."""
    assemble(settings)
    return Worker(handlers(), periodic_work(), settings.worker_threads)
