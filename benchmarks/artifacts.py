"""How fast artifacts come and go, beside reading, hashing and writing the same bytes in the same run.

    python benchmarks/artifacts.py [--quick] [part ...]

Ours and the floors take turns; a figure is the median of the rounds.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import deardiary
from deardiary.backends.memory import MemoryStore
from deardiary.registry import open_artifacts

MIB = 1024 * 1024
LARGE, QUICK_LARGE = 256 * MIB, 64 * MIB
FILES, SMALL = 1000, 10 * 1024


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds some work takes, with nothing else on its way to the disk."""
    os.sync()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def say(what: str, reached: str, asked: str, beside: str) -> None:
    """Print a figure."""
    print(f"{what:<46} {reached:>22}   to reach {asked:<14} | {beside}", flush=True)


def one_pass(source: Path, target: Path, size: int = MIB) -> None:
    """Read, hash and write a file in one pass, to stay."""
    sha256 = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(size):
            sha256.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())


def one_by_one(given: Path, target: Path) -> None:
    """Read, hash and write every file in a folder, to stay."""
    target.mkdir()
    for path in given.iterdir():
        one_pass(path, target / path.name)


def hashing(path: Path) -> None:
    """Hash a file."""
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def medians(rounds: int, *works: Callable[[int], object]) -> list[float]:
    """Return the median seconds of some works that take turns; each is told the round."""
    rows = [[timed(partial(work, turn)) for work in works] for turn in range(rounds)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def large(folder: Path, quick: bool) -> None:
    """One large file into a folder, again, and out of it."""
    size = QUICK_LARGE if quick else LARGE
    sources = [folder / f"large{turn}" for turn in range(5)]
    for one in sources:
        one.write_bytes(os.urandom(size))
    store = open_artifacts(f"file:///{folder}/artifacts", store=MemoryStore())
    digests: list[str] = []

    def put(turn: int) -> None:
        with sources[turn].open("rb") as file:
            digests.append(store.put(file))

    def read(turn: int) -> None:
        from deardiary.artifacts.reading import verified

        with verified(store.open(digests[turn]), digests[turn]) as stream:
            while stream.read(MIB):
                pass

    ours, floor = medians(5, put, lambda turn: one_pass(sources[turn], folder / f"floor{turn}"))
    say(
        "a large file into a folder",
        f"{ours / floor:.2f}x",
        "1.25x",
        f"{1e3 * ours:.0f} ms; one pass {1e3 * floor:.0f} ms",
    )
    again, hashed = medians(5, put, lambda turn: hashing(sources[turn]))
    say("the same once more", f"{again / hashed:.2f}x", "1.1x", f"{1e3 * again:.0f} ms; hashing {1e3 * hashed:.0f} ms")
    out, hashed = medians(5, read, lambda turn: hashing(sources[turn]))
    say("a verified read", f"{out / hashed:.2f}x", "1.25x", f"{1e3 * out:.0f} ms; hashing {1e3 * hashed:.0f} ms")
    store.close()
    for one in sources:
        one.unlink()


def many(folder: Path, quick: bool) -> None:
    """A thousand small files by one call."""
    for inline, asked in ((True, "3,000/s"), (False, "1,500/s")):
        rates, floors = [], []
        for turn in range(3 if quick else 5):
            given, diary = folder / f"many{turn}", folder / f"diary{inline}{turn}.db"
            given.mkdir()
            for n in range(FILES):
                (given / f"{n}.bin").write_bytes(os.urandom(SMALL))
            artifacts = "inline://" if inline else f"file:///{folder}/many-{turn}"
            (folder / "deardiary.toml").write_text(
                f"[store]\nurl = 'sqlite:///{diary}'\n[artifacts]\nurl = '{artifacts}'\ninline_below = 0\n"
            )
            with deardiary.open() as tracker:
                run = deardiary.init("Bench", tracker=tracker, snapshot=False, quiet=True)
                rates.append(FILES / timed(partial(run.log_artifacts, given)))
                assert len(tracker.get_resources(run)) == FILES
                run.finish()
            floors.append(FILES / timed(partial(one_by_one, given, folder / f"floor{inline}{turn}")))
            shutil.rmtree(given)
        say(
            f"{FILES:,} files of 10 KiB, {'inline' if inline else 'to files'}",
            f"{statistics.median(rates):,.0f}/s",
            asked,
            f"one pass over each, flushed: {statistics.median(floors):,.0f}/s",
        )


def s3(folder: Path, quick: bool) -> None:
    """S3, served by rclone, beside boto3 and s3fs."""
    sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
    import boto3
    import s3fs

    from s3 import rclone

    with rclone() as server:
        os.environ.update(server.environment)
        bucket = server.bucket()
        client, fs = boto3.client("s3"), s3fs.S3FileSystem(use_listings_cache=False)
        store = open_artifacts(f"s3://{bucket}/ours", store=MemoryStore())
        sources = [folder / f"s3-{turn}" for turn in range(5)]
        for one in sources:
            one.write_bytes(os.urandom(64 * MIB))

        def put(turn: int) -> None:
            with sources[turn].open("rb") as file:
                store.put(file)

        ours, floor = medians(5, put, lambda turn: client.upload_file(str(sources[turn]), bucket, f"floor{turn}"))
        say("64 MiB into S3", f"{ours / floor:.2f}x", "1.5x", f"{1e3 * ours:.0f} ms; boto3 {1e3 * floor:.0f} ms")
        data = [[os.urandom(SMALL) for _ in range(200)] for _ in range(5)]

        def puts(turn: int) -> None:
            from io import BytesIO

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda one: store.put(BytesIO(one)), data[turn]))

        def in_turn(turn: int) -> None:
            for n, one in enumerate(data[turn]):
                fs.pipe_file(f"{bucket}/floor/{turn}/{n}", one)

        ours, floor = medians(5, puts, in_turn)
        say(
            "200 objects of 10 KiB into S3",
            f"{floor / ours:.2f}x",
            "3x",
            f"{1e3 * ours:.0f} ms; s3fs {1e3 * floor:.0f} ms",
        )


PARTS: dict[str, Callable[[Path, bool], None]] = {"large": large, "many": many, "s3": s3}


def main() -> None:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and bytes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="artifacts-") as folder:
        os.chdir(folder)
        with suppress(KeyboardInterrupt):
            for part in given.parts:
                PARTS[part](Path(folder), given.quick)


if __name__ == "__main__":
    main()
