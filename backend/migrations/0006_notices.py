"""Notices, the ledger of WeChat credits, and WeChat messages."""


def up(migrator, db):
    db.execute_sql(
        """
        CREATE TABLE notices (
            id uuid CONSTRAINT notices_pkey PRIMARY KEY,
            recipient_id uuid NOT NULL
                CONSTRAINT notices_recipient_fkey REFERENCES people (id),
            kind text NOT NULL,
            params jsonb NOT NULL,
            subject_kind text,
            subject_id uuid,
            effect_key text NOT NULL,
            created_at timestamptz NOT NULL,
            read_at timestamptz,
            CONSTRAINT notices_once_per_effect UNIQUE (recipient_id, effect_key),
            CONSTRAINT notices_subject_whole CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
        );
        CREATE INDEX notices_inbox ON notices (recipient_id, created_at DESC, id DESC);
        CREATE INDEX notices_unread ON notices (recipient_id) WHERE read_at IS NULL;

        CREATE TABLE subscription_grants (
            id uuid CONSTRAINT subscription_grants_pkey PRIMARY KEY,
            person_id uuid NOT NULL
                CONSTRAINT subscription_grants_person_fkey REFERENCES people (id),
            template_key text NOT NULL,
            change integer NOT NULL,
            reason text NOT NULL,
            source text NOT NULL CONSTRAINT subscription_grants_source_once UNIQUE,
            confirms_id uuid
                CONSTRAINT subscription_grants_confirmed_once UNIQUE
                CONSTRAINT subscription_grants_confirms_fkey REFERENCES subscription_grants (id),
            at timestamptz NOT NULL,
            CONSTRAINT subscription_grants_reason CHECK (reason IN
                ('client_report', 'push_event', 'sent', 'void_43101', 'switched_off')),
            CONSTRAINT subscription_grants_change CHECK (CASE reason
                WHEN 'sent' THEN change IN (-1, 0)
                WHEN 'void_43101' THEN change <= 0
                WHEN 'switched_off' THEN change <= 0
                ELSE change IN (0, 1) END),
            CONSTRAINT subscription_grants_confirmation CHECK (confirms_id IS NULL OR change = 0)
        );
        CREATE INDEX subscription_grants_person
            ON subscription_grants (person_id, template_key, at);
        CREATE TRIGGER subscription_grants_only_grow BEFORE UPDATE OR DELETE ON subscription_grants
            FOR EACH ROW EXECUTE FUNCTION refuse_change();

        CREATE TABLE wechat_sends (
            id uuid CONSTRAINT wechat_sends_pkey PRIMARY KEY,
            notice_id uuid NOT NULL
                CONSTRAINT wechat_sends_once_per_notice UNIQUE
                CONSTRAINT wechat_sends_notice_fkey REFERENCES notices (id),
            recipient_id uuid NOT NULL
                CONSTRAINT wechat_sends_recipient_fkey REFERENCES people (id),
            template_key text NOT NULL,
            state text NOT NULL,
            attempts integer NOT NULL,
            error_code text,
            message_id text,
            created_at timestamptz NOT NULL,
            started_at timestamptz,
            ended_at timestamptz,
            CONSTRAINT wechat_sends_state CHECK (state IN
                ('pending', 'sending', 'sent', 'refused', 'failed', 'unknown')),
            CONSTRAINT wechat_sends_attempts CHECK (attempts >= 0)
        );
        CREATE INDEX wechat_sends_under_way ON wechat_sends (recipient_id, template_key)
            WHERE state IN ('pending', 'sending', 'unknown');
        CREATE INDEX wechat_sends_stuck ON wechat_sends (started_at) WHERE state = 'sending';
        CREATE INDEX wechat_sends_message ON wechat_sends (message_id)
            WHERE message_id IS NOT NULL;
        """
    )
