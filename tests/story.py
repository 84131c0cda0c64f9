"""One long story that calls every verb of a tracker, and writes down each answer so that stores can be compared.

The diary is fresh, and has an artifact store `files` that takes what has 100 bytes or more.
"""

import re
import tempfile
from array import array
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from math import inf, nan
from pathlib import Path
from typing import Any

import attrs
from attrs import define, field

from deardiary.core.changes import Receipt
from deardiary.core.conditions import asked, metric, param, tagged
from deardiary.core.declared import facts, kinds, target
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Model,
    Parameter,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    User,
)
from deardiary.core.errors import DearDiaryError
from deardiary.core.points import place_of
from deardiary.core.queries import Order, Series
from deardiary.fluent import Run
from deardiary.verbs.pages import Pagination

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ABSENT = 2**40
"""An id that no row of the story has in any store."""

ODD_TEXT = 'früh 🌱 e\u0301 "quoted" \\ % _ \t\n'
ODD_NUMBERS = [nan, inf, -inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 2.0**62]
SMALL, LARGE = b"\x00small\xff", bytes(range(256)) * 300

_VARYING = {"uid", "python_version", "git_sha", "git_dirty", "entrypoint", "project_toml", "manifest_toml"}
"""What differs from one telling to the next, or from one machine to another."""

_NOUNS = {kind.declared.noun: name for name, kind in kinds().items()}
_LONGEST_FIRST = "|".join(sorted(_NOUNS, key=len, reverse=True))
_ID_IN_WORDS = re.compile(
    rf"\b(?:(?P<noun>{_LONGEST_FIRST})|(?P<kind>[a-z]+)_id) (?P<id>\d+)"
    r"|(?P<before>\b[A-Z]{3}-|iteration_|snapshot_environment\()(?P<run>\d+)"
)
_UID = re.compile(r"\b[0-9a-f]{32}\b")


def tell(tracker: Any) -> list[tuple[str, Any]]:
    """Return what a diary answers, step by step, and how each step is called."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(tracker, Path(folder))
        for chapter in CHAPTERS:
            chapter(story)
    return story.told


@define
class Story:
    """A story while it is told."""

    tracker: Any
    folder: Path
    told: list[tuple[str, Any]] = field(factory=list)
    called: set[str] = field(factory=set)
    here: dict[str, Any] = field(factory=dict)
    """What later chapters come back to."""
    _ordinals: dict[tuple[str, int], int] = field(factory=dict)

    def __call__(self, step: str, verb: str, /, *given: Any, **named: Any) -> Any:
        """Call a verb, write down what it answers or refuses, and return it."""
        self.called.add(verb)
        return self.note(f"{len(self.told) + 1} {verb}: {step}", lambda: getattr(self.tracker, verb)(*given, **named))

    def note(self, step: str, work: Callable[[], Any]) -> Any:
        """Do something, write down what comes of it, and return that."""
        try:
            answer = work()
        except DearDiaryError as error:
            self.told.append((step, self._refusal(error)))
            return None
        self.told.append((step, self.plain(answer)))
        return answer

    def _refusal(self, error: DearDiaryError) -> tuple[Any, ...]:
        return (type(error).__name__, error.status, error.code, self._worded(str(error)), error.kind)

    # What differs between stores or tellings, made the same.

    def plain(self, value: Any) -> Any:
        """Return an answer as something that equals the same answer of another store."""
        match value:
            case bool() | None:
                return value
            case Enum():
                return value.name
            case float():
                return repr(value)
            case int() | bytes():
                return value
            case str():
                return self._worded(value)
            case datetime():
                return value.isoformat() if abs(value - NOON) < timedelta(days=30) else "some time"
            case Path():
                return f"a path to {value.name if value.name.isascii() else ascii(value.name)}"
            case Run():
                return self._of_run(value)
            case Series():
                return self._of_series(value)
            case Receipt():
                return [(one.key, one.first, list(one.steps)) for columns in value.placed for one in columns]
            case Mapping():
                return {key: self.plain(one) for key, one in value.items()}
            case list() | tuple() | array():
                return [self.plain(one) for one in value]
            case _ if hasattr(type(value), "declared"):
                return self._of_row(value)
            case _ if attrs.has(type(value)):
                names = [one.name for one in attrs.fields(type(value))]
                return {name: self._of_field(name, getattr(value, name)) for name in names}
            case _:
                raise AssertionError(f"{value!r} is no answer")

    def id(self, kind: str, id: int) -> str:
        """Return an id as its place among the ids of its kind."""
        if kind == "Metric":
            series, number = place_of(id)
            return f"{self.id('Summary', series)}/{number}"
        return f"{kind} #{self._ordinals.setdefault((kind, id), self._next(kind))}"

    def _next(self, kind: str) -> int:
        return 1 + sum(1 for other, _ in self._ordinals if other == kind)

    def _of_row(self, row: Any) -> dict[str, Any]:
        kind: Any = type(row)
        found = {"id": self.id(kind.__name__, row.id)}
        for name, fact in facts(kind).items():
            value = getattr(row, name)
            if fact.names and isinstance(value, int):
                found[name] = self.id(target(fact, row).__name__, value)
            elif name != "id":
                found[name] = self._of_field(name, value)
        return found

    def _of_field(self, name: str, value: Any) -> Any:
        match name:
            case "traceback" if value:
                return value.strip().splitlines()[-1]
            case "uri" if value:
                return f"file:.../{value.rpartition('/')[2]}"
            case "iteration_id" if value is not None:
                return self.id("Iteration", value)
            case _:
                return type(value).__name__ if name in _VARYING else self.plain(value)

    def _of_run(self, run: Run) -> dict[str, Any]:
        names = ("id", "name", "status", "parent_iteration_id", "project_name", "experiment_name")
        said = {name: getattr(run, name) for name in names}
        said["id"], parent = self.id("Iteration", run.id), said["parent_iteration_id"]
        said["parent_iteration_id"] = None if parent is None else self.id("Iteration", parent)
        return {**said, "status": run.status.name, "config": self.plain(run.config), "last": self.plain(run.summary)}

    def _of_series(self, series: Series) -> dict[str, Any]:
        return {
            "run": self.id("Iteration", series.iteration_id),
            "series": self.id("Summary", series.series),
            "key": series.key,
            "points": [
                (number, step, repr(value))
                for number, step, value in zip(series.numbers, series.steps, series.values, strict=True)
            ],
            "total": series.total,
        }

    def _worded(self, text: str) -> str:
        """Return a sentence with the places of ids instead of ids, and without what belongs to this telling."""
        return _ID_IN_WORDS.sub(self._place, _UID.sub("...", text.replace(str(self.folder), "...")))

    def _place(self, match: re.Match[str]) -> str:
        if match["run"]:
            return f"{match['before']}{self._known('Iteration', int(match['run']))}"
        if match["noun"]:
            return f"{match['noun']} {self._known(_NOUNS[match['noun']], int(match['id']))}"
        kind = next((one for one in kinds() if one.lower() == match["kind"]), "")
        return f"{match['kind']}_id {self._known(kind, int(match['id'])) if kind else '...'}"

    def _known(self, kind: str, id: int) -> str:
        """Return an id as its place if the row was seen before; otherwise it is one that is nowhere."""
        seen = ("Summary", place_of(id)[0]) if kind == "Metric" else (kind, id)
        return self.id(kind, id) if seen in self._ordinals else str(id)


# The chapters.


def _people(story: Story) -> None:
    story("at first", "get_users")
    ada = story("a user", "create_user", "Ada", ODD_TEXT, "ada 🌱", "secret")
    story("an administrator", "create_user", "", "", "eve", "", is_admin=True)
    story("a name that is taken", "create_user", "A", "B", "ada 🌱", "other")
    story("without a name", "create_user", "A", "B", "", "other")
    for who in (ada, ada.id, "ada 🌱", "nobody", ABSENT):
        story("by id, row or name", "get_user", who)
    story("other names", "update_user", ada, "Augusta", is_admin=False)
    story("nothing", "update_user", ada)
    story("who is not there", "update_user", ABSENT, "No")
    story("no more an administrator", "update_user", 1, is_admin=False)
    story("all", "get_users")
    story("the default", "delete_user", 1)
    story("who is not there", "delete_user", ABSENT)
    story.here["ada"] = ada


def _work(story: Story) -> None:
    ada, eve = story.here["ada"], story.tracker.get_user("eve")
    iris = story("by name", "create_project", "Iris", description=ODD_TEXT)
    story("by user and name", "create_project", eve, "Iris")
    story("for who is no administrator", "create_project", ada, "Hers")
    story("for nobody", "create_project", ABSENT, "Nobody's")
    story("without a name", "create_project", "")
    story("with too much", "create_project", 1, 2, "three")
    story("one", "get_project", iris)
    story("none", "get_project", ABSENT)
    story("all", "get_projects")
    story("another name", "update_project", iris, "Iris 🌱")
    story("nothing", "update_project", iris.id)
    story("no name", "update_project", iris, "")
    story("what is not there", "update_project", ABSENT, "x")
    permission = story("a permission", "create_userpermission", ada, iris)
    story("another", "create_userpermission", ada, iris, True)
    story("for nobody", "create_userpermission", ABSENT, iris)
    story("in nothing", "create_userpermission", ada, ABSENT)
    story("all four", "update_userpermission", permission, True, True, True, True)
    story("hers", "get_userpermission", ada, iris)
    story("none", "get_userpermission", ABSENT, ABSENT)
    story("in a project", "get_userpermissions", iris)
    story("of a user", "get_userpermissions", User, ada.id)
    story("of a tag", "get_userpermissions", Tag(value="x"))
    story("hers", "get_projects", ada)
    story("of nobody", "get_projects", ABSENT)
    story("an administrator's", "get_projects", eve)
    story.here |= {"iris": iris, "permission": permission}
    _experiments(story, iris)


def _experiments(story: Story, iris: Project) -> None:
    depth = story("by name", "create_experiment", iris, ODD_TEXT)
    width = story("by status and name", "create_experiment", iris.id, 1, "width", description="how wide")
    story("closed", "create_experiment", iris, 3, "closed")
    story("of no status", "create_experiment", iris, 9, "x")
    story("without a name", "create_experiment", iris, "")
    story("in nothing", "create_experiment", ABSENT, "x")
    story("in an experiment", "create_experiment", depth, "x")
    story("one", "get_experiment", depth.id)
    story("none", "get_experiment", ABSENT)
    story("all", "get_experiments", iris)
    story("a page", "get_experiments", iris, Pagination(1, 1))
    story("past the end", "get_experiments", iris, Pagination(5, 9))
    story("less than nothing", "get_experiments", iris, Pagination(-1))
    story("finished", "update_experiment", width, 3, "wide", "done", NOON)
    story("described", "update_experiment", width, description="")
    story("in a closed one", "create_iteration", width)
    story("in progress again", "update_experiment", width, 1)
    story("what is not there", "update_experiment", ABSENT, 2)
    story("without a zone", "update_experiment", width, 2, end_date=datetime(2026, 3, 1))
    story.here |= {"depth": depth, "width": width}


def _runs(story: Story) -> None:
    depth = story.here["depth"]
    driver = story("a driver", "create_iteration", depth, name="driver 🌱", notes=ODD_TEXT)
    trials = [
        story(
            f"trial {n}",
            "create_iteration",
            depth,
            parent_iteration_id=driver,
            name=f"trial {n}",
            parameters={"depth": n, "opt": {"lr": 10.0**-n}, "name": f"t{n}"},
            metrics={"acc": [0.5, number], "loss": {5: -0.0, -3: 2**62}},
            tags=["even"] if n % 2 == 0 else ["odd", "odd"],
        )
        for n, number in enumerate([*ODD_NUMBERS, 0.9, 0.8])
    ]
    ended = story("as it ended", "create_iteration", depth, status=3, error_message=ODD_TEXT)
    for given in ({"parent_iteration_id": ABSENT}, {"status": 7}, {"tags": "one"}, {"metrics": {"x": "y"}}):
        story(f"wrong {[*given]}", "create_iteration", depth, **given)
    story("below a run of another experiment", "create_iteration", story.here["width"], parent_iteration_id=driver)
    story("in nothing", "create_iteration", ABSENT)
    story("one", "get_iteration", driver)
    story("none", "get_iteration", ABSENT)
    story("no run", "get_iteration", "driver")
    story("all", "get_iterations", depth)
    story("a page", "get_iterations", depth, Pagination(3, 2))
    story("children", "get_child_iterations", driver)
    story("a page", "get_child_iterations", driver.id, Pagination(2, 8))
    story("none", "get_child_iterations", ended)
    story("of a child", "get_parent", trials[0])
    story("of none", "get_parent", driver)
    for mode in ("max", "min"):
        for key in ("acc", "loss", "f1"):
            story(f"{mode} {key}", "best_child", driver, key, mode)
    story("the middle", "best_child", driver, "acc", "middle")
    story("notes", "update_iteration", driver, "halfway")
    story("failed", "update_iteration", trials[1], None, NOON, status_id=3, error_message="no memory")
    story("killed", "update_iteration", trials[2], "stopped", NOON, 4)
    story("ended", "update_iteration", trials[1], "late")
    story("no such status", "update_iteration", trials[0], status_id=5)
    story("what is not there", "update_iteration", ABSENT, "x")
    story("ended", "annotate", trials[1], name="first 🌱", notes=ODD_TEXT)
    story("what is not there", "annotate", ABSENT, notes="x")
    story.here |= {"driver": driver, "trials": trials, "ended": ended}


def _parameters(story: Story) -> None:
    driver, ended = story.here["driver"], story.here["ended"]
    values: list[Any] = ["", ODD_TEXT, True, None, 2**62, 2**70, [1, [nan]], {"a": {}}, Path("a/b"), *ODD_NUMBERS]
    made = [story(f"value {n}", "create_parameter", driver, f"key {n}", value) for n, value in enumerate(values)]
    story("again", "create_parameter", driver, "key 0", 1)
    story("without a key", "create_parameter", driver, "", 1)
    story("of an ended run", "create_parameter", ended, "x", 1)
    story("of no run", "create_parameter", ABSENT, "x", 1)
    story("one", "get_parameter", made[3])
    story("none", "get_parameter", ABSENT)
    story("all", "get_parameters", driver)
    story("a page", "get_parameters", driver, Pagination(2, 4))
    story("another value", "update_parameter", made[0], value=-0.0)
    story("another key", "update_parameter", made[1], "e\u0301")
    story("a key that is taken", "update_parameter", made[2], "key 3")
    story("what is not there", "update_parameter", ABSENT, "x")
    story("one", "delete_parameter", made[4])
    story("what is not there", "delete_parameter", ABSENT)
    story("of an ended run", "delete_parameters", story.here["trials"][1])
    story("all", "delete_parameters", story.here["trials"][3])


def _points(story: Story) -> None:
    driver = story.here["driver"]
    made = [
        story(f"value {n}", "create_metric", driver, "odd", value, step, NOON + timedelta(seconds=n))
        for n, (value, step) in enumerate(zip(ODD_NUMBERS, [None, 5, 5, -7, None, 2**40, 0, 5], strict=True))
    ]
    story("no number", "create_metric", driver, "odd", "0.5")
    story("too great a step", "create_metric", driver, "odd", 1, 2**63)
    story("without a key", "create_metric", driver, "", 1)
    story("without a zone", "create_metric", driver, "odd", 1, recorded_at=datetime(2026, 3, 1))
    story("of no run", "create_metric", ABSENT, "odd", 1)
    story("in time", "create_metric", story.here["trials"][1], "late", 1, recorded_at=NOON)
    story("too late", "create_metric", story.here["trials"][1], "late", 1)
    story("nested", "log_metrics", driver, {"val": {"acc": 1, "🌱": True}}, 3, NOON)
    story("none", "log_metrics", driver, {})
    story("again", "log_metrics", driver, {"val/acc": nan, "new": -1})
    story("one wrong", "log_metrics", driver, {"good": 1, "bad": None})
    story("at once", "append", driver, {"appended": 7})
    story("one", "get_metric", made[3])
    story("none", "get_metric", ABSENT)
    story("all", "get_metrics", driver)
    story("of a key", "get_metrics", driver, "odd")
    story("a page", "get_metrics", driver, Pagination(4, 2))
    story("a page of a key", "get_metrics", driver, "odd", page=Pagination(2, 5))
    story("another value", "update_metric", made[0], value=-0.0, step=100)
    story("another key", "update_metric", made[1], "moved 🌱", 3)
    story("nothing", "update_metric", made[2])
    story("what is not there", "update_metric", ABSENT, value=1)
    killed = story("of an ended run", "get_metrics", story.here["trials"][2])
    story("of an ended run", "update_metric", killed[0], value=1)
    story("one", "delete_metric", made[7])
    story("again", "delete_metric", made[7])
    story("after it", "create_metric", driver, "odd", 8)
    story("of a key", "delete_metrics", driver, "new")
    story("of an ended run", "delete_metrics", story.here["trials"][2])
    story("all", "get_summaries", driver)
    story("none", "get_summaries", ABSENT)
    for given in ({}, {"repeats": "all"}, {"steps": (0, 5)}, {"max_points": 4}, {"steps": (50, 60)}, {"repeats": "x"}):
        story(f"{given}", "get_series", driver, "odd", **given)
    story("none", "get_series", driver, "od")
    story("of no run", "get_series", ABSENT, "odd")
    story("all", "get_all_series", driver, repeats="all")
    story("all", "get_many_series", [driver, ABSENT], repeats="all")
    story("of some keys", "get_many_series", [driver], ["odd", "od"], max_points=4)
    story("of no keys", "get_many_series", [driver], [])
    story("of no runs", "get_many_series", [])
    story("of two runs", "series", driver, story.here["trials"][5])


def _tags(story: Story) -> None:
    iris, depth, driver, ended = (story.here[name] for name in ("iris", "depth", "driver", "ended"))
    lone = story("alone", "create_tag", ODD_TEXT)
    story("again", "create_tag", ODD_TEXT)
    story("empty", "create_tag", "")
    for carrier in (iris, depth, driver, ended):
        story(f"to {type(carrier).__name__}", "add_tag", carrier, "good 🌱")
    story("again", "add_tag", Iteration, driver.id, "good 🌱")
    story("to nothing", "add_tag", Project, ABSENT, "good 🌱")
    story("to a tag", "add_tag", lone, "good 🌱")
    story("all", "get_tags")
    story("of a run", "get_tags", driver)
    story("of nothing", "get_tags", Experiment, ABSENT)
    for tag in (lone, lone.id, "good 🌱", "bad", ABSENT):
        story("one or none", "get_tag", tag)
    story("from a run", "remove_tag", driver, "good 🌱")
    story("again", "remove_tag", driver, "good 🌱")
    story("by row", "delete_tag", lone)
    story("by word", "delete_tag", "good 🌱")
    story("again", "delete_tag", "good 🌱")
    story("taggings", "find", Tagging)


def _resources(story: Story) -> None:
    depth, driver = story.here["depth"], story.here["driver"]
    path = story.folder / "früh.json"
    path.write_bytes(LARGE)
    small = story("small", "create_resource", depth, "small 🌱", SMALL, ODD_TEXT)
    large = story("large", "create_resource", depth, path, iteration=driver, media_type="text/odd")
    empty = story("empty", "create_resource", depth, "empty.txt", b"", store="files")
    story("text", "create_resource", depth, "text", "text")
    story("many", "create_resources", depth, {"a 🌱": SMALL, "b": path, "c": b""}, iteration=driver)
    story("many, one of them none", "create_resources", depth, {"a": SMALL, "b": story.folder / "absent"})
    story("no file", "create_resource", depth, story.folder / "absent")
    story("no such store", "create_resource", depth, "x", SMALL, store="elsewhere")
    story("in nothing", "create_resource", ABSENT, "x", SMALL)
    story("of a run of another", "create_resource", story.here["width"], "x", SMALL, iteration=driver)
    for one in (small, large, empty, ABSENT):
        story("one or none", "get_resource", one)
        story("one or none", "read_resource_data", one)
    story("of an experiment", "get_resources", depth)
    story("of a run", "get_resources", driver)
    story("a page", "get_resources", depth, Pagination(1, 1))
    story.note("open_resource: a part", lambda: _read(story.tracker.open_resource(large, 250, 260)))
    story("none", "open_resource", ABSENT)
    story("into a folder", "download_resource", large, story.folder)
    story("other bytes", "update_resource", small, "larger", data=LARGE[:200])
    story("what is not there", "update_resource", ABSENT, "x")
    story("inline", "migrate_artifacts", "inline")
    story("again", "migrate_artifacts", "inline")
    story("back", "migrate_artifacts", project=story.here["iris"])
    story("to nowhere", "migrate_artifacts", "elsewhere")
    story("all", "find", Resource)
    story("what is not there", "delete_resource", ABSENT)
    story("one", "delete_resource", empty)
    story.here["large"] = large


def _read(stream: Any) -> bytes:
    with stream:
        return bytes(stream.read())


def _models(story: Story) -> None:
    iris, driver, large = story.here["iris"], story.here["driver"], story.here["large"]
    tree = story("one", "create_model", iris, "tree 🌱", ODD_TEXT)
    oak = story("another", "create_model", iris, "oak")
    story("again", "create_model", iris, "oak")
    story("in nothing", "create_model", ABSENT, "x")
    story("renamed", "update_model", oak, "elm")
    story("a name that is taken", "update_model", oak, "tree 🌱")
    story("one", "get_model", tree.id)
    story("all", "get_models", iris)
    story("a page", "get_models", iris, Pagination(1, 1))
    first = story("first", "create_modelversion", tree, driver)
    second = story("second", "create_modelversion", tree, driver, large, "better")
    third = story("third", "create_modelversion", tree, driver)
    elsewhere = story("elsewhere", "create_experiment", story.tracker.get_projects()[1], "elsewhere")
    stranger = story("elsewhere", "create_iteration", elsewhere)
    story("of another project", "create_modelversion", tree, stranger)
    story("of no model", "create_modelversion", ABSENT, driver)
    story("none yet", "get_production_version", tree)
    for version, stage in ((first, 2), (first, 3), (second, 3), (third, 4), (second, 3), (third, 9)):
        story(f"to stage {stage}", "update_modelversion", version, stage)
    story("a resource", "update_modelversion", first, resource=large, description="")
    story("what is not there", "update_modelversion", ABSENT, 3)
    story("the second", "get_production_version", tree)
    story("one", "get_modelversion", first)
    story("all", "get_modelversions", tree)
    story("a page", "get_modelversions", tree, Pagination(1, 1))
    story("the last", "delete_modelversion", third)
    story("its number is gone", "create_modelversion", tree, driver)
    story("registered", "delete_iteration", driver)
    story("registered", "delete_resource", large)
    story("registered", "delete_experiment", story.here["depth"])
    story("another", "delete_model", oak)
    story("what is not there", "delete_model", ABSENT)
    story.here["tree"] = tree


def _environments(story: Story) -> None:
    driver, ended, trials = (story.here[name] for name in ("driver", "ended", "trials"))
    story("none", "get_snapshot", driver)
    story("none", "restore", driver, story.folder)
    story("taken", "snapshot_environment", driver, "train.py 🌱")
    story("of an ended run", "snapshot_environment", ended)
    story("from above", "get_snapshot", trials[0])
    story("from above", "restore", trials[0], story.folder)
    story("of nothing", "restore", ABSENT)
    story("the texts of a run", "get_iteration", driver)


def _rows(story: Story) -> None:
    rosa = story("a project", "add", Project(name="Rosa"))
    story("again", "add", rosa)
    story("one", "get", Project, rosa.id)
    story("none", "get", Project, ABSENT)
    story("all", "count", Iteration)
    story("of an experiment", "get_table", story.here["depth"])
    story("of the diary", "get_table", limit=2)
    story("another name", "update", rosa, name="Rosa 🌱")
    story("another uid", "update", rosa, uid="0" * 32)
    story("no row", "update", 1, name="x")
    story("one", "delete", rosa)
    story("again", "delete", rosa)
    story("a point", "add", Metric(iteration_id=1, key="x", value=1))
    story("a model", "find", Model)


def free_questions(story: Story) -> None:
    """Ask what nobody foresaw."""
    depth = story.here["depth"]
    questions: list[tuple[Any, Any]] = [
        (param("depth") > 3, {"order": "-params.depth"}),
        (metric("acc") >= 0.5, {"order": ["metrics.acc", "-id"]}),
        (metric("acc").is_nan() | metric("acc", "max").is_none(), {}),
        (tagged("even") & ~(param("name") == "t4"), {"limit": 3, "offset": 1}),
        (asked("experiment.name") == ODD_TEXT, {"order": Order(asked("name").term), "limit": 2}),
        (asked("name").like("trial ?"), {"status_id": 4}),
        (param("opt.lr") < 0.01, {"experiment_id": depth, "large": True}),
        (asked("colour") == "red", {}),
    ]
    for n, (where, more) in enumerate(questions):
        story(f"question {n}", "find", Iteration, where, **more)
    story("parameters", "find", Parameter, asked("key").like("opt*"), order="number", limit=4)
    story("summaries", "find", Summary, key="acc", order=["-max", "id"])
    story("some", "count", Iteration, tagged("odd"), experiment_id=depth)
    story("some", "get_table", depth, param("depth") < 3, order="-params.depth")
    _silence(story, depth)


def _silence(story: Story, depth: Experiment) -> None:
    """Ask for runs of which nothing is heard, and end one."""
    silent = story("that nobody ends", "create_iteration", depth, metrics={"loss": 0.5})
    story("that no process writes", "get_last_seen", [silent, silent.id, ABSENT])
    story("of no run", "get_last_seen", ["silent"])
    story("none", "get_lost")
    story("running", "end_iteration", silent, 1)
    story("by force", "end_iteration", silent, 3, ODD_TEXT, force=True)
    story("that has ended", "end_iteration", story.here["trials"][1])
    story("what is not there", "end_iteration", ABSENT)


def _in_the_hand(story: Story) -> None:
    depth, driver = story.here["depth"], story.here["driver"]
    run = story("begun", "iteration", depth, parent=driver, name="hand 🌱", parameters={"a": {"b": nan}}, tags=["hand"])
    note = story.note
    note("log", lambda: run.log({"odd": nan, "val": {"acc": -0.0}}))
    note("seen", lambda: list(story.tracker.get_last_seen([run]).values()))
    note("log at a step", lambda: run.log({"odd": 1}, step=-5))
    note("log once more", lambda: run.log({"odd": True, "big": 2**62}, commit=False))
    note("log text", lambda: run.log({"odd": "1"}))
    note("log_parameters", lambda: run.log_parameters({"c": [1]}, d=None))
    note("log_parameters otherwise", lambda: run.log_parameters(d=1))
    note("config", lambda: run.config.update(d=2, e=ODD_TEXT))
    note("log_artifact", lambda: run.log_artifact(SMALL, "small"))
    note("note and tag", lambda: (run.note("one"), run.note("two 🌱"), run.tag("hand", "late")))
    note("as it goes", lambda: run)
    note("finish", lambda: run.finish("killed", error_message=ODD_TEXT))
    note("finish again", run.finish)
    note("log after it", lambda: run.log({"odd": 1}))
    note("as it ended", lambda: run)
    story("as it ended", "get_iteration", run)
    story("its points", "get_metrics", run)
    story("its tags", "get_tags", run)
    story("what it returns", "with_iteration", lambda one: one.log({"x": 1}) or "returned", depth)
    story("by keyword", "with_iteration", lambda one: one.parent_iteration_id is None, depth, driver, snapshot=False)
    note("with_iteration: what it raises", lambda: _failing(story.tracker, depth, driver))
    story("those that ended here", "get_child_iterations", driver, Pagination(3, 10))


def _failing(tracker: Any, experiment: Experiment, parent: Iteration) -> str:
    def fail(run: Run) -> None:
        run.log({"x": inf})
        raise ZeroDivisionError(ODD_TEXT)

    try:
        tracker.with_iteration(fail, experiment, parent_iteration_id=parent.id)
    except ZeroDivisionError as error:
        return f"raised: {error}"
    return "not raised"


def _dropping(story: Story) -> None:
    trials = story.here["trials"]
    story("a child", "delete_iteration", trials[0])
    story("again", "delete_iteration", trials[0])
    story("a model", "delete_model", story.here["tree"])
    story("the driver", "delete_iteration", story.here["driver"])
    story("left without a parent", "get_iteration", trials[1])
    story("an experiment", "delete_experiment", story.here["depth"])
    story("what is not there", "delete_experiment", ABSENT)
    story("a permission", "delete_userpermission", story.here["permission"])
    story("again", "delete_userpermission", story.here["permission"])
    story("a project", "delete_project", story.here["iris"])
    story("what is not there", "delete_project", ABSENT)
    story("a user", "delete_user", story.here["ada"])
    for kind in (Project, Experiment, Iteration, Parameter, Summary, Resource, Tag, Tagging, Model, User):
        story(f"what is left of {kind.__name__}", "find", kind)


CHAPTERS: tuple[Callable[[Story], None], ...] = (
    _people,
    _work,
    _runs,
    _parameters,
    _points,
    _tags,
    _resources,
    _models,
    _environments,
    _rows,
    free_questions,
    _in_the_hand,
    _dropping,
)
