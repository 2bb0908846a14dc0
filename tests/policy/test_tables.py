"""Migrations and models say the same; migrations can be run by anyone, at any time, twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import peewee
import psycopg
import pytest

from backend.kernel import embedded
from backend.kernel.db import Model, fetch_all
from backend.kernel.migrate import DIRECTORY, migrate, pending
from backend.kernel.settings import ROOT, new_keys
from tests.policy.source import modules
from tests.running import beside

TYPES = {
    "UUID": "uuid",
    "TEXT": "text",
    "TEXT[]": "text[]",
    "INT": "integer",
    "SMALLINT": "smallint",
    "BIGINT": "bigint",
    "BOOL": "boolean",
    "DATE": "date",
    "BLOB": "bytea",
    "JSONB": "jsonb",
    "TIMESTAMPTZ": "timestamp with time zone",
    "TSVECTOR": "tsvector",
}
"""How the catalogue calls what models ask for. Nothing else is used."""

TABLES_WITHOUT_MODEL = {"schema_migration": "the migration runner's own"}


def models() -> dict[str, type[Model]]:
    """Every model of the product by its table."""
    assert list(modules())  # which imports them all
    found, waiting = {}, [Model]
    while waiting:
        for child in waiting.pop().__subclasses__():
            waiting.append(child)
            if child.__module__.startswith("backend."):
                found[child._meta.table_name] = child
    return found


def tables() -> set[str]:
    return {
        name for (name,) in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }


def columns(table: str) -> dict[str, tuple[str, bool, str | None]]:
    """Type, whether NULL is allowed, and the default, by column."""
    return {
        name: (kind, nullable, default)
        for name, kind, nullable, default in fetch_all(
            """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
                   CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
            FROM pg_attribute a
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
            """,
            (table,),
        )
    }


def indexes(table: str) -> list[tuple[tuple[str, ...], bool, bool, bool, str]]:
    """Columns, whether unique, whether primary, whether of all rows and plain, and the method."""
    return [
        (tuple(names), unique, primary, whole, method)
        for names, unique, primary, whole, method in fetch_all(
            """
            SELECT ARRAY(SELECT coalesce(a.attname, '?') FROM unnest(i.indkey::int2[])
                         WITH ORDINALITY AS k (number, position)
                         LEFT JOIN pg_attribute a
                             ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
                         ORDER BY k.position)::text[],
                   i.indisunique, i.indisprimary,
                   i.indpred IS NULL AND i.indexprs IS NULL, m.amname
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
            WHERE i.indrelid = %s::regclass
            """,
            (table,),
        )
    ]


def asked_type(field: peewee.Field) -> str:
    if isinstance(field, peewee.ForeignKeyField):
        return asked_type(field.rel_field)
    found: str = field.field_type
    return found


def asked_default(field: peewee.Field) -> str | None:
    """The default a model asks the database for, as ``DEFAULT …`` spells it."""
    for constraint in field.constraints or ():
        if constraint.sql.startswith("DEFAULT "):
            found: str = constraint.sql.removeprefix("DEFAULT ")
            return found
    return None


def asked_indexes(model: type[Model]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Columns and whether unique, of every index a model asks for beside its primary key."""
    for field in model._meta.sorted_fields:
        if field.primary_key:
            continue
        if field.unique or field.index:
            yield (field.column_name,), bool(field.unique)
    for names, unique in model._meta.indexes:
        yield tuple(model._meta.fields[name].column_name for name in names), unique


def key_columns(model: type[Model]) -> tuple[str, ...]:
    key = model._meta.primary_key
    if isinstance(key, peewee.CompositeKey):
        return tuple(model._meta.fields[name].column_name for name in key.field_names)
    return (key.column_name,)


def test_every_table_has_a_model_and_every_model_a_table(database: str):
    assert tables() - set(TABLES_WITHOUT_MODEL) == set(models())


def test_columns_are_those_of_the_models(database: str):
    for table, model in models().items():
        asked = {
            field.column_name: (TYPES[asked_type(field)], field.null)
            for field in model._meta.sorted_fields
        }
        assert {name: kind[:2] for name, kind in columns(table).items()} == asked, table


def test_defaults_are_those_of_the_models(database: str):
    for table, model in models().items():
        asked = {field.column_name: asked_default(field) for field in model._meta.sorted_fields}
        found = {
            name: default and default.partition("::")[0]
            for name, (_, _, default) in columns(table).items()
        }
        assert found == asked, table


def test_primary_keys_are_those_of_the_models(database: str):
    for table, model in models().items():
        (key,) = (index for index in indexes(table) if index[2])
        assert key[0] == key_columns(model), table


def test_what_a_model_calls_unique_is_and_nothing_else(database: str):
    for table, model in models().items():
        asked = {names for names, unique in asked_indexes(model) if unique}
        found = {
            names
            for names, unique, primary, whole, _ in indexes(table)
            if unique and whole and not primary
        }
        assert found == asked, table


def test_every_index_a_model_asks_for_is_there(database: str):
    """Partial, ordered and multi-column indexes beyond these are the migrations' own business."""
    for table, model in models().items():
        there = [names for names, _, _, _, _ in indexes(table)]
        for names, _ in asked_indexes(model):
            assert any(index[: len(names)] == names for index in there), (table, names)


def test_constraints_have_names_of_ours(database: str):
    """A name can be told apart in an error and dropped by a later migration."""
    made_up = fetch_all(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f')"
        " AND conname ~ '_check[0-9]*$'"
    )
    assert made_up == []


def test_migrating_again_does_nothing(database: str):
    before = {table: columns(table) for table in tables()}
    assert migrate() == []
    assert pending() == []
    assert {table: columns(table) for table in tables()} == before


@pytest.fixture
def empty_database(admin_url: str) -> Iterator[str]:
    name = f"linshitong_empty_{os.getpid()}"
    embedded.create_database(admin_url, name)
    yield beside(admin_url, name)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_two_runners_at_once_apply_each_migration_once(empty_database: str):
    names = sorted(path.stem for path in DIRECTORY.glob("[0-9]*.py"))
    assert names
    environment = {f"LINSHITONG_{key.upper()}": value for key, value in new_keys().items()}
    runners = [
        subprocess.Popen(
            [sys.executable, "-m", "backend", "migrate"],
            cwd=ROOT,
            env={**os.environ, **environment, "DATABASE_URL": empty_database, "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    applied: list[str] = []
    for runner in runners:
        written, complaints = runner.communicate(timeout=120)
        assert runner.returncode == 0, complaints
        assert "the database is up to date" in written
        applied += [
            line.removeprefix("applied ") for line in written.splitlines() if "applied" in line
        ]
    assert sorted(applied) == names
    with psycopg.connect(empty_database) as database:
        found: Any = database.execute("SELECT count(*) FROM schema_migration").fetchone()
    assert found[0] == len(names)
