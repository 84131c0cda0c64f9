"""Promises of a store: that a row is kept."""

from datetime import UTC, datetime
from functools import partial

from attrs import evolve

from deardiary.core.changes import Drop, Insert, Patch
from deardiary.core.conditions import asked
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Tag,
    User,
)
from deardiary.core.errors import (
    Invalid,
    NotFound,
)
from deardiary.core.queries import Query
from deardiary.testing.diary import Diary
from deardiary.testing.telling import (
    STORY,
    a_project,
    a_run,
    an_experiment,
    at,
    found_kinds,
    level,
    one_of_each,
    raised,
    refused,
)


class RowPromises:
    """That a row is kept."""

    @level(1)
    def test_an_empty_store_is_empty(self, diary: Diary) -> None:
        for kind in found_kinds(diary):
            assert diary.find(Query(kind, total=True)).total == 0

        assert diary.series() == []

    @level(1)
    def test_a_row_comes_back_as_it_was_put(self, diary: Diary) -> None:
        made = Project(id=-1, name="Ünïcode 🌱", description="two\nlines", created_date=at(0.5))

        diary.apply(Insert(made))

        assert diary.rows(Project) == [evolve(made, id=1)]

    @level(1)
    def test_every_kind_of_row_comes_back(self, diary: Diary) -> None:
        diary.apply(*one_of_each(diary))

        for kind in found_kinds(diary):
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
        refused(diary, NotFound, Patch(Project, 2, {}))

    @level(1)
    def test_a_drop_removes_the_row(self, diary: Diary) -> None:
        diary.apply(a_project(), a_project(-2))

        diary.apply(Drop(Project, 1))

        assert [row.id for row in diary.rows(Project)] == [2]

    @level(1)
    def test_patch_and_drop_of_an_absent_id_are_not_found(self, diary: Diary) -> None:
        diary.apply(a_project())

        for kind in (Project, Experiment, Iteration, Parameter, Tag, Model, User):
            error = refused(diary, NotFound, Patch(kind, 99, {}))
            assert (error.kind, error.id) == (kind.__name__, 99)
            refused(diary, NotFound, Drop(kind, 99))

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
            assert "cannot be changed" in str(raised(Invalid, partial(Patch, Iteration, 1, {name: 1})))
        assert "cannot be changed" in str(raised(Invalid, lambda: Patch(ModelVersion, 1, {"version": 2})))
        assert "has no field" in str(raised(Invalid, lambda: Patch(Project, 1, {"colour": "red"})))
        diary.compare()
