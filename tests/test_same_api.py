"""One story is told to every store, and each answers the same."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary.core import passwords
from deardiary.default import default_tracker
from deardiary.tracker import Tracker
from places import alone
from story import CHAPTERS, Story, free_questions, tell

Fresh = Callable[[str], str]

STORES = ["sqlite", "duckdb", "postgresql", "jsonl"]
ENGINES = ["sqlite", "duckdb", "postgresql"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(monkeypatch, tmp_path)
    monkeypatch.setattr(passwords, "LOG_COST", 4)


def opened(url: str) -> Tracker:
    return deardiary.open(url, artifacts={"files": f"file:///{url.partition(':')[0]}-files"}, inline_below=100)


@pytest.fixture
def by_memory() -> list[tuple[str, Any]]:
    with opened("memory://") as tracker:
        return tell(tracker)


@pytest.fixture
def by_functions() -> Iterator[None]:
    deardiary.initialize_database("diary.db", artifacts={"files": "file:///files"}, inline_below=100)
    yield
    deardiary.close_database()


class Module:
    """The module's functions, as a tracker has them; what has no function is the tracker's own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(deardiary if name in deardiary.__all__ else default_tracker(), name)


@pytest.mark.parametrize("scheme", STORES)
def test_every_store_answers_as_memory_does(scheme: str, fresh: Fresh, by_memory: list[tuple[str, Any]]) -> None:
    with opened(fresh(scheme)) as tracker:
        told = tell(tracker)

    for expected, found in zip(by_memory, told, strict=True):
        assert expected == found


def test_the_functions_answer_as_a_tracker_does(by_memory: list[tuple[str, Any]], by_functions: None) -> None:
    told = tell(Module())

    for expected, found in zip(by_memory, told, strict=True):
        assert expected == found


def test_a_story_told_twice_is_the_same(by_memory: list[tuple[str, Any]]) -> None:
    with opened("memory://") as tracker:
        assert tell(tracker) == by_memory


def test_the_story_calls_every_verb(tmp_path: Path) -> None:
    with opened("memory://") as tracker:
        teller = Story(tracker, tmp_path)
        for chapter in CHAPTERS:
            chapter(teller)

    verbs = {name for name in dir(Tracker) if name[0] != "_" and callable(getattr(Tracker, name))}
    assert verbs - teller.called == {"close"}


def test_every_verb_of_the_story_is_a_function_too(tmp_path: Path) -> None:
    with opened("memory://") as tracker:
        teller = Story(tracker, tmp_path)
        for chapter in CHAPTERS:
            chapter(teller)

    assert teller.called - set(deardiary.__all__) == {"append", "series"}


@pytest.mark.parametrize("scheme", ENGINES)
def test_everyday_verbs_need_no_sqlalchemy(scheme: str, fresh: Fresh, tmp_path: Path) -> None:
    with opened(fresh(scheme)) as tracker:
        missed, teller = missed_by(tracker), Story(tracker, tmp_path)
        for chapter in CHAPTERS:
            before = len(missed)
            chapter(teller)
            assert chapter is free_questions or missed[before:] == [], chapter.__name__


@pytest.mark.parametrize("scheme", ENGINES)
def test_everyday_runs_need_no_sqlalchemy(scheme: str, fresh: Fresh) -> None:
    with opened(fresh(scheme)) as tracker:
        for config in ({"lr": 0.1, "opt": {"name": "adam"}}, {"lr": 0.2}):
            run = deardiary.init("Iris", "first", config, tracker=tracker, tags=["good"], quiet=True)
            run.log({"loss": 0.5})
            run.config["lr"] = 0.3
            run.config.update(depth=3)
            run.note("good")
            run.tag("good", "better")
            run.log_artifact(b"1" * 1000, "weights")
            assert run.summary["loss"] == 0.5
            assert run._repr_html_()
            run.finish()
        for resume in (run.run_id, run.id, run.uid):
            config = {"lr": 0.3, f"more {resume}": 1}
            deardiary.init(resume=resume, config=config, tags=["again"], name="second", tracker=tracker).finish()

        assert missed_by(tracker) == []


def missed_by(tracker: Tracker) -> list[Any]:
    """Return the shapes of statements that SQLAlchemy had to make, as they come."""
    store: Any = tracker.store
    while not hasattr(store, "statements"):
        store = store.store
    missed: list[Any] = store.statements.missed
    return missed


def test_the_story_is_refused_in_every_way(by_memory: list[tuple[str, Any]]) -> None:
    refusals = {answer[0] for _, answer in by_memory if isinstance(answer, tuple)}

    assert refusals >= {"Invalid", "Unprocessable", "Duplicate", "NotFound", "ConfigError"}
