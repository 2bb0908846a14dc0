"""Which of the product's languages the caller reads."""

from flask import g, has_request_context, request

DEFAULT = "zh-CN"


def language() -> str:
    """The signed-in person's own setting; else the best of Accept-Language; else Chinese."""
    if not has_request_context():
        return DEFAULT
    actor = g.get("actor")
    if actor is not None:
        return str(actor.language)
    for tag, quality in request.accept_languages:
        primary = tag.partition("-")[0].lower()
        if quality > 0 and primary in _BY_PRIMARY:
            return _BY_PRIMARY[primary]
    return DEFAULT


_BY_PRIMARY = {"zh": "zh-CN", "en": "en"}
