"""Whether hashes of names are among those of an adviser's matters."""

from collections.abc import Sequence
from uuid import UUID

from backend.advisers.rules.parties import Side
from backend.kernel.db import fetch_all


def hit(looked_for: Sequence[tuple[UUID, bytes, Side]]) -> set[UUID]:
    """Those of the advisers in a matter of whom such a party stood on such a side: one query."""
    advisers, hashes, sides = (list(column) for column in zip(*looked_for, strict=True))
    rows = fetch_all(
        """
        SELECT DISTINCT m.adviser_id FROM matter_parties m
        JOIN unnest(%s::uuid[], %s::bytea[], %s::text[]) AS l (adviser_id, key_hash, side)
            USING (adviser_id, key_hash, side)
        """,
        (advisers, hashes, [side.value for side in sides]),
    )
    return {adviser_id for (adviser_id,) in rows}
