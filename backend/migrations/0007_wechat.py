"""The shared WeChat access token, and the pushes seen already."""


def up(migrator, db):
    db.execute_sql("""
        CREATE TABLE wechat_tokens (
            app_id text CONSTRAINT wechat_tokens_pkey PRIMARY KEY,
            token bytea NOT NULL,
            ends_at timestamptz NOT NULL
        );

        CREATE TABLE wechat_push_seen (
            dedupe_key text CONSTRAINT wechat_push_seen_pkey PRIMARY KEY,
            received_at timestamptz NOT NULL
        );
        CREATE INDEX wechat_push_seen_age ON wechat_push_seen (received_at);
    """)
