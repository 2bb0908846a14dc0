"""Cases (以案释法): made from a matter without what leads to anybody, approved, read by everybody.

What the matter said stays sealed beside the case for as long as somebody may have to compare.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE cases (
            id uuid CONSTRAINT cases_pkey PRIMARY KEY,
            version integer NOT NULL,
            state text NOT NULL,
            author_id uuid CONSTRAINT cases_author_fkey REFERENCES people (id),
            adviser_id uuid CONSTRAINT cases_adviser_fkey REFERENCES advisers (id),
            person_id uuid CONSTRAINT cases_person_fkey REFERENCES people (id),
            source_kind text,
            source_id uuid,
            sample text,
            area_code text NOT NULL CONSTRAINT cases_area_fkey REFERENCES areas (code),
            topic text NOT NULL,
            categories text[] NOT NULL,
            texts jsonb NOT NULL,
            original_encrypted bytea,
            reason_encrypted bytea,
            approved_by uuid CONSTRAINT cases_approver_fkey REFERENCES people (id),
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            submitted_at timestamptz,
            published_at timestamptz,
            search tsvector NOT NULL,
            CONSTRAINT cases_state CHECK
                (state IN ('draft', 'submitted', 'returned', 'published', 'withdrawn')),
            CONSTRAINT cases_version CHECK (version > 0),
            CONSTRAINT cases_from_a_matter_or_a_sample CHECK (
                num_nonnulls(source_kind, source_id, author_id) = 3 AND sample IS NULL
                OR num_nonnulls(source_kind, source_id, author_id, original_encrypted) = 0
                    AND sample IS NOT NULL),
            CONSTRAINT cases_source_kind CHECK (source_kind IN ('consultation', 'question')),
            CONSTRAINT cases_two_people CHECK (approved_by <> author_id),
            CONSTRAINT cases_published CHECK
                (state <> 'published' OR published_at IS NOT NULL
                    AND (approved_by IS NOT NULL OR sample IS NOT NULL)),
            CONSTRAINT cases_returned CHECK (state <> 'returned' OR reason_encrypted IS NOT NULL),
            CONSTRAINT cases_withdrawn_clean CHECK
                (state <> 'withdrawn' OR original_encrypted IS NULL)
        );
        CREATE UNIQUE INDEX cases_one_of_a_matter
            ON cases (source_kind, source_id) WHERE state <> 'withdrawn';
        CREATE UNIQUE INDEX cases_sample ON cases (sample);
        CREATE INDEX cases_author ON cases (author_id, updated_at DESC, id DESC);
        CREATE INDEX cases_area ON cases (area_code, updated_at DESC, id DESC);
        CREATE INDEX cases_adviser ON cases (adviser_id);
        CREATE INDEX cases_person ON cases (person_id);
        CREATE INDEX cases_approver ON cases (approved_by);
        CREATE INDEX cases_public ON cases (published_at DESC, id DESC) WHERE state = 'published';
        CREATE INDEX cases_categories ON cases USING gin (categories) WHERE state = 'published';
        CREATE INDEX cases_search ON cases USING gin (search) WHERE state = 'published';
        CREATE INDEX cases_to_forget ON cases (published_at)
            WHERE state = 'published' AND original_encrypted IS NOT NULL;
    """)
