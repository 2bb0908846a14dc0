"""The register from a file: all of it, or nothing with every bad line named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from backend.advisers import legal, queries
from backend.advisers.rules.register import Counts, Entry, ImportInvalid, keeps
from backend.advisers.rules.register_file import Line, Mistake, Places, read
from backend.advisers.service.register import bring_to, enter
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import Forbidden
from backend.kernel.messages import LANGUAGES, text


def import_csv(
    actor: Actor | None, file: str, now: datetime, *, language: str = LANGUAGES[0]
) -> Counts:
    """Bring the file (see ``rules.register_file``) into the register.

    Advisers whose licence number is known are changed, others entered; who is not in the file
    stays. ``actor`` is None for the operator at the command line. Raises Forbidden, or
    ImportInvalid with ``lines`` of number and message in the language.
    """
    if actor is not None and not keeps(actor, ()):
        raise Forbidden
    with transaction():
        areas = queries.named_places()
        names = {code: full_name for code, _, full_name in areas}
        lines, mistakes = read(file, Places(areas), legal.language_codes())
        known = queries.entries([line.entry.licence_no for line in lines])
        mistakes += _misplaced(actor, lines, known)
        if mistakes:
            raise ImportInvalid(
                extra={"lines": [_said(mistake, names, language) for mistake in mistakes]}
            )
        added = [line.entry for line in lines if line.entry.licence_no not in known]
        changed = {
            adviser_id: (before, line.entry)
            for line in lines
            if line.entry.licence_no in known
            for adviser_id, before in [known[line.entry.licence_no]]
            if before != line.entry
        }
        _write(actor, added, changed, now)
    return Counts(len(lines), len(added), len(changed))


def _misplaced(
    actor: Actor | None, lines: Sequence[Line], known: Mapping[str, tuple[UUID, Entry]]
) -> Iterator[Mistake]:
    """Lines that do not fit what there is, or are not the actor's."""
    wanted = [code for line in lines for code in line.entry.villages]
    taken = queries.others_villages(wanted, [adviser_id for adviser_id, _ in known.values()])
    for line in lines:
        before = known.get(line.entry.licence_no)
        if actor is not None and before is not None and not keeps(actor, before[1].areas):
            yield Mistake(line.number, "not_yours", {})
        for code in line.entry.areas:
            if actor is not None and not keeps(actor, [code]):
                yield Mistake(line.number, "not_your_area", {"area": code})
        for code in line.entry.villages:
            if code in taken:
                yield Mistake(line.number, "village_taken", {"area": code})


def _write(
    actor: Actor | None,
    added: Sequence[Entry],
    changed: Mapping[UUID, tuple[Entry, Entry]],
    now: datetime,
) -> None:
    """Villages that go from one adviser of the file to another are first given up, then taken."""
    wanted = {code for entry in added for code in entry.villages}
    wanted |= {code for before, after in changed.values() for code in after.villages}
    for adviser_id, (before, after) in changed.items():
        leaving = set(before.villages) - set(after.villages)
        if leaving & wanted:
            staying = tuple(code for code in before.villages if code not in leaving)
            bring_to(actor, adviser_id, replace(before, villages=staying), now)
    for adviser_id, (_, after) in changed.items():
        bring_to(actor, adviser_id, after, now)
    for entry in added:
        enter(actor, entry, now)


def _said(mistake: Mistake, names: Mapping[str, str], language: str) -> dict[str, object]:
    params = dict(mistake.params)
    if "area" in params:
        params["area"] = names.get(params["area"], params["area"])
    if "column" in params:
        params["column"] = _heading(params["column"], language)
    if "columns" in params:
        params["columns"] = ", ".join(_heading(name, language) for name in params["columns"])
    return {
        "line": mistake.line,
        "message": text(f"advisers.import.{mistake.code}", language, **params),
    }


def _heading(column: str, language: str) -> str:
    return text(f"advisers.columns.{column}", language)
