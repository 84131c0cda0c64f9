"""Plugins that are to observe learn of what is written, at most once, in a thread of their own."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary import observing
from deardiary.backends.memory import MemoryStore
from deardiary.core.changes import Append, Batch, Expect, Insert, Patch, Stream
from deardiary.core.entities import Project, Tag
from deardiary.core.errors import ConfigError, Duplicate, Unavailable
from deardiary.core.guard import Guarded
from deardiary.core.points import Column, Points
from deardiary.core.queries import Query, SeriesQuery
from deardiary.observing import Observed
from places import alone, importable, installed, run, written


class Told:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.news: list[tuple[str, Any, str]] = []
        self.threads: set[str] = set()

    def deardiary_applied(self, batch: Batch, receipt: Any, who: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.news.append((batch.id, receipt, who))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def store(told: Told) -> Iterator[Observed]:
    store = Observed(MemoryStore(), {"told": told}, "ada")
    yield store
    store.close()


def tagging(value: str) -> Batch:
    return Batch([Insert(Tag(id=-1, value=value))])


def test_a_batch_is_told_with_its_receipt_and_who_sent_it(store: Observed, told: Told) -> None:
    batch = tagging("good")

    receipt = store.apply(batch)
    store.close()

    assert told.news == [(batch.id, receipt, "ada")]
    assert told.threads == {"deardiary-observers"}


def test_reading_is_passed_on_and_told_to_nobody(store: Observed, told: Told) -> None:
    assert (store.find(Query(Tag)).rows, store.series(SeriesQuery())) == ([], [])
    assert (store._thread, told.news) == (None, [])


def test_a_batch_that_is_sent_again_is_told_once(store: Observed, told: Told) -> None:
    batch = tagging("good")

    for _ in range(3):
        store.apply(batch)
    store.close()

    assert len(told.news) == 1


def test_a_batch_that_is_refused_is_told_to_nobody_until_it_is_applied(store: Observed, told: Told) -> None:
    store.apply(tagging("good"))
    refused = tagging("good")

    with pytest.raises(Duplicate):
        store.apply(refused)
    store.apply(Batch([Patch(Tag, 1, {"value": "better"})]))
    store.apply(refused)
    store.close()

    assert [id for id, _, _ in told.news].count(refused.id) == 1
    assert len(told.news) == 3


def test_points_are_told_to_nobody(store: Observed, told: Told) -> None:
    tracker = deardiary.open(store=store.store)
    experiment = tracker.create_experiment(tracker.create_project("Iris"), "Depth")
    run_id = tracker.create_iteration(experiment).id
    append = Append(run_id, Points([Column(key="loss", values=[0.5], times=[1], steps=[0])]))

    store.apply(Batch([append]))
    store.apply(Batch([Expect(Project, 1), append]))
    store.apply(Batch([append], stream=Stream(writer="0" * 32, start=0, stop=8)))
    store.apply(Batch([]))
    store.apply(Batch([append, Insert(Tag(id=-1, value="good"))]))
    store.close()

    assert len(told.news) == 1


def test_an_observer_that_fails_is_logged_and_stops_nobody(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def deardiary_applied(self, **_: Any) -> None:
            raise SystemExit("no more")

    store = Observed(MemoryStore(), {"broken": Broken(), "told": told}, "ada")

    batches = [tagging("a"), tagging("b")]
    for batch in batches:
        store.apply(batch)
    store.close()

    assert [id for id, _, _ in told.news] == [batch.id for batch in batches]
    assert [(record.name, record.levelno, record.getMessage()) for record in caplog.records] == [
        ("deardiary", logging.ERROR, f"the observer broken failed at batch {batch.id}") for batch in batches
    ]


def test_a_slow_observer_does_not_hold_up_the_writer_nor_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(observing, "SECONDS", 0.05)
    going = threading.Event()

    class Slow:
        def deardiary_applied(self, **_: Any) -> None:
            going.wait(30)

    store = Observed(MemoryStore(), {"slow": Slow()}, "ada")
    store.apply(tagging("a"))
    store.close()
    thread = next(one for one in threading.enumerate() if one.name == "deardiary-observers")
    going.set()
    thread.join(30)

    assert thread.daemon
    assert "observers are busy for more than" in caplog.text
    with pytest.raises(Unavailable):
        store.apply(tagging("b"))


def test_an_observer_may_close_the_diary(told: Told) -> None:
    class Closing:
        def deardiary_applied(self, **_: Any) -> None:
            store.close()
            closed.set()

    closed = threading.Event()
    store = Observed(MemoryStore(), {"closing": Closing()}, "ada")
    store.apply(tagging("a"))

    assert closed.wait(30)


def test_what_waits_is_bounded_and_so_is_what_is_remembered(
    told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(observing, "MOST", 2)
    monkeypatch.setattr(Observed, "_begin", lambda self: None)
    store = Observed(MemoryStore(), {"told": told}, "ada")

    for value in "abc":
        store.apply(tagging(value))

    assert (store._news.qsize(), len(store._told)) == (2, 2)
    assert "is not told to observers: 2 others wait" in caplog.text


def test_a_thread_that_cannot_begin_is_no_reason_to_refuse(
    store: Observed, told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", refuse)
        store.apply(tagging("a"))
    store.apply(tagging("b"))
    store.close()

    assert "observers learn of nothing for now: can't start new thread" in caplog.text
    assert len(told.news) == 2


def test_many_threads_that_send_one_batch_have_it_told_once(store: Observed, told: Told) -> None:
    batch = tagging("good")
    threads = [threading.Thread(target=store.apply, args=(batch,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()

    assert len(told.news) == 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_tells_what_it_writes_itself(store: Observed, told: Told) -> None:
    store.apply(tagging("parent"))
    pid = os.fork()
    if not pid:
        told.news.clear()
        store.apply(tagging("child"))
        store.close()
        os._exit(len(told.news))
    _, status = os.waitpid(pid, 0)
    store.close()

    assert (os.waitstatus_to_exitcode(status), len(told.news)) == (1, 1)


# As plugins.


SLACK = """
    from pathlib import Path

    from deardiary.plugin import Insert, plugin


    @plugin
    def deardiary_applied(batch, receipt, who):
        for element in batch.elements:
            if isinstance(element, Insert):
                kind = type(element.entity)
                with Path("told.txt").open("a") as file:
                    file.write(f"{who} {kind.__name__} {receipt.ids[kind, element.entity.id]}\\n")
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(monkeypatch, tmp_path)


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    with importable(tmp_path / "plugins") as folder:
        installed(folder, "slack", SLACK)
        yield folder


def test_a_plugin_that_is_named_observes(work: Path, plugins: Path) -> None:
    written(work / "deardiary.toml", "observers = ['slack']\n[store]\nurl = 'sqlite:///diary.db'")
    said = run(
        """
        import pickle, sys, threading
        import deardiary

        with deardiary.open() as tracker:
            project = tracker.create_project("Iris")
            again = pickle.loads(pickle.dumps(tracker))
        with again:
            again.create_experiment(project, "Depth")
        print([thread.name for thread in threading.enumerate()])
        """,
        plugins=plugins,
        folder=work,
    )

    assert (work / "told.txt").read_text().splitlines() == [
        "default Project 1",
        "default Experiment 1",
    ]
    assert said == "['MainThread']\n"


def test_a_plugin_that_is_not_named_does_not_observe(work: Path, plugins: Path) -> None:
    said = run(
        """
        import sys
        import deardiary

        with deardiary.open("sqlite:///diary.db") as tracker:
            tracker.create_project("Iris")
        print({"deardiary.observing", "deardiary_slack", "logging"} & {*sys.modules})
        """,
        plugins=plugins,
        folder=work,
    )

    assert (said, (work / "told.txt").exists()) == ("set()\n", False)


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        ("other", "", "is not installed"),
        ("deardiary-slack", "disabled_plugins = ['slack']", "is switched off"),
        ("broken", "", "failed to import: ZeroDivisionError: division by zero"),
        ("deaf", "", "has no hook deardiary_applied"),
    ],
)
def test_a_plugin_that_cannot_observe_is_told_with_its_line(
    name: str, more: str, why: str, work: Path, plugins: Path
) -> None:
    installed(plugins, "broken", "1 / 0")
    installed(plugins, "deaf", "")
    path = written(work / "deardiary.toml", f"{more}\nobservers = ['{name}']")

    with pytest.raises(ConfigError) as refusal:
        deardiary.open("memory://")

    assert str(refusal.value) == f"the plugin {name} is to observe, and {why} ({path}, line 2)"


def test_a_diary_is_guarded_before_it_is_observed(work: Path, plugins: Path) -> None:
    written(work / "deardiary.toml", "observers = ['slack']")

    with deardiary.open("memory://") as tracker:
        store: Any = tracker.store
        observed = store.store.store  # within what drains, and what waits for signals
        assert (type(observed), type(observed.store)) == (Observed, Guarded)
