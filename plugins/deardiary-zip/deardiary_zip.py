"""Artifacts in one zip file: every change writes it anew, and puts it in the place of the old one."""

import fcntl
import io
import os
import shutil
import struct
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from deardiary.plugin import ArtifactStore, BucketStore, Corrupt, Digest, Scheme, Stored, part, plugin

NO_MEMBERS = b"PK\5\6" + bytes(18)


class Zip:
    """The members of a zip file, each named by its sha256 and stored as it is."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).absolute()

    def sizes(self, digests: Collection[Digest]) -> dict[Digest, int]:
        with self._file() as file:
            members = _members(file)
        return {digest: members[digest].file_size for digest in digests if digest in members}

    def put(self, digest: Digest, file: BinaryIO) -> None:
        self._rewrite(digest, file)

    def open(self, digest: Digest, start: int, stop: int) -> BinaryIO:
        file = self._file()
        try:
            return _stream(file, _members(file)[digest], start, stop)
        except BaseException:
            file.close()
            raise

    def all(self) -> list[Stored]:
        with self._file() as file:
            members = _members(file).values()
        return [
            Stored(digest=m.filename, size=m.file_size, written_at=datetime(*m.date_time, tzinfo=UTC)) for m in members
        ]

    def delete(self, digest: Digest) -> None:
        if self.sizes([digest]):
            self._rewrite(digest)

    def uri(self, digest: Digest) -> str:
        return f"{self._path.as_uri()}#{digest}"

    def close(self) -> None:
        """Nothing is held open."""

    def _file(self) -> BinaryIO:
        return open(self._path, "rb") if self._path.exists() else io.BytesIO(NO_MEMBERS)

    def _rewrite(self, digest: Digest, added: BinaryIO | None = None) -> None:
        """Write a new file with all members but one, which may be added again; a kill leaves the old one as it was."""
        folder, draft = os.open(self._path.parent, os.O_RDONLY), self._path.with_name(f"{self._path.name}.draft")
        fcntl.flock(folder, fcntl.LOCK_EX)
        try:
            with draft.open("wb") as file, self._file() as old:
                with ZipFile(file, "w") as new:
                    for name, member in _members(old).items():
                        if name != digest:
                            _add(new, ZipInfo(name, member.date_time), _stream(self._file(), member))
                    if added is not None:
                        _add(new, ZipInfo(digest, datetime.now(UTC).timetuple()[:6]), added)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._path)
            os.fsync(folder)
        finally:
            draft.unlink(missing_ok=True)
            fcntl.flock(folder, fcntl.LOCK_UN)  # a forked process may have it open too, so closing is not enough
            os.close(folder)


def _members(file: BinaryIO) -> dict[str, ZipInfo]:
    try:
        members = {member.filename: member for member in ZipFile(file).infolist()}
    except BadZipFile as error:
        raise Corrupt(f"{file.name} is no whole zip file: {error}") from error
    if any(member.compress_type for member in members.values()):
        raise Corrupt(f"{file.name} has compressed members, and artifacts are stored as they are")
    return members


def _add(zip: ZipFile, member: ZipInfo, source: BinaryIO) -> None:
    with source, zip.open(member, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target)


def _stream(file: BinaryIO, member: ZipInfo, start: int = 0, stop: int | None = None) -> BinaryIO:
    """Return a stream of a part of a member; that it is whole its sha256 says, not its CRC."""
    file.seek(member.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    return part(file, start, stop, at=member.header_offset + 30 + name + extra, size=member.file_size)


def open_zip(url: str) -> ArtifactStore:
    return BucketStore(Zip(url.removeprefix("zip:///")))


@plugin
def deardiary_artifact_stores() -> list[Scheme]:
    summary = "one zip file, for small artifacts"
    return [Scheme("zip", "deardiary_zip:open_zip", summary=summary, path=True, backend="zip")]
