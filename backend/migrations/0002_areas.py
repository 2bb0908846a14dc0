"""Areas of the county, and the units that handle requests."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("""
        CREATE TABLE areas (
            code text PRIMARY KEY,
            name text NOT NULL,
            level text NOT NULL,
            parent_code text,
            kind text,
            full_name text NOT NULL,
            search tsvector NOT NULL,
            active boolean NOT NULL,
            CONSTRAINT areas_parent_fk FOREIGN KEY (parent_code) REFERENCES areas (code),
            CONSTRAINT areas_code_of_level CHECK (
                code ~ CASE level
                    WHEN 'county' THEN '^[0-9]{6}$'
                    WHEN 'township' THEN '^[0-9]{9}$'
                    WHEN 'village' THEN '^[0-9]{12}$'
                    WHEN 'grid' THEN '^[0-9]{15}$'
                    ELSE '^$'
                END
            ),
            CONSTRAINT areas_code_under_parent CHECK (
                CASE level
                    WHEN 'county' THEN parent_code IS NULL
                    ELSE parent_code IS NOT NULL
                        AND parent_code = left(code, length(code) - 3)
                END
            ),
            CONSTRAINT areas_kind_known CHECK (
                CASE level
                    WHEN 'grid' THEN kind IS NOT NULL AND kind IN ('traditional', 'dedicated')
                    ELSE kind IS NULL
                END
            )
        );
        CREATE INDEX areas_parent_code ON areas (parent_code);
        CREATE INDEX areas_search ON areas USING gin (search);

        CREATE TABLE units (
            id uuid PRIMARY KEY,
            code text NOT NULL,
            name text NOT NULL,
            name_en text NOT NULL,
            kind text NOT NULL,
            area_code text NOT NULL,
            phone text,
            position integer NOT NULL,
            search tsvector NOT NULL,
            active boolean NOT NULL,
            CONSTRAINT units_area_fk FOREIGN KEY (area_code) REFERENCES areas (code),
            CONSTRAINT units_kind_known CHECK (
                kind IN (
                    'department', 'utility', 'centre', 'oversight', 'township_office',
                    'village_committee'
                )
            )
        );
        CREATE UNIQUE INDEX units_code ON units (code);
        CREATE INDEX units_area_code ON units (area_code);
        CREATE INDEX units_search ON units USING gin (search);
    """)
