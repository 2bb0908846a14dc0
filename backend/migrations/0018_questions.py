"""Written questions to legal advisers, their threads, and who may answer them."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE questions (
            id uuid CONSTRAINT questions_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT questions_person_fkey REFERENCES people (id),
            agent_id uuid CONSTRAINT questions_agent_fkey REFERENCES people (id),
            mandate_id uuid CONSTRAINT questions_mandate_fkey REFERENCES mandates (id),
            area_code text NOT NULL CONSTRAINT questions_area_fkey REFERENCES areas (code),
            topic text NOT NULL,
            text_encrypted bytea,
            opposing_encrypted bytea,
            since_on date,
            limitation_on date,
            attachment_ids jsonb NOT NULL DEFAULT '[]',
            keep_private boolean NOT NULL,
            state text NOT NULL,
            adviser_id uuid CONSTRAINT questions_adviser_fkey REFERENCES advisers (id),
            justice_at timestamptz,
            asked_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            handed_at timestamptz,
            posts smallint NOT NULL DEFAULT 0,
            answered_at timestamptz,
            answered_by uuid CONSTRAINT questions_answerer_fkey REFERENCES people (id),
            closed_at timestamptz,
            score smallint,
            comment text,
            first_rated_at timestamptz,
            rated_at timestamptz,
            detached_at timestamptz,
            CONSTRAINT questions_state CHECK (state IN ('open', 'answered', 'closed')),
            CONSTRAINT questions_agent_has_mandate
                CHECK ((agent_id IS NULL) = (mandate_id IS NULL)),
            CONSTRAINT questions_agent_is_another CHECK (agent_id <> person_id),
            CONSTRAINT questions_somebody_has_it
                CHECK (adviser_id IS NOT NULL OR justice_at IS NOT NULL),
            CONSTRAINT questions_limitation CHECK (limitation_on >= since_on),
            CONSTRAINT questions_answered_whole CHECK (
                (answered_at IS NULL) = (answered_by IS NULL)
                AND (state <> 'answered' OR answered_at IS NOT NULL)
            ),
            CONSTRAINT questions_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
            CONSTRAINT questions_rating CHECK (
                score BETWEEN 1 AND 5
                AND num_nulls(score, first_rated_at, rated_at) IN (0, 3)
                AND (score IS NOT NULL OR comment IS NULL)
                AND rated_at >= first_rated_at
                AND (score IS NULL OR answered_at IS NOT NULL)
            ),
            CONSTRAINT questions_text CHECK ((text_encrypted IS NULL) = (detached_at IS NOT NULL)),
            CONSTRAINT questions_detached CHECK (
                detached_at IS NULL
                OR (state = 'closed' AND num_nonnulls(opposing_encrypted, comment) = 0)
            )
        );
        CREATE INDEX questions_person ON questions (person_id, asked_at DESC, id DESC);
        CREATE INDEX questions_agent ON questions (agent_id) WHERE agent_id IS NOT NULL;
        CREATE INDEX questions_mandate ON questions (mandate_id) WHERE mandate_id IS NOT NULL;
        CREATE INDEX questions_adviser ON questions (adviser_id) WHERE adviser_id IS NOT NULL;
        CREATE INDEX questions_answerer ON questions (answered_by) WHERE answered_by IS NOT NULL;
        CREATE INDEX questions_area ON questions (area_code) WHERE justice_at IS NOT NULL;
        CREATE INDEX questions_to_hand ON questions (due_at)
            WHERE state = 'open' AND handed_at IS NULL;

        CREATE TABLE question_recipients (
            question_id uuid NOT NULL
                CONSTRAINT question_recipients_question_fkey REFERENCES questions (id),
            adviser_id uuid NOT NULL
                CONSTRAINT question_recipients_adviser_fkey REFERENCES advisers (id),
            given_at timestamptz NOT NULL,
            CONSTRAINT question_recipients_pkey PRIMARY KEY (question_id, adviser_id)
        );
        CREATE INDEX question_recipients_adviser ON question_recipients (adviser_id);

        CREATE TABLE question_posts (
            id uuid CONSTRAINT question_posts_pkey PRIMARY KEY,
            question_id uuid NOT NULL
                CONSTRAINT question_posts_question_fkey REFERENCES questions (id),
            seq smallint NOT NULL,
            at timestamptz NOT NULL,
            author_id uuid NOT NULL CONSTRAINT question_posts_author_fkey REFERENCES people (id),
            role text NOT NULL,
            adviser_id uuid CONSTRAINT question_posts_adviser_fkey REFERENCES advisers (id),
            text_encrypted bytea,
            minutes smallint,
            attachment_ids jsonb NOT NULL DEFAULT '[]',
            CONSTRAINT question_posts_seq UNIQUE (question_id, seq),
            CONSTRAINT question_posts_role CHECK (role IN
                ('resident', 'agent', 'adviser', 'standby', 'justice_officer')),
            CONSTRAINT question_posts_adviser CHECK
                ((role IN ('adviser', 'standby')) = (adviser_id IS NOT NULL)),
            CONSTRAINT question_posts_minutes CHECK (
                minutes BETWEEN 1 AND 240 AND (minutes IS NULL OR role NOT IN ('resident', 'agent'))
            )
        );
        CREATE INDEX question_posts_author ON question_posts (author_id);
        CREATE INDEX question_posts_adviser ON question_posts (adviser_id)
            WHERE adviser_id IS NOT NULL;
    """)
