"""Service requests, their timelines and ratings."""


def up(migrator, db):
    db.execute_sql(
        """
        -- Wraps after a million: the date in front keeps receipt numbers apart.
        CREATE SEQUENCE service_request_numbers MINVALUE 0 MAXVALUE 999999 CYCLE;

        CREATE TABLE service_requests (
            id uuid CONSTRAINT service_requests_pkey PRIMARY KEY,
            number text NOT NULL CONSTRAINT service_requests_number_once UNIQUE,
            requester_id uuid NOT NULL
                CONSTRAINT service_requests_requester_fkey REFERENCES people (id),
            category text NOT NULL,
            area_code text NOT NULL
                CONSTRAINT service_requests_area_fkey REFERENCES areas (code),
            description text NOT NULL,
            answers jsonb NOT NULL,
            place_encrypted bytea,
            visibility text NOT NULL,
            state text NOT NULL,
            version integer NOT NULL,
            lead_unit_id uuid CONSTRAINT service_requests_lead_unit_fkey REFERENCES units (id),
            handler_id uuid CONSTRAINT service_requests_handler_fkey REFERENCES people (id),
            deadline_profile text NOT NULL,
            deadline_source text NOT NULL,
            calendar_version text NOT NULL,
            due_at timestamptz NOT NULL,
            due_provisional boolean NOT NULL,
            asked_at timestamptz,
            submitted_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            outcome text,
            flagged_danger boolean NOT NULL,
            text_verdict text NOT NULL,
            search tsvector NOT NULL,
            CONSTRAINT service_requests_number_digits CHECK (number ~ '^[0-9]{13}$'),
            CONSTRAINT service_requests_description_there CHECK (description <> ''),
            CONSTRAINT service_requests_answers_list CHECK (jsonb_typeof(answers) = 'array'),
            CONSTRAINT service_requests_visibility
                CHECK (visibility IN ('private', 'public', 'anonymous')),
            CONSTRAINT service_requests_state CHECK (state IN
                ('submitted', 'accepted', 'not_accepted', 'assigned', 'in_progress',
                 'awaiting_resident', 'replied', 'confirmed', 'contested', 'rework', 'withdrawn')),
            CONSTRAINT service_requests_version CHECK (version >= 1),
            CONSTRAINT service_requests_outcome
                CHECK (outcome IN ('fixed', 'explained', 'referred')),
            CONSTRAINT service_requests_text_verdict
                CHECK (text_verdict IN ('none', 'pass', 'review', 'risky')),
            CONSTRAINT service_requests_held_by_unit CHECK
                (lead_unit_id IS NOT NULL OR state IN ('submitted', 'not_accepted', 'withdrawn')),
            CONSTRAINT service_requests_handler_in_unit
                CHECK (handler_id IS NULL OR lead_unit_id IS NOT NULL),
            CONSTRAINT service_requests_nobody_in_own_cause
                CHECK (handler_id IS NULL OR handler_id <> requester_id),
            CONSTRAINT service_requests_closed_with_outcome
                CHECK (state NOT IN ('replied', 'confirmed', 'contested') OR outcome IS NOT NULL),
            CONSTRAINT service_requests_awaits_what_was_asked
                CHECK (state <> 'awaiting_resident' OR asked_at IS NOT NULL),
            CONSTRAINT service_requests_order CHECK (updated_at >= submitted_at)
        );
        CREATE INDEX service_requests_own
            ON service_requests (requester_id, submitted_at DESC, id DESC);
        CREATE INDEX service_requests_unit_queue
            ON service_requests (lead_unit_id, state, due_at);
        CREATE INDEX service_requests_handler_queue
            ON service_requests (handler_id, due_at)
            WHERE state NOT IN ('not_accepted', 'confirmed', 'withdrawn');
        CREATE INDEX service_requests_dispatch_queue
            ON service_requests (due_at, id) WHERE lead_unit_id IS NULL AND state = 'submitted';
        CREATE INDEX service_requests_urgency
            ON service_requests ((NOT flagged_danger), due_at, id)
            WHERE state NOT IN ('not_accepted', 'confirmed', 'withdrawn');
        CREATE INDEX service_requests_newest ON service_requests (submitted_at DESC, id DESC);
        CREATE INDEX service_requests_search ON service_requests USING gin (search);

        CREATE TABLE timeline_events (
            request_id uuid NOT NULL
                CONSTRAINT timeline_events_request_fkey REFERENCES service_requests (id),
            seq integer NOT NULL,
            kind text NOT NULL,
            at timestamptz NOT NULL,
            actor_id uuid CONSTRAINT timeline_events_actor_fkey REFERENCES people (id),
            capacity text,
            unit_id uuid CONSTRAINT timeline_events_unit_fkey REFERENCES units (id),
            text text,
            data jsonb NOT NULL,
            shown_to text NOT NULL,
            CONSTRAINT timeline_events_pkey PRIMARY KEY (request_id, seq),
            CONSTRAINT timeline_events_seq CHECK (seq >= 1),
            CONSTRAINT timeline_events_kind CHECK (kind IN
                ('submitted', 'accepted', 'not_accepted', 'assigned', 'started', 'asked',
                 'supplied', 'replied', 'confirmed', 'contested', 'withdrawn', 'note',
                 'danger_flagged', 'text_flagged')),
            CONSTRAINT timeline_events_capacity CHECK (capacity IN
                ('requester', 'handler', 'leader', 'dispatcher', 'supervisor')),
            CONSTRAINT timeline_events_actor_has_capacity
                CHECK ((actor_id IS NULL) = (capacity IS NULL)),
            CONSTRAINT timeline_events_shown_to CHECK (shown_to IN ('resident', 'staff'))
        );
        CREATE TRIGGER timeline_events_only_grow BEFORE UPDATE OR DELETE ON timeline_events
            FOR EACH ROW EXECUTE FUNCTION refuse_change();

        CREATE TABLE ratings (
            request_id uuid CONSTRAINT ratings_pkey PRIMARY KEY
                CONSTRAINT ratings_request_fkey REFERENCES service_requests (id),
            score smallint NOT NULL,
            comment text,
            rated_at timestamptz NOT NULL,
            CONSTRAINT ratings_score CHECK (score BETWEEN 1 AND 5)
        );
        """
    )
