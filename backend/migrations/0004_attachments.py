"""Pictures people attach, and what WeChat said about them."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE attachments (
            id uuid CONSTRAINT attachments_pkey PRIMARY KEY,
            owner_id uuid NOT NULL CONSTRAINT attachments_owner_fkey REFERENCES people (id),
            storage_key text NOT NULL CONSTRAINT attachments_storage_key_once UNIQUE,
            content_hash bytea NOT NULL,
            width integer NOT NULL,
            height integer NOT NULL,
            size_bytes integer NOT NULL,
            thumbnail_size integer NOT NULL,
            created_at timestamptz NOT NULL,
            subject_kind text,
            subject_id uuid,
            claimed_at timestamptz,
            position smallint,
            media_trace_id text,
            CONSTRAINT attachments_sizes CHECK (
                width > 0 AND height > 0 AND size_bytes > 0 AND thumbnail_size > 0),
            CONSTRAINT attachments_hash_length CHECK (length(content_hash) = 32),
            CONSTRAINT attachments_claim_whole CHECK (
                num_nulls(subject_kind, subject_id, claimed_at, position) IN (0, 4))
        );
        CREATE INDEX attachments_subject ON attachments (subject_kind, subject_id)
            WHERE claimed_at IS NOT NULL;
        CREATE INDEX attachments_unclaimed ON attachments (owner_id, created_at)
            WHERE claimed_at IS NULL;
        CREATE INDEX attachments_expiring ON attachments (created_at) WHERE claimed_at IS NULL;
        CREATE INDEX attachments_trace ON attachments (media_trace_id)
            WHERE media_trace_id IS NOT NULL;

        CREATE TABLE media_verdicts (
            trace_id text CONSTRAINT media_verdicts_pkey PRIMARY KEY,
            verdict text NOT NULL,
            received_at timestamptz NOT NULL,
            CONSTRAINT media_verdicts_known CHECK (verdict IN ('pass', 'review', 'risky')),
            CONSTRAINT media_verdicts_trace_length CHECK (length(trace_id) BETWEEN 1 AND 200)
        );
        CREATE INDEX media_verdicts_age ON media_verdicts (received_at);
    """)
