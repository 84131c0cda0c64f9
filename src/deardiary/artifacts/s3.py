"""Artifacts in S3, or in what speaks as S3 does, by s3fs."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve

from deardiary.artifacts.bucket import BucketStore
from deardiary.artifacts.files import LeftOver, Manner, files_at
from deardiary.artifacts.patience import PATIENCE_SECONDS
from deardiary.artifacts.streams import hashed
from deardiary.core.errors import ConfigError, DearDiaryError, Unavailable
from deardiary.core.stores import ArtifactStore

ADDRESSING = ("auto", "path", "virtual")
CONNECTIONS = 32
"""How many connections one process has at most."""

TIMEOUT_SECONDS = 20
"""How long one answer may take."""


CONFIG: Mapping[str, Any] = {
    "max_pool_connections": CONNECTIONS,
    "retries": {"total_max_attempts": 1},
    "connect_timeout": TIMEOUT_SECONDS,
    "read_timeout": TIMEOUT_SECONDS,
    # Some servers answer a part with the checksum of the whole; we compare the sha256 of all that is read.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
"""How botocore is told to behave."""


def open_s3(
    url: str,
    *,
    endpoint_url: str = "",
    region: str = "",
    addressing: str = "auto",
    profile: str = "",
    key: str = "",
    secret: str = "",
    token: str = "",
    anon: bool = False,
    patience_seconds: float = PATIENCE_SECONDS,
) -> ArtifactStore:
    """Return the artifacts in a bucket: `s3://bucket/prefix`.

    Args:
        endpoint_url: where it is, if not at Amazon.
        addressing: whether the bucket stands in the `path` of a URL, or in its host (`virtual`).
        profile: which profile of `~/.aws` to use; without it and a key, credentials come as botocore finds them.
        anon: whether to ask without credentials.
        patience_seconds: how long to try again what fails.
    """
    if addressing not in ADDRESSING:
        raise ConfigError(f"addressing is {addressing!r}; it is one of {', '.join(ADDRESSING)}", option="addressing")
    if bool(key) != bool(secret):
        raise ConfigError("a key of S3 has a secret; give both, or none of them", option="key" if key else "secret")
    options: dict[str, Any] = {
        "endpoint_url": endpoint_url or None,
        "profile": profile or None,
        "key": key or None,
        "secret": secret or None,
        "token": token or None,
        "anon": anon,
        "client_kwargs": {"region_name": region} if region else {},
        "config_kwargs": {**CONFIG, "s3": {"addressing_style": addressing}},
    }
    manner = Manner(is_whole=True, creates=True, size=_size, pages=_page, explained=_explained, left_over=_uploads)
    files = files_at(url, {name: value for name, value in options.items() if value not in (None, {})}, manner)

    def make() -> Any:
        fs = files.make()
        fs.retries = 1  # who tries again is our bucket, for as long as it is told to
        return fs

    return BucketStore(evolve(files, make=make, patience_seconds=patience_seconds), takes=hashed)


def _size(fs: Any, path: str) -> int:
    """Return the size of an object by one question; s3fs would look for a folder of that name as well."""
    bucket, _, key = path.partition("/")
    return int(fs.call_s3("head_object", Bucket=bucket, Key=key)["ContentLength"])


def _page(fs: Any, root: str, mark: str) -> tuple[list[dict[str, Any]], str]:
    """Return up to a thousand of the objects below a root, in order."""
    bucket, _, prefix = root.partition("/")
    asked = {
        "Bucket": bucket,
        "Prefix": f"{prefix}/" if prefix else "",
        **({"ContinuationToken": mark} if mark else {}),
    }
    found = fs.call_s3("list_objects_v2", **asked)
    entries = [
        {"name": f"{bucket}/{one['Key']}", "size": one["Size"], "LastModified": one["LastModified"]}
        for one in found.get("Contents") or ()
    ]
    return entries, str(found.get("NextContinuationToken") or "") if found.get("IsTruncated") else ""


def _explained(error: Exception) -> DearDiaryError | None:
    """Return what an error of botocore means, if it does not pass."""
    from botocore import exceptions  # type: ignore[import-untyped]

    match error:
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return ConfigError(
                "S3 wants credentials, and none were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
                "profile of ~/.aws, or say anon = true"
            )
        case exceptions.ProfileNotFound() | exceptions.NoRegionError() | exceptions.InvalidRegionError():
            return ConfigError(f"S3 is not configured: {error}")
        case exceptions.ParamValidationError() | exceptions.InvalidS3AddressingStyleError():
            return ConfigError(f"S3 does not take what it is told: {' '.join(str(error).split())}")
        case FileNotFoundError(__cause__=exceptions.ClientError(response={"Error": {"Code": "NoSuchBucket"}})):
            return Unavailable(f"the bucket is not there: {error}")
        case _:
            return None


def _uploads(fs: Any, root: str, before: datetime) -> Iterator[LeftOver]:
    """Yield the uploads in parts that were begun before a time, and never ended."""
    bucket, _, prefix = root.partition("/")
    marks: dict[str, str] = {}
    while True:
        found = fs.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=prefix, **marks)
        for upload in found.get("Uploads") or ():
            if upload["Initiated"] < before:
                which = {"Bucket": bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
                name = f"{bucket}/{upload['Key']} (upload {upload['UploadId']})"
                remove = lambda which=which: fs.call_s3("abort_multipart_upload", **which)  # noqa: E731  # each its own
                yield LeftOver(name=name, size=0, began=upload["Initiated"], remove=remove)
        if not found.get("IsTruncated"):
            return
        marks = {"KeyMarker": found["NextKeyMarker"], "UploadIdMarker": found["NextUploadIdMarker"]}
