"""What a run was started from: its code, its command and its packages, captured and restored.

A snapshot never stands in the way of a run: what cannot be learnt is left empty, and said at DEBUG to the logger
`deardiary`. What takes more than a glance at a few files is learnt in a thread.
"""

import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from attrs import asdict, define, evolve, field, fields_dict, frozen

from deardiary.core.entities import Iteration
from deardiary.core.errors import Invalid, Unprocessable
from deardiary.core.shapes import LARGE, shaped
from deardiary.locks import LOCKS, importing, lock_name, made_lock, tell

PROJECT = "pyproject.toml"
FAST_SECONDS, FAST_BYTES = 0.025, 4 * 1024 * 1024
"""How long a glance lasts: after so many seconds nothing more is read, and no file of more bytes."""

GIT_SECONDS = 10.0
ELSEWHERE = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"}
"""Variables that send git to another repository; its hooks set them."""

Reading: TypeAlias = Callable[[], str | bool | None]
"""How to learn a field; none says that it takes more than a glance."""

More: TypeAlias = Callable[[Path], Mapping[str, str]]
"""What else knows fields, for the project under a folder."""


@frozen(kw_only=True)
class EnvironmentSnapshot:
    """What a run was started from; what is not known is empty."""

    python_version: str = ""
    git_sha: str = ""
    git_dirty: bool = False
    entrypoint: str = ""
    project_toml: str = field(default="", repr=False)
    manifest_toml: str = field(default="", repr=False)

    def values(self) -> dict[str, Any]:
        """Return the six fields, for a patch of the run."""
        return asdict(self)


@frozen(kw_only=True)
class RestoreResult:
    """Where a run's project was written again, and what else is known of its start."""

    project_path: Path
    python_version: str
    git_sha: str
    git_dirty: bool
    entrypoint: str
    iteration_id: int


@define(eq=False)
class Capture:
    """A snapshot being taken: what a glance told, and a thread that learns the rest."""

    first: EnvironmentSnapshot
    _rest: dict[str, Any] = field(factory=dict, init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)
    _process: int = field(factory=os.getpid, init=False, repr=False)

    @property
    def is_ready(self) -> bool:
        """Whether there is nothing to wait for, as in a forked child, where the thread does not run."""
        return self._thread is None or not self._thread.is_alive()

    def rest(self, timeout_seconds: float | None) -> dict[str, Any]:
        """Return the fields that differ from `first`: none if they are not known in time, none in a forked child."""
        if self._thread is None or self._process != os.getpid():
            return {}
        self._thread.join(None if timeout_seconds is None else min(timeout_seconds, threading.TIMEOUT_MAX))
        return {**self._rest}

    def _begin(self, learn: Callable[[], dict[str, Any]]) -> None:
        thread = threading.Thread(target=self._learn, args=(learn,), name="deardiary-environment", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no thread is to be had, as when the interpreter is ending
            tell("all that takes a thread", error)
        else:
            self._thread = thread

    def _learn(self, learn: Callable[[], dict[str, Any]]) -> None:
        self._rest = learn()


def capture_environment(entrypoint: str | None = None, *, folder: Path | None = None) -> EnvironmentSnapshot:
    """Return what a program runs from, however long that takes to learn; otherwise as `begin_capture`."""
    place = _Place.around(folder)
    first, later = _glance(place, entrypoint)
    return evolve(first, **_learnt(first, later, place.root))


def begin_capture(entrypoint: str | None = None, *, folder: Path | None = None, more: More | None = None) -> Capture:
    """Return what a glance tells of what a program runs from, and begin to learn the rest; nothing is raised.

    Args:
        entrypoint: how the program was started, if not as the interpreter says.
        folder: by default the working directory.
        more: called in the thread with the project's root, to import under `importing()`; what it says of the six
            fields wins.
    """
    place = _Place.around(folder)
    first, later = _glance(place, entrypoint)
    capture = Capture(first)
    if later or more is not None:
        capture._begin(partial(_learnt, first, later, place.root, more))
    return capture


def _glance(place: "_Place", entrypoint: str | None) -> tuple[EnvironmentSnapshot, dict[str, Reading]]:
    """Return what can be read at once, and how to learn the rest."""
    until = time.monotonic() + FAST_SECONDS
    found = {
        "python_version": _tried("python_version", lambda: sys.version.split()[0]),
        "entrypoint": _tried("entrypoint", lambda: _started_as() if entrypoint is None else entrypoint),
    }
    for name, reading in place.at_once().items():
        found[name] = _tried(name, reading) if time.monotonic() < until else None
    known = {name: value for name, value in found.items() if value is not None}
    later = {name: reading for name, reading in place.in_time().items() if name not in known}
    return EnvironmentSnapshot(**known), later


def _learnt(
    first: EnvironmentSnapshot, later: Mapping[str, Reading], root: Path, more: More | None = None
) -> dict[str, Any]:
    """Learn what a glance did not tell, and return what differs from it."""
    given = {} if more is None else _given(more, root)
    tried = {name: _tried(name, reading) for name, reading in later.items() if name not in given}
    found = {**given, **tried}
    return {name: value for name, value in found.items() if value is not None and value != getattr(first, name)}


def _given(more: More, root: Path) -> dict[str, Any]:
    """Return what others say of the six fields, as far as a run can keep it."""
    with importing():
        import importlib.metadata  # noqa: F401  # by which plugins are found, and so not outside the lock

    try:
        said = dict(more(root))
    except BaseException as error:  # it is not our code, and nobody waits for what it raises
        tell("what others know", error)
        return {}
    kept = {name: _tried(name, partial(said.get, name)) for name in fields_dict(EnvironmentSnapshot) if name in said}
    return {name: value for name, value in kept.items() if value is not None}


def _tried(name: str, reading: Reading) -> Any:
    """Return what a reading says in the form that a run keeps, or none."""
    try:
        value = reading()
        return None if value is None else shaped(Iteration, name, value)
    except Exception as error:  # whatever it is, the run goes on without this field
        tell(name, error)
        return None


@frozen(kw_only=True)
class _Place:
    """The files that say what a program runs from."""

    root: Path
    project: Path | None
    lock: Path | None
    top: Path | None

    @classmethod
    def around(cls, folder: Path | None) -> "_Place":
        """Return the place of a folder: the nearest project and the nearest repository, from there upwards."""
        here = _absolute(folder)
        upwards = (here, *here.parents)
        project = next((path for above in upwards if os.path.isfile(path := above / PROJECT)), None)
        root = here if project is None else project.parent
        top = next((above for above in upwards if _is_top(above)), None)
        return cls(root=root, project=project, lock=_lock(root, top), top=top)

    def at_once(self) -> dict[str, Reading]:
        """Return how to read the fields that take a glance."""
        readings: dict[str, Reading] = {}
        if self.top is not None:
            readings["git_sha"] = partial(_head, self.top)
        if self.project is not None:
            readings["project_toml"] = partial(_text, self.project, most=FAST_BYTES)
        if self.lock is not None:
            readings["manifest_toml"] = partial(_text, self.lock, most=FAST_BYTES)
        return readings

    def in_time(self) -> dict[str, Reading]:
        """Return how to learn the fields that may take longer."""
        readings: dict[str, Reading] = {"manifest_toml": partial(_kept_or_made, self.lock)}
        if self.project is not None:
            readings["project_toml"] = partial(_text, self.project)
        if self.top is not None:
            readings["git_sha"] = partial(_asked_head, self.top)
            readings["git_dirty"] = partial(_is_dirty, self.top)
        return readings


def _absolute(folder: Path | None) -> Path:
    try:
        return Path(os.path.realpath(folder or os.curdir))
    except (OSError, TypeError, ValueError) as error:  # the working directory is gone, or this names no folder
        tell("its folder", error)
        return Path()


def _is_top(folder: Path) -> bool:
    """Say whether a working tree begins in a folder; an empty `.git` does not make it one, for git either."""
    return os.path.isfile(folder / ".git") or os.path.lexists(folder / ".git" / "HEAD")


def _lock(root: Path, top: Path | None) -> Path | None:
    """Return the lock beside a project, or above it in the same repository, where a workspace keeps it."""
    folders = (root, *root.parents)
    within = folders[: folders.index(top) + 1] if top in folders else folders[:1]
    return next((path for folder in within for name in LOCKS if os.path.isfile(path := folder / name)), None)


def _kept_or_made(lock: Path | None) -> str:
    """Return the text of a lock, or of one that is made where there is none that a run can keep."""
    kept = None if lock is None else _tried("manifest_toml", partial(_text, lock))
    return made_lock() if kept is None else str(kept)


def _text(path: Path, *, most: int | None = None) -> str | None:
    """Return the text of a file byte for byte, or none if it is empty or has more bytes than asked for."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > 4 * LARGE:
            raise Invalid(f"{path.name} has {size:,} bytes; at most {LARGE:,} characters are kept")
        return None if most is not None and size > most else file.read().decode() or None


def _started_as() -> str:
    """Return how the program was started: a script as it was given, `-m` and a module, or nothing."""
    main = sys.modules.get("__main__")
    if not getattr(main, "__file__", None) or not sys.argv or sys.argv[0] in ("", "-", "-c"):
        return ""
    module = getattr(getattr(main, "__spec__", None), "name", "__main__")
    if module != "__main__":  # as a folder or an archive is called that is run as if it were a script
        return f"-m {module.removesuffix('.__main__')}"
    return os.fsencode(sys.argv[0]).decode(errors="replace")


def _head(top: Path) -> str | None:
    """Return the commit of a working tree: empty before the first one, none if only git can tell."""
    own, shared = _git_folders(top)
    if os.path.isdir(shared / "reftable"):
        return None
    said = _bytes(own / "HEAD") or b""
    for _ in range(5):  # as far as git follows
        if not said.startswith(b"ref:"):
            break
        said = _reference(shared, said[4:].strip())
    return said.strip().decode() if re.fullmatch(rb"([0-9a-f]{40}|[0-9a-f]{64})\s*", said) else ""


def _git_folders(top: Path) -> tuple[Path, Path]:
    """Return git's folder for a working tree alone, and the one for all that share its repository."""
    own = top / ".git"
    if (said := _bytes(own)) is not None:
        own = top / os.fsdecode(said.removeprefix(b"gitdir: ").rstrip(b"\r\n"))
    said = _bytes(own / "commondir")
    return own, own if said is None else own / os.fsdecode(said.rstrip(b"\r\n"))


def _reference(folder: Path, name: bytes) -> bytes:
    """Return what a reference says: the file of its name, or else its line among those packed into one file."""
    if (said := _bytes(folder / os.fsdecode(name))) is not None:
        return said
    before, found, _ = (_bytes(folder / "packed-refs") or b"").partition(b" " + name + b"\n")
    return before.rpartition(b"\n")[2] if found else b""


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if os.path.isfile(path) else None


def _asked_head(top: Path) -> str:
    """Return the commit of a working tree, from git itself if need be."""
    said = _head(top)
    return _git(top, "rev-parse", "HEAD").strip() if said is None else said


def _is_dirty(top: Path) -> bool:
    """Say whether files that git tracks differ from the commit."""
    return bool(_git(top, "status", "--porcelain", "--untracked-files=no"))


def _git(top: Path, *words: str) -> str:
    """Return what git says of a working tree, which it neither locks nor changes."""
    with importing():
        import signal
        import subprocess

    variables = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    with subprocess.Popen(
        ["git", "-c", "core.fsmonitor=false", *words],
        cwd=top,
        env=variables | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=GIT_SECONDS)
        finally:
            if process.poll() is None:  # then it goes with all that it has started, which may hold the pipe
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, ["git", *words])
    return said.decode(errors="replace")


def written(snapshot: EnvironmentSnapshot, iteration_id: int, depot: Path | None) -> RestoreResult:
    """Write a run's project and lock again, byte for byte, into a folder of their own.

    Args:
        snapshot: what was captured.
        iteration_id: the run that it was captured for.
        depot: where the folder is made; by default in a fresh temporary one.

    Raises:
        Unprocessable: the snapshot has no lock text.
        OSError: the files cannot be written.
    """
    if not snapshot.manifest_toml:
        said = f"run {iteration_id} has no lock text; take a snapshot first, with snapshot_environment({iteration_id})"
        raise Unprocessable(said, kind="Iteration", id=iteration_id)
    import tempfile

    folder = Path(depot or tempfile.mkdtemp(prefix="deardiary-")) / f"iteration_{iteration_id}"
    folder.mkdir(parents=True, exist_ok=True)
    if snapshot.project_toml:
        _write(folder / PROJECT, snapshot.project_toml)
    _write(folder / lock_name(snapshot.manifest_toml), snapshot.manifest_toml)
    return RestoreResult(
        project_path=folder,
        python_version=snapshot.python_version,
        git_sha=snapshot.git_sha,
        git_dirty=snapshot.git_dirty,
        entrypoint=snapshot.entrypoint,
        iteration_id=iteration_id,
    )


def _write(path: Path, text: str) -> None:
    """Put a text in the place of a file, not through a link that stands there."""
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with open(draft, "xb") as file:
            file.write(text.encode())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
