"""The outbox, the clock's work, and the audit log."""


def up(migrator, db):
    db.execute_sql("""
        CREATE TABLE outbox (
            id uuid PRIMARY KEY,
            kind text NOT NULL,
            payload jsonb NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            available_at timestamptz NOT NULL DEFAULT now(),
            attempts integer NOT NULL DEFAULT 0,
            lease_id uuid,
            done_at timestamptz,
            dead_at timestamptz,
            last_error text
        );
        CREATE INDEX outbox_due ON outbox (available_at, id)
            WHERE done_at IS NULL AND dead_at IS NULL;
        CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
        CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;

        CREATE TABLE periodic_runs (
            name text PRIMARY KEY,
            next_run_at timestamptz NOT NULL
        );

        CREATE TABLE audit_log (
            id uuid PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT now(),
            actor_id uuid,
            action text NOT NULL,
            subject_kind text NOT NULL,
            subject_id uuid,
            details jsonb NOT NULL DEFAULT '{}'
        );
        CREATE INDEX audit_log_subject ON audit_log (subject_kind, subject_id, at);
        CREATE INDEX audit_log_actor ON audit_log (actor_id, at);

        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE ON audit_log
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
    """)
