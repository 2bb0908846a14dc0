"""Notices whose WeChat message must not say what the matter is."""


def up(migrator, db):
    # What is there already may be sensitive.
    db.execute_sql("ALTER TABLE notices ADD COLUMN discreet boolean NOT NULL DEFAULT true")
    db.execute_sql("ALTER TABLE notices ALTER COLUMN discreet DROP DEFAULT")
