"""A picture given again shares its files with the first: the key of the files is in two rows."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        ALTER TABLE attachments DROP CONSTRAINT attachments_storage_key_once;
        CREATE INDEX attachments_storage_key ON attachments (storage_key);
        """
    )
