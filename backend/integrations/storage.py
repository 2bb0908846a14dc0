"""Where files are kept: a folder, or any S3-compatible service."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from backend.kernel.settings import Settings

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9.-]{2,99}")
_ABANDONED_AFTER_SECONDS: Final = 3600


class StorageError(Exception):
    """The storage did not do what was asked; asking again later may help."""


class Missing(StorageError):
    """There is no file of that key."""


class Storage(Protocol):
    """Files by key. A key is made by the program (``[a-z0-9.-]``, 3-100), never by a client.

    Every method raises StorageError where the storage fails.
    """

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes, wholly or not at all; what was there is replaced."""

    def get(self, key: str) -> bytes:
        """The bytes. Raises Missing."""

    def delete(self, key: str) -> None:
        """Make sure that there is no such file; none to begin with is fine."""

    def exists(self, key: str) -> bool:
        """Whether there is such a file."""

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Keys of all files that were last written before a moment, in no order."""


def open_storage(settings: Settings) -> Storage:
    """What the settings name: a bucket where there is one, else the folder ``var/files``."""
    if settings.s3_bucket:
        # Imported here: half a second of start-up that only installations with a bucket need.
        from backend.integrations.s3 import S3Storage

        return S3Storage(
            bucket=settings.s3_bucket,
            endpoint_url=settings.s3_endpoint_url,
            region=settings.s3_region,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
        )
    return DiskStorage(settings.var_dir / "files")


class DiskStorage:
    """Files in a folder, spread over 65,536 subfolders by a digest of the key."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._drop_abandoned()

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        draft = self._incoming / secrets.token_hex(16)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with draft.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"cannot write {key}: {error.strerror}") from error

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise Missing(key) from error
        except OSError as error:
            raise StorageError(f"cannot read {key}: {error.strerror}") from error

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"cannot delete {key}: {error.strerror}") from error

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def keys_before(self, moment: datetime) -> Iterator[str]:
        for path in self._root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    yield path.name

    def _path(self, key: str) -> Path:
        digest = hashlib.sha256(checked(key).encode()).hexdigest()
        return self._root / digest[:2] / digest[2:4] / key

    def _drop_abandoned(self) -> None:
        """Remove what a process that was killed while writing has left behind."""
        for draft in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < time.time() - _ABANDONED_AFTER_SECONDS:
                    draft.unlink()


def checked(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"{key!r} is no storage key")
    return key


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
