"""The register of legal advisers, the roles around it, and whom advisers have acted for.

``matter_parties`` keeps no name: only keyed hashes, made for one adviser each.
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
                            'justice_officer', 'admin')
                        THEN area_code IS NOT NULL AND unit_id IS NULL
                    ELSE false
                END
            );
        """)
    db.execute_sql("""
        CREATE TABLE advisers (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            firm text NOT NULL,
            licence_no text NOT NULL,
            phone text,
            languages text[] NOT NULL,
            intro text,
            photo_id uuid,
            person_id uuid,
            invitation_id uuid,
            last_served_on date,
            search tsvector NOT NULL,
            CONSTRAINT advisers_resource_fk FOREIGN KEY (id) REFERENCES booking_resources (id),
            CONSTRAINT advisers_photo_fk FOREIGN KEY (photo_id) REFERENCES attachments (id),
            CONSTRAINT advisers_person_fk FOREIGN KEY (person_id) REFERENCES people (id),
            CONSTRAINT advisers_invitation_fk
                FOREIGN KEY (invitation_id) REFERENCES invitations (id) ON DELETE SET NULL
        );
        CREATE UNIQUE INDEX advisers_licence_no ON advisers (licence_no);
        CREATE UNIQUE INDEX advisers_person_id ON advisers (person_id);
        CREATE INDEX advisers_photo_id ON advisers (photo_id);
        CREATE INDEX advisers_invitation_id ON advisers (invitation_id);
        CREATE INDEX advisers_search ON advisers USING gin (search);
        CREATE INDEX advisers_languages ON advisers USING gin (languages);

        CREATE TABLE matter_parties (
            adviser_id uuid NOT NULL,
            key_hash bytea NOT NULL,
            side text NOT NULL,
            matter_kind text NOT NULL,
            matter_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (adviser_id, key_hash, side, matter_id),
            CONSTRAINT matter_parties_adviser_fk FOREIGN KEY (adviser_id) REFERENCES advisers (id),
            CONSTRAINT matter_parties_side CHECK (side IN ('client', 'opponent')),
            CONSTRAINT matter_parties_kind CHECK (
                matter_kind IN ('consultation', 'question', 'practice')
            ),
            CONSTRAINT matter_parties_hash_length CHECK (length(key_hash) = 32)
        );
    """)
