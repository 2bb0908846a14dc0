"""People, their sessions, roles and invitations."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE people (
            id uuid PRIMARY KEY,
            wechat_openid text,
            wechat_unionid text,
            name text NOT NULL,
            phone_encrypted bytea,
            phone_hash bytea,
            phone_verified_at timestamptz,
            id_number_encrypted bytea,
            id_number_hash bytea,
            address_encrypted bytea,
            home_area_code text,
            language text NOT NULL,
            created_at timestamptz NOT NULL,
            closed_at timestamptz,
            CONSTRAINT people_home_area_fk FOREIGN KEY (home_area_code) REFERENCES areas (code),
            CONSTRAINT people_language_known CHECK (language IN ('zh-CN', 'en')),
            CONSTRAINT people_phone_whole CHECK (
                (phone_encrypted IS NULL) = (phone_hash IS NULL)
                AND (phone_verified_at IS NULL OR phone_encrypted IS NOT NULL)
            ),
            CONSTRAINT people_id_number_whole CHECK (
                (id_number_encrypted IS NULL) = (id_number_hash IS NULL)
            )
        );
        CREATE UNIQUE INDEX people_wechat_openid ON people (wechat_openid);
        CREATE INDEX people_phone_hash ON people (phone_hash);
        CREATE INDEX people_id_number_hash ON people (id_number_hash);
        CREATE INDEX people_home_area_code ON people (home_area_code);

        CREATE TABLE sessions (
            id uuid PRIMARY KEY,
            person_id uuid NOT NULL,
            token_digest bytea NOT NULL,
            previous_token_digest bytea,
            previous_expires_at timestamptz,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            renewed_at timestamptz,
            last_seen_on date NOT NULL,
            revoked_at timestamptz,
            CONSTRAINT sessions_person_fk
                FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
            CONSTRAINT sessions_previous_whole CHECK (
                (previous_token_digest IS NULL) = (previous_expires_at IS NULL)
            )
        );
        CREATE INDEX sessions_person_id ON sessions (person_id);
        CREATE UNIQUE INDEX sessions_token_digest ON sessions (token_digest);
        CREATE UNIQUE INDEX sessions_previous_token_digest ON sessions (previous_token_digest);
        CREATE INDEX sessions_expires_at ON sessions (expires_at);

        CREATE TABLE role_grants (
            id uuid PRIMARY KEY,
            person_id uuid NOT NULL,
            role text NOT NULL,
            unit_id uuid,
            area_code text,
            valid_from timestamptz NOT NULL,
            valid_until timestamptz,
            granted_by uuid,
            revoked_at timestamptz,
            revoked_by uuid,
            CONSTRAINT role_grants_person_fk FOREIGN KEY (person_id) REFERENCES people (id),
            CONSTRAINT role_grants_unit_fk FOREIGN KEY (unit_id) REFERENCES units (id),
            CONSTRAINT role_grants_area_fk FOREIGN KEY (area_code) REFERENCES areas (code),
            CONSTRAINT role_grants_granted_by_fk FOREIGN KEY (granted_by) REFERENCES people (id),
            CONSTRAINT role_grants_revoked_by_fk FOREIGN KEY (revoked_by) REFERENCES people (id),
            CONSTRAINT role_grants_scope CHECK (
                CASE
                    WHEN role IN ('handler', 'unit_lead')
                        THEN unit_id IS NOT NULL AND area_code IS NULL
                    WHEN role IN ('grid_worker', 'dispatcher', 'supervisor', 'admin')
                        THEN area_code IS NOT NULL AND unit_id IS NULL
                    ELSE false
                END
            ),
            CONSTRAINT role_grants_term CHECK (valid_until > valid_from)
        );
        CREATE INDEX role_grants_person_id ON role_grants (person_id);
        CREATE INDEX role_grants_unit_id ON role_grants (unit_id);
        CREATE INDEX role_grants_role_area ON role_grants (role, area_code);
        CREATE INDEX role_grants_granted_by ON role_grants (granted_by);
        CREATE INDEX role_grants_revoked_by ON role_grants (revoked_by);
        CREATE UNIQUE INDEX role_grants_one_per_scope
            ON role_grants (person_id, role, coalesce(unit_id::text, area_code))
            WHERE revoked_at IS NULL;

        CREATE TABLE invitations (
            id uuid PRIMARY KEY,
            code_digest bytea NOT NULL,
            role text NOT NULL,
            unit_id uuid,
            area_code text,
            role_valid_until timestamptz,
            created_by uuid,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_by uuid,
            used_at timestamptz,
            CONSTRAINT invitations_unit_fk FOREIGN KEY (unit_id) REFERENCES units (id),
            CONSTRAINT invitations_area_fk FOREIGN KEY (area_code) REFERENCES areas (code),
            CONSTRAINT invitations_created_by_fk FOREIGN KEY (created_by) REFERENCES people (id),
            CONSTRAINT invitations_used_by_fk FOREIGN KEY (used_by) REFERENCES people (id),
            CONSTRAINT invitations_scope CHECK (
                CASE
                    WHEN role IN ('handler', 'unit_lead')
                        THEN unit_id IS NOT NULL AND area_code IS NULL
                    WHEN role IN ('grid_worker', 'dispatcher', 'supervisor', 'admin')
                        THEN area_code IS NOT NULL AND unit_id IS NULL
                    ELSE false
                END
            ),
            CONSTRAINT invitations_used_whole CHECK ((used_by IS NULL) = (used_at IS NULL))
        );
        CREATE UNIQUE INDEX invitations_code_digest ON invitations (code_digest);
        CREATE INDEX invitations_created_by ON invitations (created_by);
        CREATE INDEX invitations_used_by ON invitations (used_by);
        CREATE INDEX invitations_expires_at ON invitations (expires_at);
    """)
