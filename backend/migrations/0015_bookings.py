"""Time of people and rooms: plans, exceptions, bookings and waiting lists.

``booking_resources.key`` stands for a resource in the exclusion constraints: as a range of one
number it needs no operator class beyond PostgreSQL's own.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        CREATE TABLE booking_resources (
            id uuid PRIMARY KEY,
            key bigint GENERATED ALWAYS AS IDENTITY,
            kind text NOT NULL,
            name text NOT NULL,
            owner_id uuid,
            term_from date NOT NULL,
            term_until date,
            suspended_at timestamptz,
            suspended_reason text,
            lead_minutes integer NOT NULL DEFAULT 120,
            cancel_minutes integer NOT NULL DEFAULT 240,
            horizon_days integer NOT NULL DEFAULT 28,
            offer_minutes integer NOT NULL DEFAULT 120,
            feed_digest bytea,
            version integer NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            CONSTRAINT booking_resources_owner_fk FOREIGN KEY (owner_id) REFERENCES people (id),
            CONSTRAINT booking_resources_term CHECK (term_until >= term_from),
            CONSTRAINT booking_resources_suspended_whole CHECK (
                (suspended_at IS NULL) = (suspended_reason IS NULL)
            ),
            CONSTRAINT booking_resources_policy CHECK (
                lead_minutes BETWEEN 0 AND 20160 AND cancel_minutes BETWEEN 0 AND 20160
                AND horizon_days BETWEEN 1 AND 366 AND offer_minutes BETWEEN 5 AND 2880
            )
        );
        CREATE UNIQUE INDEX booking_resources_key ON booking_resources (key);
        CREATE UNIQUE INDEX booking_resources_id_kind ON booking_resources (id, kind);
        CREATE UNIQUE INDEX booking_resources_feed_digest ON booking_resources (feed_digest);
        CREATE INDEX booking_resources_owner_id ON booking_resources (owner_id);

        CREATE TABLE booking_resource_areas (
            resource_id uuid NOT NULL,
            kind text NOT NULL,
            area_code text NOT NULL,
            standby boolean NOT NULL,
            PRIMARY KEY (resource_id, area_code),
            CONSTRAINT booking_resource_areas_resource_fk
                FOREIGN KEY (resource_id, kind) REFERENCES booking_resources (id, kind),
            CONSTRAINT booking_resource_areas_area_fk
                FOREIGN KEY (area_code) REFERENCES areas (code)
        );
        CREATE INDEX booking_resource_areas_resource ON booking_resource_areas (resource_id, kind);
        CREATE INDEX booking_resource_areas_area_code ON booking_resource_areas (area_code);
        CREATE UNIQUE INDEX booking_resource_areas_own
            ON booking_resource_areas (kind, area_code) WHERE NOT standby;

        CREATE TABLE booking_plan_rules (
            id uuid PRIMARY KEY,
            resource_key bigint NOT NULL,
            weekday smallint NOT NULL,
            starts_minute smallint NOT NULL,
            ends_minute smallint NOT NULL,
            slot_minutes smallint NOT NULL,
            buffer_minutes smallint NOT NULL,
            capacity smallint NOT NULL,
            modes text[] NOT NULL,
            place text,
            valid_from date NOT NULL,
            valid_until date,
            on_holidays boolean NOT NULL,
            CONSTRAINT booking_plan_rules_resource_fk
                FOREIGN KEY (resource_key) REFERENCES booking_resources (key),
            CONSTRAINT booking_plan_rules_weekday CHECK (weekday BETWEEN 1 AND 7),
            CONSTRAINT booking_plan_rules_hours CHECK (
                starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440
            ),
            CONSTRAINT booking_plan_rules_slots CHECK (
                slot_minutes BETWEEN 5 AND 480 AND buffer_minutes BETWEEN 0 AND 240
                AND capacity BETWEEN 1 AND 500
            ),
            CONSTRAINT booking_plan_rules_modes CHECK (
                cardinality(modes) > 0 AND modes <@ ARRAY['in_person', 'phone', 'video']
                AND (place IS NOT NULL OR NOT 'in_person' = ANY(modes))
            ),
            CONSTRAINT booking_plan_rules_validity CHECK (valid_until >= valid_from),
            CONSTRAINT booking_plan_rules_no_overlap EXCLUDE USING gist (
                int8range(resource_key, resource_key, '[]') WITH &&,
                int4range(weekday * 1440 + starts_minute, weekday * 1440 + ends_minute) WITH &&,
                daterange(valid_from, valid_until, '[]') WITH &&
            )
        );
        CREATE INDEX booking_plan_rules_resource_key ON booking_plan_rules (resource_key);

        CREATE TABLE booking_exceptions (
            id uuid PRIMARY KEY,
            resource_key bigint NOT NULL,
            kind text NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            reason text,
            slot_minutes smallint,
            buffer_minutes smallint,
            capacity smallint,
            modes text[],
            place text,
            created_at timestamptz NOT NULL,
            CONSTRAINT booking_exceptions_resource_fk
                FOREIGN KEY (resource_key) REFERENCES booking_resources (key),
            CONSTRAINT booking_exceptions_kind CHECK (
                CASE kind
                    WHEN 'closed' THEN num_nonnulls(slot_minutes, buffer_minutes, capacity, modes,
                        place) = 0
                    WHEN 'extra' THEN num_nulls(slot_minutes, buffer_minutes, capacity, modes) = 0
                        AND slot_minutes BETWEEN 5 AND 480 AND buffer_minutes BETWEEN 0 AND 240
                        AND capacity BETWEEN 1 AND 500
                        AND cardinality(modes) > 0
                        AND modes <@ ARRAY['in_person', 'phone', 'video']
                        AND (place IS NOT NULL OR NOT 'in_person' = ANY(modes))
                    ELSE false
                END
            ),
            CONSTRAINT booking_exceptions_time CHECK (starts_at < ends_at),
            CONSTRAINT booking_exceptions_extra_no_overlap EXCLUDE USING gist (
                int8range(resource_key, resource_key, '[]') WITH &&,
                tstzrange(starts_at, ends_at) WITH &&
            ) WHERE (kind = 'extra')
        );
        CREATE INDEX booking_exceptions_resource_key ON booking_exceptions (resource_key, ends_at);

        CREATE TABLE booking_waits (
            id uuid PRIMARY KEY,
            place bigint GENERATED ALWAYS AS IDENTITY,
            resource_key bigint NOT NULL,
            person_id uuid NOT NULL,
            agent_id uuid,
            mandate_id uuid,
            from_on date NOT NULL,
            to_on date NOT NULL,
            mode text,
            state text NOT NULL,
            created_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT booking_waits_resource_fk
                FOREIGN KEY (resource_key) REFERENCES booking_resources (key),
            CONSTRAINT booking_waits_person_fk FOREIGN KEY (person_id) REFERENCES people (id),
            CONSTRAINT booking_waits_agent_fk FOREIGN KEY (agent_id) REFERENCES people (id),
            CONSTRAINT booking_waits_mandate_fk FOREIGN KEY (mandate_id) REFERENCES mandates (id),
            CONSTRAINT booking_waits_agent_whole CHECK (
                (agent_id IS NULL) = (mandate_id IS NULL)
            ),
            CONSTRAINT booking_waits_dates CHECK (from_on <= to_on),
            CONSTRAINT booking_waits_mode CHECK (mode IN ('in_person', 'phone', 'video')),
            CONSTRAINT booking_waits_state CHECK (
                state IN ('waiting', 'offered', 'booked', 'left', 'lapsed')
                AND (state IN ('waiting', 'offered')) = (ended_at IS NULL)
            )
        );
        CREATE UNIQUE INDEX booking_waits_once ON booking_waits (resource_key, person_id)
            WHERE state IN ('waiting', 'offered');
        CREATE INDEX booking_waits_line ON booking_waits (resource_key, place)
            WHERE state = 'waiting';
        CREATE INDEX booking_waits_resource_key ON booking_waits (resource_key);
        CREATE INDEX booking_waits_person_id ON booking_waits (person_id);
        CREATE INDEX booking_waits_agent_id ON booking_waits (agent_id);
        CREATE INDEX booking_waits_mandate_id ON booking_waits (mandate_id);
        CREATE INDEX booking_waits_ending ON booking_waits (to_on)
            WHERE state = 'waiting';

        CREATE TABLE bookings (
            id uuid PRIMARY KEY,
            resource_key bigint NOT NULL,
            person_id uuid NOT NULL,
            agent_id uuid,
            mandate_id uuid,
            by_provider boolean NOT NULL,
            state text NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            occupied_until timestamptz NOT NULL,
            seat smallint NOT NULL,
            capacity smallint NOT NULL,
            mode text NOT NULL,
            place text,
            wait_id uuid,
            held_until timestamptz,
            sequence integer NOT NULL DEFAULT 0,
            displaced_at timestamptz,
            checked_in_at timestamptz,
            checked_in_by_code boolean,
            ended_at timestamptz,
            ended_by_provider boolean,
            reason text,
            created_at timestamptz NOT NULL,
            CONSTRAINT bookings_resource_fk
                FOREIGN KEY (resource_key) REFERENCES booking_resources (key),
            CONSTRAINT bookings_person_fk FOREIGN KEY (person_id) REFERENCES people (id),
            CONSTRAINT bookings_agent_fk FOREIGN KEY (agent_id) REFERENCES people (id),
            CONSTRAINT bookings_mandate_fk FOREIGN KEY (mandate_id) REFERENCES mandates (id),
            CONSTRAINT bookings_wait_fk FOREIGN KEY (wait_id) REFERENCES booking_waits (id),
            CONSTRAINT bookings_agent_whole CHECK ((agent_id IS NULL) = (mandate_id IS NULL)),
            CONSTRAINT bookings_state CHECK (
                state IN ('held', 'booked', 'checked_in', 'served', 'no_show_resident',
                    'no_show_provider', 'cancelled', 'expired')
            ),
            CONSTRAINT bookings_ended CHECK (
                (state IN ('held', 'booked', 'checked_in')) = (ended_at IS NULL)
            ),
            CONSTRAINT bookings_held CHECK (state <> 'held' OR held_until IS NOT NULL),
            CONSTRAINT bookings_time CHECK (starts_at < ends_at AND ends_at <= occupied_until),
            CONSTRAINT bookings_seat CHECK (seat BETWEEN 1 AND capacity),
            CONSTRAINT bookings_mode CHECK (mode IN ('in_person', 'phone', 'video')),
            CONSTRAINT bookings_check_in_whole CHECK (
                (checked_in_at IS NULL) = (checked_in_by_code IS NULL)
            ),
            CONSTRAINT bookings_no_overlap EXCLUDE USING gist (
                int8range(resource_key, resource_key, '[]') WITH &&,
                (CASE WHEN capacity = 1 THEN int4range(1, NULL)
                    ELSE int4range(seat, seat, '[]') END) WITH &&,
                tstzrange(starts_at, occupied_until) WITH &&
            ) WHERE (state IN ('held', 'booked', 'checked_in', 'served'))
        );
        CREATE INDEX bookings_resource_time ON bookings (resource_key, starts_at);
        CREATE INDEX bookings_person_id ON bookings (person_id, starts_at);
        CREATE INDEX bookings_agent_id ON bookings (agent_id);
        CREATE INDEX bookings_mandate_id ON bookings (mandate_id);
        CREATE INDEX bookings_wait_id ON bookings (wait_id);
        CREATE INDEX bookings_held_until ON bookings (held_until) WHERE state = 'held';
        """
    )
