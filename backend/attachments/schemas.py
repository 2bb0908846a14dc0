"""Pictures on the wire."""

from marshmallow import fields

from backend.web.schemas import QueryInteger, Schema, Text, UploadedFile, UuidStr


class UploadAttachment(Schema):
    file = UploadedFile(
        required=True, metadata={"description": "JPEG, PNG, WebP or HEIC, at most 10 MB"}
    )


class AttachmentView(Schema):
    id = fields.UUID(required=True)
    width = fields.Integer(required=True, metadata={"description": "Pixels"})
    height = fields.Integer(required=True, metadata={"description": "Pixels"})
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    url = fields.String(
        required=True,
        metadata={"description": "Path on this host, signed for the caller; longest side ≤ 2560"},
    )
    thumbnail_url = fields.String(
        required=True, metadata={"description": "The same, longest side ≤ 480"}
    )
    expires_at = fields.AwareDateTime(
        required=True, metadata={"description": "Until then both links work; read anew for others"}
    )


class SignedLink(Schema):
    """What a link carries. Links are made by the server and used as they are."""

    person = UuidStr(metadata={"description": "Absent in links for WeChat's content check"})
    expires = QueryInteger(min=0, max=2**40, required=True)
    signature = Text(max=64, pattern="[A-Za-z0-9_-]+", required=True)
