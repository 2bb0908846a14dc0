"""An adviser makes a case of a closed matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.advisers import legal
from backend.areas import county
from backend.cases import ports, queries
from backend.cases.errors import (
    CaseActionNotYours,
    CaseExists,
    KeepPrivateAsked,
    MatterStillOpen,
)
from backend.cases.ports import Matter, SourceKind
from backend.cases.rules import Action, Article, Texts, anonymise, summary_of
from backend.cases.service import checking
from backend.cases.service.checking import OWN_LANGUAGE
from backend.cases.service.events import SUBJECT_KIND, SUBMITTED
from backend.cases.service.moves import move, take
from backend.cases.service.sealed import Original, seal_original
from backend.kernel import audit, outbox
from backend.kernel.actor import Actor
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.json import dumps
from backend.kernel.text import tsvector_text


@dataclass(frozen=True, slots=True)
class Content:
    """What an author writes. Anything may still be empty, until it is submitted."""

    topic: str
    categories: tuple[str, ...]
    title: str
    story: str
    question: str
    answer: str
    steps: tuple[str, ...]
    articles: tuple[Article, ...]

    def texts(self) -> Texts:
        """The same as readers get it."""
        return Texts(
            self.title,
            summary_of(self.story),
            self.story,
            self.question,
            self.answer,
            self.steps,
            self.articles,
        )


def create(actor: Actor, kind: SourceKind, source_id: UUID, now: datetime) -> UUID:
    """A draft of what was answered, without what leads to anybody; the original stays beside it.

    Raises NotFound, CaseActionNotYours, KeepPrivateAsked, MatterStillOpen, CaseExists.
    """
    with transaction():
        matter = ports.matter_of(actor, kind, source_id)
        if matter.author_id != actor.id:
            raise CaseActionNotYours
        if matter.keep_private:
            raise KeepPrivateAsked
        if not matter.closed:
            raise MatterStillOpen
        case_id = new_id()
        texts, original = _anonymous(matter)
        made = execute(
            """
            INSERT INTO cases (id, version, state, author_id, adviser_id, person_id, source_kind,
                source_id, area_code, topic, categories, texts, original_encrypted, created_at,
                updated_at, search)
            VALUES (%s, 1, 'draft', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, ''::tsvector)
            ON CONFLICT (source_kind, source_id) WHERE state <> 'withdrawn' DO NOTHING
            """,
            (
                case_id, actor.id, matter.adviser_id, matter.person_id, kind, source_id,
                matter.area_code, matter.topic, _usual_categories(matter.topic),
                _stored(texts), seal_original(original, case_id), now, now,
            ),
        )  # fmt: skip
        if not made:
            raise CaseExists(extra={"case_id": str(queries.case_of(kind, source_id))})
        audit.record(actor.id, "case.created", SUBJECT_KIND, case_id, {"from": kind})
    return case_id


def save(actor: Actor, case_id: UUID, version: int, content: Content, now: datetime) -> None:
    """Put what the author wrote in the place of what was there.

    Raises NotFound, CaseActionNotYours, CaseActionNotPossible, CaseChanged, ValidationFailed.
    """
    _check_codes(content)
    texts = content.texts()
    with transaction():
        row = take(actor, case_id, version, Action.SAVE)
        move(
            row,
            Action.SAVE,
            now,
            topic=content.topic,
            categories=list(content.categories),
            texts=_stored(texts),
        )
        execute(
            "UPDATE cases SET search = array_to_tsvector(string_to_array(%s, ' ')) WHERE id = %s",
            (search_terms([texts]), case_id),
        )
        audit.record(actor.id, "case.saved", SUBJECT_KIND, case_id)


def submit(actor: Actor, case_id: UUID, version: int, now: datetime, *, checked: bool) -> None:
    """Ask the justice office to publish it; ``checked``: the author looked at what was found.

    Raises NotFound, CaseActionNotYours, CaseActionNotPossible, CaseChanged, KeepPrivateAsked,
    CaseIncomplete, PersonalDataLeft, CheckNeeded.
    """
    with transaction():
        row = take(actor, case_id, version, Action.SUBMIT)
        if ports.matter_of(actor, *row.from_matter()).keep_private:
            raise KeepPrivateAsked
        checking.check(row.texts, checking.known_of(row), checked=checked)
        outbox.put(
            SUBMITTED, move(row, Action.SUBMIT, now, submitted_at=now, reason_encrypted=None)
        )
        audit.record(actor.id, "case.submitted", SUBJECT_KIND, case_id, {"checked": checked})


def search_terms(told: Sequence[Texts]) -> str:
    """Terms of all that is told, in every language."""
    return tsvector_text(*(part for texts in told for part in texts.fields().values()))


def _anonymous(matter: Matter) -> tuple[Texts, Original]:
    known = checking.known(matter.names, matter.area_code)
    story, of_facts = anonymise(matter.facts, known)
    answer, of_opinion = anonymise(matter.opinion, known)
    replaced = tuple(dict.fromkeys([*of_facts, *of_opinion]))
    texts = Texts("", summary_of(story), story, "", answer, (), ())
    return texts, Original(matter.facts, matter.opinion, matter.names, replaced)


def _usual_categories(topic: str) -> list[str]:
    """What residents ask of the same topic as a request."""
    found = legal.topic(topic)
    return [] if found is None else list(found.categories)


def _check_codes(content: Content) -> None:
    """Raises ValidationFailed for a topic or a category the county does not have."""
    known = county.current().catalogue.categories
    wrong = [
        FieldError(f"/categories/{index}", "unknown_category")
        for index, code in enumerate(content.categories)
        if code not in known
    ]
    if legal.topic(content.topic) is None:
        wrong.append(FieldError("/topic", "unknown_topic"))
    if wrong:
        raise ValidationFailed(fields=wrong)


def _stored(texts: Texts) -> Jsonb:
    return Jsonb({OWN_LANGUAGE: texts.plain()}, dumps=dumps)
