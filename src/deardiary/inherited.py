"""The variables by which a server of DearDiary.jl was told where artifacts go, as our keys."""

from collections.abc import Iterator, Mapping

from deardiary.core.sentences import did_you_mean
from deardiary.origins import Origin, wrong

BACKEND = "DEARDIARY_ARTIFACT_BACKEND"
BACKENDS = ("inline", "filesystem", "s3")
ROOT = "DEARDIARY_ARTIFACT_FS_ROOT"
BUCKET = "DEARDIARY_ARTIFACT_S3_BUCKET"
OF_S3 = {
    "DEARDIARY_ARTIFACT_S3_ENDPOINT": "endpoint_url",
    "DEARDIARY_ARTIFACT_S3_REGION": "region",
    "DEARDIARY_ARTIFACT_S3_ACCESS_KEY": "key",
    "DEARDIARY_ARTIFACT_S3_SECRET_KEY": "secret",
}
"""The variables of S3, and the options of ours that they mean."""

VARIABLES = (BACKEND, ROOT, BUCKET, *OF_S3)
"""All of them; without the first the others say nothing."""


def inherited(environ: Mapping[str, str]) -> Iterator[tuple[str, str, Origin]]:
    """Yield the keys that the variables mean, with their values and where these come from.

    Raises:
        ConfigError: they name no backend that there is, or no bucket.
    """
    said = {name: environ[name] for name in VARIABLES if environ.get(name)}
    backend = said.get(BACKEND)
    if backend is None or environ.get("DEARDIARY_ARTIFACTS"):
        return
    origin = Origin(f"environment {BACKEND}")
    match backend:
        case "inline":
            yield "artifacts.url", "inline://", origin
        case "filesystem":
            yield "artifacts.url", f"file:///{said.get(ROOT, 'deardiary_artifacts')}", origin
        case "s3":
            if BUCKET not in said:
                raise wrong(origin, f"artifacts are to go to S3, and {BUCKET} does not say into which bucket")
            yield "artifacts.url", f"s3://{said[BUCKET]}", origin
            for variable, name in OF_S3.items():
                if variable in said:
                    yield f"artifacts.{name}", said[variable], Origin(f"environment {variable}")
        case _:
            near = did_you_mean(backend, BACKENDS)
            raise wrong(origin, f"the backend of artifacts is {backend!r}; it is one of {', '.join(BACKENDS)}{near}")
