"""Guesses at a receipt number's telephone digits, counted for all processes together."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        CREATE TABLE lookup_guesses (
            number text CONSTRAINT lookup_guesses_pkey PRIMARY KEY,
            spent_until timestamptz NOT NULL
        );
        CREATE INDEX lookup_guesses_spent_until ON lookup_guesses (spent_until);
        """
    )
