"""SQL expressions that several reads share. Aliases: r service_requests, u units."""

GROUPED_NUMBER = "left(r.number, 6) || '-' || substr(r.number, 7, 6) || '-' || right(r.number, 1)"
"""`numbers.grouped`."""


def unit_name(language: str) -> str:
    """The unit's name as the reader calls it."""
    return "u.name_en" if language == "en" else "u.name"
