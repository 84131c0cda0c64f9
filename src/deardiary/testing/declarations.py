"""Promises of a store: that what the nouns declare is heeded."""

from deardiary.core.changes import Drop, Expect, Insert, Patch
from deardiary.core.conditions import EVERY
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
)
from deardiary.core.errors import (
    Duplicate,
    NotFound,
    Unprocessable,
)
from deardiary.core.points import point_id
from deardiary.testing.diary import Diary
from deardiary.testing.telling import (
    NOON,
    STORY,
    a_model,
    a_parameter,
    a_project,
    a_resource,
    a_run,
    a_tag,
    a_version,
    an_experiment,
    data_of,
    level,
    one_of_each,
    refused,
    twins_of,
)


class DeclaredPromises:
    """That what the nouns declare is heeded."""

    @level(3)
    def test_unique_values_belong_to_one_row(self, diary: Diary) -> None:
        diary.apply(*one_of_each(diary))

        for insert in twins_of(diary):
            error = refused(diary, Duplicate, insert)
            assert (error.kind, error.id) == (type(insert.entity).__name__, 1)

    @level(3)
    def test_a_patch_may_not_take_unique_values(self, diary: Diary) -> None:
        diary.apply(*STORY, a_parameter("a", "1"), a_parameter("b", "2", number=-2))

        assert refused(diary, Duplicate, Patch(Parameter, 2, {"key": "a"})).id == 1
        assert refused(diary, Duplicate, Patch(Parameter, EVERY, {"key": "c"})).id == 1
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

        refused(diary, Duplicate, Insert(Tag(id=-1, value="e\u0301")))
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
    def test_or_existing_of_one_kind_excuses_no_duplicate_of_another(self, diary: Diary) -> None:
        diary.apply(a_project(uid="a" * 32), Insert(Tag(id=-1, value="good")))

        a_new_tag = Insert(Tag(id=-1, value="new"), or_existing=True)
        error = refused(diary, Duplicate, a_new_tag, a_project(uid="a" * 32))  # both would get the id 2

        assert (error.kind, error.id) == ("Project", 1)

    @level(3)
    def test_versions_are_numbered_within_their_model(self, diary: Diary) -> None:
        diary.apply(*STORY, a_model(-1, "a"), a_model(-2, "b"))

        diary.apply(a_version(-1, 1), a_version(-2, 2), a_version(-3, 1))

        assert [(row.model_id, row.version) for row in diary.rows(ModelVersion)] == [(1, 1), (2, 1), (1, 2)]

    @level(3)
    def test_version_numbers_are_never_given_twice(self, diary: Diary) -> None:
        diary.apply(*STORY, a_model(-1, "a"), a_version(-1, -1), a_version(-2, -1))

        diary.apply(Drop(ModelVersion, 2))
        diary.apply(a_version(-1, 1))
        diary.apply(a_version(-1, 1, version=10))
        diary.apply(a_version(-1, 1, version=5))
        diary.apply(a_version(-1, 1))

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
        diary.apply(*one_of_each(diary))

        diary.apply(Drop(Project, 1))

        owned = (Experiment, Iteration, Parameter, Summary, Resource, Tagging, Model, ModelVersion, UserPermission)
        assert [kind.__name__ for kind in owned if diary.rows(kind)] == []
        assert len(diary.rows(Tag)) == 1
        assert len(diary.rows(User)) == 1
        assert diary.series() == []

    @level(3)
    def test_dropping_an_experiment_takes_its_runs_and_resources(self, diary: Diary) -> None:
        diary.apply(
            *STORY, an_experiment(-2), a_run(-2, -2), *data_of(-1), *data_of(-2), a_resource(-1, -1), a_resource(-2, -2)
        )

        diary.apply(Drop(Experiment, 1))

        assert [row.id for row in diary.rows(Iteration)] == [2]
        assert [row.id for row in diary.rows(Resource)] == [2]
        assert [row.iteration_id for row in diary.rows(Summary)] == [2]

    @level(3)
    def test_dropping_a_run_takes_its_data_and_resources(self, diary: Diary) -> None:
        diary.apply(*STORY, *data_of(-1), a_resource(-1, -1, iteration_id=-1), a_resource(-2, -1))
        diary.apply(*a_tag(-1, "good", "Iteration", 1), *a_tag(-2, "good too", "Experiment", 1))

        diary.apply(Drop(Iteration, 1))

        assert diary.rows(Parameter) == []
        assert diary.rows(Summary) == []
        assert [row.id for row in diary.rows(Resource)] == [2]
        assert [row.kind for row in diary.rows(Tagging)] == ["Experiment"]

    @level(3)
    def test_dropping_a_parent_frees_its_children_with_their_data(self, diary: Diary) -> None:
        children = [a_run(-2 - n, parent_iteration_id=-1) for n in range(3)]
        diary.apply(*STORY, *children, a_run(-9, parent_iteration_id=-2), *data_of(-2), *data_of(-3), *data_of(-9))

        diary.apply(Drop(Iteration, 1))

        assert [row.parent_iteration_id for row in diary.rows(Iteration)] == [None, None, None, 2]
        assert len(diary.rows(Parameter)) == 3
        assert len(diary.series()) == 3

    @level(3)
    def test_a_drop_that_a_version_forbids_is_refused(self, diary: Diary) -> None:
        diary.apply(*STORY, a_run(-2), a_resource(-1, -1), a_resource(-2, -1), a_model(-1, "m"))
        diary.apply(Insert(ModelVersion(id=-1, model_id=1, iteration_id=2, resource_id=1, created_date=NOON)))

        for change in (Drop(Iteration, 2), Drop(Resource, 1), Drop(Experiment, 1), Drop(Iteration, EVERY)):
            error = refused(diary, Unprocessable, change)
            assert (error.kind, error.id) == ("ModelVersion", 1)
        assert "model version 1 names run 2" in str(refused(diary, Unprocessable, Drop(Iteration, 2)))
        diary.apply(Drop(Iteration, 1), Drop(Resource, 2))
        diary.apply(Drop(ModelVersion, 1), Drop(Iteration, 2))
        diary.apply(Drop(Project, 1))

    @level(3)
    def test_a_project_goes_whole_with_its_registry(self, diary: Diary) -> None:
        diary.apply(*STORY, a_resource(-1, -1), a_model(-1, "m"))
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
        diary.apply(*STORY, *data_of(-1))

        refused(diary, NotFound, Drop(Project, 1), Patch(Iteration, 1, {"name": "x"}))
        refused(diary, NotFound, Drop(Iteration, 1), Drop(Parameter, 1))
        refused(diary, NotFound, Drop(Iteration, 1), Drop(Metric, point_id(1, 0)))
        diary.apply(Drop(Experiment, 1), Expect(Iteration, EVERY, found=False), an_experiment(-1, 1), a_run())

        assert [row.id for row in diary.rows(Iteration)] == [2]
