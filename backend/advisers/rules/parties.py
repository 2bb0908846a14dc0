"""When two names may be those of one party. In doubt they are: another adviser costs little."""

import re
import unicodedata
from enum import StrEnum
from itertools import chain


class Side(StrEnum):
    """On which side of a matter a party stands, seen from its adviser."""

    CLIENT = "client"
    OPPONENT = "opponent"


class MatterKind(StrEnum):
    """What a party was remembered from; ``practice`` is the adviser's own."""

    CONSULTATION = "consultation"
    QUESTION = "question"
    PRACTICE = "practice"


OPPOSITE = {Side.CLIENT: Side.OPPONENT, Side.OPPONENT: Side.CLIENT}

_SHORTEST = 2
"""Characters of a key: one alone, as what is left of 王老板, is nobody in particular."""

# Written in either way by the same families, and the usual surnames in traditional characters.
VARIANTS = str.maketrans(
    "閻闫蕭肖傅代邱於範鍾鐘葉甯寧張陳劉楊黃趙吳孫馬羅鄭謝許韓馮鄧蔣餘盧賈蘇呂龍萬錢湯嚴賀陸譚鄒溫顧齊車龐顏聶尤祿雲",
    "阎阎萧萧付戴丘于范钟钟叶宁宁张陈刘杨黄赵吴孙马罗郑谢许韩冯邓蒋余卢贾苏吕龙万钱汤严贺陆谭邹温顾齐车庞颜聂尤禄云",
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_LISTED = re.compile(r"[、,;/\n]")
_JOINED = re.compile(r"和|与|跟|及|以及")
_BEFORE = re.compile(
    r"^(?:我(?:的|家)?)?(?:被告|被申请人|对方|邻居|房东|老板|包工头|工头|前夫|前妻|丈夫|妻子|老公|老婆"
    r"|哥哥|弟弟|姐姐|妹妹|儿子|女儿|儿媳|女婿|父亲|母亲|村支书|支书|村主任|村长|组长|司机)"
)
_AFTER = re.compile(
    r"(?:先生|女士|小姐|同志|老师|律师|医生|师傅|书记|支书|主任|村长|组长|队长|乡长|镇长|所长|老板|经理"
    r"|工头|大爷|大伯|大叔|大妈|大娘|大婶|大哥|大姐|阿姨|一家|夫妇|夫妻|等人|等)$"
)
_COMPANY = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|农民专业合作社|专业合作社|农民合作社|合作社|集团公司"
    r"|公司|集团|个体工商户|经营部|合伙企业|律师事务所)(?:.{1,8}?(?:分公司|项目部))?$"
)
_SEAT = re.compile(
    r"^(?:.{1,10}?(?:省|自治区))?(?:.{1,6}?(?:市|自治州|地区))?(?:.{1,12}?(?:自治县|县|区))?"
    r"(?:.{1,6}?(?:街道|镇|乡))?"
)
_PROVINCE = re.compile(
    r"^(?:贵州|云南|四川|重庆|湖南|湖北|广西|广东|西藏|陕西|甘肃|青海|宁夏|新疆|河南|河北|山东|山西|江苏|浙江"
    r"|安徽|福建|江西|海南|辽宁|吉林|黑龙江|内蒙古|北京|上海|天津)"
)


def keys_of(name: str) -> frozenset[str]:
    """Every key under which a name, however it is written, is to be found.

    Two names mean the same party if they share a key. Spaces, dots, brackets and their content,
    width, accents, variant characters, forms of address and the legal form and seat of a company
    make no difference; several names in one are each looked for.

    >>> sorted(keys_of("闫 大·富（村东头） 先生"))
    ['阎大富']
    >>> keys_of("宏达建筑公司") & keys_of("贵州省宏达建筑有限责任公司")
    frozenset({'宏达建筑'})
    """
    text = unicodedata.normalize("NFKC", name)
    while (bare := _BRACKETS.sub("", text)) != text:
        text = bare
    parts = [part for part in map(_letters, _LISTED.split(text)) if part]
    keys = set(chain.from_iterable(map(_keys, parts)))
    for part in parts:
        one, *others = _JOINED.split(part)
        if others and not _COMPANY.search(part):
            keys.update(chain.from_iterable(map(_keys, (one, *others))))
    return frozenset(keys)


def _letters(text: str) -> str:
    """Letters, digits and Chinese characters only, without accents, in one case and one form."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, plain)).translate(VARIANTS)


def _keys(part: str) -> set[str]:
    company = _stripped(_COMPANY, part)
    if company != part:
        seatless = _stripped(_SEAT, company)
        found = {part, company, seatless, _stripped(_PROVINCE, seatless)}
    else:
        found = {_stripped(_BEFORE, _stripped(_AFTER, part))}
    return {key for key in found if len(key) >= _SHORTEST}


def _stripped(pattern: re.Pattern[str], text: str) -> str:
    """The text without what matches, unless nearly nothing would be left."""
    rest = pattern.sub("", text)
    return rest if len(rest) >= _SHORTEST else text
