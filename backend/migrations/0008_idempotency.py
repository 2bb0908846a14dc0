"""Answers kept for repeated requests."""


def up(migrator, db):
    db.execute_sql("""
        CREATE TABLE idempotency_keys (
            person_id uuid NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            status smallint,
            body bytea,
            content_type text,
            created_at timestamptz NOT NULL,
            CONSTRAINT idempotency_keys_pkey PRIMARY KEY (person_id, key)
        );
        CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
    """)
