"""Volunteering: who organises, activities and their shifts, sign-ups, and the hours they earn.

Two promises are kept by the tables themselves. ``shifts.taken`` follows the sign-ups by a trigger
and never exceeds the capacity. One person's live sign-ups never overlap, nor do their hours: as a
range of one id a person needs no operator class beyond PostgreSQL's own.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    for table in ("role_grants", "invitations"):
        db.execute_sql(f"""
            ALTER TABLE {table} DROP CONSTRAINT {table}_scope;
            ALTER TABLE {table} ADD CONSTRAINT {table}_scope CHECK (
                CASE
                    WHEN role IN ('handler', 'unit_lead')
                        THEN unit_id IS NOT NULL AND area_code IS NULL
                    WHEN role IN ('grid_worker', 'dispatcher', 'supervisor', 'inspector', 'adviser',
                            'justice_officer', 'organiser', 'admin')
                        THEN area_code IS NOT NULL AND unit_id IS NULL
                    ELSE false
                END
            );
        """)
    db.execute_sql(
        """
        CREATE TYPE uuidrange AS RANGE (SUBTYPE = uuid);

        CREATE TABLE volunteer_organisations (
            id uuid CONSTRAINT volunteer_organisations_pkey PRIMARY KEY,
            name text NOT NULL,
            area_code text NOT NULL
                CONSTRAINT volunteer_organisations_area_fkey REFERENCES areas (code),
            phone text,
            created_at timestamptz NOT NULL,
            CONSTRAINT volunteer_organisations_once UNIQUE (area_code, name)
        );

        CREATE TABLE volunteers (
            person_id uuid CONSTRAINT volunteers_pkey PRIMARY KEY
                CONSTRAINT volunteers_person_fkey REFERENCES people (id),
            born_on_encrypted bytea NOT NULL,
            guardian_encrypted bytea,
            skills text[] NOT NULL DEFAULT '{}',
            joined_at timestamptz NOT NULL
        );

        CREATE TABLE activities (
            id uuid CONSTRAINT activities_pkey PRIMARY KEY,
            organisation_id uuid NOT NULL CONSTRAINT activities_organisation_fkey
                REFERENCES volunteer_organisations (id),
            kind text NOT NULL,
            title text NOT NULL,
            description text NOT NULL,
            area_code text NOT NULL CONSTRAINT activities_area_fkey REFERENCES areas (code),
            place text NOT NULL,
            contact_name text NOT NULL,
            contact_phone text NOT NULL,
            min_age smallint,
            skills text[] NOT NULL DEFAULT '{}',
            insured boolean NOT NULL,
            needs_approval boolean NOT NULL,
            opens_at timestamptz,
            closes_at timestamptz,
            attachment_ids jsonb NOT NULL DEFAULT '[]',
            state text NOT NULL,
            version integer NOT NULL DEFAULT 1,
            created_by uuid NOT NULL CONSTRAINT activities_creator_fkey REFERENCES people (id),
            created_at timestamptz NOT NULL,
            published_at timestamptz,
            cancelled_at timestamptz,
            cancelled_reason text,
            CONSTRAINT activities_state CHECK (state IN ('draft', 'published', 'cancelled')),
            CONSTRAINT activities_published
                CHECK (state <> 'published' OR published_at IS NOT NULL),
            CONSTRAINT activities_cancelled CHECK (
                (state = 'cancelled') = (cancelled_at IS NOT NULL)
                AND (cancelled_at IS NULL) = (cancelled_reason IS NULL)
            ),
            CONSTRAINT activities_age CHECK (min_age BETWEEN 1 AND 100),
            CONSTRAINT activities_window CHECK (closes_at > opens_at)
        );
        CREATE INDEX activities_organisation ON activities (organisation_id);
        CREATE INDEX activities_area ON activities (area_code text_pattern_ops)
            WHERE state = 'published';
        CREATE INDEX activities_creator ON activities (created_by);

        CREATE TABLE shifts (
            id uuid CONSTRAINT shifts_pkey PRIMARY KEY,
            activity_id uuid NOT NULL CONSTRAINT shifts_activity_fkey REFERENCES activities (id),
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            capacity smallint NOT NULL,
            taken smallint NOT NULL DEFAULT 0,
            note text,
            beat text[] NOT NULL DEFAULT '{}',
            version integer NOT NULL DEFAULT 1,
            cancelled_at timestamptz,
            cancelled_reason text,
            CONSTRAINT shifts_times CHECK (
                ends_at > starts_at AND ends_at <= starts_at + interval '24 hours'
            ),
            CONSTRAINT shifts_capacity CHECK (capacity BETWEEN 1 AND 1000),
            CONSTRAINT shifts_taken CHECK (taken BETWEEN 0 AND capacity),
            CONSTRAINT shifts_cancelled
                CHECK ((cancelled_at IS NULL) = (cancelled_reason IS NULL)),
            CONSTRAINT shifts_with_times UNIQUE (id, starts_at, ends_at)
        );
        CREATE INDEX shifts_activity ON shifts (activity_id);
        CREATE INDEX shifts_starts ON shifts (starts_at) WHERE cancelled_at IS NULL;

        CREATE TABLE signups (
            id uuid CONSTRAINT signups_pkey PRIMARY KEY,
            shift_id uuid NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            person_id uuid NOT NULL CONSTRAINT signups_person_fkey REFERENCES people (id),
            agent_id uuid CONSTRAINT signups_agent_fkey REFERENCES people (id),
            mandate_id uuid CONSTRAINT signups_mandate_fkey REFERENCES mandates (id),
            entered_by uuid CONSTRAINT signups_writer_fkey REFERENCES people (id),
            state text NOT NULL,
            queued_at timestamptz NOT NULL,
            offer_until timestamptz,
            asked_at timestamptz,
            ended_at timestamptz,
            reason text,
            in_at timestamptz,
            out_at timestamptz,
            kept boolean NOT NULL DEFAULT false,
            CONSTRAINT signups_shift_fkey FOREIGN KEY (shift_id, starts_at, ends_at)
                REFERENCES shifts (id, starts_at, ends_at) ON UPDATE CASCADE,
            CONSTRAINT signups_state CHECK (state IN ('applied', 'waiting', 'offered', 'confirmed',
                'declined', 'cancelled', 'lapsed')),
            CONSTRAINT signups_agent CHECK (
                (agent_id IS NULL) = (mandate_id IS NULL) AND agent_id <> person_id
            ),
            CONSTRAINT signups_offer CHECK ((state = 'offered') = (offer_until IS NOT NULL)),
            CONSTRAINT signups_ended
                CHECK ((state IN ('declined', 'cancelled', 'lapsed')) = (ended_at IS NOT NULL)),
            CONSTRAINT signups_there CHECK (
                in_at IS NULL AND out_at IS NULL
                OR state = 'confirmed' AND in_at IS NOT NULL AND (out_at IS NULL OR out_at > in_at)
            ),
            CONSTRAINT signups_no_overlap EXCLUDE USING gist (
                uuidrange(person_id, person_id, '[]') WITH &&,
                tstzrange(starts_at, ends_at) WITH &&
            ) WHERE (state IN ('applied', 'waiting', 'offered', 'confirmed'))
        );
        CREATE INDEX signups_shift ON signups (shift_id, starts_at, ends_at);
        CREATE INDEX signups_line ON signups (shift_id, queued_at, id) WHERE state = 'waiting';
        CREATE INDEX signups_person ON signups (person_id, starts_at);
        CREATE INDEX signups_agent ON signups (agent_id) WHERE agent_id IS NOT NULL;
        CREATE INDEX signups_mandate ON signups (mandate_id) WHERE mandate_id IS NOT NULL;
        CREATE INDEX signups_writer ON signups (entered_by) WHERE entered_by IS NOT NULL;
        CREATE INDEX signups_offers ON signups (offer_until) WHERE state = 'offered';
        CREATE INDEX signups_unsettled ON signups (starts_at)
            WHERE state IN ('applied', 'waiting');

        CREATE FUNCTION signups_take_places() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            delta integer := 0;
        BEGIN
            IF TG_OP <> 'INSERT' AND OLD.state IN ('offered', 'confirmed') THEN
                delta := delta - 1;
            END IF;
            IF TG_OP <> 'DELETE' AND NEW.state IN ('offered', 'confirmed') THEN
                delta := delta + 1;
            END IF;
            IF delta <> 0 THEN
                UPDATE shifts SET taken = taken + delta
                WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.shift_id ELSE NEW.shift_id END;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER signups_take_places AFTER INSERT OR DELETE OR UPDATE OF state ON signups
            FOR EACH ROW EXECUTE FUNCTION signups_take_places();

        CREATE TABLE service_hours (
            id uuid CONSTRAINT service_hours_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT service_hours_person_fkey REFERENCES people (id),
            activity_id uuid NOT NULL
                CONSTRAINT service_hours_activity_fkey REFERENCES activities (id),
            signup_id uuid NOT NULL CONSTRAINT service_hours_signup_fkey REFERENCES signups (id),
            class text NOT NULL,
            starts_at timestamptz,
            ends_at timestamptz,
            minutes smallint NOT NULL,
            recorded_at timestamptz NOT NULL,
            recorded_by uuid CONSTRAINT service_hours_recorder_fkey REFERENCES people (id),
            replaces_id uuid CONSTRAINT service_hours_replaces_fkey REFERENCES service_hours (id),
            reason text,
            current boolean NOT NULL DEFAULT true,
            CONSTRAINT service_hours_class CHECK (class IN ('verified', 'confirmed')),
            CONSTRAINT service_hours_confirmed
                CHECK (class = 'verified' OR recorded_by IS NOT NULL),
            CONSTRAINT service_hours_void CHECK (
                (starts_at IS NULL) = (ends_at IS NULL)
                AND (starts_at IS NOT NULL OR replaces_id IS NOT NULL)
            ),
            CONSTRAINT service_hours_correction CHECK ((replaces_id IS NULL) = (reason IS NULL)),
            CONSTRAINT service_hours_minutes CHECK (
                minutes = coalesce(floor(extract(epoch FROM ends_at - starts_at) / 60), 0)
                AND (starts_at IS NULL OR minutes > 0)
            ),
            CONSTRAINT service_hours_replaced_once UNIQUE (replaces_id),
            CONSTRAINT service_hours_no_overlap EXCLUDE USING gist (
                uuidrange(person_id, person_id, '[]') WITH &&,
                tstzrange(starts_at, ends_at) WITH &&
            ) WHERE (current AND starts_at IS NOT NULL)
        );
        CREATE INDEX service_hours_person ON service_hours (person_id, recorded_at DESC, id DESC);
        CREATE INDEX service_hours_activity ON service_hours (activity_id);
        CREATE INDEX service_hours_signup ON service_hours (signup_id);
        CREATE INDEX service_hours_recorder ON service_hours (recorded_by)
            WHERE recorded_by IS NOT NULL;
        CREATE UNIQUE INDEX service_hours_one_current ON service_hours (signup_id) WHERE current;

        CREATE FUNCTION service_hours_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR NOT OLD.current OR NEW.current
                OR to_jsonb(NEW) - 'current' <> to_jsonb(OLD) - 'current' THEN
                RAISE EXCEPTION 'hours are corrected by adding, never by changing';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER service_hours_only_grow BEFORE UPDATE OR DELETE ON service_hours
            FOR EACH ROW EXECUTE FUNCTION service_hours_only_grow();
        """
    )
