"""The sample cases that the county ships, brought into the database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg.types.json import Jsonb

from backend.advisers import legal
from backend.areas import county
from backend.areas.service import NoAreas
from backend.cases import queries
from backend.cases.sample_files import read_samples
from backend.cases.service.drafting import search_terms
from backend.kernel.config_files import ConfigError, InvalidConfig
from backend.kernel.db import execute, transaction
from backend.kernel.ids import new_id
from backend.kernel.json import dumps

SAMPLES = "cases"
"""Their folder among the county's files."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. ``total`` counts the files."""

    total: int
    changed: int


def check_samples(config_dir: Path) -> list[ConfigError]:
    """Every mistake in the cases among a county's files; none means they can be imported."""
    topics = legal.topic_codes(config_dir)
    try:
        read_samples(
            config_dir / SAMPLES,
            # Without any topic it is legal.yaml that is wrong, and not every case.
            lambda code: not topics or code in topics,
            county.read(config_dir)[0].catalogue.categories,
        )
    except InvalidConfig as invalid:
        return list(invalid.errors)
    return []


def import_samples(folder: Path, now: datetime) -> Imported:
    """Publish the cases of a folder for the whole county, by nobody's hand.

    Safe to run again: a file that changed changes its case; what was withdrawn stays withdrawn.
    Raises InvalidConfig with every mistake in the files, NoAreas before there is a county.
    """
    samples = read_samples(
        folder, lambda code: legal.topic(code) is not None, county.current().catalogue.categories
    )
    with transaction():
        area_code = queries.county_code()
        if area_code is None:
            raise NoAreas("the county's areas come first: import them")
        changed = sum(
            execute(
                """
                INSERT INTO cases (id, version, state, sample, area_code, topic, categories, texts,
                    created_at, updated_at, published_at, search)
                VALUES (%s, 1, 'published', %s, %s, %s, %s, %s, %s, %s, %s,
                    array_to_tsvector(string_to_array(%s, ' ')))
                ON CONFLICT (sample) DO UPDATE SET version = cases.version + 1,
                    topic = EXCLUDED.topic, categories = EXCLUDED.categories,
                    texts = EXCLUDED.texts, search = EXCLUDED.search,
                    updated_at = EXCLUDED.updated_at
                WHERE (cases.topic, cases.categories, cases.texts)
                    IS DISTINCT FROM (EXCLUDED.topic, EXCLUDED.categories, EXCLUDED.texts)
                """,
                (
                    new_id(), sample.code, area_code, sample.topic, list(sample.categories),
                    Jsonb({lang: told.plain() for lang, told in sample.texts.items()}, dumps=dumps),
                    now, now, now, search_terms(list(sample.texts.values())),
                ),
            )
            for sample in samples
        )  # fmt: skip
    return Imported(len(samples), changed)
