"""What residents can report or ask for (catalogue.yaml), as frozen values and as JSON."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Any

from backend.areas.area_file import Area
from backend.areas.deadlines import Profile, Purpose
from backend.areas.reader import Reader, Texts, codes
from backend.areas.units import Units, check_ref
from backend.kernel.config_files import Node
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.kernel.messages import LANGUAGES

_MOST_QUESTIONS = 4
_LONGEST_ANSWER = 500
_USUAL_ANSWER = 100
_LARGEST_NUMBER = 1_000_000_000


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"


class Visibility(StrEnum):
    """Who may read a request: those who handle it; everyone; those who handle it, but without the
    requester's name."""

    PRIVATE = "private"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    code: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    name: Texts
    icon: str


@dataclass(frozen=True, slots=True)
class Question:
    """``max_length`` counts characters of a text; ``min`` and ``max`` bound a number, both
    allowed; ``choices`` are of a choice. Elsewhere they are None or empty."""

    code: str
    kind: QuestionKind
    label: Texts
    required: bool
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """A number to call, and the words in a description that call for it."""

    number: str
    label: Texts
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """``danger`` words mean danger to life in this category; then ``emergency`` is shown first.

    ``complains_about`` names units as routing.yaml does: whoever picks this category complains
    about them, and they never learn of it.
    """

    code: str
    group: str
    name: Texts
    hint: Texts
    keywords: tuple[str, ...]
    questions: tuple[Question, ...]
    deadline_profile: str
    default_visibility: Visibility
    danger: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ()
    complains_about: tuple[str, ...] = ()

    @property
    def complaint(self) -> bool:
        """Whether every request of this category is a complaint."""
        return bool(self.complains_about)


@dataclass(frozen=True)
class Catalogue:
    """Everything of catalogue.yaml. ``profiles`` are the deadlines its categories refer to."""

    groups: tuple[Group, ...]
    categories: Mapping[str, Category]
    emergencies: Mapping[str, Emergency]
    profiles: Mapping[str, Profile]

    def category(self, code: str) -> Category:
        """Raises NotFound for a code the catalogue does not have (any more)."""
        try:
            return self.categories[code]
        except KeyError:
            raise NotFound from None

    def danger_words(self, text: str, category: Category | None = None) -> tuple[str, ...]:
        """Words in ``text`` that mean danger to life, in any category or in this one."""
        folded = text.casefold()
        words = [word for emergency in self.emergencies.values() for word in emergency.words]
        words += category.danger if category else ()
        return tuple(dict.fromkeys(word for word in words if word.casefold() in folded))

    @cached_property
    def version(self) -> str:
        """Changes whenever anything a client shows changes, in any language."""
        everything = [self._content(language) for language in LANGUAGES]
        return blake2b(dumps(everything), digest_size=8).hexdigest()

    def public_json(self, language: str) -> bytes:
        """The catalogue as clients get it, in one language; made once."""
        return self._bodies[language]

    @cached_property
    def _bodies(self) -> Mapping[str, bytes]:
        return {
            language: dumps({"version": self.version, **self._content(language)})
            for language in LANGUAGES
        }

    def _content(self, language: str) -> dict[str, Any]:
        return {
            "groups": [
                {"code": group.code, "name": group.name[language], "icon": group.icon}
                for group in self.groups
            ],
            "categories": [
                self._category(category, language) for category in self.categories.values()
            ],
            "emergencies": [
                {**self._emergency(number, language), "words": emergency.words}
                for number, emergency in self.emergencies.items()
            ],
        }

    def _category(self, category: Category, language: str) -> dict[str, Any]:
        profile = self.profiles[category.deadline_profile]
        return {
            "code": category.code,
            "group": category.group,
            "name": category.name[language],
            "hint": category.hint[language],
            "keywords": category.keywords,
            "questions": [_question(question, language) for question in category.questions],
            "default_visibility": category.default_visibility,
            "deadline": {"profile": profile.code, "text": profile.text[language]},
            "danger": category.danger,
            "emergency": [self._emergency(number, language) for number in category.emergency],
            "complaint": category.complaint,
        }

    def _emergency(self, number: str, language: str) -> dict[str, Any]:
        return {"number": number, "label": self.emergencies[number].label[language]}


def _question(question: Question, language: str) -> dict[str, Any]:
    bounds = {"min": question.min, "max": question.max}
    return {
        "code": question.code,
        "kind": question.kind,
        "label": question.label[language],
        "required": question.required,
        "choices": [
            {"code": choice.code, "label": choice.label[language]} for choice in question.choices
        ],
        "max_length": question.max_length,
        **(bounds if question.kind is QuestionKind.NUMBER else {}),
    }


def read_catalogue(
    root: Node,
    reader: Reader,
    profiles: Mapping[str, Profile],
    units: Units,
    areas: Collection[Area],
) -> Catalogue:
    """The catalogue of catalogue.yaml. It can be used only if the reader noted no mistake."""
    reader.members(root, ["emergencies", "groups", "categories"], ["shared_questions"])
    emergencies = {
        emergency.number: emergency
        for node in reader.list_of(root, "emergencies")
        if (emergency := _read_emergency(node, reader)).number
    }
    reader.distinct(reader.list_of(root, "emergencies"), "number")

    group_nodes = reader.list_of(root, "groups")
    reader.distinct(group_nodes)
    groups = tuple(_read_group(node, reader) for node in group_nodes)

    shared_nodes = reader.list_of(root, "shared_questions")
    reader.distinct(shared_nodes)
    shared = {
        question.code: question
        for question in (_read_question(node, reader) for node in shared_nodes)
    }

    nodes = reader.list_of(root, "categories")
    reader.distinct(nodes)
    categories = [
        _read_category(node, reader, codes(group_nodes), emergencies, shared, profiles)
        for node in nodes
    ]
    unit_codes = frozenset(unit.code for unit in units.all_of(areas)) or None
    for node in nodes:
        for item in reader.list_of(node, "complains_about"):
            check_ref(item, str(item.value), reader, units, unit_codes)
    used = {category.group for category in categories}
    for node in group_nodes:
        if (code := node.get("code")) is not None and code.value not in used:
            reader.wrong(node, f"group '{code.value}' has no category")
    return Catalogue(
        groups, {category.code: category for category in categories}, emergencies, profiles
    )


def _read_emergency(node: Node, reader: Reader) -> Emergency:
    reader.members(node, ["number", "label", "words"])
    return Emergency(
        number=reader.text(node, "number", 20),
        label=reader.texts(node, "label", 20),
        words=reader.words(node, "words"),
    )


def _read_group(node: Node, reader: Reader) -> Group:
    reader.members(node, ["code", "icon", "name"])
    return Group(reader.code(node), reader.texts(node, "name", 40), reader.code(node, "icon"))


def _read_category(
    node: Node,
    reader: Reader,
    groups: Collection[str],
    emergencies: Collection[str],
    shared: Mapping[str, Question],
    profiles: Mapping[str, Profile],
) -> Category:
    reader.members(
        node,
        [
            "code", "group", "name", "hint", "keywords", "questions",
            "deadline_profile", "default_visibility",
        ],
        ["danger", "emergency", "complains_about"],
    )  # fmt: skip
    category = Category(
        code=reader.code(node),
        group=reader.known(node, "group", groups, "group"),
        name=reader.texts(node, "name", 60),
        hint=reader.texts(node, "hint", 120),
        keywords=reader.words(node, "keywords"),
        questions=_read_questions(node, reader, shared),
        deadline_profile=reader.known(
            node, "deadline_profile", profiles or None, "deadline profile"
        ),
        default_visibility=Visibility(
            reader.choice(node, "default_visibility", list(Visibility), Visibility.PRIVATE)
        ),
        danger=reader.words(node, "danger"),
        emergency=reader.words(node, "emergency"),
        complains_about=reader.words(node, "complains_about"),
    )
    profile = profiles.get(category.deadline_profile)
    if profile is not None and profile.purpose is not Purpose.REQUEST:
        reader.wrong(node, f"deadline profile '{profile.code}' is not for requests")
    for item in reader.list_of(node, "emergency"):
        if str(item.value) not in emergencies:
            reader.wrong(item, f"there is no emergency number '{item.value}'")
    if bool(category.danger) != bool(category.emergency):
        reader.wrong(node, "'danger' and 'emergency' go together: words and whom to call")
    if category.complaint and category.default_visibility is Visibility.PUBLIC:
        reader.wrong(node, "a category that complains about somebody cannot be public")
    return category


def _read_questions(
    node: Node, reader: Reader, shared: Mapping[str, Question]
) -> tuple[Question, ...]:
    questions: list[Question] = []
    for item in reader.list_of(node, "questions"):
        if isinstance(item.value, str):
            if item.value not in shared:
                reader.wrong(item, f"there is no shared question '{item.value}'")
                continue
            question = shared[item.value]
        else:
            question = _read_question(item, reader)
        if question.code in {known.code for known in questions}:
            reader.wrong(item, f"question '{question.code}' is asked twice")
        questions.append(question)
    asked = node.get("questions")
    if asked is not None and not 1 <= len(questions) <= _MOST_QUESTIONS:
        reader.wrong(asked, f"1 to {_MOST_QUESTIONS} questions are wanted, not {len(questions)}")
    return tuple(questions)


def _read_question(node: Node, reader: Reader) -> Question:
    kind = QuestionKind(reader.choice(node, "kind", list(QuestionKind), QuestionKind.TEXT))
    required, optional = ["code", "kind", "required", "label"], []
    if kind is QuestionKind.CHOICE:
        required.append("choices")
    elif kind is QuestionKind.TEXT:
        optional.append("max_length")
    elif kind is QuestionKind.NUMBER:
        optional += ["min", "max"]
    reader.members(node, required, optional)
    is_text, is_number = kind is QuestionKind.TEXT, kind is QuestionKind.NUMBER
    limit = _LARGEST_NUMBER
    question = Question(
        code=reader.code(node),
        kind=kind,
        label=reader.texts(node, "label", 80),
        required=reader.yes_no(node, "required", False),
        choices=_read_choices(node, reader) if kind is QuestionKind.CHOICE else (),
        max_length=reader.number(node, "max_length", 1, _LONGEST_ANSWER, _USUAL_ANSWER)
        if is_text
        else None,
        min=reader.number(node, "min", -limit, limit, 0) if is_number else None,
        max=reader.number(node, "max", -limit, limit, limit) if is_number else None,
    )
    if question.min is not None and question.max is not None and question.min > question.max:
        reader.wrong(node, "'min' is larger than 'max'")
    return question


def _read_choices(node: Node, reader: Reader) -> tuple[Choice, ...]:
    nodes = reader.list_of(node, "choices")
    reader.distinct(nodes)
    if node.get("choices") is not None and len(nodes) < 2:
        reader.wrong(node, "at least two choices are wanted")
    choices = []
    for item in nodes:
        reader.members(item, ["code", "label"])
        choices.append(Choice(reader.code(item), reader.texts(item, "label", 40)))
    return tuple(choices)
