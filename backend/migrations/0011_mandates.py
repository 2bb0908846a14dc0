"""Mandates (代办), the inspector's role, and closed accounts that hold nothing of anybody."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    for table in ("role_grants", "invitations"):
        db.execute_sql(f"""
            ALTER TABLE {table} DROP CONSTRAINT {table}_scope;
            ALTER TABLE {table} ADD CONSTRAINT {table}_scope CHECK (
                CASE
                    WHEN role IN ('handler', 'unit_lead')
                        THEN unit_id IS NOT NULL AND area_code IS NULL
                    WHEN role IN ('grid_worker', 'dispatcher', 'supervisor', 'inspector', 'admin')
                        THEN area_code IS NOT NULL AND unit_id IS NULL
                    ELSE false
                END
            );
        """)
    db.execute_sql("""
        ALTER TABLE people ADD CONSTRAINT people_closed_erased CHECK (
            closed_at IS NULL OR (name = '' AND num_nonnulls(
                wechat_openid, wechat_unionid, phone_encrypted, id_number_encrypted,
                address_encrypted, home_area_code) = 0)
        );

        CREATE TABLE mandates (
            id uuid PRIMARY KEY,
            principal_id uuid NOT NULL,
            agent_id uuid,
            method text NOT NULL,
            scopes text[] NOT NULL,
            valid_days smallint NOT NULL,
            code_digest bytea,
            created_at timestamptz NOT NULL,
            open_until timestamptz,
            granted_at timestamptz,
            valid_until timestamptz,
            revoked_at timestamptz,
            revoked_by uuid,
            role_grant_id uuid,
            how text,
            statement_encrypted bytea,
            CONSTRAINT mandates_principal_fk FOREIGN KEY (principal_id) REFERENCES people (id),
            CONSTRAINT mandates_agent_fk FOREIGN KEY (agent_id) REFERENCES people (id),
            CONSTRAINT mandates_revoked_by_fk FOREIGN KEY (revoked_by) REFERENCES people (id),
            CONSTRAINT mandates_role_grant_fk
                FOREIGN KEY (role_grant_id) REFERENCES role_grants (id),
            CONSTRAINT mandates_two_people CHECK (agent_id <> principal_id),
            CONSTRAINT mandates_method CHECK (
                CASE method
                    WHEN 'code' THEN code_digest IS NOT NULL
                    WHEN 'confirmation' THEN code_digest IS NULL AND agent_id IS NOT NULL
                    WHEN 'recorded' THEN code_digest IS NULL AND granted_at IS NOT NULL
                    ELSE false
                END
            ),
            CONSTRAINT mandates_scopes CHECK (
                cardinality(scopes) > 0 AND scopes <@ ARRAY['submit', 'act']
            ),
            CONSTRAINT mandates_valid_days CHECK (valid_days BETWEEN 1 AND 365),
            CONSTRAINT mandates_open CHECK ((open_until IS NULL) = (method = 'recorded')),
            CONSTRAINT mandates_granted_whole CHECK (
                (granted_at IS NULL) = (valid_until IS NULL)
                AND (granted_at IS NULL OR agent_id IS NOT NULL)
                AND valid_until > granted_at
            ),
            CONSTRAINT mandates_revoked_whole CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
            CONSTRAINT mandates_recorded_whole CHECK (
                (method = 'recorded') = (how IS NOT NULL)
                AND (method = 'recorded') = (statement_encrypted IS NOT NULL)
                AND (method = 'recorded') = (role_grant_id IS NOT NULL)
                AND how IN ('spoken', 'signed')
            )
        );
        CREATE INDEX mandates_principal_id ON mandates (principal_id);
        CREATE INDEX mandates_agent_id ON mandates (agent_id);
        CREATE INDEX mandates_revoked_by ON mandates (revoked_by);
        CREATE INDEX mandates_role_grant_id ON mandates (role_grant_id);
        CREATE UNIQUE INDEX mandates_code_digest ON mandates (code_digest);
    """)
