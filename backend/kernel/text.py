"""Text as people type it: cleaned on the way in, and made searchable without word boundaries."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_WORDS = re.compile(r"[0-9a-z]+|[^\W\da-z_]+", re.UNICODE)
_ASCII = re.compile(r"[0-9a-z]+")


def clean(text: str) -> str:
    """NFC, line ends as ``\\n``, no control or direction-overriding characters, no outer space.

    Raises ValueError for NUL and lone surrogates, which PostgreSQL cannot store and which no
    keyboard sends: dropping them silently would change what was said.
    """
    if _UNSTORABLE.search(text):
        raise ValueError("text holds NUL or a lone surrogate")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _BIDI.sub("", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def _terms(text: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFKC", text).lower())


def bigrams(text: str) -> list[str]:
    """Search terms of a text: Latin words and numbers whole, everything else as character pairs.

    >>> bigrams("路灯不亮 LED12")
    ['路灯', '灯不', '不亮', 'led12']
    """
    return [part for term in _terms(text) for part in _parts(term)]


def _parts(term: str) -> list[str]:
    if len(term) == 1 or _ASCII.fullmatch(term):
        return [term]
    return [term[i : i + 2] for i in range(len(term) - 1)]


def tsvector_text(*texts: str) -> str:
    """Terms for ``array_to_tsvector(string_to_array(…, ' '))``: pairs, and each character alone.

    Single characters are kept so that a one-character search finds something too.
    """
    terms: set[str] = set()
    for term in _terms(" ".join(texts)):
        terms.update(_parts(term))
        if not _ASCII.fullmatch(term):
            terms.update(term)
    return " ".join(sorted(terms))


def tsquery_text(text: str) -> str:
    """A query for ``::tsquery`` that wants every term; empty when nothing can be searched for.

    Latin words match by their beginning, so that "LED" finds "LED12".
    """
    terms = dict.fromkeys(bigrams(text))
    return " & ".join(f"'{term}':*" if _ASCII.fullmatch(term) else f"'{term}'" for term in terms)
