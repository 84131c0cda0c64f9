"""However a program ends, its runs end as it did; seen from outside, in processes of their own."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field, frozen

import deardiary
from deardiary import Iteration, IterationStatus
from nightly import NIGHTLY

RUNNING, SUCCEEDED, FAILED, KILLED = (
    IterationStatus.RUNNING,
    IterationStatus.SUCCEEDED,
    IterationStatus.FAILED,
    IterationStatus.KILLED,
)

SECONDS = 60
"""What nothing here comes near."""

PRELUDE = """
import os, signal, sys, threading, time
import deardiary

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
signal.signal(signal.SIGHUP, signal.SIG_DFL)

def init(name="", **options):
    return deardiary.init("P", name, snapshot=False, **options)

def send(number):
    os.kill(os.getpid(), number)
    time.sleep(60)
"""


# A program and what it leaves.


@define
class Program:
    """A script that runs in a folder of its own, beside its diary."""

    folder: Path
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(factory=dict)

    @property
    def diary(self) -> Path:
        return self.folder / "diary.db"

    def command(self, script: str) -> list[str]:
        path = self.folder / "script.py"
        path.write_text(PRELUDE + textwrap.dedent(script))
        return [sys.executable, "-W", "error", *self.options, str(path)]

    @contextlib.contextmanager
    def started(self, script: str, *, command: list[str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """Start the script, and see to it that it is gone afterwards."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DEARDIARY", "PYTHON"))},
            "DEARDIARY_STORE": f"sqlite:///{self.diary}",
            **self.environment,
        }
        process = subprocess.Popen(
            command or self.command(script),
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def ended(self, process: subprocess.Popen[str], given: str = "") -> "Ended":
        out, err = process.communicate(given, timeout=SECONDS)
        return Ended(code=process.returncode, out=out, err=err, rows=self.rows())

    def run(self, script: str, *, command: list[str] | None = None, given: str = "") -> "Ended":
        """Run the script to its end."""
        with self.started(script, command=command) as process:
            return self.ended(process, given)

    def rows(self) -> list[Iteration]:
        """Return the runs of the diary."""
        with deardiary.open(f"sqlite:///{self.diary}") as tracker:
            return tracker.find(Iteration, order="id", large=True)

    def values(self, name: str = "") -> dict[str, list[float]]:
        """Return the values of each series of a run."""
        with deardiary.open(f"sqlite:///{self.diary}") as tracker:
            (run,) = tracker.find(Iteration, name=name)
            return {key: sorted(one.values) for key, one in tracker.get_all_series(run.id).items()}

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the only run."""
        with deardiary.open(f"sqlite:///{self.diary}") as tracker:
            return {row.key: row.value for row in tracker.get_parameters(tracker.find(Iteration)[0])}

    def status_now(self) -> int:
        """Return the status of the only run as it stands in the file, whatever waits beside it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.diary}?mode=ro", uri=True)) as connection:
            ((status,),) = connection.execute("SELECT status_id FROM iterations").fetchall()
            return int(status)

    @contextlib.contextmanager
    def locked(self) -> Iterator[sqlite3.Connection]:
        """Write in the diary as another process that takes its time."""
        connection = sqlite3.connect(self.diary, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        finally:
            connection.close()


@frozen
class Ended:
    """What a program left."""

    code: int
    out: str
    err: str
    rows: list[Iteration]

    @property
    def runs(self) -> dict[str, Iteration]:
        return {run.name: run for run in self.rows}

    @property
    def statuses(self) -> dict[str, IterationStatus]:
        return {name: IterationStatus(run.status_id) for name, run in self.runs.items()}

    @property
    def status(self) -> IterationStatus:
        """The status that all runs have."""
        (status,) = {IterationStatus(run.status_id) for run in self.rows}
        return status


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "diary.db"
    with deardiary.open(f"sqlite:///{path}") as tracker:
        tracker.create_experiment(tracker.create_project("P"), "default")
    return path


@pytest.fixture
def program(empty: Path, tmp_path: Path) -> Program:
    shutil.copy(empty, tmp_path / "diary.db")
    return Program(tmp_path)


def has_our_traceback(err: str) -> bool:
    return "/deardiary/" in err or "Exception ignored" in err


# How a program ends, and what it was doing.


@frozen
class End:
    """A way to end, and what becomes of the runs."""

    code: str
    exit: int
    status: IterationStatus
    message: str = ""

    @property
    def is_raised(self) -> bool:
        """Whether Python shows a stack trace."""
        return self.code.startswith("raise") or "SIGINT" in self.code

    @property
    def is_signal(self) -> bool:
        """Whether only the main thread can have begun to hear of it."""
        return self.exit in (-signal.SIGTERM, -signal.SIGHUP)


ENDS = {
    "nothing": End("pass", 0, SUCCEEDED),
    "sys.exit()": End("sys.exit()", 0, SUCCEEDED),
    "sys.exit(0)": End("sys.exit(0)", 0, SUCCEEDED),
    "sys.exit(False)": End("sys.exit(False)", 0, SUCCEEDED),
    "sys.exit(3)": End("sys.exit(3)", 3, FAILED, "3"),
    "sys.exit(0.0)": End("sys.exit(0.0)", 1, FAILED, "0.0"),
    "sys.exit(text)": End("sys.exit('no data')", 1, FAILED, "no data"),
    "exit(4)": End("exit(4)", 4, FAILED, "4"),
    "quit()": End("quit()", 0, SUCCEEDED),
    "exception": End("raise ValueError('bad loss')", 1, FAILED, "bad loss"),
    "mute exception": End(
        "raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})()",
        1,
        FAILED,
        "Mute, which cannot be shown: ZeroDivisionError",
    ),
    "KeyboardInterrupt": End("raise KeyboardInterrupt", -signal.SIGINT, KILLED),
    "SIGINT": End("send(signal.SIGINT)", -signal.SIGINT, KILLED),
    "SIGTERM": End("send(signal.SIGTERM)", -signal.SIGTERM, KILLED),
    "SIGHUP": End("send(signal.SIGHUP)", -signal.SIGHUP, KILLED),
    "SIGKILL": End("send(signal.SIGKILL)", -signal.SIGKILL, RUNNING),
    "os._exit(5)": End("os._exit(5)", 5, RUNNING),
}

FORMS = {
    "block": """
        with init() as run:
            run.log({"x": 1.0})
            END
    """,
    "no block": """
        run = init()
        run.log({"x": 1.0})
        END
    """,
    "iteration": """
        tracker = deardiary.open()
        with tracker.iteration(1, snapshot=False) as run:
            run.log({"x": 1.0})
            END
    """,
    "child": """
        with init() as run, run.child(name="child") as child:
            child.log({"x": 1.0})
            END
    """,
    "several": """
        run = init("first")
        child = run.child(name="child")
        other = deardiary.open().iteration(1, name="other", snapshot=False)
        child.log({"x": 1.0})
        END
    """,
    "thread": """
        thread = threading.Thread(target=init)
        thread.start()
        thread.join()
        END
    """,
}


CASES = [
    (end, form)
    for end in ENDS
    for form in FORMS
    if NIGHTLY or form in ("block", "no block") or end in ("nothing", "exception", "sys.exit(3)", "SIGINT", "SIGTERM")
]


@pytest.mark.parametrize(("end", "form"), CASES)
def test_runs_end_as_the_program_does(program: Program, end: str, form: str) -> None:
    expected = ENDS[end]
    is_deaf = form == "thread" and expected.is_signal

    ended = program.run(FORMS[form].replace("END", expected.code))

    assert (ended.code, ended.status) == (expected.exit, RUNNING if is_deaf else expected.status)
    assert {run.error_message for run in ended.runs.values()} == {expected.message}
    assert {run.end_date is None for run in ended.runs.values()} == {ended.status is RUNNING}
    assert not has_our_traceback(ended.err)
    assert ("Traceback" in ended.err) == expected.is_raised
    shown = f"{expected.code}\n" if expected.is_raised and ended.status is FAILED else ""
    assert all(shown in run.traceback and bool(run.traceback) == bool(shown) for run in ended.runs.values())


def test_each_run_says_how_it_ended(program: Program) -> None:
    ended = program.run("first = init('first')\nsecond = init('second')\nraise ValueError('bad loss')")

    said = [line.partition(" after ")[0] for line in ended.err.splitlines() if "failed" in line]
    assert said == ["deardiary: run PXX-2 failed", "deardiary: run PXX-1 failed"]


# Exits.


def test_an_exit_that_is_caught_is_none(program: Program) -> None:
    ended = program.run("""
        run = init()
        try:
            sys.exit(3)
        except SystemExit:
            run.log({"x": 1.0})
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_an_exit_that_is_caught_in_a_function_is_none(program: Program) -> None:
    ended = program.run("""
        def main():
            try:
                sys.exit("caught")
            except SystemExit:
                return 0
        run = init()
        main()
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_an_exit_that_is_caught_and_raised_again_counts(program: Program) -> None:
    ended = program.run("""
        run = init()
        try:
            sys.exit(3)
        except SystemExit:
            print("cleaning up")
            raise
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (3, FAILED, "3")


def test_an_exit_that_a_later_error_overtakes_is_none(program: Program) -> None:
    ended = program.run("""
        run = init()
        try:
            sys.exit(0)
        finally:
            raise ValueError("bad loss")
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (1, FAILED, "bad loss")


def test_an_exit_that_was_looked_up_before_the_run_began_counts(program: Program) -> None:
    ended = program.run("""
        def main():
            init()
            return 3
        sys.exit(main())
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (3, FAILED, "3")


def test_an_exit_in_a_thread_ends_the_thread(program: Program) -> None:
    ended = program.run("""
        run = init()
        thread = threading.Thread(target=sys.exit, args=[3])
        thread.start()
        thread.join()
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_an_exit_in_a_callback_of_asyncio_counts(program: Program) -> None:
    ended = program.run("""
        import asyncio
        async def main():
            asyncio.get_running_loop().call_soon(sys.exit, 3)
            await asyncio.sleep(60)
        run = init()
        asyncio.run(main())
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (3, FAILED, "3")


def test_a_bare_system_exit_is_seen_by_a_block(program: Program) -> None:
    ended = program.run("""
        with init():
            raise SystemExit(3)
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (3, FAILED, "3")


def test_a_bare_system_exit_without_a_block_is_not_seen(program: Program) -> None:
    ended = program.run("""
        run = init()
        raise SystemExit(3)
    """)

    assert (ended.code, ended.status) == (3, SUCCEEDED)  # as the docstring of `endings` says


def test_a_program_that_runs_what_is_to_be_done_at_exit_has_not_ended(program: Program) -> None:
    ended = program.run("""
        import atexit
        run = init()
        try:
            sys.exit(3)
        except SystemExit:
            atexit._run_exitfuncs()
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_exit_is_what_it_was(program: Program) -> None:
    ended = program.run("""
        import inspect, pickle
        assert pickle.loads(pickle.dumps(sys.exit)) is sys.exit
        print(sys.exit.__name__, inspect.signature(sys.exit), sys.exit.__doc__.split(".")[0], repr(exit)[:10])
    """)

    assert ended.out == "exit (status=None, /) Exit the interpreter by raising SystemExit(status) Use exit()\n"


# Errors.


@pytest.mark.parametrize("place", ["before", "after", "chained"])
def test_exception_hooks_of_others_are_heeded(program: Program, place: str) -> None:
    hook = {
        "before": "sys.excepthook = lambda kind, error, trace: print('mine', error)\nrun = init()",
        "after": "run = init()\nsys.excepthook = lambda kind, error, trace: print('mine', error)",
        "chained": "run = init()\nold = sys.excepthook\n"
        "sys.excepthook = lambda *told: (print('mine', told[1]), old(*told))",
    }

    ended = program.run(hook[place] + "\nraise ValueError('bad loss')")

    assert (ended.code, ended.out) == (1, "mine bad loss\n")
    assert (ended.status, ended.runs[""].error_message) == (FAILED, "bad loss")
    assert ("Traceback" in ended.err) == (place == "chained")


def test_an_error_in_a_thread_ends_the_thread(program: Program) -> None:
    ended = program.run("""
        run = init()
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_an_error_that_a_tool_showed_is_not_the_programs_end(program: Program) -> None:
    ended = program.run("""
        import code
        run = init()
        console = code.InteractiveConsole()
        console.runcode("1 / 0")
        def cell():
            1 / 0
        for tidied in (lambda trace: trace, lambda trace: trace.tb_next):
            try:
                cell()
            except ZeroDivisionError as error:
                sys.last_type, sys.last_value, sys.last_traceback = type(error), error, tidied(error.__traceback__)
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_an_error_at_a_prompt_ends_a_line(program: Program) -> None:
    lines = f"{PRELUDE}\nrun = init()\n1 / 0\nrun.log({{'x': 1.0}})\n"

    ended = program.run("", command=[sys.executable, "-i"], given=lines)

    assert "ZeroDivisionError" in ended.err
    assert (ended.code, ended.status) == (0, SUCCEEDED)
    assert program.values() == {"x": [1.0]}


@pytest.mark.parametrize("way", ["script", "-m", "-c", "runpy", "stdin", "zip"])
@pytest.mark.parametrize("end", ["sys.exit(3)", "exception"])
def test_it_does_not_matter_how_the_program_was_started(program: Program, way: str, end: str) -> None:
    text = f"{PRELUDE}\nrun = init()\n{ENDS[end].code}\n"
    (program.folder / "work.py").write_text(text)
    (program.folder / "app").mkdir()
    (program.folder / "app" / "__main__.py").write_text(text)
    commands = {
        "script": ["work.py"],
        "-m": ["-m", "work"],
        "-c": ["-c", text],
        "runpy": ["-c", "import runpy; runpy.run_path('work.py', run_name='__main__')"],
        "stdin": ["-"],
        "zip": ["app"],
    }

    ended = program.run("", command=[sys.executable, *commands[way]], given=text if way == "stdin" else "")

    assert (ended.code, ended.status, ended.runs[""].error_message) == (ENDS[end].exit, FAILED, ENDS[end].message)


def test_a_cancelled_task_is_killed(program: Program) -> None:
    ended = program.run("""
        import asyncio
        async def work():
            with init():
                await asyncio.sleep(60)
        async def main():
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        asyncio.run(main())
    """)

    assert (ended.code, ended.status) == (0, KILLED)


def test_ctrl_c_in_asyncio_cancels_as_it_does_without_us(program: Program) -> None:
    ended = program.run("""
        import asyncio
        async def main():
            with init() as run:
                try:
                    run.log({"x": 1.0})
                    os.kill(os.getpid(), signal.SIGINT)
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    print("cancelled")
                    raise
        run = init("outer")
        asyncio.run(main())
    """)

    assert (ended.code, ended.out) == (-signal.SIGINT, "cancelled\n")
    assert ended.statuses == {"outer": KILLED, "": KILLED}


def test_ctrl_c_ends_the_process_as_it_does_without_us(program: Program) -> None:
    ended = program.run("""
        import atexit, collections
        run = deardiary.init("P")
        atexit.register(collections.namedtuple, "Text", "evaluated")  # after which Python forgets that it was Ctrl-C
        raise KeyboardInterrupt
    """)

    assert (ended.code, ended.status) == (-signal.SIGINT, KILLED)


def test_a_generator_that_is_closed_is_killed(program: Program) -> None:
    ended = program.run("""
        def work():
            with init():
                yield 1
        work = work()
        next(work)
        work.close()
    """)

    assert (ended.code, ended.status) == (0, KILLED)


# The last moments.


def test_what_the_user_registered_after_the_run_began_can_log(program: Program) -> None:
    ended = program.run("""
        import atexit
        run = init()
        atexit.register(lambda: run.log({"x": 1.0}))
    """)

    assert (ended.code, ended.status, program.values()) == (0, SUCCEEDED, {"x": [1.0]})
    assert "Traceback" not in ended.err


def test_what_the_user_registered_before_the_run_began_is_told_that_it_has_ended(program: Program) -> None:
    ended = program.run("""
        import atexit
        atexit.register(lambda: run.log({"x": 1.0}))
        run = init()
    """)

    assert (ended.code, ended.status, program.values()) == (0, SUCCEEDED, {})
    assert "Unprocessable: run PXX-1 has ended; to go on with it: deardiary.init(resume='PXX-1')" in ended.err


def test_runs_end_before_their_diary_is_closed(program: Program) -> None:
    ended = program.run("""
        run = deardiary.open().iteration(1, name="first", snapshot=False)
        deardiary.initialize_database("diary.db")
        second = init("second")
    """)

    assert (ended.code, ended.statuses) == (0, {"first": SUCCEEDED, "second": SUCCEEDED})


@pytest.mark.parametrize("is_logged", [True, False], ids=["with points", "without points"])
def test_a_run_whose_diary_is_closed_ends_when_someone_opens_it(program: Program, is_logged: bool) -> None:
    ended = program.run(f"""
        run = init()
        if {is_logged}:
            run.log({{"x": 1.0}})
        run.tracker.store.close()
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)
    assert "deardiary: warning: run PXX-1: the diary is closed" in ended.err
    assert "deardiary: warning: run PXX-1 has ended, but the diary is away; 0 points and its end wait" in ended.err
    assert program.values() == ({"x": [1.0]} if is_logged else {})
    assert not has_our_traceback(ended.err)


def test_a_store_that_breaks_keeps_no_other_run_from_ending(program: Program) -> None:
    ended = program.run("""
        class Broken:
            def apply(self, batch): raise OSError("no such luck")
        first = init("first")
        other = deardiary.open()
        second = other.iteration(1, name="second", snapshot=False)
        other.store.store = Broken()
    """)

    assert (ended.code, ended.statuses) == (0, {"first": SUCCEEDED, "second": RUNNING})
    assert "deardiary: warning: run PXX-2 could not be ended: no such luck" in ended.err
    assert not has_our_traceback(ended.err)


def test_a_diary_that_another_process_locks_holds_the_exit_up_once(program: Program) -> None:
    script = """
        import deardiary.backends.sql.sqlite as sqlite, deardiary.endings
        sqlite.PATIENCE_SECONDS = 0.5
        deardiary.endings.EXIT_SECONDS = 0.4
        first, second = init("first"), init("second")
        print("ready", flush=True)
        sys.stdin.readline()
        first.log({"x": 1.0})
    """

    with program.started(script) as process:
        heard(process)
        with program.locked():
            tell(process, "go on")
            began = time.monotonic()
            process.wait(SECONDS)
            seconds = time.monotonic() - began
        ended = program.ended(process)

    assert (ended.code, ended.statuses, seconds < 10) == (0, {"first": SUCCEEDED, "second": SUCCEEDED}, True)
    assert program.values("first") == {"x": [1.0]}
    assert "warning: run PXX-2 has ended, but the diary is away; 1 point and its end wait" in ended.err
    assert not has_our_traceback(ended.err)


def test_a_run_that_there_is_no_time_to_end_is_ended_by_whoever_opens_the_diary(program: Program) -> None:
    script = """
        import deardiary.backends.sql.sqlite as sqlite, deardiary.endings
        sqlite.PATIENCE_SECONDS = 0.5
        deardiary.endings.EXIT_SECONDS = 0.4
        tracker = deardiary.open()
        first, second = init("first", tracker=tracker), init("second", tracker=tracker)
        print("ready", flush=True)
        sys.stdin.readline()
        first.log({"x": 1.0})
    """

    with program.started(script) as process:
        heard(process)
        with program.locked():
            tell(process, "go on")
            process.wait(SECONDS)
        ended = program.ended(process)

    assert (ended.code, ended.statuses) == (0, {"first": SUCCEEDED, "second": SUCCEEDED})
    assert program.values("first") == {"x": [1.0]}


def test_a_diary_whose_folder_is_gone_holds_no_exit_up(program: Program) -> None:
    ended = program.run("""
        import shutil
        os.mkdir("gone")
        run = deardiary.open("sqlite:///gone/diary.db", artifacts="file:///gone/artifacts")
        run = init("", tracker=run)
        shutil.rmtree("gone")
        run.log({"x": 1.0})
    """)

    assert ended.code == 0
    assert not has_our_traceback(ended.err)


@pytest.mark.parametrize("stream", ["closed", "broken", "absent"])
def test_nobody_need_listen_when_runs_end(program: Program, stream: str) -> None:
    ways = {
        "closed": "sys.stderr.close()",
        "broken": "os.dup2(os.open('/dev/full', os.O_WRONLY), 2)",
        "absent": "sys.stderr = None",
    }

    ended = program.run(f"first, second = init('first'), init('second')\n{ways[stream]}\nsend(signal.SIGHUP)")

    assert (ended.code, ended.statuses) == (-signal.SIGHUP, {"first": KILLED, "second": KILLED})


def test_a_run_in_a_thread_outlives_the_main_thread(program: Program) -> None:
    ended = program.run("""
        def work():
            threading.main_thread().join()
            run = init()
            run.log({"x": 1.0})
        threading.Thread(target=work).start()
    """)

    assert (ended.code, ended.status, program.values()) == (0, SUCCEEDED, {"x": [1.0]})
    assert not has_our_traceback(ended.err)


# Signals.

SLOW = """
# Every write in the diary takes as long as there is a file `slow`.
class Slow:
    def __init__(self, store): self.store = store
    def apply(self, batch):
        print("writing", flush=True)
        until = time.monotonic() + 60
        while os.path.exists("slow") and time.monotonic() < until: time.sleep(0.01)
        return self.store.apply(batch)
    def __getattr__(self, name): return getattr(self.store, name)

def slow(run):
    undisturbed = run.tracker.store.store
    undisturbed.store = Slow(undisturbed.store)
    open("slow", "w").close()
    return run
"""


def heard(process: subprocess.Popen[str]) -> str:
    """Return the next line that a program prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Give a program a line to read."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_waits_for_a_write(program: Program, number: int) -> None:
    with program.started(SLOW + "run = slow(init())\nrun.log_parameters(x=1)\ntime.sleep(60)") as process:
        heard(process)
        process.send_signal(number)
        time.sleep(0.2)
        is_alive = process.poll() is None
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (is_alive, ended.code, ended.status) == (True, -number, KILLED)
    assert program.parameters() == {"x": "1"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_waits_for_a_read_that_carries_points(program: Program, number: int) -> None:
    script = """
        import deardiary.recorder
        deardiary.recorder.DRAIN_SECONDS = 60
        run = init()
        time.sleep(0.2)  # until the thread that carries points waits longer
        slow(run)
        run.log({"x": 1.0})
        run.tracker.get_series(run, "x")
        time.sleep(60)
    """

    with program.started(SLOW + textwrap.dedent(script)) as process:
        heard(process)
        process.send_signal(number)
        time.sleep(0.2)
        is_alive = process.poll() is None
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (is_alive, ended.code, ended.status) == (True, -number, KILLED)
    assert program.values() == {"x": [1.0]}


def test_a_signal_waits_for_points_that_are_on_their_way(program: Program) -> None:
    with program.started(SLOW + "run = slow(init())\nrun.log({'x': 1.0})\ntime.sleep(60)") as process:
        heard(process)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        is_alive = process.poll() is None
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (is_alive, ended.code, ended.status) == (True, -signal.SIGTERM, KILLED)
    assert program.values() == {"x": [1.0]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_second_signal_does_not_wait(program: Program, number: int) -> None:
    with program.started(SLOW + "run = slow(init())\nrun.log_parameters(x=1)\ntime.sleep(60)") as process:
        heard(process)
        process.send_signal(number)
        time.sleep(0.2)
        process.send_signal(number)
        if number == signal.SIGINT:  # which ends the write, and not yet the process
            heard(process)
            (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (ended.code, ended.status) == (-number, KILLED if number == signal.SIGINT else RUNNING)
    assert program.parameters() == {}


def test_a_second_signal_loses_no_points(program: Program) -> None:
    with program.started(SLOW + "run = slow(init())\nrun.log({'x': 1.0})\ntime.sleep(60)") as process:
        heard(process)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        ended = program.ended(process)

    assert (ended.code, ended.status) == (-signal.SIGTERM, RUNNING)
    assert program.values() == {"x": [1.0]}


def test_a_second_signal_does_not_wait_for_runs_to_end(program: Program) -> None:
    with program.started(SLOW + "run = slow(init())\nprint('ready', flush=True)\ntime.sleep(60)") as process:
        heard(process)
        process.send_signal(signal.SIGTERM)
        heard(process)
        process.send_signal(signal.SIGTERM)
        ended = program.ended(process)

    assert (ended.code, ended.status) == (-signal.SIGTERM, RUNNING)


@pytest.mark.parametrize("is_freed", [True, False], ids=["for a while", "for ever"])
@pytest.mark.parametrize("write", ['log({"x": 1.0})', "log_parameters(x=1)"], ids=["log", "parameter"])
def test_a_signal_waits_for_a_diary_that_another_process_locks(program: Program, is_freed: bool, write: str) -> None:
    script = f"""
        import deardiary.backends.sql.sqlite as sqlite
        sqlite.PATIENCE_SECONDS = float(sys.stdin.readline())
        run = init()
        print("ready", flush=True)
        sys.stdin.readline()
        run.{write}
        time.sleep(60)
    """
    is_logged = write.startswith("log(")

    with program.started(script) as process:
        tell(process, "60" if is_freed else "0.5")
        heard(process)
        with program.locked():
            tell(process, "go on")
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            is_alive = process.poll() is None
            if not is_freed:
                process.wait(SECONDS)
                assert program.status_now() == RUNNING
        ended = program.ended(process)

    assert (is_alive, ended.code, ended.status) == (True, -signal.SIGTERM, KILLED)
    assert program.values() == ({"x": [1.0]} if is_logged else {})
    assert program.parameters() == ({"x": "1"} if is_freed and not is_logged else {})
    waiting = f"the diary is away; {int(is_logged)} point{'s' * (not is_logged)} and its end wait"
    assert (waiting in ended.err) == (not is_freed)
    assert not has_our_traceback(ended.err)


HANDLERS = {
    "returns": ("lambda *told: print('mine')", 0, SUCCEEDED, ""),
    "exits": ("lambda *told: (print('mine'), sys.exit(7))", 7, FAILED, "7"),
    "raises": ("lambda *told: (print('mine'), 1 / 0)", 1, FAILED, "division by zero"),
}


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("handler", HANDLERS)
def test_handlers_of_others_stay(program: Program, handler: str, place: str) -> None:
    text, code, status, message = HANDLERS[handler]
    install = f"mine = {text}\nsignal.signal(signal.SIGTERM, mine)\n"
    script = f"{install}run = init()\n" if place == "before" else f"run = init()\n{install}"

    ended = program.run(f"{script}run.log({{'x': 1.0}})\nassert signal.getsignal(15) is mine\nos.kill(os.getpid(), 15)")

    assert (ended.code, ended.out) == (code, "mine\n")
    assert (ended.status, ended.runs[""].error_message) == (status, message)


def test_a_handler_that_hands_on_ends_the_run(program: Program) -> None:
    ended = program.run("""
        first = init("first")
        before = signal.getsignal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, lambda *told: (print("mine", flush=True), before(*told)))
        second = init("second")
        send(signal.SIGTERM)
    """)

    assert (ended.code, ended.out, ended.status) == (-signal.SIGTERM, "mine\n", KILLED)


def test_a_handler_may_end_the_run_in_its_own_way(program: Program) -> None:
    ended = program.run("""
        run = init()
        def bow_out(number, frame):
            run.log({"x": 2.0})
            run.finish("FAILED", error_message="preempted")
            sys.exit(0)
        signal.signal(signal.SIGTERM, bow_out)
        threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGTERM]).start()
        while True:
            run.log({"x": 1.0})
    """)

    assert (ended.code, ended.status, ended.runs[""].error_message) == (0, FAILED, "preempted")
    assert program.values()["x"][-1] == 2.0


def test_a_handler_of_others_waits_for_a_write(program: Program) -> None:
    script = """
        signal.signal(signal.SIGTERM, lambda *told: sys.exit(7))
        run = slow(init())
        run.log_parameters(x=1)
        time.sleep(60)
    """

    with program.started(SLOW + textwrap.dedent(script)) as process:
        heard(process)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (ended.code, ended.status, program.parameters()) == (7, FAILED, {"x": "1"})


def test_a_signal_that_is_ignored_stays_so(program: Program) -> None:
    ended = program.run("""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        run = init()
        os.kill(os.getpid(), signal.SIGHUP)
        run.log({"x": 1.0})
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_ctrl_c_that_is_left_to_the_system_is_heard(program: Program) -> None:
    ended = program.run("""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        run = init()
        send(signal.SIGINT)
    """)

    assert (ended.code, ended.status, "Traceback" in ended.err) == (-signal.SIGINT, KILLED, False)


def test_signals_are_left_alone_when_nothing_is_open(program: Program) -> None:
    ended = program.run("""
        handlers = lambda: [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
        assert handlers() == [signal.SIG_DFL] * 2
        with init() as run, run.child():
            run.log({"x": 1.0})
            assert all(callable(handler) for handler in handlers())
            if os.fork() == 0:
                assert handlers() == [signal.SIG_DFL] * 2
                os._exit(0)
            assert os.wait()[1] == 0
        assert handlers() == [signal.SIG_DFL] * 2
    """)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_ctrl_c_is_handled_by_whom_it_was(program: Program) -> None:
    ended = program.run("""
        run = init()
        run.log({"x": 1.0})
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    """)

    assert (ended.code, ended.err.count("Traceback")) == (0, 0)


BLOCKED = {
    "time.sleep": "time.sleep(60)",
    "a lock": "threading.Event().wait()",
    "a pipe": "os.read(os.pipe()[0], 1)",
    "stdin": "sys.stdin.readline()",
    "a child": "import subprocess; subprocess.run(['cat'])",
    "another thread": "threading.Thread(target=time.sleep, args=[60], daemon=True).start(); time.sleep(60)",
    "C that is done soon": "print(sum(range(2 * 10**7)))\ntime.sleep(60)",
}


@pytest.mark.parametrize("blocked", BLOCKED)
def test_a_signal_is_heard_while_the_main_thread_waits(program: Program, blocked: str) -> None:
    with program.started(f"run = init()\nprint('ready', flush=True)\n{BLOCKED[blocked]}") as process:
        heard(process)
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        ended = program.ended(process)

    assert (ended.code, ended.status) == (-signal.SIGTERM, KILLED)


def test_ctrl_c_while_a_run_is_ended_comes_after(program: Program) -> None:
    script = """
        run = init()
        slow(run)
        run.finish()
    """

    with program.started(SLOW + textwrap.dedent(script)) as process:
        heard(process)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (ended.code, ended.status) == (-signal.SIGINT, SUCCEEDED)


def test_ctrl_c_twice_while_a_run_is_ended_leaves_it_to_the_exit(program: Program) -> None:
    script = """
        run = init()
        slow(run)
        try:
            run.finish()
        except KeyboardInterrupt:
            os.remove("slow")
    """

    with program.started(SLOW + textwrap.dedent(script)) as process:
        heard(process)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        ended = program.ended(process)

    assert (ended.code, ended.status) == (0, SUCCEEDED)


def test_ctrl_c_while_the_program_ends_is_not_shown(program: Program) -> None:
    with program.started(SLOW + "run = slow(init())") as process:
        heard(process)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (ended.code, ended.status, "Traceback" in ended.err) == (0, SUCCEEDED, False)


def test_a_signal_waits_for_a_run_that_another_thread_ends(program: Program) -> None:
    script = """
        run, other = init(), init("other")
        slow(run)
        threading.Thread(target=run.finish).start()
        time.sleep(60)
    """

    with program.started(SLOW + textwrap.dedent(script)) as process:
        heard(process)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        (program.folder / "slow").unlink()
        ended = program.ended(process)

    assert (ended.code, ended.statuses) == (-signal.SIGTERM, {"": SUCCEEDED, "other": KILLED})


LIVES = {
    "points": """
        run = init()
        print("ready", flush=True)
        for n in range(10**9):
            run.log({"x": float(n)})
            os.write(2, b"logged\\n")
    """,
    "runs": """
        run = deardiary.init("P")
        print("ready", flush=True)
        while True:
            with init(name="inner") as inner, inner.child(name="child") as child:
                child.log({"x": 1.0})
                child.log_artifact(b"weights", "model.pt")
                inner.note("done")
    """,
    "threads": """
        run = init(name="outer")
        def work():
            while True:
                with run.child(name="child") as child:
                    child.log({"x": 1.0})
        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        print("ready", flush=True)
        work()
    """,
}
MOMENTS = 200 if NIGHTLY else 10


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_what_was_logged_before_a_signal_is_there(program: Program, moment: int) -> None:
    chance = random.Random(moment)
    number = chance.choice([signal.SIGTERM, signal.SIGHUP, signal.SIGINT])

    with program.started(LIVES["points"]) as process:
        heard(process)
        time.sleep(chance.uniform(0.0, 0.1))
        process.send_signal(number)
        ended = program.ended(process)

    values = program.values().get("x", [])
    acknowledged = ended.err.splitlines().count("logged")
    assert (ended.code, ended.status) == (-number, KILLED)
    assert values == [float(n) for n in range(len(values))]
    assert len(values) in (acknowledged, acknowledged + 1)
    assert is_whole(program.diary)


@pytest.mark.parametrize("moment", range(MOMENTS))
@pytest.mark.parametrize("lives", ["runs", "threads"])
def test_no_run_outlives_a_signal(program: Program, lives: str, moment: int) -> None:
    chance = random.Random(moment)
    number = chance.choice([signal.SIGTERM, signal.SIGHUP])  # Python may lose Ctrl-C amid an import

    with program.started(LIVES[lives]) as process:
        heard(process)
        time.sleep(chance.uniform(0.0, 0.1))
        process.send_signal(number)
        ended = program.ended(process)

    assert ended.code == -number
    assert {run.status_id for run in ended.rows} <= {SUCCEEDED, KILLED}
    assert is_whole(program.diary)


def is_whole(diary: Path) -> bool:
    with contextlib.closing(sqlite3.connect(diary)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# Other processes.


@pytest.mark.parametrize("end", [end for end in ENDS if "text" not in end])
def test_a_forked_child_ends_its_own_runs_and_nothing_of_its_parent(program: Program, end: str) -> None:
    script = """
        child = os.fork()
        if child == 0:
            child = init("child")
            child.log({"x": 1.0})
            run.log({"from child": 1.0})
            END
        else:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with deardiary.open() as tracker:
                print(code, tracker.get(deardiary.Iteration, run.id).status_id, flush=True)
            run.log({"from parent": 1.0})
    """

    ended = program.run("run = init('parent')\n" + textwrap.dedent(script).replace("END", ENDS[end].code))

    assert (ended.code, ended.out) == (0, f"{ENDS[end].exit} {RUNNING}\n")
    assert ended.statuses == {"parent": SUCCEEDED, "child": ENDS[end].status}
    assert program.values("parent") == {"from child": [1.0], "from parent": [1.0]}
    assert not has_our_traceback(ended.err)


def test_a_forked_child_that_leaves_a_block_ends_nothing(program: Program) -> None:
    ended = program.run("""
        with init() as run:
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                with deardiary.open() as tracker:
                    print(tracker.get(deardiary.Iteration, run.id).status_id)
            else:
                run.log({"x": 1.0})
                run.finish()
        if child == 0:
            os._exit(0)
    """)

    assert (ended.code, ended.out, ended.status) == (0, f"{RUNNING}\n", SUCCEEDED)
    assert program.values() == {"x": [1.0]}


def test_a_child_goes_on_logging_when_its_parent_has_closed_the_diary(program: Program) -> None:
    ended = program.run("""
        run = init()
        run.log({"x": 0.0})
        gone, here = os.pipe()
        if os.fork() == 0:
            os.close(here)
            run.log({"x": 1.0})
            os.read(gone, 1)  # until the parent has closed the diary
            run.log({"x": 2.0})
            print("logged", flush=True)
            os._exit(0)
        run.log({"y": 0.0})
        run.tracker.store.close()
        os.close(here)
        os._exit(0)
    """)

    assert ended.out == "logged\n"
    assert program.values() == {"x": [0.0, 1.0, 2.0], "y": [0.0]}


def test_threads_that_log_keep_no_forked_child_from_logging(program: Program) -> None:
    ended = program.run("""
        run = init()
        stop = threading.Event()
        def work():
            while not stop.is_set():
                run.log({"thread": 1.0})
                run.summary["thread"]
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(10):
            child = os.fork()
            if child == 0:
                run.log({"child": 1.0})
                os._exit(0)
            os.waitpid(child, 0)
        stop.set()
    """)

    assert (ended.code, ended.status, program.values()["child"]) == (0, SUCCEEDED, [1.0] * 10)


def test_a_child_that_a_thread_forked_hears_signals(program: Program) -> None:
    ended = program.run("""
        def work():
            child = os.fork()
            if child == 0:
                init("child")
                send(signal.SIGTERM)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        run = init("parent")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """)

    assert (ended.code, ended.out) == (0, f"{-signal.SIGTERM}\n")
    assert ended.statuses == {"parent": SUCCEEDED, "child": KILLED}


def test_a_program_that_takes_the_place_of_a_child_ends_nothing(program: Program) -> None:
    ended = program.run("""
        run = init()
        child = os.fork()
        if child == 0:
            run.log({"x": 1.0}, step=1)
            os.execv(sys.executable, [sys.executable, "-c", "print('other')"])
        os.waitpid(child, 0)
        run.log({"x": 2.0}, step=2)
    """)

    assert (ended.out, ended.status, program.values()) == ("other\n", SUCCEEDED, {"x": [1.0, 2.0]})


WORKER_ENDS = ["nothing", "sys.exit(0)", "sys.exit(3)", "exception", "KeyboardInterrupt", "SIGTERM", "os._exit(5)"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_worker_of_multiprocessing_ends_its_own_runs(program: Program, method: str) -> None:
    ends = [(end, ENDS[end].code) for end in WORKER_ENDS]
    script = f"""
        import multiprocessing

        def work(name, code):
            run = init(name)
            run.log({{"x": 1.0}})
            exec(code)

        def main():
            run = init("parent")
            context = multiprocessing.get_context({method!r})
            try:
                raise ValueError("of the parent, and handled")
            except ValueError:
                workers = [context.Process(target=work, args=one) for one in {ends}]
                for worker in workers:
                    worker.start()
            for worker in workers:
                worker.join()
            with deardiary.open() as tracker:
                print(tracker.get(deardiary.Iteration, run.id).status_id, *[worker.exitcode for worker in workers])

        if __name__ == "__main__":
            main()
    """

    ended = program.run(script)

    codes = [1 if end == "KeyboardInterrupt" else ENDS[end].exit for end in WORKER_ENDS]
    assert (ended.code, ended.out) == (0, " ".join(map(str, [RUNNING, *codes])) + "\n")
    assert ended.statuses == {"parent": SUCCEEDED, **{end: ENDS[end].status for end in WORKER_ENDS}}
    assert (ended.runs["exception"].error_message, ended.runs["sys.exit(3)"].error_message) == ("bad loss", "3")
    assert "in work" in ended.runs["exception"].traceback


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_run_that_is_sent_to_workers_is_not_theirs_to_end(program: Program, method: str) -> None:
    ended = program.run(f"""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        def work(run, value):
            with run:
                run.log({{"x": value}}, step=int(value))
            run.finish()

        def main():
            run = init()
            context = multiprocessing.get_context({method!r})
            worker = context.Process(target=work, args=[run, 0.0])
            worker.start()
            worker.join()
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                list(pool.map(work, [run] * 9, [1.0 + n for n in range(9)]))
            with context.Pool(2) as pool:
                pool.starmap(work, [(run, 10.0 + n) for n in range(10)])
            with deardiary.open() as tracker:
                print(worker.exitcode, tracker.get(deardiary.Iteration, run.id).status_id)

        if __name__ == "__main__":
            main()
    """)

    assert (ended.code, ended.out, ended.status) == (0, f"0 {RUNNING}\n", SUCCEEDED)
    assert program.values() == {"x": [float(n) for n in range(20)]}


@pytest.mark.parametrize("end", ["nothing", "exception", "SIGTERM"])
def test_many_threads_have_runs_of_their_own(program: Program, end: str) -> None:
    ended = program.run(f"""
        tracker = deardiary.open()
        driver = init("driver", tracker=tracker)
        ready = threading.Barrier(41)
        def work(n):
            run = tracker.iteration(1, name=str(n), snapshot=False)
            run.log({{"x": float(n)}})
            if n % 2:
                run.finish()
            ready.wait(60)
        threads = [threading.Thread(target=work, args=[n]) for n in range(40)]
        for thread in threads:
            thread.start()
        ready.wait(60)
        {ENDS[end].code}
    """)

    assert ended.code == ENDS[end].exit
    own = {**ended.statuses}
    assert own.pop("driver") == ENDS[end].status
    assert own == {str(n): SUCCEEDED if n % 2 else ENDS[end].status for n in range(40)}


def test_many_processes_have_runs_of_their_own(program: Program) -> None:
    command = program.command("""
        name = sys.stdin.readline().strip()
        with init(name) as run:
            for n in range(20):
                run.log({"x": float(n)})
            if int(name) % 2:
                raise ValueError(name)
    """)

    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(program.started("", command=command)) for _ in range(8)]
        for n, process in enumerate(running):
            tell(process, str(n))
        codes = [process.wait(SECONDS) for process in running]

    runs = {run.name: run for run in program.rows()}
    assert codes == [0, 1] * 4
    assert {name: run.status_id for name, run in runs.items()} == {
        str(n): FAILED if n % 2 else SUCCEEDED for n in range(8)
    }
    assert all(program.values(name) == {"x": [float(n) for n in range(20)]} for name in runs)
