"""The suite that any store must pass: the contract, sentence by sentence.

Subclass `StoreSuite` in a test module and give it a `url` fixture that names a fresh, empty diary:

    class TestMyStore(StoreSuite):
        @pytest.fixture
        def url(self, tmp_path):
            return f"mine:///{tmp_path}/diary"

Every call goes to the store and to the specification, `MemoryStore`, and their answers are compared; so a test fails
also where it asserts nothing of its own. Levels say how far an author has come: 1 rows, 2 batches, 3 declarations,
4 questions, 5 points, 6 streams, 7 processes, 8 anything.
"""

import math
import os
import signal
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from attrs import evolve

from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Stream
from deardiary.core.conditions import EVERY, Among, AnyOf, Condition, Field, all_of, asked, metric, param, tagged
from deardiary.core.declared import kinds
from deardiary.core.entities import (
    Blob,
    Condemned,
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Putting,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import (
    AdminRequired,
    DearDiaryError,
    Duplicate,
    Forbidden,
    Invalid,
    Misplaced,
    NotFound,
    Unavailable,
    Unprocessable,
)
from deardiary.core.points import Column, Points, point_id
from deardiary.core.queries import Query, SeriesQuery
from deardiary.core.shapes import micros
from deardiary.registry import open_store, scheme_of
from deardiary.schemes import Traits
from deardiary.testing.diary import Diary

Test = TypeVar("Test", bound=Callable[..., Any])

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
WRITER = "ab" * 16


def level(number: int) -> Callable[[Test], Test]:
    """Say how far an author must have come for a test."""

    def mark(test: Test) -> Test:
        test.level = number  # type: ignore[attr-defined]  # read by the runner and by pytest's plugin
        return test

    return mark


def level_of(test: Any) -> int:
    """Return the level of a test, 0 for what is no test of a suite."""
    number: int = getattr(test, "level", 0)
    return number


def at(minute: float) -> datetime:
    """Return the instant so many minutes after a noon."""
    return NOON + timedelta(minutes=minute)


def points(**columns: Any) -> Points:
    """Return points by key: values alone, or pairs of step and value."""
    rows = []
    for key, values in columns.items():
        for value in values:
            step, number = value if isinstance(value, tuple) else (None, value)
            rows.append((key, number, step, micros(NOON)))
    return Points.of(rows)


def a_project(number: int = -1, **more: Any) -> Insert:
    """Return the making of a project."""
    return Insert(Project(id=number, **{"name": "Iris", "created_date": NOON, **more}))


def an_experiment(number: int = -1, project: int = -1, **more: Any) -> Insert:
    """Return the making of an experiment."""
    return Insert(Experiment(id=number, project_id=project, **{"name": "Depth", "created_date": NOON, **more}))


def a_run(number: int = -1, experiment: int = -1, **more: Any) -> Insert:
    """Return the making of a run."""
    return Insert(Iteration(id=number, experiment_id=experiment, **{"created_date": NOON, **more}))


def a_parameter(key: str, value: str, *, number: int = -1, run: int = -1, type: str = "str") -> Insert:
    """Return the making of a parameter."""
    return Insert(Parameter(id=number, iteration_id=run, key=key, value=value, type=type))


def a_tag(number: int, value: str, kind: str, subject: int) -> list[Element]:
    """Return the tagging of something."""
    return [
        Insert(Tag(id=number, value=value), or_existing=True),
        Insert(Tagging(id=number, kind=kind, subject_id=subject, tag_id=number)),
    ]


STORY: tuple[Element, ...] = (a_project(), an_experiment(), a_run())
"""A project, an experiment and a run, each with the promise -1."""


class StoreSuite:
    """Everything that a store promises, as tests; a subclass gives the `url` fixture."""

    damage: Callable[[str], None] | None = None
    """Damages a diary under a URL, for the test that this is noticed; given as a staticmethod."""

    cut_power: Callable[[str], None] | None = None
    """Makes a diary forget what was not yet on the disk, for the test that nothing acknowledged was."""

    kills: int = 3
    """How many processes are killed in the middle of writing."""

    # ------------------------------------------------------------------ 1: rows

    @level(1)
    def test_an_empty_store_is_empty(self, diary: Diary) -> None:
        for kind in _found(diary):
            assert diary.find(Query(kind, total=True)).total == 0

        assert diary.series() == []

    @level(1)
    def test_a_row_comes_back_as_it_was_put(self, diary: Diary) -> None:
        made = Project(id=-1, name="Ünïcode 🌱", description="two\nlines", created_date=at(0.5))

        diary.apply(Insert(made))

        assert diary.rows(Project) == [evolve(made, id=1)]

    @level(1)
    def test_every_kind_of_row_comes_back(self, diary: Diary) -> None:
        diary.apply(*_one_of_each(diary))

        for kind in _found(diary):
            assert len(diary.rows(kind, large=True)) >= 1, kind
        diary.compare()

    @level(1)
    def test_ids_begin_at_one_and_grow(self, diary: Diary) -> None:
        first = diary.apply(a_project(-1), a_project(-2)).ids
        second = diary.apply(a_project(-1), an_experiment(-1, -1)).ids

        assert list(first.values()) == [1, 2]
        assert second == {(Project, -1): 3, (Experiment, -1): 1}

    @level(1)
    def test_ids_are_never_given_twice(self, diary: Diary) -> None:
        diary.apply(a_project(-1), a_project(-2))
        diary.apply(Drop(Project, 2))

        assert diary.apply(a_project()).ids == {(Project, -1): 3}

    @level(1)
    def test_a_patch_changes_what_it_names_and_nothing_else(self, diary: Diary) -> None:
        diary.apply(a_project(description="old"), a_project(-2))

        diary.apply(Patch(Project, 1, {"name": "New"}))

        assert [(row.name, row.description) for row in diary.rows(Project)] == [("New", "old"), ("Iris", "")]

    @level(1)
    def test_an_empty_patch_changes_nothing(self, diary: Diary) -> None:
        diary.apply(a_project())

        diary.apply(Patch(Project, 1, {}))

        assert diary.rows(Project)[0].name == "Iris"
        _refused(diary, NotFound, Patch(Project, 2, {}))

    @level(1)
    def test_a_drop_removes_the_row(self, diary: Diary) -> None:
        diary.apply(a_project(), a_project(-2))

        diary.apply(Drop(Project, 1))

        assert [row.id for row in diary.rows(Project)] == [2]

    @level(1)
    def test_patch_and_drop_of_an_absent_id_are_not_found(self, diary: Diary) -> None:
        diary.apply(a_project())

        for kind in (Project, Experiment, Iteration, Parameter, Tag, Model, User):
            error = _refused(diary, NotFound, Patch(kind, 99, {}))
            assert (error.kind, error.id) == (kind.__name__, 99)
            _refused(diary, NotFound, Drop(kind, 99))

    @level(1)
    def test_patch_and_drop_by_condition_may_meet_nothing_or_many(self, diary: Diary) -> None:
        diary.apply(a_project(-1), a_project(-2), a_project(-3, name="Other"))

        diary.apply(Patch(Project, asked("name") == "Nobody", {"description": "x"}))
        diary.apply(Patch(Project, asked("name") == "Iris", {"description": "flowers"}))
        diary.apply(Drop(Project, asked("name") == "Other"))

        assert [row.description for row in diary.rows(Project)] == ["flowers", "flowers"]

    @level(1)
    def test_awkward_texts_come_back(self, diary: Diary) -> None:
        texts = [
            "\n",
            "'; drop table projects; --",
            "%_*?[x]\\",
            "\u2028",
            "👩‍🔬",
            "e\u0301",
            "x" * 256,
            "../..",
            "null",
        ]

        diary.apply(*(a_project(-1 - n, name=text) for n, text in enumerate(texts)))

        kept = [row.name for row in diary.rows(Project)]
        assert kept == [text if text != "e\u0301" else "é" for text in texts]

    @level(1)
    def test_awkward_times_come_back(self, diary: Diary) -> None:
        times = [
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ]

        diary.apply(*(a_project(-1 - n, created_date=time) for n, time in enumerate(times)))

        assert [row.created_date for row in diary.rows(Project)] == times

    @level(1)
    def test_large_fields_come_with_one_row_or_when_asked(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(project_toml="[project]", manifest_toml="lock", traceback="trace"))

        listed = diary.rows(Iteration)[0]
        (one,) = diary.rows(Iteration, 1)
        (asked_for,) = diary.rows(Iteration, large=True)

        assert (listed.project_toml, listed.manifest_toml, listed.traceback) == (None, None, None)
        assert (one.project_toml, one.manifest_toml, one.traceback) == ("[project]", "lock", "trace")
        assert asked_for == one

    @level(1)
    def test_what_is_never_patched_is_refused(self, diary: Diary) -> None:
        names = ["id", "uid", "experiment_id", "project_id", "created_date", "parent_iteration_id"]

        for name in names:
            assert "cannot be changed" in str(_raised(Invalid, partial(Patch, Iteration, 1, {name: 1})))
        assert "cannot be changed" in str(_raised(Invalid, lambda: Patch(ModelVersion, 1, {"version": 2})))
        assert "has no field" in str(_raised(Invalid, lambda: Patch(Project, 1, {"colour": "red"})))
        diary.compare()

    # --------------------------------------------------------------- 2: batches

    @level(2)
    def test_a_batch_is_applied_whole_or_not_at_all(self, diary: Diary) -> None:
        diary.apply(a_project())

        _refused(diary, NotFound, a_project(-1), an_experiment(-1, 1), Patch(Project, 1, {"name": "x"}), Drop(Model, 9))

        assert [row.name for row in diary.rows(Project)] == ["Iris"]
        assert diary.rows(Experiment) == []
        diary.compare()

    @level(2)
    def test_a_refused_batch_leaves_no_points(self, diary: Diary) -> None:
        diary.apply(*STORY)

        _refused(diary, NotFound, Append(1, points(loss=[0.5])), Drop(Model, 9))
        _refused(diary, NotFound, Drop(Iteration, 1), Drop(Model, 9))

        assert diary.series() == []
        assert len(diary.rows(Iteration)) == 1

    @level(2)
    def test_each_element_stands_on_those_before_it(self, diary: Diary) -> None:
        diary.apply(
            *STORY,
            a_parameter("lr", "0.1"),
            Patch(Iteration, -1, {"name": "first"}),
            Expect(Iteration, (asked("name") == "first") & (param("lr") == "0.1")),
            Append(-1, points(loss=[0.5, 0.25])),
            Expect(Iteration, metric("loss") == 0.25),
            Patch(Parameter, -1, {"value": "0.2"}),
            Expect(Iteration, param("lr") == 0.2),
            Drop(Parameter, -1),
            Expect(Iteration, param("lr").is_none()),
        )

        assert diary.rows(Parameter) == []

    @level(2)
    def test_the_first_element_that_fails_names_the_error(self, diary: Diary) -> None:
        diary.apply(*STORY, Insert(Tag(id=-1, value="good")))

        _refused(diary, Duplicate, Insert(Tag(id=-1, value="good")), Drop(Model, 9))
        _refused(diary, NotFound, Drop(Model, 9), Insert(Tag(id=-1, value="good")))
        _refused(diary, Duplicate, Insert(Tag(id=-1, value="good")), a_parameter("k", "v", run=-7))
        _refused(diary, Invalid, a_parameter("k", "v", run=-7), Insert(Tag(id=-1, value="good")))
        _refused(
            diary,
            Duplicate,
            a_parameter("k", "v", run=1),
            a_parameter("k", "v", number=-2, run=1),
            a_parameter("k", "v", number=-2, run=-9),
        )

    @level(2)
    def test_an_expectation_is_judged_in_its_place(self, diary: Diary) -> None:
        none_yet = Expect(Project, asked("name") == "Iris", found=False, because="there is one")

        diary.apply(none_yet, a_project(), Expect(Project, asked("name") == "Iris"))

        error = _refused(diary, Unprocessable, a_project(-1, name="Other"), none_yet)
        assert (str(error), error.kind, error.id) == ("there is one", "Project", 1)

    @level(2)
    def test_an_expectation_refuses_with_its_error_and_sentence(self, diary: Diary) -> None:
        diary.apply(a_project(), a_project(-2))

        for error in (Forbidden, NotFound, Duplicate, AdminRequired, Unprocessable):
            unmet = Expect(Project, all_of(id=7, name="x"), otherwise=error, because=f"no {error.__name__}")
            refused = _refused(diary, error, unmet)
            assert (str(refused), refused.id) == (f"no {error.__name__}", 7)
        found = _refused(diary, Unprocessable, Expect(Project, asked("name") == "Iris", found=False))
        assert found.id == 1

    @level(2)
    def test_a_batch_is_applied_once(self, diary: Diary) -> None:
        batch = Batch([a_project(uid="a" * 32), an_experiment(uid="b" * 32)])

        first = diary.apply(batch=batch)
        diary.apply(Drop(Project, 1))
        second = diary.apply(batch=batch)

        assert evolve(first, sequence=None) == evolve(second, sequence=None)
        assert diary.rows(Project) == []

    @level(2)
    def test_a_batch_with_points_answers_the_same_again(self, diary: Diary) -> None:
        diary.apply(*STORY)
        batch = Batch([Append(1, points(loss=[0.5, (7, 0.25), 0.1]))])

        first = diary.apply(batch=batch)
        second = diary.apply(batch=batch)

        assert first.placed[0][0].steps == (0, 8)
        assert second.placed == first.placed
        assert len(diary.series(1)[0]) == 3

    @level(2)
    def test_a_batch_survives_reopening_as_applied(self, diary: Diary) -> None:
        batch = Batch([a_project()])
        diary.apply(batch=batch)

        if diary.traits.durable == "none":
            diary.reopen()
            assert diary.store.find(Query(Project)).rows == []
        else:
            diary.reopen()
            diary.apply(batch=batch)
            assert len(diary.rows(Project)) == 1

    @level(2)
    def test_another_batch_under_the_same_id_is_invalid(self, diary: Diary) -> None:
        diary.apply(batch=Batch([a_project()], id="c" * 32))

        other = Batch([a_project(name="Other")], id="c" * 32)

        assert "another batch" in str(_raised(Invalid, lambda: diary.apply(batch=other)))
        assert len(diary.rows(Project)) == 1

    @level(2)
    def test_another_principal_under_the_same_id_is_invalid(self, diary: Diary) -> None:
        batch = Batch([a_project()], id="c" * 32)
        diary.apply(batch=batch)

        other = evolve(batch, principal=7)

        _raised(Invalid, lambda: diary.apply(batch=other))
        diary.compare()

    @level(2)
    def test_a_refused_batch_is_judged_anew(self, diary: Diary) -> None:
        batch = Batch([Expect(Project, asked("name") == "Iris"), Insert(Tag(id=-1, value="good"))])
        _raised(Unprocessable, lambda: diary.apply(batch=batch))

        diary.apply(a_project())
        diary.apply(batch=batch)

        assert [row.value for row in diary.rows(Tag)] == ["good"]

    @level(2)
    def test_a_promise_is_made_before_it_is_used(self, diary: Diary) -> None:
        _refused(diary, Invalid, an_experiment(-1, -1), a_project())
        _refused(diary, Invalid, Patch(Project, -1, {"name": "x"}))
        _refused(diary, Invalid, Drop(Project, -1))
        _refused(diary, Invalid, Append(-1, points(loss=[1.0])))
        _refused(diary, Invalid, Expect(Project, all_of(id=-1)))
        _refused(diary, Invalid, Expect(Project, asked("id").among([-1])))
        _refused(diary, Invalid, *STORY, a_run(-2, parent_iteration_id=-3))
        _refused(diary, Invalid, *STORY, Patch(Iteration, -1, {"writer_id": -1}))
        _refused(diary, Invalid, *STORY, a_run(-2, parent_iteration_id=-2))

    @level(2)
    def test_a_promise_is_made_once_and_is_not_zero(self, diary: Diary) -> None:
        _refused(diary, Invalid, a_project(-1), a_project(-1))
        _refused(diary, Invalid, a_project(0))
        _refused(diary, Invalid, a_project(-1), an_experiment(-1, 0))
        _refused(diary, Invalid, Drop(Project, 0))
        _refused(diary, Invalid, Append(0, points(loss=[1.0])))

    @level(2)
    def test_a_promise_is_replaced_wherever_it_stands(self, diary: Diary) -> None:
        receipt = diary.apply(
            a_project(-5),
            an_experiment(-5, -5),
            a_run(-5, -5),
            a_run(-6, -5, parent_iteration_id=-5),
            Insert(Writer(id=-9, uid=WRITER)),
            Patch(Iteration, -6, {"writer_id": -9}),
            Insert(Resource(id=-1, experiment_id=-5, iteration_id=-6, name="model", content_hash=DIGEST)),
            Expect(Iteration, asked("parent_iteration_id") == -5),
            Expect(Iteration, asked("parent_iteration_id").among([-5])),
            Expect(Iteration, asked("project.id") == -5),
            Append(-6, points(loss=[1.0])),
            *a_tag(-1, "good", "Iteration", -6),
            Insert(Model(id=-1, project_id=-5, name="m", created_date=NOON)),
            Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-6, resource_id=-1, created_date=NOON)),
            Patch(Project, asked("id") == -5, {"name": "Named"}),
        )

        assert receipt.ids[Iteration, -6] == 2
        assert diary.rows(Iteration, 2)[0].parent_iteration_id == 1
        diary.compare()

    @level(2)
    def test_a_positive_id_is_kept_if_it_is_free(self, diary: Diary) -> None:
        if diary.traits.guarded:
            _refused(diary, Invalid, a_project(7))
            return
        diary.apply(a_project(7), an_experiment(3, 7))

        assert diary.apply(a_project(-1), an_experiment(-1, 7)).ids == {(Project, -1): 8, (Experiment, -1): 4}
        assert _refused(diary, Duplicate, a_project(7)).id == 7
        diary.apply(a_project(2))
        assert diary.apply(a_project(-1)).ids == {(Project, -1): 9}

    @level(2)
    def test_a_log_of_batches_makes_the_same_diary_again(self, diary: Diary) -> None:
        batches = [Batch(_one_of_each(diary)), Batch([Append(1, points(loss=[0.5]))]), Batch([Drop(Parameter, 1)])]
        receipts = [diary.apply(batch=batch) for batch in batches]

        again = Diary(diary.opener, diary.traits) if diary.traits.durable == "none" else None

        if again is not None:
            assert [again.apply(batch=batch) for batch in batches] == receipts
            again.close()
        assert [diary.apply(batch=batch) for batch in batches] == receipts

    @level(2)
    def test_sequences_number_the_commits(self, diary: Diary) -> None:
        numbers = [diary.store.apply(Batch([a_project()])).sequence for _ in range(3)]

        if numbers[0] is not None:
            assert numbers == sorted(set(numbers))
        else:
            assert numbers == [None, None, None]

    @level(2)
    def test_many_elements_fit_in_a_batch(self, diary: Diary) -> None:
        runs = [a_run(-1 - n) for n in range(300)]
        parameters = [a_parameter(f"k{n}", str(n), number=-1 - n) for n in range(300)]

        diary.apply(*STORY[:2], *runs, *parameters)

        assert len(diary.rows(Iteration)) == len(diary.rows(Parameter)) == 300

    # ---------------------------------------------------------- 3: declarations

    @level(3)
    def test_unique_values_belong_to_one_row(self, diary: Diary) -> None:
        diary.apply(*_one_of_each(diary))

        for insert in _twins(diary):
            error = _refused(diary, Duplicate, insert)
            assert (error.kind, error.id) == (type(insert.entity).__name__, 1)

    @level(3)
    def test_a_patch_may_not_take_unique_values(self, diary: Diary) -> None:
        diary.apply(*STORY, a_parameter("a", "1"), a_parameter("b", "2", number=-2))

        assert _refused(diary, Duplicate, Patch(Parameter, 2, {"key": "a"})).id == 1
        assert _refused(diary, Duplicate, Patch(Parameter, EVERY, {"key": "c"})).id == 1
        diary.apply(Patch(Parameter, 2, {"key": "b", "value": "3"}))
        diary.apply(Patch(Parameter, 1, {"key": "z"}), Patch(Parameter, 2, {"key": "a"}))

        assert [(row.key, row.value) for row in diary.rows(Parameter)] == [("z", "1"), ("a", "3")]

    @level(3)
    def test_a_freed_unique_value_may_be_taken(self, diary: Diary) -> None:
        diary.apply(Insert(Tag(id=-1, value="a")), Insert(Tag(id=-2, value="b")))

        diary.apply(Drop(Tag, 1), Patch(Tag, 2, {"value": "a"}), Insert(Tag(id=-1, value="b")))

        assert [(row.id, row.value) for row in diary.rows(Tag)] == [(2, "a"), (3, "b")]

    @level(3)
    def test_unique_texts_differ_by_case_and_not_by_form(self, diary: Diary) -> None:
        diary.apply(Insert(Tag(id=-1, value="é")), Insert(Tag(id=-2, value="É")), Insert(Tag(id=-3, value="e ")))

        _refused(diary, Duplicate, Insert(Tag(id=-1, value="e\u0301")))
        assert len(diary.rows(Tag)) == 3

    @level(3)
    def test_or_existing_finds_and_writes_nothing(self, diary: Diary) -> None:
        diary.apply(Insert(Tag(id=-1, value="good")))

        receipt = diary.apply(
            Insert(Tag(id=-5, value="good"), or_existing=True), Insert(Tag(id=-6, value="new"), or_existing=True)
        )

        assert receipt.ids == {(Tag, -5): 1, (Tag, -6): 2}
        assert receipt.found == {(Tag, -5)}

    @level(3)
    def test_or_existing_takes_no_id_when_it_finds(self, diary: Diary) -> None:
        for _ in range(3):
            diary.apply(Insert(Tag(id=-1, value="good"), or_existing=True))

        assert diary.apply(Insert(Tag(id=-1, value="other"))).ids == {(Tag, -1): 2}

    @level(3)
    def test_or_existing_leaves_the_found_row_as_it_is(self, diary: Diary) -> None:
        diary.apply(a_project(uid="a" * 32, name="First"))

        diary.apply(
            Insert(Project(id=-1, uid="a" * 32, name="Second"), or_existing=True), an_experiment(-1, -1, name="below")
        )

        assert [row.name for row in diary.rows(Project)] == ["First"]
        assert diary.rows(Experiment)[0].project_id == 1

    @level(3)
    def test_versions_are_numbered_within_their_model(self, diary: Diary) -> None:
        diary.apply(*STORY, _a_model(-1, "a"), _a_model(-2, "b"))

        diary.apply(_a_version(-1, 1), _a_version(-2, 2), _a_version(-3, 1))

        assert [(row.model_id, row.version) for row in diary.rows(ModelVersion)] == [(1, 1), (2, 1), (1, 2)]

    @level(3)
    def test_version_numbers_are_never_given_twice(self, diary: Diary) -> None:
        diary.apply(*STORY, _a_model(-1, "a"), _a_version(-1, -1), _a_version(-2, -1))

        diary.apply(Drop(ModelVersion, 2))
        diary.apply(_a_version(-1, 1))
        diary.apply(_a_version(-1, 1, version=10))
        diary.apply(_a_version(-1, 1, version=5))
        diary.apply(_a_version(-1, 1))

        assert [row.version for row in diary.rows(ModelVersion)] == [1, 3, 10, 5, 11]

    @level(3)
    def test_the_project_of_a_run_and_a_tagging_is_worked_out(self, diary: Diary) -> None:
        diary.apply(a_project(-1), a_project(-2), an_experiment(-1, -2), a_run(-1, -1))
        diary.apply(*a_tag(-1, "p", "Project", 2), *a_tag(-2, "e", "Experiment", 1), *a_tag(-3, "r", "Iteration", 1))

        assert [row.project_id for row in diary.rows(Iteration)] == [2]
        assert [row.project_id for row in diary.rows(Tagging)] == [2, 2, 2]

    @level(3)
    def test_the_number_of_a_parameter_is_worked_out(self, diary: Diary) -> None:
        texts = ["1", "-0.5", "1e3", " 7 ", "1_000", "nan", "inf", "1e999", "abc", "", "true", "0x10", "٣"]
        diary.apply(*STORY, *(a_parameter(f"k{n}", text, number=-1 - n) for n, text in enumerate(texts)))

        kept = [row.number for row in diary.rows(Parameter)]

        assert kept == [1.0, -0.5, 1000.0, 7.0, 1000.0, None, None, None, None, None, None, None, 3.0]
        diary.apply(Patch(Parameter, 1, {"value": "2"}), Patch(Parameter, 2, {"type": "bool"}))
        assert [row.number for row in diary.rows(Parameter)][:2] == [2.0, None]

    @level(3)
    def test_equal_texts_are_kept_once(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1, project_toml="[a]", manifest_toml="[b]"), a_run(-2, project_toml="[a]"))
        diary.apply(Patch(Iteration, 2, {"manifest_toml": "[a]"}))

        assert [row.text for row in diary.rows(Text, large=True)] == ["[a]", "[b]"]
        assert diary.rows(Iteration, 2)[0].manifest_toml == "[a]"

    @level(3)
    def test_a_drop_takes_what_is_owned(self, diary: Diary) -> None:
        diary.apply(*_one_of_each(diary))

        diary.apply(Drop(Project, 1))

        owned = (Experiment, Iteration, Parameter, Summary, Resource, Tagging, Model, ModelVersion, UserPermission)
        assert [kind.__name__ for kind in owned if diary.rows(kind)] == []
        assert len(diary.rows(Tag)) == 1
        assert len(diary.rows(User)) == 1
        assert diary.series() == []

    @level(3)
    def test_dropping_an_experiment_takes_its_runs_and_resources(self, diary: Diary) -> None:
        diary.apply(
            *STORY, an_experiment(-2), a_run(-2, -2), *_data(-1), *_data(-2), _a_resource(-1, -1), _a_resource(-2, -2)
        )

        diary.apply(Drop(Experiment, 1))

        assert [row.id for row in diary.rows(Iteration)] == [2]
        assert [row.id for row in diary.rows(Resource)] == [2]
        assert [row.iteration_id for row in diary.rows(Summary)] == [2]

    @level(3)
    def test_dropping_a_run_takes_its_data_and_resources(self, diary: Diary) -> None:
        diary.apply(*STORY, *_data(-1), _a_resource(-1, -1, iteration_id=-1), _a_resource(-2, -1))
        diary.apply(*a_tag(-1, "good", "Iteration", 1), *a_tag(-2, "good too", "Experiment", 1))

        diary.apply(Drop(Iteration, 1))

        assert diary.rows(Parameter) == []
        assert diary.rows(Summary) == []
        assert [row.id for row in diary.rows(Resource)] == [2]
        assert [row.kind for row in diary.rows(Tagging)] == ["Experiment"]

    @level(3)
    def test_dropping_a_parent_frees_its_children_with_their_data(self, diary: Diary) -> None:
        children = [a_run(-2 - n, parent_iteration_id=-1) for n in range(3)]
        diary.apply(*STORY, *children, a_run(-9, parent_iteration_id=-2), *_data(-2), *_data(-3), *_data(-9))

        diary.apply(Drop(Iteration, 1))

        assert [row.parent_iteration_id for row in diary.rows(Iteration)] == [None, None, None, 2]
        assert len(diary.rows(Parameter)) == 3
        assert len(diary.series()) == 3

    @level(3)
    def test_a_drop_that_a_version_forbids_is_refused(self, diary: Diary) -> None:
        diary.apply(*STORY, a_run(-2), _a_resource(-1, -1), _a_resource(-2, -1), _a_model(-1, "m"))
        diary.apply(Insert(ModelVersion(id=-1, model_id=1, iteration_id=2, resource_id=1, created_date=NOON)))

        for change in (Drop(Iteration, 2), Drop(Resource, 1), Drop(Experiment, 1), Drop(Iteration, EVERY)):
            error = _refused(diary, Unprocessable, change)
            assert (error.kind, error.id) == ("ModelVersion", 1)
        assert "model version 1 names run 2" in str(_refused(diary, Unprocessable, Drop(Iteration, 2)))
        diary.apply(Drop(Iteration, 1), Drop(Resource, 2))
        diary.apply(Drop(ModelVersion, 1), Drop(Iteration, 2))
        diary.apply(Drop(Project, 1))

    @level(3)
    def test_a_project_goes_whole_with_its_registry(self, diary: Diary) -> None:
        diary.apply(*STORY, _a_resource(-1, -1), _a_model(-1, "m"))
        diary.apply(Insert(ModelVersion(id=-1, model_id=1, iteration_id=1, resource_id=1, created_date=NOON)))

        diary.apply(Drop(Project, 1))

        assert diary.rows(ModelVersion) == []

    @level(3)
    def test_dropping_a_tag_takes_its_taggings(self, diary: Diary) -> None:
        diary.apply(*STORY, *a_tag(-1, "good", "Project", -1), *a_tag(-2, "bad", "Iteration", -1))

        diary.apply(Drop(Tag, 1))

        assert [row.tag_id for row in diary.rows(Tagging)] == [2]

    @level(3)
    def test_dropping_a_user_takes_their_permissions(self, diary: Diary) -> None:
        diary.apply(a_project(), Insert(User(id=-1, username="ada", created_date=NOON)))
        diary.apply(Insert(UserPermission(id=-1, user_id=1, project_id=1)))

        diary.apply(Drop(User, 1))

        assert [row for row in diary.rows(UserPermission) if row.user_id == 1] == []

    @level(3)
    def test_what_was_dropped_in_a_batch_is_gone_for_the_rest_of_it(self, diary: Diary) -> None:
        diary.apply(*STORY, *_data(-1))

        _refused(diary, NotFound, Drop(Project, 1), Patch(Iteration, 1, {"name": "x"}))
        _refused(diary, NotFound, Drop(Iteration, 1), Drop(Parameter, 1))
        _refused(diary, NotFound, Drop(Iteration, 1), Drop(Metric, point_id(1, 0)))
        diary.apply(Drop(Experiment, 1), Expect(Iteration, EVERY, found=False), an_experiment(-1, 1), a_run())

        assert [row.id for row in diary.rows(Iteration)] == [2]

    # -------------------------------------------------------------- 4: questions

    @level(4)
    def test_conditions_have_two_truth_values(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1, name="a", end_date=None), a_run(-2, name="b"))
        diary.apply(Patch(Iteration, 2, {"end_date": at(5)}))

        assert _met(diary, Iteration, asked("end_date") > at(0)) == [2]
        assert _met(diary, Iteration, asked("end_date") <= at(0)) == []
        assert _met(diary, Iteration, asked("end_date") != at(5)) == []
        assert _met(diary, Iteration, ~(asked("end_date") > at(0))) == [1]
        assert _met(diary, Iteration, ~(asked("end_date") != at(5))) == [1, 2]
        assert _met(diary, Iteration, ~~(asked("end_date") != at(5))) == []
        assert _met(diary, Iteration, asked("end_date").is_none()) == [1]
        assert _met(diary, Iteration, ~(asked("end_date").is_none() | (asked("end_date") > at(9)))) == [2]

    @level(4)
    def test_values_of_two_sorts_never_compare(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1, name="1", git_dirty=True), a_run(-2, name="true"))

        numbers: list[Any] = [1, 1.0, True, at(0)]
        for value in numbers:
            assert _met(diary, Iteration, asked("name") == value) == []
            assert _met(diary, Iteration, asked("name") != value) == []
        for value in (1, 1.0, "true", "1"):
            assert _met(diary, Iteration, asked("git_dirty") == value) == []
        assert _met(diary, Iteration, asked("git_dirty") == True) == [1]  # noqa: E712  # a condition
        assert _met(diary, Iteration, asked("status_id") == 1.0) == [1, 2]
        assert _met(diary, Iteration, asked("status_id") == True) == []  # noqa: E712  # a condition
        assert _met(diary, Iteration, asked("created_date") == "2026-03-01") == []

    @level(4)
    def test_nan_never_compares(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2))
        diary.apply(Append(1, points(loss=[math.nan])), Append(2, points(loss=[0.5])))

        for condition in (metric("loss") > 0, metric("loss") < 0, metric("loss") != 0.5, metric("loss") == math.nan):
            assert 1 not in _met(diary, Iteration, condition)
        assert _met(diary, Iteration, metric("loss").is_nan()) == [1]
        assert _met(diary, Iteration, ~metric("loss").is_nan()) == [2]
        assert _met(diary, Iteration, metric("loss").is_none()) == []
        assert _met(diary, Iteration, metric("loss", "min").is_none()) == [1]
        assert _met(diary, Iteration, asked("status_id") != math.nan) == []
        assert _met(diary, Iteration, ~(asked("status_id") != math.nan)) == [1, 2]
        assert _met(diary, Iteration, asked("name").is_nan()) == []

    @level(4)
    def test_texts_compare_by_code_point(self, diary: Diary) -> None:
        words = ["Zebra", "apple", "Äpfel", "zebra", "\uff5e", "🌱", "", "10", "9"]
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=word) for n, word in enumerate(words)))

        sorted_names = [row.name for row in diary.rows(Iteration, order="name")]

        assert sorted_names == sorted(words)
        assert _met(diary, Iteration, asked("name") > "zebra") == [3, 5, 6]
        assert _met(diary, Iteration, asked("name") == "ZEBRA") == []

    @level(4)
    def test_globs_know_star_and_question_mark_only(self, diary: Diary) -> None:
        words = ["abc", "ABC", "a[b]c", "a*c", "a\\c", "a\nc", "ac", "a🌱c", "%", "a_c"]
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=word) for n, word in enumerate(words)))

        def like(pattern: str) -> list[str]:
            return [row.name for row in diary.rows(Iteration, asked("name").like(pattern))]

        assert like("a*c") == ["abc", "a[b]c", "a*c", "a\\c", "a\nc", "ac", "a🌱c", "a_c"]
        assert like("a?c") == ["abc", "a*c", "a\\c", "a\nc", "a🌱c", "a_c"]
        assert like("a[b]c") == ["a[b]c"]
        assert like("a\\c") == ["a\\c"]
        assert like("%") == ["%"]
        assert like("b") == []
        assert like("**b**") == ["abc", "a[b]c"]
        assert like("") == []

    @level(4)
    def test_lists_are_asked_as_a_whole(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=str(n)) for n in range(5)))

        assert _met(diary, Iteration, asked("name").among(["1", "3", "x"])) == [2, 4]
        assert _met(diary, Iteration, asked("id").among([1, 5, 99, 2**62])) == [1, 5]
        assert _met(diary, Iteration, asked("id").among([])) == []
        assert _met(diary, Iteration, asked("name").among(["1", 2, at(0), True, 0.5])) == [2]
        assert _met(diary, Iteration, ~asked("id").among(range(1, 5))) == [5]
        assert _met(diary, Iteration, asked("created_date").among([at(0), at(1)])) == [1, 2, 3, 4, 5]

    @level(4)
    def test_parameters_compare_as_numbers_and_as_texts(self, diary: Diary) -> None:
        values = [("10", "int"), ("9", "int"), ("abc", "str"), ("true", "bool"), ("1e1", "float"), ("true", "str")]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(7)))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1, type=t) for n, (v, t) in enumerate(values)))

        assert _met(diary, Iteration, param("k") == 10) == [1, 5]
        assert _met(diary, Iteration, param("k") > 9) == [1, 5]
        assert _met(diary, Iteration, param("k") == "10") == [1]
        assert _met(diary, Iteration, param("k") < "9") == [1, 5]
        assert _met(diary, Iteration, param("k") == True) == [4]  # noqa: E712  # a condition
        assert _met(diary, Iteration, param("k") == "true") == [4, 6]
        assert _met(diary, Iteration, param("k") == 1) == []
        assert _met(diary, Iteration, param("k").is_none()) == [7]
        assert _met(diary, Iteration, param("k").like("?")) == [2]
        assert _met(diary, Iteration, param("k").among([9, "abc"])) == [2, 3]
        assert _met(diary, Iteration, param("k") != 10) == [2]
        assert _met(diary, Iteration, param("k") == at(0)) == []

    @level(4)
    def test_metrics_are_asked_without_their_points(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2), a_run(-3))
        diary.apply(Append(1, points(loss=[0.9, 0.1, 0.5])), Append(2, points(loss=[0.3])))

        assert _met(diary, Iteration, metric("loss") == 0.5) == [1]
        assert _met(diary, Iteration, metric("loss", "first") == 0.9) == [1]
        assert _met(diary, Iteration, metric("loss", "min") < 0.2) == [1]
        assert _met(diary, Iteration, metric("loss", "max") >= 0.3) == [1, 2]
        assert _met(diary, Iteration, metric("loss", "count") == 3) == [1]
        assert _met(diary, Iteration, metric("loss", "count").is_none()) == [3]
        assert _met(diary, Iteration, metric("acc").is_none()) == [1, 2, 3]
        assert [row.id for row in diary.rows(Summary, asked("min") < 0.2)] == [1]

    @level(4)
    def test_a_metric_that_was_dropped_is_absent(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[1.0])))

        diary.apply(Drop(Metric, point_id(1, 0)))

        assert _met(diary, Iteration, metric("loss").is_none()) == [1]
        assert diary.rows(Summary) == []

    @level(4)
    def test_tags_are_asked(self, diary: Diary) -> None:
        diary.apply(a_project(-1), a_project(-2), an_experiment(), a_run())
        diary.apply(
            *a_tag(-1, "good", "Project", 2), *a_tag(-2, "bad", "Project", 2), *a_tag(-3, "good", "Iteration", 1)
        )

        assert _met(diary, Project, tagged("good")) == [2]
        assert _met(diary, Project, ~tagged("good")) == [1]
        assert _met(diary, Experiment, tagged("good")) == []
        assert _met(diary, Iteration, tagged("good")) == [1]
        assert _met(diary, Iteration, tagged("Good")) == []
        assert _met(diary, Project, tagged("good") & tagged("bad")) == [2]

    @level(4)
    def test_fields_of_the_rows_above_are_asked(self, diary: Diary) -> None:
        diary.apply(a_project(-1, name="A"), a_project(-2, name="B"))
        diary.apply(an_experiment(-1, 1, name="x"), an_experiment(-2, 2, name="y"), a_run(-1, -1), a_run(-2, -2))
        diary.apply(
            a_parameter("k", "1", run=1), a_parameter("k", "2", number=-2, run=2), Append(2, points(loss=[1.0]))
        )
        diary.apply(_a_resource(-1, 1), _a_resource(-2, 2, iteration_id=2))

        assert _met(diary, Iteration, asked("experiment.name") == "y") == [2]
        assert _met(diary, Iteration, asked("project.name") == "A") == [1]
        assert _met(diary, Parameter, asked("project.name").like("B*")) == [2]
        assert _met(diary, Parameter, asked("iteration.end_date").is_none()) == [1, 2]
        assert _met(diary, Parameter, ~(asked("experiment.name") == "x")) == [2]
        assert _met(diary, Summary, asked("experiment.id") == 2) == [1]
        assert _met(diary, Resource, asked("iteration.name").is_none()) == [1]
        assert _met(diary, Resource, asked("iteration.experiment_id") != 1) == [2]
        assert [row.id for row in diary.rows(Parameter, order="-project.name")] == [2, 1]
        assert [row.id for row in diary.rows(Resource, order="iteration.id")] == [2, 1]

    @level(4)
    def test_what_cannot_be_asked_is_refused(self, diary: Diary) -> None:
        wrong: list[tuple[Any, Condition]] = [
            (Project, asked("colour") == "red"),
            (User, asked("password") == "x"),
            (Iteration, asked("project_toml") == "x"),
            (Project, param("lr") == 1),
            (Parameter, tagged("good")),
            (Project, asked("experiment.name") == "x"),
            (Iteration, asked("user.password") == "x"),
            (Iteration, asked("name") == None),  # noqa: E711  # absence, and fine
            (Iteration, asked("name").like("x") & asked("name").among([b"x"])),  # type: ignore[list-item]  # wrong
            (Iteration, asked("id") == 2**63),
            (Iteration, asked("name") == "\0"),
        ]

        for kind, condition in wrong:
            if "IsNone" in repr(condition):
                assert diary.rows(kind, condition) == []
            else:
                _raised(Invalid, partial(diary.rows, kind, condition))
                _refused(diary, Invalid, Expect(kind, condition, found=False))
        for order in ("password", "-colour"):
            _raised(Invalid, partial(diary.rows, User, order=order))
        _raised(Invalid, lambda: diary.rows(Metric))

    @level(4)
    def test_orders_put_the_absent_and_then_nan_last(self, diary: Diary) -> None:
        values = [0.5, None, math.nan, -math.inf, math.inf, 0.5, -0.0, 0.0]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(len(values))))
        diary.apply(*(Append(n + 1, points(acc=[v])) for n, v in enumerate(values) if v is not None))

        assert [row.id for row in diary.rows(Iteration, order="metrics.acc")] == [4, 7, 8, 1, 6, 5, 2, 3]
        assert [row.id for row in diary.rows(Iteration, order="-metrics.acc")] == [5, 1, 6, 7, 8, 4, 2, 3]

    @level(4)
    def test_parameters_sort_numbers_before_texts(self, diary: Diary) -> None:
        values = ["10", "9", "b", "a", None, "1e0", "true"]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(len(values))))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1) for n, v in enumerate(values) if v is not None))

        assert [row.id for row in diary.rows(Iteration, order="params.k")] == [6, 2, 1, 4, 3, 7, 5]
        assert [row.id for row in diary.rows(Iteration, order="-params.k")] == [1, 2, 6, 7, 3, 4, 5]

    @level(4)
    def test_orders_end_with_the_id(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="ab"[n % 2]) for n in range(6)))

        assert [row.id for row in diary.rows(Iteration, order="name")] == [1, 3, 5, 2, 4, 6]
        assert [row.id for row in diary.rows(Iteration, order="-name")] == [2, 4, 6, 1, 3, 5]
        assert [row.id for row in diary.rows(Iteration, order=["-name", "-id"])] == [6, 4, 2, 5, 3, 1]
        assert [row.id for row in diary.rows(Iteration)] == [1, 2, 3, 4, 5, 6]

    @level(4)
    def test_pages_walk_over_every_row_once(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="abc"[n % 3]) for n in range(10)))
        diary.apply(*(Append(n + 1, points(acc=[v])) for n, v in enumerate([0.5, math.nan, 0.1, 0.5])))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1) for n, v in enumerate(["2", "x", "10", "y", "2"])))

        for order in (
            [],
            "name",
            "-name",
            "metrics.acc",
            "-metrics.acc",
            "params.k",
            "-params.k",
            ["name", "-id"],
            "-end_date",
        ):
            whole = diary.rows(Iteration, order=order)
            for limit in (1, 2, 3, 10, 11):
                assert diary.walk(Query(Iteration, order=order, limit=limit)) == whole, (order, limit)

    @level(4)
    def test_a_walk_meets_once_what_does_not_change(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=f"{n:02}") for n in range(9)))
        query = Query(Iteration, order="name", limit=4)

        first = diary.find(query)
        diary.apply(Drop(Iteration, 2), Patch(Iteration, 9, {"name": "000"}), a_run(-1, 1, name="99"))
        store = diary.store.find(diary.renaming.query(query))
        second = diary.model.find(evolve(query, after=first.next))

        assert [row.name for row in second.rows] == ["04", "05", "06", "07"]
        assert [row.name for row in store.rows] == ["00", "000", "02", "03"]
        diary.compare()

    @level(4)
    def test_a_page_says_how_many_there_are(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="ab"[n % 2]) for n in range(7)))

        page = diary.find(Query(Iteration, asked("name") == "a", limit=2, total=True))

        assert (len(page.rows), page.total, page.next is None) == (2, 4, False)
        assert diary.find(Query(Iteration, limit=2)).total is None
        assert diary.find(Query(Iteration, total=True)).total == 7
        empty = diary.find(Query(Iteration, limit=0, total=True))
        assert (empty.rows, empty.total, empty.next) == ([], 7, None)

    @level(4)
    def test_offsets_skip_rows(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(5)))

        assert [row.id for row in diary.rows(Iteration, offset=3)] == [4, 5]
        assert [row.id for row in diary.rows(Iteration, limit=2, offset=1)] == [2, 3]
        page = diary.find(Query(Iteration, limit=2, offset=9, total=True))
        assert (page.rows, page.total, page.next) == ([], 5, None)

    @level(4)
    def test_impossible_pages_are_refused(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2))
        next = diary.find(Query(Iteration, limit=1)).next

        wrong = [
            Query(Iteration, after=next, offset=1),
            Query(Iteration, limit=-1),
            Query(Iteration, offset=-1),
            Query(Iteration, after="nonsense"),
            Query(Iteration, after=""),
            Query(Iteration, order="name", after=next),
            Query(Project, after=next),
            Query(Iteration, changed_after="nonsense"),
            Query(Iteration, changed_after="0", order="name"),
        ]
        for query in wrong:
            _raised(Invalid, partial(diary.model.find, query))
            _raised(Invalid, partial(diary.store.find, query))
        diary.compare()

    @level(4)
    def test_a_mark_misses_no_change(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(4)))
        mark = diary.store.find(Query(Iteration)).mark

        diary.apply(Patch(Iteration, 2, {"name": "x"}))
        diary.apply(a_run(-1, 1))
        changed = diary.store.find(Query(Iteration, changed_after=mark))

        assert {2, 5} <= {self._model_id(diary, row) for row in changed.rows}
        again = diary.store.find(Query(Iteration, changed_after=changed.mark))
        assert {self._model_id(diary, row) for row in again.rows} <= {2, 5}

    @level(4)
    def test_every_change_moves_the_mark_of_its_rows(self, diary: Diary) -> None:
        diary.apply(
            *STORY, a_run(-2, parent_iteration_id=-1), a_parameter("k", "1"), Append(-2, points(loss=[1.0, 2.0]))
        )

        def changed(kind: Any, *elements: Element) -> set[int]:
            mark = diary.store.find(Query(kind)).mark
            diary.apply(*elements)
            return {self._model_id(diary, row) for row in diary.store.find(Query(kind, changed_after=mark)).rows}

        assert 1 in changed(Parameter, Patch(Parameter, 1, {"value": "2"}))
        assert 1 in changed(Summary, Append(2, points(loss=[3.0])))
        assert 1 in changed(Summary, Patch(Metric, point_id(1, 0), {"value": 9.0}))
        assert 1 in changed(Summary, Drop(Metric, point_id(1, 1)))
        assert 2 in changed(Iteration, Drop(Iteration, 1))

    @level(4)
    def test_a_walk_answers_the_mark_of_its_first_page(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(4)))
        query = Query(Iteration, limit=2)

        first = diary.store.find(query)
        diary.apply(Patch(Iteration, 1, {"name": "x"}))
        second = diary.store.find(evolve(query, after=first.next))

        assert second.mark == first.mark
        changed = diary.store.find(Query(Iteration, changed_after=second.mark)).rows
        assert 1 in {self._model_id(diary, row) for row in changed}

    @level(4)
    def test_many_rows_come_in_one_answer(self, diary: Diary) -> None:
        diary.apply(*STORY[:2])
        for start in range(0, 2400, 600):
            diary.apply(*(a_run(-1 - n, 1, name=str(start + n)) for n in range(600)))

        page = diary.find(Query(Iteration, total=True))

        assert (len(page.rows), page.next, page.total) == (2400, None, 2400)

    def _model_id(self, diary: Diary, row: Any) -> int:
        return diary.renaming.back(row).id

    # ----------------------------------------------------------------- 5: points

    @level(5)
    def test_points_come_back_by_step_and_arrival(self, diary: Diary) -> None:
        diary.apply(*STORY)

        receipt = diary.apply(Append(1, points(loss=[(3, 0.3), (1, 0.1), (3, 0.33), (-2, -0.2)], acc=[(0, 1.0)])))

        (acc, loss) = diary.series(1)
        assert [(one.key, one.series, one.first) for one in receipt.placed[0]] == [("loss", 1, 0), ("acc", 2, 0)]
        assert (list(loss.steps), list(loss.values), list(loss.numbers)) == (
            [-2, 1, 3, 3],
            [-0.2, 0.1, 0.3, 0.33],
            [3, 1, 0, 2],
        )
        assert (acc.key, list(acc.values), acc.total) == ("acc", [1.0], 1)
        assert list(loss.times) == [micros(NOON)] * 4

    @level(5)
    def test_missing_steps_follow_the_greatest(self, diary: Diary) -> None:
        diary.apply(*STORY)

        first = diary.apply(Append(1, points(loss=[0.1, 0.2], acc=[1.0])))
        second = diary.apply(Append(1, points(loss=[(10, 0.3), 0.4, (2, 0.5), 0.6], acc=[2.0])))
        third = diary.apply(Append(1, points(neg=[(-5, 0.0), 0.1])))

        assert [one.steps for one in first.placed[0]] == [(0, 1), (0,)]
        assert [one.steps for one in second.placed[0]] == [(11, 12), (1,)]
        assert [one.steps for one in third.placed[0]] == [(-4,)]
        assert [list(one.steps) for one in diary.series(1)] == [[0, 1], [0, 1, 2, 10, 11, 12], [-5, -4]]

    @level(5)
    def test_there_is_no_step_after_the_last(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(2**63 - 1, 0.1)])))

        _refused(diary, Unprocessable, Append(1, points(loss=[0.2])))
        diary.apply(Append(1, points(loss=[(-(2**63) + 1, 0.3)])))

        assert list(diary.series(1)[0].steps) == [-(2**63) + 1, 2**63 - 1]

    @level(5)
    def test_floats_come_back_bit_for_bit(self, diary: Diary) -> None:
        awkward = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 2**53 + 1.0, 0.1, 1 / 3]
        diary.apply(*STORY)

        diary.apply(Append(1, points(x=awkward)))

        (series,) = diary.series(1)
        assert series.values.tobytes() == array("d", awkward).tobytes()

    @level(5)
    def test_summaries_are_always_true(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(5, 0.5), (1, 0.1), (5, 0.55)])))
        diary.apply(Append(1, points(loss=[(0, 9.0), (1, 0.2), (5, -1.0)])))

        (summary,) = diary.rows(Summary)

        assert (summary.count, summary.first_step, summary.last_step) == (6, 0, 5)
        assert (summary.first, summary.last, summary.min, summary.max) == (9.0, -1.0, -1.0, 9.0)

    @level(5)
    def test_summaries_know_nan_and_signed_zeros(self, diary: Diary) -> None:
        diary.apply(
            *STORY, Append(-1, points(a=[math.nan, 0.5, math.nan], b=[math.nan], c=[0.0, -0.0], d=[-0.0], e=[0.0]))
        )
        diary.apply(Append(1, points(d=[0.0], e=[-0.0])))

        a, b, c, d, e = diary.rows(Summary)

        assert (a.min, a.max, b.min, b.max, b.count) == (0.5, 0.5, None, None, 1)
        assert math.isnan(a.first)
        assert math.isnan(a.last)
        for one in (c, d, e):
            assert math.copysign(1, one.min or 0.0) == -1
            assert math.copysign(1, one.max if one.max is not None else -1) == 1

    @level(5)
    def test_a_point_is_changed_in_its_place(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5, 0.4, 0.3])))

        diary.apply(Patch(Metric, point_id(1, 1), {"value": 9.0, "step": 7, "recorded_at": at(3)}))

        (series,) = diary.series(1)
        assert (list(series.numbers), list(series.steps), list(series.values)) == (
            [0, 2, 1],
            [0, 2, 7],
            [0.5, 0.3, 9.0],
        )
        assert series.times[2] == micros(at(3))
        (summary,) = diary.rows(Summary)
        assert (summary.last, summary.max, summary.last_step) == (9.0, 9.0, 7)

    @level(5)
    def test_a_dropped_point_leaves_a_hole(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5, 9.0, 0.3])))

        diary.apply(Drop(Metric, point_id(1, 1)))
        diary.apply(Append(1, points(loss=[0.2])))

        (series,) = diary.series(1)
        assert (list(series.numbers), list(series.steps)) == ([0, 2, 3], [0, 2, 3])
        (summary,) = diary.rows(Summary)
        assert (summary.count, summary.max) == (3, 0.5)
        _refused(diary, NotFound, Drop(Metric, point_id(1, 1)))
        _refused(diary, NotFound, Patch(Metric, point_id(1, 1), {"value": 1.0}))

    @level(5)
    def test_numbers_go_on_after_the_last_point_went(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(40, 0.5)])))

        diary.apply(Drop(Metric, point_id(1, 0)))
        receipt = diary.apply(Append(1, points(loss=[0.7])))

        (placed,) = receipt.placed[0]
        assert (placed.series, placed.first, placed.steps) == (1, 1, (0,))
        assert diary.rows(Summary)[0].count == 1

    @level(5)
    def test_another_key_moves_a_point(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(3, 0.5), (4, 0.4)], acc=[(0, 1.0)])))

        receipt = diary.apply(
            Patch(Metric, point_id(1, 0), {"key": "acc"}), Patch(Metric, point_id(1, 1), {"key": "new"})
        )

        assert receipt.moved == {point_id(1, 0): point_id(2, 1), point_id(1, 1): point_id(3, 0)}
        assert [(one.key, list(one.steps)) for one in diary.series(1)] == [("acc", [0, 3]), ("new", [4])]
        diary.apply(Patch(Metric, point_id(2, 1), {"key": "acc", "value": 8.0}))
        assert list(diary.series(1)[0].values) == [1.0, 8.0]

    @level(5)
    def test_absent_points_are_not_found(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5])))

        for id in (1, point_id(1, 1), point_id(9, 0), 2**62):
            error = _refused(diary, NotFound, Patch(Metric, id, {"value": 1.0}))
            assert "metric" in str(error)
            _refused(diary, NotFound, Drop(Metric, id))

    @level(5)
    def test_points_are_changed_one_by_one_and_never_inserted(self, diary: Diary) -> None:
        _raised(Invalid, lambda: Drop(Metric, EVERY))
        _raised(Invalid, lambda: Patch(Metric, asked("key") == "loss", {"value": 1.0}))
        _raised(Invalid, lambda: Insert(Metric(id=-1, iteration_id=1, key="k", value=1.0)))
        _raised(Invalid, lambda: Expect(Metric, EVERY))
        assert diary.series() == []

    @level(5)
    def test_series_are_chosen_by_run_key_and_step(self, diary: Diary) -> None:
        diary.apply(*STORY, a_run(-2), Append(-1, points(b=[1.0, 2.0, 3.0], a=[4.0])), Append(-2, points(a=[5.0, 6.0])))

        assert [(one.iteration_id, one.key) for one in diary.series()] == [(1, "a"), (1, "b"), (2, "a")]
        assert [(one.iteration_id, one.key) for one in diary.series(2, 1, keys=("a",))] == [(1, "a"), (2, "a")]
        assert [list(one.values) for one in diary.series(1, steps=(1, 2))] == [[2.0, 3.0]]
        assert [one.total for one in diary.series(1, steps=(1, 2))] == [2]
        assert diary.series(99) == []
        assert diary.series(1, keys=("zzz",)) == []

    @level(5)
    def test_points_are_read_by_id(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(b=[1.0, 2.0, 3.0], a=[4.0])))

        found = diary.series(ids=(point_id(1, 2), point_id(1, 0), point_id(2, 0), point_id(2, 5), point_id(7, 0)))

        assert [(one.key, list(one.numbers)) for one in found] == [("a", [0]), ("b", [0, 2])]
        _raised(Invalid, lambda: diary.series(1, ids=(1,)))

    @level(5)
    def test_repeated_steps_come_all_or_the_last(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(1, 0.1), (2, 0.2), (1, 0.11), (1, 0.111), (2, 0.22)])))

        (all,) = diary.series(1)
        (last,) = diary.series(1, repeats="last")

        assert list(all.values) == [0.1, 0.11, 0.111, 0.2, 0.22]
        assert (list(last.values), last.total) == ([0.111, 0.22], 2)

    @level(5)
    def test_limit_and_offset_count_over_all_series(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(b=[1.0, 2.0, 3.0], a=[(0, 4.0), (2, 5.0)])))

        page = diary.series(1, limit=3, offset=1)

        assert [(one.key, list(one.steps), one.total) for one in page] == [("a", [0], 2), ("b", [1, 2], 3)]
        assert diary.series(1, limit=2, offset=9) == []
        assert sum(len(one) for one in diary.series(1, offset=2)) == 3

    @level(5)
    def test_thinning_keeps_ends_and_spikes(self, diary: Diary) -> None:
        values = [5.0, 1.0, 2.0, 9.0, 2.0, 2.0, math.nan, 3.0, -7.0, 4.0, 4.0, 6.0]
        diary.apply(*STORY, Append(-1, points(x=values, short=[1.0, 2.0], odd=[math.nan] * 12)))

        odd, short, x = diary.series(1, max_points=6)

        assert (list(x.numbers), x.total) == ([0, 1, 3, 8, 9, 11], 12)
        assert (list(short.numbers), short.total) == ([0, 1], 2)
        assert list(odd.numbers) == [0, 1, 6, 11]
        _raised(Invalid, lambda: diary.series(1, max_points=3))
        _raised(Invalid, lambda: diary.series(1, max_points=6, limit=3))

    @level(5)
    def test_many_points_and_keys_are_kept(self, diary: Diary) -> None:
        diary.apply(*STORY)
        columns = [
            Column(key=f"k{n:02}", values=range(500), steps=range(500), times=[micros(NOON)] * 500) for n in range(20)
        ]

        diary.apply(Append(1, Points(columns)))
        diary.apply(Append(1, Points(columns)))

        assert [len(one) for one in diary.series(1)] == [1000] * 20
        assert {row.count for row in diary.rows(Summary)} == {1000}

    # ---------------------------------------------------------------- 6: streams

    @level(6)
    def test_a_stream_is_applied_from_where_its_writer_stands(self, diary: Diary) -> None:
        diary.apply(*STORY)

        first = diary.stream(WRITER, 0, 100, Append(1, points(loss=[0.1])), at=at(1), host="here", pid=7)
        second = diary.stream(WRITER, 100, 180, Append(1, points(loss=[0.2])), at=at(2), host="here", pid=7)

        assert (first.position, second.position) == (100, 180)
        assert list(diary.series(1)[0].values) == [0.1, 0.2]
        (writer,) = diary.rows(Writer)
        assert (writer.uid, writer.position, writer.seen_at, writer.pid) == (WRITER, 180, at(2), 7)

    @level(6)
    def test_a_repeated_stream_does_nothing(self, diary: Diary) -> None:
        diary.apply(*STORY)
        part = (0, 100, Append(1, points(loss=[0.1])))

        diary.stream(WRITER, *part)
        again = diary.stream(WRITER, *part)
        earlier = diary.stream(WRITER, 10, 60, Append(1, points(loss=[0.1])))

        assert (again.position, earlier.position) == (100, 100)
        assert len(diary.series(1)[0]) == 1

    @level(6)
    def test_a_misplaced_stream_says_the_position(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.stream(WRITER, 0, 100, Append(1, points(loss=[0.1])))

        for start, stop in ((50, 150), (101, 150), (0, 101)):
            error = _raised(
                Misplaced,
                partial(diary.stream, WRITER, start, stop, Append(1, points(loss=[9.0]))),
            )
            assert error.position == 100
        assert len(diary.series(1)[0]) == 1
        _raised(Misplaced, lambda: diary.stream("cd" * 16, 1, 2, Append(1, points(loss=[9.0]))))

    @level(6)
    def test_a_heartbeat_moves_nothing_but_the_time(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.stream(WRITER, 0, 0, at=at(0))
        diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])), at=at(1))

        diary.stream(WRITER, 10, 10, at=at(9))

        (writer,) = diary.rows(Writer)
        assert (writer.position, writer.seen_at) == (10, at(9))

    @level(6)
    def test_a_refused_stream_leaves_the_writer_where_it_was(self, diary: Diary) -> None:
        diary.apply(*STORY)
        unmet = Expect(Iteration, all_of(id=1, name="x"), because="no")

        _raised(Unprocessable, lambda: diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])), unmet))
        receipt = diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])))

        assert receipt.position == 10
        assert len(diary.series(1)[0]) == 1

    @level(6)
    def test_streams_carry_points_and_expectations_only(self, diary: Diary) -> None:
        _raised(Invalid, lambda: diary.stream(WRITER, 0, 10, a_project()))
        _raised(Invalid, lambda: diary.stream(WRITER, 0, 10, Drop(Metric, 1)))
        _raised(Invalid, lambda: diary.stream(WRITER, 10, 0))
        _raised(Invalid, lambda: diary.stream(WRITER, 5, 5, Append(1, points(loss=[0.1]))))
        assert diary.rows(Writer) == []

    @level(6)
    def test_a_writer_is_known_by_its_uid(self, diary: Diary) -> None:
        diary.apply(
            *STORY, Insert(Writer(id=-1, uid=WRITER), or_existing=True), Patch(Iteration, -1, {"writer_id": -1})
        )

        diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])))
        diary.apply(Insert(Writer(id=-1, uid=WRITER), or_existing=True))

        assert [(row.id, row.position) for row in diary.rows(Writer)] == [(1, 10)]

    @level(6)
    def test_a_writer_belongs_to_who_used_it_first(self, diary: Diary) -> None:
        if diary.traits.guarded:
            _raised(Invalid, lambda: diary.apply(batch=evolve(Batch([]), principal=7)))
            return
        diary.apply(*STORY)
        mine = Batch([Append(1, points(loss=[0.1]))], stream=_part(0, 10), principal=1)

        diary.apply(batch=mine)
        other = Batch([Append(1, points(loss=[0.2]))], stream=_part(10, 20), principal=2)

        _raised(Forbidden, lambda: diary.apply(batch=other))
        diary.apply(batch=evolve(other, principal=1))
        assert [row.user_id for row in diary.rows(Writer)] == [1]

    @level(6)
    def test_several_writers_share_a_run(self, diary: Diary) -> None:
        diary.apply(*STORY)

        for turn in range(5):
            for writer in ("01" * 16, "02" * 16, "03" * 16):
                part = (turn * 10, turn * 10 + 10, Append(1, points(loss=[float(turn)])))
                diary.stream(writer, *part)
                diary.stream(writer, *part)

        assert len(diary.series(1)[0]) == 15

    # -------------------------------------------------------------- 7: processes

    @level(7)
    def test_a_diary_is_there_after_reopening(self, diary: Diary) -> None:
        diary.apply(*_one_of_each(diary), *_data(-1))

        if diary.traits.durable == "none":
            diary.reopen()
            assert diary.store.find(Query(Project)).rows == []
            return
        diary.reopen()

        diary.compare()
        diary.apply(a_project())

    @level(7)
    def test_a_closed_store_is_unavailable(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.store.close()
        diary.store.close()

        _raised(Unavailable, lambda: diary.store.apply(Batch([a_project()])))
        _raised(Unavailable, lambda: diary.store.find(Query(Project)))
        _raised(Unavailable, lambda: diary.store.series(_EVERYTHING))

    @level(7)
    def test_threads_share_a_store(self, diary: Diary) -> None:
        diary.apply(*STORY)
        failures: list[BaseException] = []

        def work(name: int) -> None:
            try:
                for turn in range(10):
                    run = diary.renaming.id(Iteration, 1)
                    diary.store.apply(
                        Batch([a_parameter(f"{name}-{turn}", "1", run=run), Append(run, points(loss=[1.0]))])
                    )
                    diary.store.find(Query(Parameter))
            except BaseException as error:
                failures.append(error)

        _together([threading.Thread(target=work, args=(name,)) for name in range(6)])

        assert failures == []
        assert len(diary.store.find(Query(Parameter)).rows) == 60
        (series,) = diary.store.series(_EVERYTHING)
        assert (len(series), sorted(series.numbers), sorted(series.steps)) == (60, [*range(60)], [*range(60)])

    @level(7)
    def test_threads_number_versions_without_gaps_or_twins(self, diary: Diary) -> None:
        diary.apply(*STORY, _a_model(-1, "m"))
        model, run = diary.renaming.id(Model, 1), diary.renaming.id(Iteration, 1)
        failures: list[BaseException] = []

        def work() -> None:
            try:
                for _ in range(10):
                    diary.store.apply(Batch([_a_version(-1, model, run=run)]))
            except BaseException as error:
                failures.append(error)

        _together([threading.Thread(target=work) for _ in range(6)])

        assert failures == []
        versions = [row.version or 0 for row in diary.store.find(Query(ModelVersion)).rows]
        assert sorted(versions) == [*range(1, 61)]

    @level(7)
    def test_a_race_for_one_name_has_one_winner(self, diary: Diary) -> None:
        outcomes: list[str] = []

        def work() -> None:
            try:
                free = Expect(Project, asked("name") == "Iris", found=False, otherwise=Duplicate)
                diary.store.apply(Batch([free, a_project()]))
                outcomes.append("made")
            except Duplicate:
                outcomes.append("refused")

        _together([threading.Thread(target=work) for _ in range(8)])

        assert sorted(outcomes) == ["made", *["refused"] * 7]

    @level(7)
    def test_processes_share_a_diary_or_are_told_that_they_may_not(self, diary: Diary) -> None:
        diary.apply(*STORY)

        answer = _another_process(diary.url, "runs = store.find(Query(Iteration)).rows; print(len(runs))")

        if diary.traits.durable == "none":
            assert answer == "0"
        elif diary.traits.processes == "one":
            assert answer.startswith("Unavailable")
        else:
            assert answer == "1"
            added = _another_process(diary.url, "print(store.apply(Batch([Insert(Tag(id=-1, value='there'))])).ids)")
            assert "Tag" in added
            assert [row.value for row in diary.store.find(Query(Tag)).rows] == ["there"]

    @level(7)
    def test_processes_write_at_once_and_lose_nothing(self, diary: Diary) -> None:
        if diary.traits.processes == "one":
            assert _another_process(diary.url, "print('opened')") in ("opened", "") or diary.traits.durable != "none"
            return
        diary.apply(*STORY)
        run = diary.renaming.id(Iteration, 1)
        work = (
            f"for n in range(25):\n"
            f"    batch = Batch([Insert(Parameter(id=-1, iteration_id={run}, key=f'{{name}}-{{n}}', value='1')),"
            f" Append({run}, Points.of([('loss', 1.0, None, 0)]))])\n"
            f"    store.apply(batch); store.apply(batch)"
        )

        running = [_started(diary.url, f"name = {name}\n{work}") for name in range(4)]
        ends = [process.communicate(timeout=120)[1] for process in running]

        assert [process.returncode for process in running] == [0] * 4, ends
        assert len(diary.store.find(Query(Parameter)).rows) == 100
        (series,) = diary.store.series(_EVERYTHING)
        assert sorted(series.numbers) == [*range(100)]

    @level(7)
    def test_what_was_acknowledged_survives_a_kill(self, diary: Diary) -> None:
        if diary.traits.durable == "none" or diary.traits.guarded:
            assert _another_process(diary.url, "print('alive')") == "alive"
            return
        diary.apply(*STORY)
        run = diary.renaming.id(Iteration, 1)
        acknowledged = 0
        diary.store.close()

        for turn in range(self.kills):
            acknowledged += _killed_while_writing(diary.url, run, turn)
        diary.store = diary.opener()

        parameters = diary.store.find(Query(Parameter)).rows
        (series,) = diary.store.series(_EVERYTHING)
        assert acknowledged > 0
        assert acknowledged <= len(parameters) <= acknowledged + self.kills
        assert len(series) == len(parameters)
        diary.store.apply(Batch([a_project()]))

    @level(7)
    def test_damage_is_noticed(self, diary: Diary) -> None:
        if self.damage is None:
            diary.compare()
            return
        diary.apply(*_one_of_each(diary))
        diary.close()
        type(self).damage(diary.url)  # type: ignore[misc]  # a staticmethod, and given

        def read_all() -> None:
            diary.store = diary.opener()
            for kind in _found(diary):
                diary.store.find(Query(kind, large=True))

        assert isinstance(_raised(DearDiaryError, read_all), DearDiaryError)

    @level(7)
    def test_power_cuts_forget_nothing_acknowledged(self, diary: Diary) -> None:
        diary.apply(*_one_of_each(diary))
        if self.cut_power is not None:
            diary.close()
            type(self).cut_power(diary.url)  # type: ignore[misc]  # a staticmethod, and given
            diary.store = diary.opener()

        diary.compare()

    # --------------------------------------------------------------- 8: anything

    @level(8)
    def test_anything_is_answered_as_the_specification_does(self, diary: Diary) -> None:
        from deardiary.testing.machine import check_anything

        check_anything(diary)


_EVERYTHING = SeriesQuery()


def _found(diary: Diary) -> Iterator[Any]:
    """Yield the kinds that may be asked for."""
    for kind in kinds().values():
        if kind.declared.find and not (kind.declared.inner and diary.traits.guarded):
            yield kind


def _met(diary: Diary, kind: Any, condition: Condition) -> list[int]:
    """Return the ids of the rows that meet a condition, asked in several ways."""
    ids = [row.id for row in diary.rows(kind, condition)]
    diary.find(Query(kind, condition | AnyOf(()), total=True, limit=2))
    diary.find(Query(kind, condition & EVERY, order="-id"))
    diary.find(Query(kind, ~condition))
    diary.find(Query(kind, condition & Among(Field("id"), (1, 2, 3))))
    return ids


def _refused(diary: Diary, error: type[DearDiaryError], *elements: Element) -> Any:
    """Tell a batch that must be refused, and return the error."""
    return _raised(error, lambda: diary.apply(*elements))


def _raised(error: type[DearDiaryError], call: Callable[[], object]) -> Any:
    """Return the error that a call raises, of exactly this class."""
    try:
        call()
    except DearDiaryError as raised:
        if error is DearDiaryError or type(raised) is error:
            return raised
        raise AssertionError(f"{raised!r} is no {error.__name__}") from None
    raise AssertionError(f"no {error.__name__} was raised")


def _together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


def _a_model(number: int, name: str, project: int = -1) -> Insert:
    return Insert(Model(id=number, project_id=project if number < 0 else 1, name=name, created_date=NOON))


def _a_version(number: int, model: int, *, run: int | None = None, version: int | None = None) -> Insert:
    run = run if run is not None else (-1 if model < 0 else 1)
    return Insert(ModelVersion(id=number, model_id=model, iteration_id=run, version=version, created_date=NOON))


def _a_resource(number: int, experiment: int, **more: Any) -> Insert:
    return Insert(
        Resource(id=number, experiment_id=experiment, name="model", content_hash=DIGEST, created_date=NOON, **more)
    )


def _data(run: int) -> list[Element]:
    """Return a parameter and some points of a run."""
    return [a_parameter("lr", "0.1", number=run, run=run), Append(run, points(loss=[0.5, 0.25]))]


def _part(start: int, stop: int) -> Any:
    return Stream(writer=WRITER, start=start, stop=stop, at=at(0))


def _one_of_each(diary: Diary) -> list[Element]:
    """Return the making of a row of every kind."""
    plain: list[Element] = [
        Insert(User(id=-1, username="ada", password="x", first_name="Ada", created_date=NOON)),
        a_project(uid="1" * 32),
        Insert(UserPermission(id=-1, user_id=-1, project_id=-1, update_permission=True)),
        an_experiment(uid="2" * 32, description="a sweep"),
        Insert(Writer(id=-1, uid="3" * 32, host="here", pid=7, seen_at=NOON)),
        a_run(uid="4" * 32, writer_id=-1, project_toml="[project]", traceback="Traceback", git_dirty=True),
        a_parameter("lr", "0.1", type="float"),
        Append(-1, points(loss=[0.5, math.nan])),
        Insert(
            Resource(
                id=-1,
                uid="5" * 32,
                experiment_id=-1,
                iteration_id=-1,
                name="model.pt",
                content_hash=DIGEST,
                size_bytes=3,
                created_date=NOON,
            )
        ),
        *a_tag(-1, "good", "Iteration", -1),
        _a_model(-1, "m"),
        Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-1, resource_id=-1, created_date=NOON)),
    ]
    inner: list[Element] = [
        Insert(Piece(id=-1, digest=DIGEST, n=0, data=b"\0\xff" * 500, created_date=NOON)),
        Insert(Blob(id=-1, digest=DIGEST, size=1000, created_date=NOON)),
        Insert(Condemned(id=-1, digest=DIGEST, created_date=NOON)),
        Insert(Putting(id=-1, digest=DIGEST, user_id=-1, created_date=NOON)),
    ]
    return plain if diary.traits.guarded else [*plain, *inner]


def _twins(diary: Diary) -> list[Insert]:
    """Return the making of rows whose unique values are taken by those of `_one_of_each`."""
    made = [element for element in _one_of_each(diary) if isinstance(element, Insert)]
    ids = dict.fromkeys(("user_id", "project_id", "experiment_id", "writer_id", "iteration_id", "model_id"), 1)
    ids |= {"resource_id": 1, "subject_id": 1, "tag_id": 1}
    twins = []
    for insert in made:
        entity: Any = insert.entity
        fields = {name: id for name, id in ids.items() if getattr(entity, name, None) == -1}
        more = {"version": 1} if isinstance(entity, ModelVersion) else {}
        twins.append(Insert(evolve(entity, **fields, **more)))
    return twins


# Other processes.

_PREAMBLE = """
import sys
from deardiary.core.changes import *
from deardiary.core.entities import *
from deardiary.core.errors import DearDiaryError
from deardiary.core.points import Points
from deardiary.core.queries import Query, SeriesQuery
from deardiary.registry import open_store
try:
    store = open_store(sys.argv[1])
except DearDiaryError as error:
    print(type(error).__name__, error)
    sys.exit()
"""


def _started(url: str, code: str) -> "subprocess.Popen[str]":
    """Start a Python that opens a diary and runs some code."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{_PREAMBLE}\n{code}", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _another_process(url: str, code: str) -> str:
    """Return what another process prints that opens a diary and runs some code."""
    process = _started(url, code)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    return said.strip()


def _killed_while_writing(url: str, run: int, turn: int) -> int:
    """Kill a process in the middle of writing, and return how many batches it knew to be applied."""
    code = (
        "n = 0\n"
        "while True:\n"
        f"    parameter = Parameter(id=-1, iteration_id={run}, key=f'{turn}-{{n}}', value='1')\n"
        f"    store.apply(Batch([Insert(parameter), Append({run}, Points.of([('loss', 1.0, None, 0)]))]))\n"
        "    print(n, flush=True)\n"
        "    n += 1"
    )
    process = _started(url, code)
    assert process.stdout is not None
    assert process.stderr is not None
    seen = 0
    for _ in process.stdout:
        seen += 1
        if seen > turn % 20:
            break
    os.kill(process.pid, signal.SIGKILL)
    seen += len(process.stdout.readlines())
    complaint = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    process.wait(60)
    assert seen, complaint
    return seen


def opened(url: str) -> Diary:
    """Return a diary under test, of a URL that names a fresh one."""
    traits: Traits = scheme_of(url).traits
    return Diary(lambda: open_store(url), traits, url)
