"""Tables of people, sessions, role grants, invitations and mandates.

Areas and units are another feature's tables: foreign keys to them are in the migration only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import peewee

from backend.kernel.actor import Role
from backend.kernel.db import Model
from backend.kernel.fields import (
    BytesField,
    EnumField,
    TextsField,
    UtcDateTimeField,
    UuidField,
)
from backend.people.errors import AreaUnknown, UnitUnknown
from backend.people.rules import How, Method


class Person(Model):
    """Anyone who has signed in. Telephone, identity number and address are stored encrypted.

    ``…_hash`` is a keyed hash for finding a value; it is not unique, because a family may share a
    telephone.
    """

    id = UuidField(primary_key=True)
    wechat_openid = peewee.TextField(null=True, unique=True)
    wechat_unionid = peewee.TextField(null=True)
    name = peewee.TextField(default="")
    phone_encrypted = BytesField(null=True)
    phone_hash = BytesField(null=True, index=True)
    phone_verified_at = UtcDateTimeField(null=True)
    id_number_encrypted = BytesField(null=True)
    id_number_hash = BytesField(null=True, index=True)
    address_encrypted = BytesField(null=True)
    home_area_code = peewee.TextField(null=True, index=True)
    language = peewee.TextField(default="zh-CN")
    created_at = UtcDateTimeField()
    closed_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "people"


class Session(Model):
    """One sign-in on one device.

    Only digests of tokens are stored. After a renewal the token before it still works until
    ``previous_expires_at``.
    """

    id = UuidField(primary_key=True)
    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    token_digest = BytesField(unique=True)
    previous_token_digest = BytesField(null=True, unique=True)
    previous_expires_at = UtcDateTimeField(null=True)
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField(index=True)
    renewed_at = UtcDateTimeField(null=True)
    last_seen_on = peewee.DateField()
    revoked_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "sessions"


class RoleGrant(Model):
    """A role in one unit or over one area, for a term. At most one unrevoked grant per scope."""

    id = UuidField(primary_key=True)
    person = peewee.ForeignKeyField(Person)
    role = EnumField(Role)
    unit_id = UuidField(null=True)
    area_code = peewee.TextField(null=True)
    valid_from = UtcDateTimeField()
    valid_until = UtcDateTimeField(null=True)
    granted_by = peewee.ForeignKeyField(Person, null=True, column_name="granted_by")
    revoked_at = UtcDateTimeField(null=True)
    revoked_by = peewee.ForeignKeyField(Person, null=True, column_name="revoked_by")

    class Meta:
        table_name = "role_grants"


class Invitation(Model):
    """A role waiting for whoever brings the code; codes are short, so their hash is keyed."""

    id = UuidField(primary_key=True)
    code_digest = BytesField(unique=True)
    role = EnumField(Role)
    unit_id = UuidField(null=True)
    area_code = peewee.TextField(null=True)
    role_valid_until = UtcDateTimeField(null=True)
    created_by = peewee.ForeignKeyField(Person, null=True, column_name="created_by")
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField(index=True)
    used_by = peewee.ForeignKeyField(Person, null=True, column_name="used_by")
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "invitations"


class Mandate(Model):
    """A consent (代办): ``agent`` may act for ``principal`` within ``scopes``.

    Asked for it has an ``open_until``; granted it has ``granted_at`` and ``valid_until``. What a
    grid worker recorded is granted at once, and lasts no longer than the role it was recorded in.
    ``statement_encrypted`` is what the person said or signed.
    """

    id = UuidField(primary_key=True)
    principal = peewee.ForeignKeyField(Person)
    agent = peewee.ForeignKeyField(Person, null=True)
    method = EnumField(Method)
    scopes = TextsField()
    valid_days = peewee.SmallIntegerField()
    code_digest = BytesField(null=True, unique=True)
    created_at = UtcDateTimeField()
    open_until = UtcDateTimeField(null=True)
    granted_at = UtcDateTimeField(null=True)
    valid_until = UtcDateTimeField(null=True)
    revoked_at = UtcDateTimeField(null=True)
    revoked_by = peewee.ForeignKeyField(Person, null=True, column_name="revoked_by")
    role_grant = peewee.ForeignKeyField(RoleGrant, null=True)
    how = EnumField(How, null=True)
    statement_encrypted = BytesField(null=True)

    class Meta:
        table_name = "mandates"


_REFUSALS = {
    "people_home_area_fk": AreaUnknown,
    "role_grants_area_fk": AreaUnknown,
    "invitations_area_fk": AreaUnknown,
    "role_grants_unit_fk": UnitUnknown,
    "invitations_unit_fk": UnitUnknown,
}


@contextmanager
def unknown_places_refused() -> Iterator[None]:
    """Turn a foreign key that leads nowhere into AreaUnknown or UnitUnknown.

    The statement has failed, and with it the transaction it was in: let the refusal through.
    """
    try:
        yield
    except peewee.IntegrityError as error:
        for constraint, refusal in _REFUSALS.items():
            if f'"{constraint}"' in str(error):
                raise refusal from error
        raise
