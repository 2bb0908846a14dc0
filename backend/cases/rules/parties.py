"""The names a matter is known to hold: what they become, and every way of writing them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from backend.advisers.rules.parties import VARIANTS, keys_of

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_SOMEBODY = "某人"

_COMPOUND_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|端木|夏侯|司徒|南宫|百里|呼延|轩辕|宇文"
)
_ORGANISATIONS = (
    (re.compile(r".*(?:村委会|居委会|村民委员会|居民委员会|村支两委|村两委)"), "某村委会"),
    (re.compile(r".*合作社"), "某合作社"),
    (
        re.compile(
            r".*(?:公司|集团|厂|店|超市|商行|经营部|银行|信用社|医院|卫生院|学校|幼儿园|饭店|宾馆|养殖场|工地"
            r"|项目部|工程队|施工队|劳务队|事务所|政府|街道办|派出所|中心|站|局|所|院)"
        ),
        "某单位",
    ),
)
_GENERIC = re.compile(
    "村里|村上|组里|村委会|居委会|村民委员会|居民委员会|村民小组|集体|政府|镇政府|乡政府|公司|单位|工地|老板"
    "|包工头|邻居|对方|房东|司机|丈夫|妻子|老公|老婆|前夫|前妻|儿子|女儿|哥哥|弟弟|姐姐|妹妹|父亲|母亲|爸爸"
    "|妈妈|保险公司|信用社|合作社|不知道|不清楚|没有"
)
"""What people write where a name is asked for: it leads to nobody, and is in many a sentence."""

_TITLES = (
    "大爷|大伯|伯伯|伯父|大叔|叔叔|大妈|大娘|大婶|婶婶|婶子|大嫂|嫂子|大哥|大姐|阿姨|奶奶|爷爷|老汉|老太|师傅"
    "|老板|老师|医生|主任|支书|书记|村长|组长|会计|经理|律师|先生|女士|小姐|某某|某"
)
_NOT_A_FAMILY = "全大老人专国农当自各谁我你他她咱回本"
"""With 家 behind them these are words, not the family of that name."""

_LEGAL_FORMS = "有限责任公司|股份有限公司|有限公司|公司|集团"
_GAP = r"[\s·•・.．,\uff0c、_*＊-]{0,2}"
_ALREADY = re.compile(r"某|^[甲乙丙丁戊己庚辛壬癸]$")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A piece of a text that names a known party, and what stands there instead."""

    start: int
    end: int
    instead: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Known parties, looked for in texts."""

    _full: tuple[tuple[re.Pattern[str], str], ...]
    _loose: tuple[tuple[re.Pattern[str], str], ...]

    def full_names(self, text: str) -> Iterator[Mention]:
        """Whole names, however spaced and with whichever variant of a character."""
        return _mentions(self._full, text)

    def mentions(self, text: str) -> Iterator[Mention]:
        """The same, and a surname with a form of address, and a given name alone.

        Of two that overlap the longer way of writing counts.
        """
        return _mentions((*self._full, *self._loose), text)


def _mentions(patterns: Iterable[tuple[re.Pattern[str], str]], text: str) -> Iterator[Mention]:
    plain = _folded(text)
    taken: list[Mention] = []
    for pattern, instead in patterns:
        for match in pattern.finditer(plain):
            mention = Mention(match.start(), match.end(), instead)
            if all(mention.end <= t.start or t.end <= mention.start for t in taken):
                taken.append(mention)
    yield from sorted(taken, key=lambda mention: mention.start)


def parties(names: Iterable[str]) -> Parties:
    """What to look for. The first is 甲某, the next 乙某; an organisation says what kind it is.

    What leads to nobody (村委会, 老板) and what is no name any more (张某) is left alone.
    """
    full: dict[str, str] = {}
    people: dict[str, str] = {}
    for name in _each(names):
        forms = {form for form in (_folded(name), *keys_of(name)) if len(form) > 1}
        forms = {f for f in forms if not _ALREADY.search(f) and not _GENERIC.fullmatch(f)}
        if not forms:
            continue
        instead = next((full[form] for form in sorted(forms) if form in full), None)
        instead = instead or _organisation(name) or _pseudonym(full.values())
        full |= dict.fromkeys(forms, instead)
        if _is_person(instead):
            people |= {form: instead for form in forms if _HAN_NAME.fullmatch(form)}
    longest_first = sorted(full.items(), key=lambda item: (-len(item[0]), item[0]))
    return Parties(
        tuple((_spaced(f, _is_person(instead)), instead) for f, instead in longest_first),
        tuple(_loosely(people)),
    )


def _each(names: Iterable[str]) -> Iterator[str]:
    """Several in one field are several."""
    return filter(
        None, map(str.strip, chain.from_iterable(re.split(r"[、;\uff1b/\n]", n) for n in names))
    )


def _pseudonym(taken: Iterable[str]) -> str:
    used = set(taken)
    return next((f"{stem}某" for stem in _STEMS if f"{stem}某" not in used), _SOMEBODY)


def _is_person(instead: str) -> bool:
    return instead[0] in _STEMS or instead == _SOMEBODY


def _organisation(name: str) -> str | None:
    return next((instead for kind, instead in _ORGANISATIONS if kind.fullmatch(name)), None)


def _spaced(form: str, person: bool) -> re.Pattern[str]:
    """The form with anything small between its characters; Latin words only as whole words."""
    letters = _GAP.join(map(re.escape, form.replace(" ", "")))
    if form.isascii():
        letters = rf"(?<![a-z]){letters}(?![a-z])"
    return re.compile(letters if person else f"{letters}(?:{_LEGAL_FORMS})?")


def _loosely(people: dict[str, str]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Longest first: the form of address with the surname, then the given name alone."""
    surnames: dict[str, set[str]] = {}
    given: dict[str, str] = {}
    for name, instead in people.items():
        length = 2 if _COMPOUND_SURNAMES.match(name) and len(name) > 2 else 1
        surnames.setdefault(name[:length], set()).add(instead)
        if len(name) - length > 1:
            given.setdefault(name[length:], instead)
    for surname, who in surnames.items():
        instead = next(iter(who)) if len(who) == 1 else _SOMEBODY
        yield re.compile(f"{surname}(?:{_TITLES})"), instead
        yield re.compile(f"[老小阿]{surname}(?!村)"), instead
        if surname not in _NOT_A_FAMILY:
            yield re.compile(f"{surname}(?=家)"), instead
    for name, instead in sorted(given.items(), key=lambda item: -len(item[0])):
        yield re.compile(re.escape(name)), instead


def _folded(text: str) -> str:
    """The text in one width, case and family of characters, each where it was."""
    return "".join(map(_fold, text)).translate(VARIANTS)


def _fold(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    return plain if len(plain) == 1 else character
