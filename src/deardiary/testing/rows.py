"""Promises of a store: that a row is kept."""

from datetime import UTC, datetime
from functools import partial

from attrs import evolve

from deardiary.core.changes import Append, Drop, Insert, Patch
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
    Duplicate,
    Invalid,
    NotFound,
)
from deardiary.core.queries import Query
from deardiary.core.shapes import NAME, NOTE, VALUE
from deardiary.testing.diary import Diary
from deardiary.testing.telling import (
    STORY,
    a_model,
    a_parameter,
    a_project,
    a_run,
    a_tag,
    an_experiment,
    at,
    found_kinds,
    level,
    one_of_each,
    points,
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

    @level(2)
    def test_texts_as_long_as_they_may_be_come_back_and_are_unique(self, diary: Diary) -> None:
        long = "".join(chr(0x1F300 + n) for n in range(NAME))
        near = long[:-1] + "x"

        for word in (long, near):
            diary.apply(
                Insert(User(id=-1, username=word, first_name=word)),
                a_project(name=word),
                an_experiment(name=word),
                a_run(name=word, notes=word * (NOTE // NAME)),
                a_parameter(word, word * (VALUE // NAME)),
                Append(-1, points(**{word: [0.5]})),
                *a_tag(-1, word, "Iteration", -1),
                a_model(-1, word),
            )
        refused(diary, Duplicate, Insert(User(id=-1, username=long)))
        refused(diary, Duplicate, a_parameter(near, "1", run=2))
        refused(diary, Duplicate, Insert(Tag(id=-1, value=near)))
        refused(diary, Duplicate, Insert(Model(id=-1, project_id=1, name=long)))
        diary.apply(Append(1, points(**{long: [0.25], near: [0.125]})))

        diary.compare()
        assert [row.id for row in diary.rows(Parameter, asked("key") == near)] == [2]
        assert [row.id for row in diary.rows(Tag, asked("value").like(long[:-1] + "?"))] == [1, 2]

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
