"""Taking out of a matter what leads to somebody, and finding what still may.

Nothing here is certain: whoever publishes reads both sides. So what is taken out is shown beside
the original, and what is found afterwards either must go (`HARD`) or must have been looked at.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from backend.cases.rules.parties import Parties
from backend.kernel.personal_data import Trace, traces

MASK = "×××"


class Kind(StrEnum):
    """What leads to somebody."""

    NAME = "name"
    PHONE = "phone"
    ID = "id"
    BANK = "bank"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    NUMBER = "number"
    PERSON = "person"
    """Somebody who is not known to belong to the matter, or is named by surname or given name."""
    PLACE = "place"
    HOUSE = "house"
    COMPANY = "company"
    DATE = "date"


HARD = frozenset({Kind.NAME, Kind.PHONE, Kind.ID, Kind.BANK, Kind.PLATE, Kind.EMAIL, Kind.ACCOUNT})
"""What is never published, whoever says that it was looked at."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a matter beforehand: its parties, and the county's places as written."""

    parties: Parties
    places: Mapping[str, str] = field(default_factory=dict)
    everyday_places: tuple[str, ...] = ()
    """Names of the matter's own places that are words as well: found, never replaced."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stood in the original, and what stands there now."""

    was: str
    now: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """What still looks like personal data, and in which field of the draft."""

    field: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    instead: str
    kind: Kind


Search = Callable[[str, Known], Iterator[_Hit]]

_D = "0-9\uff10-\uff19〇零一二三四五六七八九十"
_DATE = re.compile(
    rf"(?P<month>(?:[{_D}]{{2,4}}\s*年\s*)?[{_D}]{{1,3}}\s*月)(?:份)?\s*[{_D}]{{1,3}}\s*[日号]"
    r"|(?P<year>(?:19|20)[0-9]{2})[-./](?P<number>0?[1-9]|1[0-2])[-./](?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_HOUSE = re.compile(
    rf"(?:[{_D}]{{1,4}}\s*(?:号楼|栋|幢|号院|单元|室|号房|户门牌)\s*)+(?:[{_D}]{{1,4}}\s*(?:室|号|户))?"
    rf"|(?<=[路街巷弄道组村屯寨坪区])\s*(?:门牌)?\s*[{_D}]{{1,4}}\s*号(?![楼院房令])"
    rf"|门牌号?\s*[:：为是]?\s*[{_D}]{{1,4}}\s*号?"
    rf"|第?\s*[{_D}]{{1,3}}\s*(?:村民小组|村民组|小组|组)(?![数织成合建长])"
)
_COMPANY_KIND = (
    "有限责任公司|股份有限公司|有限公司|分公司|公司|集团|合作社|养殖场|砖厂|煤矿|加工厂|工厂|经营部|商行"
    "|项目部"
)
_COMPANY = re.compile(rf"[\u3400-\u9fffA-Za-z0-9（）()·]{{2,30}}?(?P<kind>{_COMPANY_KIND})")
_NOT_A_COMPANYS = re.compile(
    r".*(?:[在到向给是的被由跟对把请找让从去叫告了我他她你们这那该家某和与及同为让就去于以或但]|保险|一个|有个|那个|"
    r"本|原|总|[,\uff0c])"
)
"""Where the words before a company's name end, read from the left as far as they go."""
_AMOUNT = re.compile(r"\s*(?:元|块|万|斤|公斤|千克|吨|亩|平方米|平米|米|公里|[.．][0-9])")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖"
    "范汪陆金石戴贾韦夏邱侯邹熊孟秦白江阎薛尹段雷龙陶贺毛郝顾龚邵万钱严洪武莫孔安祖管付肖管聂晏撒锁阮禄蔺虎勾"
)
_ADDRESSED = (
    "大爷|大伯|大叔|大妈|大娘|大婶|大嫂|阿姨|奶奶|老汉|师傅|老板|老师|医生|主任|支书|书记|村长|会计|经理"
    "|律师|先生|女士"
)
_PERSON = re.compile(
    rf"[{_SURNAMES}](?:{_ADDRESSED})"
    rf"|(?<=叫)[{_SURNAMES}](?!某)[\u3400-\u9fff]{{1,2}}|(?<=姓名)[:：是为]?\s*[{_SURNAMES}](?!某)[\u3400-\u9fff]{{1,2}}"
)

_OF_TRACE = {
    Trace.EMAIL: Kind.EMAIL,
    Trace.PLATE: Kind.PLATE,
    Trace.ACCOUNT: Kind.ACCOUNT,
    Trace.PHONE: Kind.PHONE,
    Trace.ID_NUMBER: Kind.ID,
    Trace.BANK_CARD: Kind.BANK,
    Trace.NUMBER: Kind.NUMBER,
}


def _full_names(text: str, known: Known) -> Iterator[_Hit]:
    for mention in known.parties.full_names(text):
        yield _Hit(mention.start, mention.end, mention.instead, Kind.NAME)


def _names(text: str, known: Known) -> Iterator[_Hit]:
    for mention in known.parties.mentions(text):
        yield _Hit(mention.start, mention.end, mention.instead, Kind.NAME)


def _dates(text: str, known: Known) -> Iterator[_Hit]:
    for match in _DATE.finditer(text):
        month = match["month"] or f"{match['year']}年{int(match['number'])}月"
        yield _Hit(match.start(), match.end(), month, Kind.DATE)


def _shapes(text: str, known: Known) -> Iterator[_Hit]:
    for found in traces(text):
        if found.trace is Trace.NUMBER and _AMOUNT.match(text, found.end):
            continue
        yield _Hit(found.start, found.end, MASK, _OF_TRACE[found.trace])


def _places(text: str, known: Known) -> Iterator[_Hit]:
    there = sorted((name for name in known.places if name in text), key=lambda n: (-len(n), n))
    if there:
        for match in re.finditer("|".join(map(re.escape, there)), text):
            yield _Hit(match.start(), match.end(), known.places[match[0]], Kind.PLACE)


def _everyday_places(text: str, known: Known) -> Iterator[_Hit]:
    for name in known.everyday_places:
        for match in re.finditer(re.escape(name), text):
            yield _Hit(match.start(), match.end(), "某地", Kind.PLACE)


def _houses(text: str, known: Known) -> Iterator[_Hit]:
    for match in _HOUSE.finditer(text):
        instead = "某组" if match[0].endswith("组") else "某号"
        yield _Hit(match.start(), match.end(), instead, Kind.HOUSE)


def _companies(text: str, known: Known) -> Iterator[_Hit]:
    for match in _COMPANY.finditer(text):
        end = match.start("kind")
        before = _NOT_A_COMPANYS.match(text, match.start(), end)
        start = before.end() if before else match.start()
        if end - start > 1 and "某" not in match[0]:
            yield _Hit(start, match.end(), f"某{match['kind'][-2:]}", Kind.COMPANY)


def _people(text: str, known: Known) -> Iterator[_Hit]:
    for match in _PERSON.finditer(text):
        yield _Hit(match.start(), match.end(), "某人", Kind.PERSON)


_REPLACING: tuple[Search, ...] = (_names, _places, _dates, _shapes, _houses, _companies)
"""In this order: a company's name may hold a party's, a date looks like a number."""

_LOOKING: tuple[Search, ...] = (
    _full_names,
    _shapes,
    _names,
    _places,
    _everyday_places,
    _dates,
    _houses,
    _companies,
    _people,
)


def anonymise(text: str, known: Known) -> tuple[str, list[Replaced]]:
    """The text without what leads to somebody, and what was taken out in the order it was.

    No full name of a party is left, however it was written.
    """
    replaced: list[Replaced] = []
    for search in _REPLACING:
        text = _without(text, list(search(text, known)), replaced)
    # What stands there now may, with what is around it, spell a name again.
    while again := list(_full_names(text, known)):
        text = _without(text, again, replaced)
    return text, replaced


def _without(text: str, hits: list[_Hit], replaced: list[Replaced]) -> str:
    parts, end = [], 0
    for hit in hits:
        if hit.start < end:
            continue
        parts += [text[end : hit.start], hit.instead]
        replaced.append(Replaced(text[hit.start : hit.end], hit.instead, hit.kind))
        end = hit.end
    return "".join([*parts, text[end:]])


def findings(texts: Mapping[str, str], known: Known) -> list[Finding]:
    """What still looks like personal data, by field; each piece of a text once."""
    return [
        Finding(name, text[hit.start : hit.end], hit.kind)
        for name, text in texts.items()
        for hit in _look(text, known)
    ]


def _look(text: str, known: Known) -> list[_Hit]:
    found: list[_Hit] = []
    for search in _LOOKING:
        for hit in search(text, known):
            if any(hit.start < other.end and other.start < hit.end for other in found):
                continue
            # A given name or a surname alone may be a word as well: only the whole name is certain.
            certain = search is not _names
            found.append(hit if certain else _Hit(hit.start, hit.end, hit.instead, Kind.PERSON))
    return sorted(found, key=lambda hit: hit.start)
