"""The rest of a request's life: help, objections, more time, evidence, second looks, protection."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        ALTER TABLE service_requests
            ADD COLUMN mandate_id uuid
                CONSTRAINT service_requests_mandate_fkey REFERENCES mandates (id),
            ADD COLUMN agent_id uuid
                CONSTRAINT service_requests_agent_fkey REFERENCES people (id),
            ADD COLUMN complaint boolean NOT NULL DEFAULT false,
            ADD COLUMN contests smallint NOT NULL DEFAULT 0,
            ADD COLUMN concluded boolean NOT NULL DEFAULT false,
            ADD COLUMN objection_until timestamptz,
            ADD COLUMN ruled_at timestamptz,
            ADD COLUMN reminded_at timestamptz,
            ADD COLUMN replied_at timestamptz,
            ADD COLUMN confirm_until timestamptz,
            ADD COLUMN closed_at timestamptz,
            ADD COLUMN follow_up_at timestamptz,
            ADD COLUMN followed_up_at timestamptz,
            ADD COLUMN deferrals smallint NOT NULL DEFAULT 0,
            ADD COLUMN deferred_until date,
            ADD COLUMN reopen_at timestamptz,
            ADD COLUMN merged_into_id uuid
                CONSTRAINT service_requests_merged_into_fkey REFERENCES service_requests (id),
            ADD COLUMN half_at timestamptz,
            ADD COLUMN most_at timestamptz,
            ADD COLUMN escalated smallint NOT NULL DEFAULT 0,
            ADD COLUMN counted_on date,
            ADD COLUMN counted_days smallint,
            ADD COLUMN basis text,
            ADD COLUMN referred_to text,
            ADD COLUMN referred_contact text;

        -- What was answered before is followed from its last change on.
        UPDATE service_requests SET
            replied_at = updated_at,
            confirm_until = updated_at + interval '7 days',
            closed_at = CASE WHEN state = 'confirmed' THEN updated_at END,
            follow_up_at = CASE WHEN state = 'confirmed' THEN updated_at + interval '28 days' END
        WHERE outcome IS NOT NULL;

        UPDATE service_requests SET
            half_at = submitted_at + (due_at - submitted_at) * 0.5,
            most_at = submitted_at + (due_at - submitted_at) * 0.8;

        ALTER TABLE service_requests
            DROP CONSTRAINT service_requests_state,
            DROP CONSTRAINT service_requests_outcome,
            DROP CONSTRAINT service_requests_held_by_unit,
            DROP CONSTRAINT service_requests_closed_with_outcome,
            ADD CONSTRAINT service_requests_state CHECK (state IN
                ('submitted', 'accepted', 'not_accepted', 'assigned', 'disputed', 'in_progress',
                 'awaiting_resident', 'replied', 'confirmed', 'contested', 'rework', 'supervised',
                 'deferred', 'merged', 'closed_unconfirmed', 'withdrawn')),
            ADD CONSTRAINT service_requests_outcome CHECK
                (outcome IN ('fixed', 'explained', 'referred', 'deferred', 'duplicate')),
            ADD CONSTRAINT service_requests_held_by_unit CHECK
                (lead_unit_id IS NOT NULL OR state IN ('submitted', 'not_accepted', 'withdrawn')),
            ADD CONSTRAINT service_requests_closed_with_outcome CHECK
                (state NOT IN ('replied', 'confirmed', 'closed_unconfirmed', 'supervised',
                     'deferred', 'merged') OR outcome IS NOT NULL),
            ADD CONSTRAINT service_requests_agent_has_mandate
                CHECK ((agent_id IS NULL) = (mandate_id IS NULL)),
            ADD CONSTRAINT service_requests_agent_is_another
                CHECK (agent_id IS NULL OR agent_id <> requester_id),
            ADD CONSTRAINT service_requests_complaint_not_public
                CHECK (NOT complaint OR visibility <> 'public'),
            ADD CONSTRAINT service_requests_counts
                CHECK (contests >= 0 AND deferrals >= 0 AND escalated BETWEEN 0 AND 3),
            ADD CONSTRAINT service_requests_counted
                CHECK ((counted_on IS NULL) = (counted_days IS NULL)),
            ADD CONSTRAINT service_requests_deferred_until_date
                CHECK (state <> 'deferred'
                    OR (deferred_until IS NOT NULL AND reopen_at IS NOT NULL)),
            ADD CONSTRAINT service_requests_merged_into_another
                CHECK (merged_into_id IS DISTINCT FROM id
                    AND (state <> 'merged' OR merged_into_id IS NOT NULL)),
            ADD CONSTRAINT service_requests_confirmable
                CHECK (state <> 'replied'
                    OR (replied_at IS NOT NULL AND confirm_until IS NOT NULL)),
            ADD CONSTRAINT service_requests_followed_up
                CHECK (state NOT IN ('confirmed', 'closed_unconfirmed')
                    OR (closed_at IS NOT NULL AND follow_up_at IS NOT NULL));

        DROP INDEX service_requests_handler_queue;
        DROP INDEX service_requests_urgency;
        CREATE INDEX service_requests_handler_queue
            ON service_requests (handler_id, due_at)
            WHERE state NOT IN ('closed_unconfirmed', 'confirmed', 'not_accepted', 'withdrawn');
        CREATE INDEX service_requests_urgency ON service_requests (
            (state IN ('awaiting_resident', 'replied')), (NOT flagged_danger), due_at, id
        ) WHERE state NOT IN ('closed_unconfirmed', 'confirmed', 'not_accepted', 'withdrawn');
        CREATE INDEX service_requests_mandate
            ON service_requests (mandate_id, submitted_at DESC, id DESC)
            WHERE mandate_id IS NOT NULL;
        CREATE INDEX service_requests_merged_into
            ON service_requests (merged_into_id) WHERE merged_into_id IS NOT NULL;
        CREATE INDEX service_requests_to_escalate ON service_requests (
            (CASE escalated WHEN 0 THEN half_at WHEN 1 THEN most_at ELSE due_at END)
        ) WHERE escalated < 3 AND state IN
            ('accepted', 'assigned', 'contested', 'disputed', 'in_progress', 'merged', 'rework',
             'submitted', 'supervised');
        CREATE INDEX service_requests_to_close
            ON service_requests (confirm_until) WHERE state = 'replied';
        CREATE INDEX service_requests_to_reopen
            ON service_requests (reopen_at) WHERE state = 'deferred';
        CREATE INDEX service_requests_to_follow_up ON service_requests (follow_up_at)
            WHERE followed_up_at IS NULL AND follow_up_at IS NOT NULL;
        CREATE INDEX service_requests_provisional
            ON service_requests (due_at) WHERE due_provisional;
        CREATE INDEX service_requests_published
            ON service_requests (area_code, submitted_at DESC, id DESC)
            WHERE visibility = 'public' AND text_verdict = 'pass';

        ALTER TABLE timeline_events
            DROP CONSTRAINT timeline_events_kind,
            DROP CONSTRAINT timeline_events_capacity,
            ADD CONSTRAINT timeline_events_kind CHECK (kind IN
                ('submitted', 'accepted', 'not_accepted', 'assigned', 'disputed', 'ruled',
                 'started', 'asked', 'supplied', 'extension_requested', 'extension_granted',
                 'extension_refused', 'task_opened', 'task_answered', 'task_cancelled',
                 'task_overdue', 'replied', 'deferred', 'merged', 'reminded', 'escalated',
                 'deadline_moved', 'confirmed', 'contested', 'directed', 'closed_unconfirmed',
                 'reopened', 'released', 'followed_up', 'came_back', 'withdrawn', 'note',
                 'danger_flagged', 'text_flagged', 'second_list')),
            ADD CONSTRAINT timeline_events_capacity CHECK (capacity IN
                ('requester', 'agent', 'reader', 'handler', 'leader', 'co_handler', 'dispatcher',
                 'supervisor'));

        ALTER TABLE ratings ADD COLUMN first_rated_at timestamptz;
        UPDATE ratings SET first_rated_at = rated_at;
        ALTER TABLE ratings
            ALTER COLUMN first_rated_at SET NOT NULL,
            ADD CONSTRAINT ratings_order CHECK (rated_at >= first_rated_at);

        CREATE TABLE sub_tasks (
            id uuid CONSTRAINT sub_tasks_pkey PRIMARY KEY,
            request_id uuid NOT NULL
                CONSTRAINT sub_tasks_request_fkey REFERENCES service_requests (id),
            unit_id uuid NOT NULL CONSTRAINT sub_tasks_unit_fkey REFERENCES units (id),
            state text NOT NULL,
            text text NOT NULL,
            due_at timestamptz NOT NULL,
            opened_by uuid NOT NULL CONSTRAINT sub_tasks_opener_fkey REFERENCES people (id),
            opened_at timestamptz NOT NULL,
            ended_by uuid CONSTRAINT sub_tasks_ender_fkey REFERENCES people (id),
            ended_at timestamptz,
            answer text,
            attachment_ids jsonb NOT NULL DEFAULT '[]',
            late_told_at timestamptz,
            CONSTRAINT sub_tasks_state CHECK (state IN ('open', 'answered', 'cancelled')),
            CONSTRAINT sub_tasks_text_there CHECK (text <> ''),
            CONSTRAINT sub_tasks_ended CHECK
                ((state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)),
            CONSTRAINT sub_tasks_answered CHECK (state <> 'answered' OR answer IS NOT NULL)
        );
        CREATE INDEX sub_tasks_request ON sub_tasks (request_id);
        CREATE INDEX sub_tasks_unit ON sub_tasks (unit_id, request_id) WHERE state <> 'cancelled';
        CREATE INDEX sub_tasks_late ON sub_tasks (due_at)
            WHERE state = 'open' AND late_told_at IS NULL;
        CREATE UNIQUE INDEX sub_tasks_one_open_per_unit
            ON sub_tasks (request_id, unit_id) WHERE state = 'open';

        CREATE TABLE materials (
            id uuid CONSTRAINT materials_pkey PRIMARY KEY,
            request_id uuid NOT NULL
                CONSTRAINT materials_request_fkey REFERENCES service_requests (id),
            position smallint NOT NULL,
            label text NOT NULL,
            kind text NOT NULL,
            note text,
            state text NOT NULL,
            text_encrypted bytea,
            attachment_ids jsonb NOT NULL DEFAULT '[]',
            supplied_at timestamptz,
            reused_from_id uuid
                CONSTRAINT materials_reused_from_fkey REFERENCES materials (id),
            CONSTRAINT materials_position UNIQUE (request_id, position),
            CONSTRAINT materials_kind CHECK (kind IN ('text', 'photo')),
            CONSTRAINT materials_state CHECK (state IN ('missing', 'supplied', 'unavailable')),
            CONSTRAINT materials_settled CHECK ((state = 'missing') = (supplied_at IS NULL)),
            CONSTRAINT materials_label_there CHECK (label <> '')
        );

        CREATE TABLE extensions (
            request_id uuid CONSTRAINT extensions_pkey PRIMARY KEY
                CONSTRAINT extensions_request_fkey REFERENCES service_requests (id),
            state text NOT NULL,
            reason text NOT NULL,
            asked_by uuid NOT NULL CONSTRAINT extensions_asker_fkey REFERENCES people (id),
            asked_at timestamptz NOT NULL,
            decided_by uuid CONSTRAINT extensions_decider_fkey REFERENCES people (id),
            decided_at timestamptz,
            note text,
            CONSTRAINT extensions_state CHECK (state IN ('pending', 'granted', 'refused')),
            CONSTRAINT extensions_decided CHECK
                ((state = 'pending') = (decided_at IS NULL)
                 AND (decided_at IS NULL) = (decided_by IS NULL)),
            CONSTRAINT extensions_decided_by_another CHECK (decided_by <> asked_by)
        );

        CREATE TABLE complaint_targets (
            id uuid CONSTRAINT complaint_targets_pkey PRIMARY KEY,
            request_id uuid NOT NULL
                CONSTRAINT complaint_targets_request_fkey REFERENCES service_requests (id),
            unit_id uuid CONSTRAINT complaint_targets_unit_fkey REFERENCES units (id),
            person_id uuid CONSTRAINT complaint_targets_person_fkey REFERENCES people (id),
            name_encrypted bytea,
            name_hash bytea,
            implied boolean NOT NULL,
            CONSTRAINT complaint_targets_somebody
                CHECK (num_nonnulls(unit_id, person_id, name_encrypted) >= 1
                    AND num_nonnulls(unit_id, person_id) <= 1),
            CONSTRAINT complaint_targets_name
                CHECK ((name_encrypted IS NULL) = (name_hash IS NULL))
        );
        CREATE UNIQUE INDEX complaint_targets_unit
            ON complaint_targets (request_id, unit_id) WHERE unit_id IS NOT NULL;
        CREATE UNIQUE INDEX complaint_targets_person
            ON complaint_targets (request_id, person_id) WHERE person_id IS NOT NULL;

        CREATE TABLE follows (
            request_id uuid NOT NULL
                CONSTRAINT follows_request_fkey REFERENCES service_requests (id),
            person_id uuid NOT NULL CONSTRAINT follows_person_fkey REFERENCES people (id),
            followed_at timestamptz NOT NULL,
            CONSTRAINT follows_pkey PRIMARY KEY (request_id, person_id)
        );
        CREATE INDEX follows_person ON follows (person_id, followed_at DESC);

        CREATE TABLE pressure_reports (
            id uuid CONSTRAINT pressure_reports_pkey PRIMARY KEY,
            request_id uuid NOT NULL
                CONSTRAINT pressure_reports_request_fkey REFERENCES service_requests (id),
            reporter_id uuid NOT NULL
                CONSTRAINT pressure_reports_reporter_fkey REFERENCES people (id),
            kind text NOT NULL,
            text_encrypted bytea NOT NULL,
            at timestamptz NOT NULL,
            closed_at timestamptz,
            closed_by uuid CONSTRAINT pressure_reports_closer_fkey REFERENCES people (id),
            finding text,
            CONSTRAINT pressure_reports_kind
                CHECK (kind IN ('change_rating', 'withdraw', 'other')),
            CONSTRAINT pressure_reports_closed CHECK
                (num_nulls(closed_at, closed_by, finding) IN (0, 3))
        );
        CREATE INDEX pressure_reports_request ON pressure_reports (request_id);
        CREATE INDEX pressure_reports_queue ON pressure_reports (at, id);
        """
    )
