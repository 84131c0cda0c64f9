"""What a run was started from, told by files, by git and by what is installed."""

import logging
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import places
from deardiary import environment
from deardiary.core.entities import Iteration
from deardiary.core.errors import Unprocessable
from deardiary.core.shapes import LARGE
from deardiary.environment import EnvironmentSnapshot, begin_capture, capture_environment, written
from deardiary.locks import LOCKS, made_lock

has_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def only_the_defaults_of_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a lock, so that nothing is slow but what a test adds."""
    folder = tmp_path / "iris"
    folder.mkdir()
    (folder / "requirements.txt").write_text("attrs==24.2.0\n")
    return folder


@pytest.fixture
def repository(folder: Path) -> Path:
    """A folder with one commit."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def git(folder: Path, *words: str) -> str:
    """Return what git says in a folder."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always")
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, text: str = "one\n") -> str:
    """Commit a file, and return the commit."""
    (folder / "train.py").write_text(text)
    git(folder, "add", "train.py")
    git(folder, "commit", "--quiet", "--message", text)
    return git(folder, "rev-parse", "HEAD")


def fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of git."""
    place = folder.parent / "bin"
    place.mkdir()
    (place / "git").write_text(f"#!/bin/sh\n{script}\n")
    (place / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


def python(*words: str, cwd: Path | None = None, stdin: str = "") -> str:
    """Return what a new interpreter prints."""
    command = [sys.executable, "-W", "ignore", *words]
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --- the commit


def on_a_branch(folder: Path) -> Path:
    git(folder, "checkout", "--quiet", "-b", "feature/é/deep")
    commit(folder, "two\n")
    return folder


def detached(folder: Path) -> Path:
    commit(folder, "two\n")
    git(folder, "checkout", "--quiet", "--detach", "HEAD~1")
    return folder


def packed(folder: Path) -> Path:
    for name in ("a-main", "main-2", "nested/main"):
        git(folder, "checkout", "--quiet", "-b", name)
        commit(folder, name)
    git(folder, "tag", "--annotate", "--message", "one", "v1")
    git(folder, "update-ref", "refs/a/refs/heads/main", "HEAD")
    git(folder, "checkout", "--quiet", "main")
    git(folder, "pack-refs", "--all")
    assert not (folder / ".git" / "refs" / "heads" / "main").exists()
    return folder


def committed_after_packing(folder: Path) -> Path:
    git(folder, "pack-refs", "--all")
    commit(folder, "two\n")
    return folder


def through_a_symbolic_branch(folder: Path) -> Path:
    git(folder, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git(folder, "symbolic-ref", "HEAD", "refs/heads/alias")
    return folder


def in_a_worktree(folder: Path) -> Path:
    git(folder, "worktree", "add", "--quiet", "-b", "other", "../tree")
    commit(folder.parent / "tree", "in the other tree\n")
    return folder.parent / "tree"


def in_a_worktree_with_packed_refs(folder: Path) -> Path:
    tree = in_a_worktree(folder)
    git(folder, "pack-refs", "--all")
    return tree


def in_a_detached_worktree(folder: Path) -> Path:
    git(folder, "worktree", "add", "--quiet", "--detach", "../tree")
    commit(folder, "two\n")
    return folder.parent / "tree"


def in_a_submodule(folder: Path) -> Path:
    outer = folder.parent / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "submodule", "--quiet", "add", str(folder), "inner")
    commit(outer, "outer\n")
    return outer / "inner"


def in_a_folder_below(folder: Path) -> Path:
    below = folder / "src" / "deep"
    below.mkdir(parents=True)
    return below


def below_an_empty_git_folder(folder: Path) -> Path:
    below = folder / "src"
    (below / ".git").mkdir(parents=True)
    return below


def through_a_link(folder: Path) -> Path:
    below = in_a_folder_below(folder)
    (folder.parent / "link").symlink_to(below)
    return folder.parent / "link"


@has_git
@pytest.mark.parametrize(
    "arrange",
    [
        on_a_branch,
        detached,
        packed,
        committed_after_packing,
        through_a_symbolic_branch,
        in_a_worktree,
        in_a_worktree_with_packed_refs,
        in_a_detached_worktree,
        in_a_submodule,
        in_a_folder_below,
        below_an_empty_git_folder,
        through_a_link,
    ],
)
def test_the_commit_is_read_without_git(
    repository: Path, monkeypatch: pytest.MonkeyPatch, arrange: Callable[[Path], Path]
) -> None:
    place = arrange(repository)
    expected = git(place, "rev-parse", "HEAD")
    monkeypatch.setenv("PATH", "")

    first = begin_capture(folder=place).first

    assert first.git_sha == expected
    assert len(expected) == 40


@has_git
def test_the_commit_of_a_sha256_repository_has_64_digits(folder: Path) -> None:
    git(folder, "init", "--quiet", "--object-format=sha256")
    expected = commit(folder)

    first = begin_capture(folder=folder).first

    assert first.git_sha == expected
    assert len(expected) == 64


@has_git
@pytest.mark.parametrize("worktree", [False, True], ids=["alone", "worktree"])
def test_a_folder_of_reftables_leaves_the_commit_to_git(repository: Path, worktree: bool) -> None:
    (repository / ".git" / "reftable").mkdir()
    place = in_a_worktree(repository) if worktree else repository

    capture = begin_capture(folder=place)

    assert capture.first.git_sha == ""
    assert capture.rest(None)["git_sha"] == git(place, "rev-parse", "HEAD")


@has_git
def test_there_is_no_commit_before_the_first(folder: Path) -> None:
    git(folder, "init", "--quiet")

    snapshot = capture_environment(folder=folder)

    assert (snapshot.git_sha, snapshot.git_dirty) == ("", False)


@has_git
def test_a_branch_without_commits_is_not_taken_for_another(repository: Path) -> None:
    git(repository, "branch", "--move", "main-2")
    git(repository, "pack-refs", "--all")
    git(repository, "symbolic-ref", "HEAD", "refs/heads/main")

    assert begin_capture(folder=repository).first.git_sha == ""


def test_there_is_no_commit_outside_a_repository(folder: Path) -> None:
    snapshot = capture_environment(folder=folder)

    assert (snapshot.git_sha, snapshot.git_dirty) == ("", False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".git", b"gitdir: ../gone\n"),
        (".git", b"\xff\xfe"),
        (".git", b""),
        (".git/HEAD", b""),
        (".git/HEAD", b"ref: refs/heads/../../HEAD\n"),
        (".git/HEAD", b"ref: /etc/hostname\n"),
        (".git/HEAD", b"ref: refs/heads/\xff\x00\n"),
        (".git/HEAD", b"ref: HEAD\n"),
        (".git/HEAD", b"0123456789\n"),
        (".git/HEAD", b"G" * 40),
    ],
)
def test_a_damaged_repository_has_no_commit(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)

    snapshot = capture_environment(folder=folder)

    assert (snapshot.git_sha, snapshot.git_dirty) == ("", False)


# --- changes


def unchanged(folder: Path) -> None:
    pass


def modified(folder: Path) -> None:
    (folder / "train.py").write_text("two\n")


def staged(folder: Path) -> None:
    modified(folder)
    git(folder, "add", "train.py")


def deleted(folder: Path) -> None:
    (folder / "train.py").unlink()


def added(folder: Path) -> None:
    (folder / "new.py").write_text("new\n")
    git(folder, "add", "new.py")


def untracked(folder: Path) -> None:
    (folder / "new.py").write_text("new\n")


def touched(folder: Path) -> None:
    os.utime(folder / "train.py", (1, 1))


@has_git
@pytest.mark.parametrize(
    ("change", "is_dirty"),
    [
        (unchanged, False),
        (untracked, False),
        (touched, False),
        (modified, True),
        (staged, True),
        (deleted, True),
        (added, True),
    ],
)
def test_changes_of_tracked_files_make_a_tree_dirty(
    repository: Path, change: Callable[[Path], None], is_dirty: bool
) -> None:
    change(repository)
    below = in_a_folder_below(repository)
    index = (repository / ".git" / "index").read_bytes()

    capture = begin_capture(folder=below)

    assert capture.rest(None) == ({"git_dirty": True} if is_dirty else {})
    assert capture_environment(folder=below).git_dirty is is_dirty
    assert (repository / ".git" / "index").read_bytes() == index


@has_git
def test_variables_of_a_hook_do_not_lead_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modified(repository)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "gone"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "gone" / "index"))

    assert capture_environment(folder=repository).git_dirty is True


@has_git
@pytest.mark.parametrize("script", ["exit 128", "echo ' M train.py'; exit 1", "kill -9 $$"])
def test_a_tree_is_clean_where_git_fails(repository: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    expected = git(repository, "rev-parse", "HEAD")
    modified(repository)
    fake_git(repository, monkeypatch, script)

    snapshot = capture_environment(folder=repository)

    assert (snapshot.git_sha, snapshot.git_dirty) == (expected, False)


@has_git
def test_a_tree_is_clean_where_there_is_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modified(repository)
    monkeypatch.setenv("PATH", "")

    assert capture_environment(folder=repository).git_dirty is False


@has_git
def test_a_git_that_hangs_is_ended_with_what_it_started(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = repository.parent / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    fake_git(repository, monkeypatch, f"exec 3> {pipe}; sleep 600 & sleep 600")
    monkeypatch.setattr(environment, "GIT_SECONDS", 0.5)

    assert capture_environment(folder=repository).git_dirty is False

    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""  # once nobody is left to write
    os.close(reader)


@has_git
def test_git_asks_nobody_and_locks_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = repository.parent / "said"
    fake_git(repository, monkeypatch, f'{{ echo "$@"; cat; env; }} > {said}')

    program = "from deardiary.environment import begin_capture; begin_capture().rest(None)"
    python("-c", program, cwd=repository, stdin="what somebody types")

    lines = said.read_text().splitlines()
    assert lines[0] == "-c core.fsmonitor=false status --porcelain --untracked-files=no"
    assert {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"} <= {*lines}
    assert "what somebody types" not in said.read_text()


# --- how the program was started

SAY = "from deardiary.environment import begin_capture; print(begin_capture().first.entrypoint)"


@pytest.fixture
def programs(folder: Path) -> Path:
    """A folder of programs that say how they were started."""
    for name in ("train.py", "pkg/mod.py", "pkg/__main__.py", "app/__main__.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SAY)
    return folder


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["train.py", "--depth", "3"], "train.py"),
        (["./pkg/../train.py"], "./pkg/../train.py"),
        (["-m", "pkg.mod", "--depth", "3"], "-m pkg.mod"),
        (["-m", "pkg"], "-m pkg"),
        (["-m", "train"], "-m train"),
        (["app"], "app"),
        (["-c", SAY], ""),
    ],
)
def test_the_entry_point_is_as_it_was_given(programs: Path, words: list[str], expected: str) -> None:
    assert python(*words, cwd=programs) == expected


@pytest.mark.parametrize("words", [["-"], [], ["-i", "-q"]])
def test_what_is_typed_has_no_entry_point(programs: Path, words: list[str]) -> None:
    assert python(*words, cwd=programs, stdin=f"{SAY}\n") == ""


def test_a_notebook_has_no_entry_point(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    monkeypatch.setattr(sys, "argv", ["/lib/ipykernel_launcher.py", "-f", "kernel.json"])

    assert begin_capture(folder=folder).first.entrypoint == ""


@pytest.mark.parametrize("argv", [[], [""], [None], ["x" * 5000], ["a\0b"]])
def test_an_odd_command_line_has_no_entry_point(folder: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    main = ModuleType("__main__")
    main.__file__ = "train.py"
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setattr(sys, "argv", argv)

    assert begin_capture(folder=folder).first.entrypoint == ""


def test_a_script_with_an_undecodable_name_has_an_entry_point(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = ModuleType("__main__")
    main.__file__ = "train.py"
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setattr(sys, "argv", ["caf\udce9.py"])

    assert begin_capture(folder=folder).first.entrypoint == "caf\ufffd.py"


def test_the_entry_point_may_be_given(folder: Path) -> None:
    assert begin_capture("sweep.py --all", folder=folder).first.entrypoint == "sweep.py --all"
    assert capture_environment("", folder=folder).entrypoint == ""


# --- the texts


def test_the_working_directory_is_where_one_looks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pyproject.toml").write_text("[project]\n")
    (folder / "src").mkdir()
    monkeypatch.chdir(folder / "src")

    snapshot = capture_environment()

    assert (snapshot.project_toml, snapshot.manifest_toml) == ("[project]\n", "attrs==24.2.0\n")
    assert snapshot.python_version == sys.version.split()[0]


def test_the_nearest_project_counts(folder: Path) -> None:
    inner = folder / "packages" / "inner"
    inner.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("outer")
    (inner / "pyproject.toml").write_text("inner")

    assert capture_environment(folder=inner).project_toml == "inner"


@pytest.mark.parametrize("content", [b"a\r\nb\rc\n", b"\xef\xbb\xbfa = 1\n", "é\u0301🌱".encode(), b"no end"])
def test_texts_are_kept_byte_for_byte(folder: Path, content: bytes) -> None:
    for name in ("pyproject.toml", "uv.lock"):
        (folder / name).write_bytes(content)

    snapshot = capture_environment(folder=folder)

    assert (snapshot.project_toml.encode(), snapshot.manifest_toml.encode()) == (content, content)
    run = Iteration(experiment_id=1, **snapshot.values())
    assert (run.project_toml, run.manifest_toml) == (snapshot.project_toml, snapshot.manifest_toml)


UNUSABLE = pytest.mark.parametrize("content", [b"caf\xe9", b"a\0b", b"x" * (LARGE + 1)], ids=["latin", "nul", "long"])


@UNUSABLE
def test_a_project_that_no_run_can_keep_is_left_out(
    folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "deardiary")
    (folder / "pyproject.toml").write_bytes(content)

    snapshot = capture_environment(folder=folder)

    assert (snapshot.project_toml, snapshot.manifest_toml) == ("", "attrs==24.2.0\n")
    assert {record.levelname for record in caplog.records} == {"DEBUG"}
    assert "project_toml" in caplog.text


@UNUSABLE
def test_a_lock_is_made_in_the_place_of_one_that_no_run_can_keep(
    folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "deardiary")
    (folder / "uv.lock").write_bytes(content)

    capture = begin_capture(folder=folder)

    assert (capture.first.manifest_toml, capture.rest(None)) == ("", {"manifest_toml": made_lock()})
    assert {record.levelname for record in caplog.records} == {"DEBUG"}
    assert "manifest_toml" in caplog.text


def test_a_lock_is_made_in_the_place_of_an_empty_one(folder: Path) -> None:
    (folder / "requirements.txt").write_text("")

    result = written(capture_environment(folder=folder), 1, folder.parent / "depot")

    assert files(result.project_path) == {"requirements.txt": made_lock().encode()}


def test_a_file_of_gigabytes_is_not_read(folder: Path) -> None:
    with open(folder / "uv.lock", "wb") as file:
        file.truncate(2**40)

    assert capture_environment(folder=folder).manifest_toml == made_lock()


def test_what_is_no_file_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "uv.lock")
    (folder / "pyproject.toml").mkdir()

    snapshot = capture_environment(folder=folder)

    assert (snapshot.project_toml, snapshot.manifest_toml) == ("", "attrs==24.2.0\n")


@pytest.mark.parametrize("number", range(len(LOCKS)))
def test_the_most_telling_lock_counts(folder: Path, number: int) -> None:
    for name in LOCKS[number:]:
        (folder / name).write_text(name)

    assert capture_environment(folder=folder).manifest_toml == LOCKS[number]


@has_git
def test_a_workspace_has_its_lock_above_the_project(repository: Path) -> None:
    (repository.parent / "uv.lock").write_text("beyond the repository")
    (repository / "uv.lock").write_text("of the workspace")
    member = repository / "packages" / "member"
    member.mkdir(parents=True)
    (member / "pyproject.toml").write_text("[project]\n")

    above = capture_environment(folder=member).manifest_toml
    (member / "requirements.txt").write_text("beside")
    beside = capture_environment(folder=member).manifest_toml

    assert (above, beside) == ("of the workspace", "beside")


@has_git
def test_a_lock_beyond_the_repository_does_not_count(repository: Path) -> None:
    (repository.parent / "uv.lock").write_text("beyond the repository")
    (repository / "requirements.txt").unlink()

    assert capture_environment(folder=repository).manifest_toml == made_lock()


def test_without_a_repository_a_lock_above_does_not_count(folder: Path) -> None:
    (folder / "member").mkdir()
    (folder / "member" / "pyproject.toml").write_text("[project]\n")

    assert capture_environment(folder=folder / "member").manifest_toml == made_lock()


def test_a_folder_that_is_gone_still_has_what_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = folder.parent / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    snapshot = capture_environment("train.py")

    assert snapshot == EnvironmentSnapshot(
        python_version=sys.version.split()[0], entrypoint="train.py", manifest_toml=made_lock()
    )


@pytest.mark.parametrize("folder", [Path("/no/such/folder"), Path("a\0b"), Path(__file__), 7])
def test_an_odd_folder_is_no_error(folder: Path) -> None:
    snapshot = capture_environment("train.py", folder=folder)

    assert snapshot.entrypoint == "train.py"


# --- the capture


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What holds the thread up until it is set."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_no_thread_is_started_for_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda thread: pytest.fail("a thread was started"))

    capture = begin_capture(folder=folder)

    assert (capture.is_ready, capture.rest(None)) == (True, {})


def test_what_is_not_known_in_time_is_not_waited_for(folder: Path, gate: threading.Event) -> None:
    capture = begin_capture(folder=folder, more=lambda root: {"git_sha": str(gate.wait())})

    early = (capture.is_ready, capture.rest(0), capture.rest(-1), capture.rest(0.001))
    gate.set()
    late = (capture.rest(float("inf")), capture.is_ready)

    assert early == (False, {}, {}, {})
    assert late == ({"git_sha": "True"}, True)


def test_the_thread_is_a_daemon_with_a_name(folder: Path, gate: threading.Event) -> None:
    capture = begin_capture(folder=folder, more=lambda root: {"git_sha": str(gate.wait())})

    (thread,) = [thread for thread in threading.enumerate() if thread.name == "deardiary-environment"]
    assert thread.daemon
    gate.set()
    capture.rest(None)
    assert not thread.is_alive()


def test_a_lock_is_made_where_there_is_none(folder: Path) -> None:
    (folder / "requirements.txt").unlink()

    capture = begin_capture(folder=folder)

    assert capture.first.manifest_toml == ""
    assert capture.rest(None) == {"manifest_toml": made_lock()}


def test_the_rest_may_be_asked_for_twice(folder: Path) -> None:
    capture = begin_capture(folder=folder, more=lambda root: {"git_sha": "abc"})

    capture.rest(None).clear()

    assert capture.rest(None) == {"git_sha": "abc"}


@has_git
def test_what_others_know_wins(repository: Path) -> None:
    roots = []
    (repository / "pyproject.toml").write_text("[project]\n")
    below = in_a_folder_below(repository)
    modified(repository)

    def more(root: Path) -> dict[str, str]:
        roots.append(root)
        return {"git_dirty": False, "manifest_toml": "theirs", "entrypoint": "", "project_toml": "[project]\n"}  # type: ignore[dict-item]

    capture = begin_capture("train.py", folder=below, more=more)

    assert capture.rest(None) == {"manifest_toml": "theirs", "entrypoint": ""}
    assert roots == [repository]


@pytest.mark.parametrize(
    "said",
    [
        {"git_sha": 7},
        {"git_sha": None},
        {"manifest_toml": None},
        {"manifest_toml": b"bytes"},
        {"manifest_toml": "a\0b"},
        {"entrypoint": "x" * 5000},
        {"git_dirty": "true"},
        {"name": "not of the six"},
        {7: "seven"},
        ["no mapping"],
        None,
    ],
)
def test_what_no_run_can_keep_is_passed_over(folder: Path, said: object) -> None:
    capture = begin_capture(folder=folder, more=lambda root: said)  # type: ignore[arg-type, return-value]

    assert capture.rest(None) == {}


@pytest.mark.parametrize("error", [ValueError("theirs"), SystemExit(3), KeyboardInterrupt(), MemoryError()])
def test_what_others_raise_is_passed_over(folder: Path, error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "deardiary")
    (folder / "requirements.txt").unlink()

    def more(root: Path) -> dict[str, str]:
        raise error

    capture = begin_capture(folder=folder, more=more)

    assert capture.rest(None) == {"manifest_toml": made_lock()}
    assert type(error).__name__ in caplog.text


@has_git
def test_what_there_is_no_time_for_comes_with_the_rest(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FAST_SECONDS", 0)
    (repository / "pyproject.toml").write_text("[project]\n")

    capture = begin_capture("train.py", folder=repository)

    assert capture.first == EnvironmentSnapshot(python_version=sys.version.split()[0], entrypoint="train.py")
    assert capture.rest(None) == {
        "git_sha": git(repository, "rev-parse", "HEAD"),
        "project_toml": "[project]\n",
        "manifest_toml": "attrs==24.2.0\n",
    }


def test_a_long_text_comes_with_the_rest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FAST_BYTES", 10)
    (folder / "pyproject.toml").write_text("[project]\n")

    capture = begin_capture(folder=folder)

    assert capture.first.project_toml == "[project]\n"
    assert capture.rest(None) == {"manifest_toml": "attrs==24.2.0\n"}


def test_without_a_thread_there_is_what_was_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)

    capture = begin_capture(folder=folder, more=lambda root: {"git_sha": "abc"})

    assert (capture.is_ready, capture.rest(None)) == (True, {})


def test_a_forked_child_waits_for_nothing(folder: Path) -> None:
    program = """
        import os, threading
        from deardiary.environment import begin_capture
        gate = threading.Event()
        capture = begin_capture(more=lambda root: {"git_sha": str(gate.wait())})
        child = os.fork()
        if child == 0:
            os._exit(0 if (capture.is_ready, capture.rest(None)) == (True, {}) else 1)
        print(os.waitpid(child, 0)[1])
        gate.set()
        print(capture.rest(None))
    """

    assert python("-c", textwrap.dedent(program), cwd=folder) == "0\n{'git_sha': 'True'}"


def test_a_forked_child_is_told_nothing_of_its_parent(folder: Path) -> None:
    program = """
        import os
        from deardiary.environment import begin_capture
        capture = begin_capture(more=lambda root: {"git_sha": "abc"})
        capture.rest(None)
        child = os.fork()
        if child == 0:
            os._exit(0 if capture.rest(None) == {} else 1)
        print(os.waitpid(child, 0)[1])
    """

    assert python("-c", textwrap.dedent(program), cwd=folder) == "0"


@pytest.mark.parametrize("more", ["None", "lambda root: importlib.import_module('importlib.metadata') and {}"])
def test_a_child_forked_while_the_thread_imports_can_import(tmp_path: Path, more: str) -> None:
    program = f"""
        import importlib, os
        from deardiary.environment import begin_capture
        capture = begin_capture(more={more})
        child = os.fork()
        if child == 0:
            import importlib.metadata
            os._exit(0)
        print(os.waitpid(child, 0)[1])
    """

    assert python("-c", textwrap.dedent(program), cwd=tmp_path) == "0"


def test_a_child_forked_while_plugins_are_imported_can_import_them(tmp_path: Path) -> None:
    plugin = """
        import sys, time
        sys.begun.set()
        time.sleep(0.3)  # in which the parent forks, or begins to
    """
    program = f"""
        import os, signal, sys, threading
        import deardiary
        sys.path.insert(0, {str(tmp_path)!r})
        sys.begun = threading.Event()
        run = deardiary.init("iris", tracker=deardiary.open("memory://"), quiet=True)
        sys.begun.wait()
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            import deardiary_slow
            os._exit(0)
        print(os.waitpid(child, 0)[1])
        run.finish()
    """
    places.installed(tmp_path, "slow", plugin)
    (tmp_path / "work").mkdir()

    assert python("-c", textwrap.dedent(program), cwd=tmp_path / "work") == "0"


def test_nothing_heavy_is_imported_with_the_module() -> None:
    program = """
        import sys
        import deardiary.core.entities
        before = {*sys.modules}
        import deardiary.environment
        heavy = {"subprocess", "importlib.metadata", "email", "json", "tomllib", "platform", "logging", "tempfile"}
        print(heavy & {*sys.modules} - before)
    """

    assert python("-c", textwrap.dedent(program)) == "set()"


# --- restoring


def snapshot_of(lock: str, project: str = "") -> EnvironmentSnapshot:
    return EnvironmentSnapshot(
        python_version="3.11.7",
        git_sha="abc",
        git_dirty=True,
        entrypoint="-m train",
        project_toml=project,
        manifest_toml=lock,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_project_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    lock, project = "version = 1\r\n# é🌱\r", "\ufeff[project]\r\nname = 'iris'"

    result = written(snapshot_of(lock, project), 42, tmp_path / "new" / "depot")

    assert result.project_path == tmp_path / "new" / "depot" / "iteration_42"
    assert files(result.project_path) == {"pyproject.toml": project.encode(), "uv.lock": lock.encode()}
    assert (result.python_version, result.git_sha, result.git_dirty) == ("3.11.7", "abc", True)
    assert (result.entrypoint, result.iteration_id) == ("-m train", 42)


def test_without_a_project_there_is_only_the_lock(tmp_path: Path) -> None:
    result = written(snapshot_of("attrs==24.2.0\n"), 1, tmp_path)

    assert files(result.project_path) == {"requirements.txt": b"attrs==24.2.0\n"}


def test_a_project_is_written_over_an_earlier_one(tmp_path: Path) -> None:
    written(snapshot_of("version = 1\n# a longer text\n", "[project]\n# longer too\n"), 1, tmp_path)

    result = written(snapshot_of("version = 1\n", "[project]\n"), 1, tmp_path)

    assert files(result.project_path) == {"pyproject.toml": b"[project]\n", "uv.lock": b"version = 1\n"}


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    place = tmp_path / "iteration_1"
    place.mkdir()
    for name in ("pyproject.toml", "uv.lock"):
        (place / name).symlink_to(victim)

    written(snapshot_of("version = 1\n", "[project]\n"), 1, tmp_path)

    assert victim.read_text() == "precious"
    assert files(place) == {"pyproject.toml": b"[project]\n", "uv.lock": b"version = 1\n"}
    assert not any(path.is_symlink() for path in place.iterdir())


def test_what_cannot_be_written_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "iteration_1" / "uv.lock").mkdir(parents=True)

    with pytest.raises(OSError):
        written(snapshot_of("version = 1\n"), 1, tmp_path)

    assert [path.name for path in (tmp_path / "iteration_1").iterdir()] == ["uv.lock"]


def test_files_are_as_open_as_others(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()

    result = written(snapshot_of("version = 1\n"), 1, tmp_path)

    assert (result.project_path / "uv.lock").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_without_a_depot_there_is_a_fresh_folder_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    first, second = (written(snapshot_of("version = 1\n"), 1, None).project_path for _ in range(2))

    assert first != second
    assert {path.parent.name.startswith("deardiary-") for path in (first, second)} == {True}
    assert {path.parent.parent for path in (first, second)} == {tmp_path}


def test_without_a_lock_there_is_nothing_to_restore(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable) as caught:
        written(snapshot_of("", "[project]\n"), 42, tmp_path / "depot")

    said = "run 42 has no lock text; take a snapshot first, with snapshot_environment(42)"
    assert (caught.value.message, caught.value.kind, caught.value.id) == (said, "Iteration", 42)
    assert not (tmp_path / "depot").exists()


def test_values_are_those_of_a_patch() -> None:
    snapshot = snapshot_of("version = 1\n", "[project]\n")

    values = snapshot.values()

    assert list(values) == ["python_version", "git_sha", "git_dirty", "entrypoint", "project_toml", "manifest_toml"]
    assert EnvironmentSnapshot(**values) == snapshot
    assert EnvironmentSnapshot().values() == dict.fromkeys(values, "") | {"git_dirty": False}
