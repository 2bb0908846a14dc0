"""Tables of areas and units. Rows are never deleted, because requests and people refer to them."""

import peewee
from playhouse.postgres_ext import TSVectorField

from backend.areas.rules import GridKind, Level
from backend.areas.units import UnitKind
from backend.kernel.db import Model
from backend.kernel.fields import EnumField, UuidField


class AreaRow(Model):
    """``full_name`` is the name with its township's; ``search`` its character pairs."""

    code = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    level = EnumField(Level)
    parent = peewee.ForeignKeyField("self", column_name="parent_code", null=True)
    kind = EnumField(GridKind, null=True)
    full_name = peewee.TextField()
    search = TSVectorField(index_type="GIN")
    active = peewee.BooleanField()

    class Meta:
        table_name = "areas"


class UnitRow(Model):
    """``code`` never changes. ``position`` is the order of units.yaml."""

    id = UuidField(primary_key=True)
    code = peewee.TextField(unique=True)
    name = peewee.TextField()
    name_en = peewee.TextField()
    kind = EnumField(UnitKind)
    area = peewee.ForeignKeyField(AreaRow, column_name="area_code")
    phone = peewee.TextField(null=True)
    position = peewee.IntegerField()
    search = TSVectorField(index_type="GIN")
    active = peewee.BooleanField()

    class Meta:
        table_name = "units"
