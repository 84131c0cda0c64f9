"""An owner lives while it holds its lock, which goes with its process, and with nothing else."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deardiary.core.errors import Corrupt, Unavailable
from deardiary.journal import owners
from deardiary.journal.owners import OWNER, Owner, claimed, owned, paths
from deardiary.journal.segments import SUFFIX

SECONDS = 60

HOLDER = """
import os, sys
from deardiary.journal.owners import Owner, owned
lock = owned({folder!r}, Owner(writer="w", url="sqlite:///there"))
{then}
print("owned", flush=True)
sys.stdin.read()
"""

CLAIMER = """
from deardiary.journal.owners import claimed
print(claimed({path!r}) is not None)
"""


@contextmanager
def holder(folder: Path, *, then: str = "") -> Iterator["subprocess.Popen[str]"]:
    """Start a process that owns a journal."""
    script = HOLDER.format(folder=str(folder), then=then)
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "owned\n"
            yield process
        finally:
            process.kill()


def others_can_claim(path: str) -> bool:
    """Return whether another process can claim a journal."""
    script = CLAIMER.format(path=path)
    return subprocess.check_output([sys.executable, "-c", script], text=True, timeout=SECONDS) == "True\n"


def path_of(folder: Path) -> str:
    return str(folder / f"w{OWNER}")


def test_an_owner_says_who_it_is(tmp_path: Path) -> None:
    lock = owned(str(tmp_path), Owner(writer="w", url="sqlite:///there"))

    said = json.loads((tmp_path / f"w{OWNER}").read_bytes())
    assert said == {
        "version": 1,
        "writer": "w",
        "host": owners.Owner(writer="v").host,
        "pid": os.getpid(),
        "boot": owners.boot(),
        "url": "sqlite:///there",
    }
    assert stat.S_IMODE(os.stat(lock.path).st_mode) == 0o600
    lock.remove()
    assert os.listdir(tmp_path) == []


def test_a_living_owner_is_not_claimed(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert claimed(path_of(tmp_path)) is None
        process.send_signal(signal.SIGSTOP)
        assert claimed(path_of(tmp_path)) is None


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait(SECONDS)

        found = claimed(path_of(tmp_path))

    assert found is not None
    assert (found[1].writer, found[1].pid) == ("w", process.pid)
    found[0].remove()


def test_a_pid_that_lives_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / f"w{OWNER}").write_bytes(Owner(writer="w", pid=os.getppid()).said())

    found = claimed(path_of(tmp_path))

    assert found is not None
    found[0].release()


def test_a_fork_does_not_inherit_the_lock(tmp_path: Path) -> None:
    """It goes when the parent goes, whatever the child holds."""
    then = "child = os.fork()\nif not child:\n    import time; time.sleep(60); os._exit(0)\nprint(child, flush=True)"
    script = HOLDER.format(folder=str(tmp_path), then=then)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            assert process.stdout.readline() == "owned\n"
            assert claimed(path_of(tmp_path)) is None
            process.kill()
            process.wait(SECONDS)
            found = claimed(path_of(tmp_path))
        finally:
            os.kill(child, signal.SIGKILL)

    assert found is not None
    found[0].release()


def test_a_child_that_leaves_does_not_take_the_lock_with_it(tmp_path: Path) -> None:
    then = "child = os.fork()\nif not child:\n    lock.leave(); os._exit(0)\nos.waitpid(child, 0)"
    with holder(tmp_path, then=then):
        assert claimed(path_of(tmp_path)) is None


def test_one_never_claims_a_journal_of_ones_own(tmp_path: Path) -> None:
    lock = owned(str(tmp_path), Owner(writer="w"))

    assert owners.is_own(path_of(tmp_path))
    assert claimed(path_of(tmp_path)) is None
    assert not others_can_claim(path_of(tmp_path))
    lock.remove()
    assert not owners.is_own(path_of(tmp_path))


@pytest.mark.parametrize("way", ["a link", "a detour"])
def test_one_never_claims_a_journal_of_ones_own_by_another_path(tmp_path: Path, way: str) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    lock = owned(str(folder), Owner(writer="w"))

    other = path_of(link if way == "a link" else folder / ".." / "folder")

    assert claimed(other) is None
    assert not others_can_claim(lock.path)
    lock.remove()


def test_what_was_claimed_can_be_claimed_again_when_it_is_released(tmp_path: Path) -> None:
    (tmp_path / f"w{OWNER}").write_bytes(Owner(writer="w").said())

    for _ in range(2):
        found = claimed(path_of(tmp_path))
        assert found is not None
        assert claimed(path_of(tmp_path)) is None
        assert not others_can_claim(path_of(tmp_path))
        found[0].release()
    assert others_can_claim(path_of(tmp_path))


def test_what_is_gone_is_not_claimed(tmp_path: Path) -> None:
    assert claimed(path_of(tmp_path)) is None


def test_a_file_that_was_replaced_meanwhile_is_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"w{OWNER}").write_bytes(Owner(writer="w").said())
    real = owners.fcntl.lockf

    def lockf(fd: int, how: int) -> None:
        os.unlink(path_of(tmp_path))
        real(fd, how)

    monkeypatch.setattr(owners.fcntl, "lockf", lockf)

    assert claimed(path_of(tmp_path)) is None


GARBLED = [
    b"",
    b"\0" * 100,
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"writer": "w"}',
    b'{"writer": 1, "host": 2, "pid": 3, "boot": 4}',
    b"[" * 50_000,
    Owner(writer="../w").said(),
    Owner(writer="another").said(),
    Owner(writer="w").said().replace(b'"w"', b"1"),
]


@pytest.mark.parametrize("data", GARBLED, ids=lambda data: f"{data!r:.12}")
def test_an_owner_that_is_garbled_is_told_and_let_go(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"w{OWNER}").write_bytes(data)

    for _ in range(2):
        with pytest.raises(Corrupt, match="does not say whose journal it is"):
            claimed(path_of(tmp_path))
    assert not owners.is_own(path_of(tmp_path))


def test_the_owners_in_a_folder_are_found_in_order(tmp_path: Path) -> None:
    for name in (f"b{OWNER}", f"a{OWNER}", f"a.00000000{SUFFIX}", "owner", ".gitignore"):
        (tmp_path / name).touch()

    assert [*paths(str(tmp_path))] == [str(tmp_path / f"{name}{OWNER}") for name in "ab"]
    assert [*paths(str(tmp_path / "gone"))] == []


def test_an_owner_that_was_killed_before_it_was_one_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / f"w{OWNER}.new").touch()

    assert [*paths(str(tmp_path))] == []
    assert os.listdir(tmp_path) == []


def test_an_owner_that_is_about_to_be_one_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.rename

    def rename(old: str, new: str) -> None:
        assert [*paths(str(tmp_path))] == []
        listing = f"from deardiary.journal.owners import paths; print([*paths({str(tmp_path)!r})])"
        assert subprocess.check_output([sys.executable, "-c", listing], text=True) == "[]\n"
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)

    lock = owned(str(tmp_path), Owner(writer="w"))

    assert not others_can_claim(lock.path)
    lock.remove()


def test_an_owner_whose_file_was_taken_for_a_leftover_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = owners.fcntl.lockf, list[int]()

    def lockf(fd: int, how: int) -> None:
        if not calls:
            os.unlink(tmp_path / f"w{OWNER}.new")
        calls.append(how)
        real(fd, how)

    monkeypatch.setattr(owners.fcntl, "lockf", lockf)

    lock = owned(str(tmp_path), Owner(writer="w"))

    assert len(calls) == 2
    assert not others_can_claim(lock.path)
    lock.remove()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root, whom no permission stops, a file in the way does."""
    (tmp_path / "file").touch()

    with pytest.raises(Unavailable, match="Not a directory"):
        owned(str(tmp_path / "file"), Owner(writer="w"))
    with pytest.raises(Unavailable):
        owners.made(str(tmp_path / "file" / "folder"))
    assert {one for one in owners._OWN if not one.startswith(str(tmp_path))} == owners._OWN


def test_a_folder_is_kept_from_among_sources(tmp_path: Path) -> None:
    owners.made(str(tmp_path / "a" / "b"))
    owners.made(str(tmp_path / "a" / "b"))

    assert (tmp_path / "a" / "b" / ".gitignore").read_text() == "*\n"


def test_segments_without_an_owner_are_leftovers(tmp_path: Path) -> None:
    for name in (f"a{OWNER}", f"a.00000000{SUFFIX}", f"b.00000000{SUFFIX}"):
        (tmp_path / name).touch()

    assert owners.leftovers(str(tmp_path)) == [str(tmp_path / f"b.00000000{SUFFIX}")]
    assert owners.leftovers(str(tmp_path / "gone")) == []


# File systems.


MOUNTS = """\
/dev/sda1 / btrfs rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ann/fast xfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
overlay /over\\040there overlay rw 0 0
//server/share /mnt/share cifs rw 0 0
host /mnt/host 9p rw 0 0
sshfs /mnt/ssh fuse.sshfs rw 0 0
scratch /scratch lustre rw 0 0
/dev/sdc1 /homework ext4 rw 0 0
rootfs / rootfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have some file systems mounted."""
    table = tmp_path / "mounts"
    table.write_text(MOUNTS)
    real = open
    monkeypatch.setattr(
        owners,
        "open",
        lambda path, *args, **named: real(table if "mounts" in path else path, *args, **named),
        raising=False,
    )
    monkeypatch.setattr(os.path, "realpath", lambda path: path)


@pytest.mark.parametrize(
    ("folder", "name", "is_remote"),
    [
        ("/home/ann", "nfs4", True),
        ("/home", "nfs4", True),
        ("/homework/x", "ext4", False),
        ("/home/ann/fast", "xfs", False),
        ("/home/ann/faster", "nfs4", True),
        ("/tmp/x", "tmpfs", False),
        ("/over there/x", "overlay", False),
        ("/mnt/share/x", "cifs", True),
        ("/mnt/host", "9p", True),
        ("/mnt/ssh/x", "fuse.sshfs", True),
        ("/scratch/x", "lustre", True),
        ("/var", "rootfs", False),
        ("/", "rootfs", False),
    ],
)
def test_a_file_system_is_the_innermost_one(mounts: None, folder: str, name: str, is_remote: bool) -> None:
    assert owners.file_system(folder) == name
    assert owners.is_remote(folder) == is_remote
    assert owners.form_of(folder) == ("written" if is_remote or sys.platform != "linux" else "mapped")


def test_a_table_that_is_not_there_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(owners, "open", gone, raising=False)

    assert owners.file_system("/tmp") == ""
    assert not owners.is_remote("/tmp")
    assert owners.boot() == ""
