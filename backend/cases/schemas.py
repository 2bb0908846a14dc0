"""What goes in and comes out of the routes for cases."""

from typing import Any

from marshmallow import fields, post_load

from backend.cases.ports import SourceKind
from backend.cases.rules import Action, Kind, State
from backend.cases.rules import Article as ArticleText
from backend.cases.sample_files import PART, QUOTE, STEP, TITLE
from backend.cases.service import Content
from backend.web.pages import PageQuery
from backend.web.schemas import (
    AwareDateTime,
    Choice,
    Date,
    Flag,
    List,
    Nested,
    Schema,
    StrictInteger,
    Text,
    UuidStr,
)

CODE = "[a-z][a-z0-9_]{0,63}"
MOST_CATEGORIES, MOST_STEPS, MOST_ARTICLES = 5, 12, 12


class PublicQuery(PageQuery):
    """All of them, or those that fit."""

    q = Text(max=100, line=True, load_default=None)
    topic = Text(
        max=64,
        pattern=CODE,
        load_default=None,
        metadata={"description": "Of GET /api/legal/topics"},
    )
    category = Text(
        max=64,
        pattern=CODE,
        load_default=None,
        metadata={"description": "A request category: the cases beside it"},
    )


class CaseItem(Schema):
    id = UuidStr(required=True)
    title = fields.String(required=True)
    topic = fields.String(required=True)
    summary = fields.String(required=True)
    published_on = Date(required=True)


class Article(Schema):
    """One article of a law in force, and what of it matters here."""

    law = Text(max=TITLE, line=True, required=True)
    article = Text(max=TITLE, line=True, required=True)
    text = Text(max=QUOTE, required=True)


class CitedArticle(Schema):
    """The same as it is read."""

    law = fields.String(required=True)
    article = fields.String(required=True)
    text = fields.String(required=True)


class PublicCase(Schema):
    """A case as everybody may read it: without anybody's name but the adviser's."""

    id = UuidStr(required=True)
    title = fields.String(required=True)
    topic = fields.String(required=True)
    categories = fields.List(fields.String(), required=True)
    story = fields.String(required=True)
    question = fields.String(required=True)
    answer = fields.String(required=True)
    steps = fields.List(fields.String(), required=True)
    articles = fields.List(Nested(CitedArticle), required=True)
    adviser_name = fields.String(required=True, allow_none=True)
    published_on = Date(required=True)


class NewDraft(Schema):
    source_kind = Choice(SourceKind, required=True)
    source_id = UuidStr(required=True)


class SaveDraft(Schema):
    """The whole of what the author wrote. What is not written yet is empty."""

    version = StrictInteger(min=1, required=True)
    topic = Text(max=64, pattern=CODE, required=True)
    categories = List(Text(max=64, pattern=CODE), max=MOST_CATEGORIES, unique=True, required=True)
    title = Text(min=0, max=TITLE, line=True, required=True)
    story = Text(min=0, max=PART, required=True)
    question = Text(min=0, max=PART, required=True)
    answer = Text(min=0, max=PART, required=True)
    steps = List(Text(max=STEP), max=MOST_STEPS, required=True)
    articles = List(Nested(Article), max=MOST_ARTICLES, required=True)

    @post_load
    def _content(self, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            "version": body.pop("version"),
            "content": Content(
                **{
                    **body,
                    "categories": tuple(body["categories"]),
                    "steps": tuple(body["steps"]),
                    "articles": tuple(ArticleText(**each) for each in body["articles"]),
                }
            ),
        }


class Version(Schema):
    version = StrictInteger(min=1, required=True)


class Submit(Version):
    checked = Flag(
        required=True,
        metadata={"description": "The author looked at everything in `findings`"},
    )


class WithReason(Version):
    reason = Text(max=500, required=True)


class DraftsQuery(PageQuery):
    state = Choice(
        State,
        load_default=None,
        metadata={"description": "All but the withdrawn where nothing is said"},
    )


class DraftItem(Schema):
    """A case in a list of its author's, or of who approves it."""

    id = UuidStr(required=True)
    version = StrictInteger(required=True)
    state = Choice(State, required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    topic = fields.String(required=True)
    mine = Flag(required=True)
    adviser_name = fields.String(required=True, allow_none=True)
    area_name = fields.String(required=True)
    updated_at = AwareDateTime(required=True)
    published_at = AwareDateTime(required=True, allow_none=True)


class Original(Schema):
    """What the matter said, with everybody's names."""

    facts = fields.String(required=True)
    opinion = fields.String(required=True)


# `from` is what the contract calls it, and a word of Python's own.
Replaced = Schema.from_dict(
    {
        "from": fields.String(required=True),
        "to": fields.String(required=True),
        "kind": Choice(Kind, required=True),
    },
    name="Replaced",
)


class Finding(Schema):
    """What still looks like personal data; ``field`` is a JSON pointer."""

    field = fields.String(required=True)
    text = fields.String(required=True)
    kind = Choice(Kind, required=True)


class Draft(Schema):
    """A case in the making. ``original`` is null once it was deleted."""

    id = UuidStr(required=True)
    version = StrictInteger(required=True)
    state = Choice(State, required=True)
    title = fields.String(required=True)
    topic = fields.String(required=True)
    categories = fields.List(fields.String(), required=True)
    story = fields.String(required=True)
    question = fields.String(required=True)
    answer = fields.String(required=True)
    steps = fields.List(fields.String(), required=True)
    articles = fields.List(Nested(CitedArticle), required=True)
    adviser_name = fields.String(required=True, allow_none=True)
    updated_at = AwareDateTime(required=True)
    published_at = AwareDateTime(required=True, allow_none=True)
    mine = Flag(required=True)
    original = Nested(Original, required=True, allow_none=True)
    replaced = fields.List(Nested(Replaced), required=True)
    findings = fields.List(Nested(Finding), required=True)
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it was returned or withdrawn"},
    )
    actions = fields.List(Choice(Action), required=True)
