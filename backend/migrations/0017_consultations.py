"""Meetings with advisers: what a booking is about, what came of it, and how it was rated.

When and where the meeting is, and whether it took place, is known by the booking alone.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        CREATE TABLE consultations (
            id uuid PRIMARY KEY,
            booking_id uuid NOT NULL,
            adviser_id uuid NOT NULL,
            person_id uuid NOT NULL,
            agent_id uuid,
            mandate_id uuid,
            entered_by uuid,
            area_code text NOT NULL,
            topic text NOT NULL,
            facts_encrypted bytea,
            opposing_encrypted bytea,
            since_on date,
            limitation_on date,
            keep_private boolean NOT NULL,
            created_at timestamptz NOT NULL,
            opinion_encrypted bytea,
            minutes smallint,
            served_at timestamptz,
            served_by uuid,
            score smallint,
            comment text,
            first_rated_at timestamptz,
            rated_at timestamptz,
            detached_at timestamptz,
            CONSTRAINT consultations_booking_fk FOREIGN KEY (booking_id) REFERENCES bookings (id),
            CONSTRAINT consultations_adviser_fk FOREIGN KEY (adviser_id) REFERENCES advisers (id),
            CONSTRAINT consultations_person_fk FOREIGN KEY (person_id) REFERENCES people (id),
            CONSTRAINT consultations_agent_fk FOREIGN KEY (agent_id) REFERENCES people (id),
            CONSTRAINT consultations_mandate_fk FOREIGN KEY (mandate_id) REFERENCES mandates (id),
            CONSTRAINT consultations_entered_by_fk FOREIGN KEY (entered_by) REFERENCES people (id),
            CONSTRAINT consultations_served_by_fk FOREIGN KEY (served_by) REFERENCES people (id),
            CONSTRAINT consultations_area_fk FOREIGN KEY (area_code) REFERENCES areas (code),
            CONSTRAINT consultations_one_way_in CHECK (
                (agent_id IS NULL) = (mandate_id IS NULL)
                AND num_nonnulls(agent_id, entered_by) <= 1
            ),
            CONSTRAINT consultations_limitation CHECK (limitation_on >= since_on),
            CONSTRAINT consultations_served_whole CHECK (
                (served_at IS NULL) = (minutes IS NULL)
                AND (served_at IS NULL) = (served_by IS NULL)
                AND (served_at IS NULL OR opinion_encrypted IS NOT NULL
                    OR detached_at IS NOT NULL)
                AND (served_at IS NOT NULL OR opinion_encrypted IS NULL)
                AND minutes BETWEEN 1 AND 600
            ),
            CONSTRAINT consultations_rating_whole CHECK (
                (score IS NULL) = (rated_at IS NULL)
                AND (score IS NULL) = (first_rated_at IS NULL)
                AND (score IS NOT NULL OR comment IS NULL)
                AND (score IS NULL OR served_at IS NOT NULL)
                AND score BETWEEN 1 AND 5
            ),
            CONSTRAINT consultations_facts CHECK (
                (facts_encrypted IS NULL) = (detached_at IS NOT NULL)
            ),
            CONSTRAINT consultations_detached_erased CHECK (
                detached_at IS NULL
                OR num_nonnulls(opposing_encrypted, opinion_encrypted, comment) = 0
            )
        );
        CREATE UNIQUE INDEX consultations_booking_id ON consultations (booking_id);
        CREATE INDEX consultations_adviser_id ON consultations (adviser_id);
        CREATE INDEX consultations_person_id ON consultations (person_id);
        CREATE INDEX consultations_agent_id ON consultations (agent_id);
        CREATE INDEX consultations_mandate_id ON consultations (mandate_id);
        CREATE INDEX consultations_entered_by ON consultations (entered_by);
        CREATE INDEX consultations_served_by ON consultations (served_by);
        CREATE INDEX consultations_area_code ON consultations (area_code);
        """
    )
