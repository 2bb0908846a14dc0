"""Files in a bucket of any service that speaks S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backend.integrations.storage import Missing, StorageError, checked

_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Storage:
    """Safe to share between threads."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint_url: str | None,
        region: str | None,
        access_key: str,
        secret_key: str,
    ) -> None:
        self._bucket = bucket
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region or "us-east-1",
            # Without keys in the settings boto3 looks where it always does (an instance's role).
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=Config(
                # A request for a picture holds a database connection meanwhile: be brief.
                connect_timeout=2,
                read_timeout=8,
                retries={"total_max_attempts": 2, "mode": "standard"},
                # boto3's checksum trailers are refused by most services that are not Amazon's.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, data: bytes) -> None:
        with self._translated(key):
            self._client.put_object(
                Bucket=self._bucket, Key=checked(key), Body=data, ContentType="image/jpeg"
            )

    def get(self, key: str) -> bytes:
        with self._translated(key):
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=checked(key))[
                "Body"
            ].read()
            return body

    def delete(self, key: str) -> None:
        with self._translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=checked(key))

    def exists(self, key: str) -> bool:
        try:
            with self._translated(key):
                self._client.head_object(Bucket=self._bucket, Key=checked(key))
        except Missing:
            return False
        return True

    def keys_before(self, moment: datetime) -> Iterator[str]:
        with self._translated("the bucket's list"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
            for page in pages:
                for entry in page.get("Contents", ()):
                    if entry["LastModified"].astimezone(UTC) < moment:
                        yield entry["Key"]

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        """Turn boto3's errors into ours."""
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _MISSING:
                raise Missing(what) from error
            raise StorageError(f"{what}: the storage answered {code}") from error
        except BotoCoreError as error:
            raise StorageError(f"{what}: {type(error).__name__}") from error
