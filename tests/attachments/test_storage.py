"""Both places that files can be kept in, against a real folder and a real HTTP server."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from backend.integrations.s3 import S3Storage
from backend.integrations.storage import (
    DiskStorage,
    Missing,
    Storage,
    StorageError,
    open_storage,
)
from backend.kernel.settings import load_settings

BUCKET = "pictures"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    ).create_bucket(Bucket=BUCKET)
    yield endpoint
    server.stop()


def s3(endpoint: str, bucket: str = BUCKET) -> S3Storage:
    return S3Storage(
        bucket=bucket,
        endpoint_url=endpoint,
        region=None,
        access_key="key",
        secret_key="secret",
    )


@pytest.fixture(params=["disk", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "disk":
        return DiskStorage(tmp_path / "files")
    return s3(request.getfixturevalue("s3_endpoint"))


def test_what_is_put_can_be_got(storage: Storage) -> None:
    data = os.urandom(200_000)
    storage.put("round-trip.jpg", data)
    assert storage.exists("round-trip.jpg")
    assert storage.get("round-trip.jpg") == data


def test_the_last_put_wins(storage: Storage) -> None:
    storage.put("twice.jpg", b"first")
    storage.put("twice.jpg", b"second")
    assert storage.get("twice.jpg") == b"second"


def test_what_is_not_there_is_missing(storage: Storage) -> None:
    assert not storage.exists("nothing.jpg")
    with pytest.raises(Missing):
        storage.get("nothing.jpg")


def test_deleting_is_safe_to_repeat(storage: Storage) -> None:
    storage.put("gone.jpg", b"data")
    storage.delete("gone.jpg")
    storage.delete("gone.jpg")
    assert not storage.exists("gone.jpg")


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "a/b.jpg", "/tmp/x", "a..jpg", "A.jpg", "a\x00.jpg"]
)
def test_only_keys_of_our_making_are_taken(storage: Storage, key: str) -> None:
    for use in (storage.get, storage.delete, storage.exists, lambda k: storage.put(k, b"")):
        with pytest.raises(ValueError, match="no storage key"):
            use(key)


def test_keys_are_listed_by_age(storage: Storage) -> None:
    storage.put("aged-1.jpg", b"1")
    storage.put("aged-2.jpg", b"2")
    now = datetime.now(UTC)
    assert {"aged-1.jpg", "aged-2.jpg"} <= set(storage.keys_before(now + timedelta(minutes=1)))
    assert not {"aged-1.jpg"} & set(storage.keys_before(now - timedelta(minutes=1)))


def test_disk_writers_of_one_key_never_leave_a_mixture(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    versions = [bytes([number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda version: storage.put("raced.jpg", version), versions))
    assert storage.get("raced.jpg") in versions


def test_disk_spreads_files_and_leaves_no_drafts(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    for number in range(20):
        storage.put(f"file-{number}.jpg", b"x")
    assert not list((tmp_path / "incoming").iterdir())
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.jpg")]
    assert len(files) == 20
    assert len({path.parent for path in files}) > 15


def test_disk_forgets_what_a_killed_process_was_writing(tmp_path: Path) -> None:
    DiskStorage(tmp_path)
    old, fresh = tmp_path / "incoming" / "old", tmp_path / "incoming" / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"being written")
    os.utime(old, (0, 0))
    DiskStorage(tmp_path)
    assert not old.exists()
    assert fresh.exists()


def test_disk_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    (tmp_path / "incoming").rmdir()
    (tmp_path / "incoming").write_bytes(b"not a folder")
    with pytest.raises(StorageError, match="cannot write"):
        storage.put("file.jpg", b"x")


def test_s3_that_cannot_be_reached_says_so() -> None:
    storage = s3("http://127.0.0.1:9")
    with pytest.raises(StorageError, match="EndpointConnectionError"):
        storage.get("file.jpg")


def test_s3_without_the_bucket_is_an_error_and_not_a_missing_file(s3_endpoint: str) -> None:
    with pytest.raises(StorageError, match="NoSuchBucket"):
        s3(s3_endpoint, "elsewhere").put("file.jpg", b"x")


def test_settings_choose_the_place(tmp_path: Path, s3_endpoint: str) -> None:
    assert isinstance(open_storage(load_settings(var_dir=tmp_path)), DiskStorage)
    bucket = open_storage(
        load_settings(
            var_dir=tmp_path,
            s3_endpoint_url=s3_endpoint,
            s3_bucket=BUCKET,
            s3_access_key="key",
            s3_secret_key="secret",
        )
    )
    bucket.put("chosen.jpg", b"x")
    assert s3(s3_endpoint).get("chosen.jpg") == b"x"
