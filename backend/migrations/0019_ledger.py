"""The ledger of what advisers did.

An entry is never changed or deleted. What can come later is that it is voided, that a question is
answered once more, that the person it was for leaves, and that words are sealed with another key.
Whether it was entered on a later day than the service's is for nobody to say: it is computed.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE ledger_entries (
            id uuid CONSTRAINT ledger_entries_pkey PRIMARY KEY,
            kind text NOT NULL,
            source text NOT NULL,
            adviser_id uuid NOT NULL
                CONSTRAINT ledger_entries_adviser_fkey REFERENCES advisers (id),
            area_code text NOT NULL CONSTRAINT ledger_entries_area_fkey REFERENCES areas (code),
            subject_id uuid,
            person_id uuid CONSTRAINT ledger_entries_person_fkey REFERENCES people (id),
            mode text,
            topic text,
            title text,
            served_on date NOT NULL,
            starts_at timestamptz,
            minutes smallint,
            attendees integer,
            summary_encrypted bytea,
            opinion_encrypted bytea,
            entered_by uuid CONSTRAINT ledger_entries_author_fkey REFERENCES people (id),
            entered_at timestamptz NOT NULL,
            entered_later boolean NOT NULL GENERATED ALWAYS AS
                (served_on < (entered_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
            voided_by uuid CONSTRAINT ledger_entries_voider_fkey REFERENCES people (id),
            voided_at timestamptz,
            void_reason text,
            CONSTRAINT ledger_entries_kind CHECK (kind IN
                ('consultation', 'question', 'lecture', 'contract_review', 'visit')),
            CONSTRAINT ledger_entries_source CHECK (source IN ('service', 'entered')),
            CONSTRAINT ledger_entries_not_ahead CHECK
                (served_on <= (entered_at AT TIME ZONE 'Asia/Shanghai')::date),
            CONSTRAINT ledger_entries_of_service CHECK (
                (source = 'service') = (kind IN ('consultation', 'question'))
                AND (source = 'service') = (subject_id IS NOT NULL)
                AND (source = 'service') = (topic IS NOT NULL)
                AND (source = 'service') = (starts_at IS NOT NULL)
                AND (source = 'service' OR num_nonnulls(person_id, mode, opinion_encrypted) = 0)
            ),
            CONSTRAINT ledger_entries_by_hand CHECK (
                (source = 'entered') = (entered_by IS NOT NULL)
                AND (source = 'entered') = (title IS NOT NULL)
                AND (source = 'service' OR summary_encrypted IS NOT NULL)
                AND (source = 'entered' OR num_nonnulls(attendees, voided_at) = 0)
            ),
            CONSTRAINT ledger_entries_mode CHECK (mode IN ('in_person', 'phone', 'video')),
            CONSTRAINT ledger_entries_minutes CHECK (
                minutes >= 1 AND (kind = 'question' OR minutes IS NOT NULL)
            ),
            CONSTRAINT ledger_entries_attendees CHECK (attendees >= 0),
            CONSTRAINT ledger_entries_voided CHECK
                (num_nulls(voided_by, voided_at, void_reason) IN (0, 3))
        );
        CREATE UNIQUE INDEX ledger_entries_once
            ON ledger_entries (adviser_id, kind, subject_id) WHERE subject_id IS NOT NULL;
        CREATE INDEX ledger_entries_adviser
            ON ledger_entries (adviser_id, served_on DESC, id DESC);
        CREATE INDEX ledger_entries_area ON ledger_entries (area_code, served_on);
        CREATE INDEX ledger_entries_newest ON ledger_entries (served_on DESC, id DESC);
        CREATE INDEX ledger_entries_person
            ON ledger_entries (person_id) WHERE person_id IS NOT NULL;
        CREATE INDEX ledger_entries_author
            ON ledger_entries (entered_by) WHERE entered_by IS NOT NULL;
        CREATE INDEX ledger_entries_voider
            ON ledger_entries (voided_by) WHERE voided_by IS NOT NULL;

        CREATE FUNCTION ledger_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.id, NEW.kind, NEW.source, NEW.adviser_id, NEW.area_code, NEW.subject_id,
                NEW.mode, NEW.topic, NEW.title, NEW.served_on, NEW.starts_at, NEW.attendees,
                NEW.entered_by, NEW.entered_at)
                IS DISTINCT FROM
               (OLD.id, OLD.kind, OLD.source, OLD.adviser_id, OLD.area_code, OLD.subject_id,
                OLD.mode, OLD.topic, OLD.title, OLD.served_on, OLD.starts_at, OLD.attendees,
                OLD.entered_by, OLD.entered_at)
                OR NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.person_id IS NOT NULL
                OR NEW.minutes IS DISTINCT FROM OLD.minutes AND OLD.kind <> 'question'
                OR OLD.voided_at IS NOT NULL
                    AND (NEW.voided_by, NEW.voided_at, NEW.void_reason)
                        IS DISTINCT FROM (OLD.voided_by, OLD.voided_at, OLD.void_reason)
            THEN
                RAISE EXCEPTION 'an entry of the ledger stands'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER ledger_entries_stand BEFORE UPDATE ON ledger_entries
            FOR EACH ROW EXECUTE FUNCTION ledger_entry_stands();
        CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
    """)
