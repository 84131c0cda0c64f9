"""Buckets of S3 keep the contract of an artifact store, and what is their own besides."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from deardiary.artifacts import files
from deardiary.artifacts.reading import read_all
from deardiary.backends.memory import MemoryStore
from deardiary.core.digests import digest_of
from deardiary.core.errors import ConfigError, DearDiaryError, Invalid, Unavailable
from deardiary.core.shapes import now
from deardiary.core.stores import ArtifactStore
from deardiary.registry import open_artifacts
from deardiary.testing import ArtifactStoreSuite
from deardiary.testing.sources import MIB, some_bytes
from nightly import NIGHTLY
from s3 import KEY, S3, SECRET, moto, rclone


@pytest.fixture(scope="module")
def real() -> Iterator[S3]:
    """Start a server whose objects are files."""
    with rclone() as server:
        yield server


@pytest.fixture(scope="module")
def strict() -> Iterator[S3]:
    """Start a server that writes what is there only if it is told to."""
    with moto() as server:
        yield server


def known(server: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let botocore find a server, and return the URL of a place on it."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{server.bucket()}/lab/artifacts"


def damaged(url: str, digest: str) -> None:
    """Change one byte of an object."""
    bucket, _, root = url.removeprefix("s3://").partition("/")
    which = {"Bucket": bucket, "Key": f"{root}/{digest[:2]}/{digest}"}
    client = boto3.client("s3")
    data = bytearray(client.get_object(**which)["Body"].read())
    data[len(data) // 2] ^= 1
    client.put_object(**which, Body=bytes(data))


class TestRclone(ArtifactStoreSuite):
    most_memory = 64 * MIB
    kills = 100 if NIGHTLY else 3
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, real: S3, monkeypatch: pytest.MonkeyPatch) -> str:
        return known(real, monkeypatch)


class TestMoto(ArtifactStoreSuite):
    most_memory = 64 * MIB
    kills = 20 if NIGHTLY else 2
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, strict: S3, monkeypatch: pytest.MonkeyPatch) -> str:
        return known(strict, monkeypatch)


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def opened(url: str, **options: Any) -> ArtifactStore:
    return open_artifacts(url, store=MemoryStore(), options=options)


LARGE = some_bytes(3 * files.PART_BYTES + 5)
"""What is written in parts."""


@pytest.fixture
def url(strict: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    return known(strict, monkeypatch)


# Options.


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"addressing": "road"}, "addressing is 'road'; it is one of auto, path, virtual"),
        ({"key": "k"}, "a key of S3 has a secret"),
        ({"profil": "lab"}, "s3:// has no option 'profil'"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(options: dict[str, Any], said: str) -> None:
    assert said in refused(ConfigError, lambda: opened("s3://bucket/x", **options))


def test_everything_may_be_said_by_options(strict: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in strict.environment:
        monkeypatch.delenv(name, raising=False)
    options = {"endpoint_url": strict.endpoint, "key": KEY, "secret": SECRET, "region": "eu-west-1"}
    store = opened(f"s3://{strict.bucket()}/x", **options, addressing="path")

    assert read_all(store, store.put(BytesIO(b"abc"))) == b"abc"


def test_credentials_come_from_a_profile(strict: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in strict.environment:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "credentials").write_text(f"[lab]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    store = opened(f"s3://{strict.bucket()}/x", endpoint_url=strict.endpoint, profile="lab")

    assert read_all(store, store.put(BytesIO(b"abc"))) == b"abc"


def test_missing_credentials_are_told(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))

    assert "S3 wants credentials, and none were found" in refused(ConfigError, lambda: opened(url).put(BytesIO(b"abc")))


def test_a_profile_that_is_not_there_is_told(url: str) -> None:
    said = refused(ConfigError, lambda: opened(url, profile="nobody").put(BytesIO(b"abc")))

    assert "S3 is not configured: The config profile (nobody) could not be found" in said


def test_a_bucket_that_is_not_there_is_told(url: str) -> None:
    said = refused(Unavailable, lambda: opened("s3://nobodys-bucket/x").put(BytesIO(b"abc")))

    assert "the bucket is not there" in said


def test_a_wrong_key_is_told(real: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    url = known(real, monkeypatch)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")

    assert "may not be reached" in refused(Unavailable, lambda: opened(url).put(BytesIO(b"abc")))


def test_a_server_that_is_away_is_unavailable_in_time(monkeypatch: pytest.MonkeyPatch, strict: S3) -> None:
    url = known(strict, monkeypatch)

    said = refused(
        Unavailable,
        lambda: opened(url, endpoint_url="http://127.0.0.1:9", patience_seconds=0.1).put(BytesIO(b"abc")),
    )

    assert "cannot be reached" in said


# Objects.


@pytest.mark.parametrize("data", [b"", b"abc", LARGE], ids=["nothing", "small", "in parts"])
@pytest.mark.parametrize("server", ["real", "strict"])
def test_bytes_of_any_size_come_back(
    server: str, data: bytes, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(known(request.getfixturevalue(server), monkeypatch))

    assert read_all(store, store.put(BytesIO(data))) == data
    assert [one.size for one in store.all()] == [len(data)]


@pytest.mark.parametrize("data", [b"abc", LARGE], ids=["small", "in parts"])
def test_who_is_second_to_put_the_same_bytes_finds_them_there(url: str, data: bytes) -> None:
    store = opened(url)
    digest = store.put(BytesIO(data))

    store._bucket.put(digest, BytesIO(data))  # type: ignore[attr-defined]  # as who did not see them

    assert read_all(store, digest) == data
    assert uploads(url) == []


@pytest.mark.parametrize("data", [b"abc", LARGE], ids=["small", "in parts"])
def test_a_damaged_object_of_another_size_gives_way(url: str, data: bytes) -> None:
    store = opened(url)
    digest = store.put(BytesIO(data))
    bucket, _, root = url.removeprefix("s3://").partition("/")
    boto3.client("s3").put_object(Bucket=bucket, Key=f"{root}/{digest[:2]}/{digest}", Body=b"short")

    store.put(BytesIO(data))

    assert read_all(store, digest) == data


def test_an_upload_that_fails_in_the_midst_is_broken_off(url: str, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(LARGE)
    store = opened(url)
    digest = digest_of(LARGE)

    with (tmp_path / "model").open("rb") as source:
        said = refused(Invalid, lambda: store._bucket.put(digest[::-1], source))  # type: ignore[attr-defined]

    assert "changed while it was read" in said
    assert (list(store.all()), uploads(url)) == ([], [])


def test_more_than_a_page_of_objects_is_listed_in_order(url: str) -> None:
    client, (bucket, _, root) = boto3.client("s3"), url.removeprefix("s3://").partition("/")
    digests = sorted(digest_of(str(n).encode()) for n in range(1005))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: client.put_object(Bucket=bucket, Key=f"{root}/{one[:2]}/{one}", Body=b"x"), digests))
    client.put_object(Bucket=bucket, Key=f"{root}/notes.txt", Body=b"x")

    assert [one.digest for one in opened(url).all()] == digests


# Uploads that were broken off.


def uploads(url: str) -> list[str]:
    """Return the keys of the uploads in parts that go on in a bucket."""
    found = boto3.client("s3").list_multipart_uploads(Bucket=url.removeprefix("s3://").partition("/")[0])
    return [one["Key"] for one in found.get("Uploads") or ()]


def test_an_upload_of_a_process_that_died_is_found_and_removed(url: str) -> None:
    bucket, _, root = url.removeprefix("s3://").partition("/")
    boto3.client("s3").create_multipart_upload(Bucket=bucket, Key=f"{root}/ab/abc")
    ours = opened(url)._bucket  # type: ignore[attr-defined]

    assert list(ours.left_over(datetime(2000, 1, 1, tzinfo=UTC))) == []  # all began in 2010, says moto
    (found,) = ours.left_over(now())
    found.remove()

    assert found.name.startswith(f"{bucket}/{root}/ab/abc (upload ")
    assert uploads(url) == []
