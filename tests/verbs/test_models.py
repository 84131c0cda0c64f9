"""The verbs of the model registry."""

from collections.abc import Callable

import pytest

from deardiary.core.entities import Experiment, Iteration, Model, ModelVersion, Project, Stage, User
from deardiary.core.errors import Duplicate, Forbidden, Invalid, NotFound, Unprocessable
from deardiary.tracker import Tracker
from deardiary.verbs.pages import Pagination

NO_STAGE, STAGING, PRODUCTION, ARCHIVED = Stage

SeenBy = Callable[[User], Tracker]


@pytest.fixture
def model(tracker: Tracker, project: Project) -> Model:
    return tracker.create_model(project, "tree")


@pytest.fixture
def version(tracker: Tracker, model: Model, run: Iteration) -> ModelVersion:
    return tracker.create_modelversion(model, run)


# Models.


def test_a_model_has_a_name_in_its_project(tracker: Tracker, project: Project) -> None:
    made = tracker.create_model(project.id, "tree", "grows")

    assert (made.project_id, made.name, made.description, made.updated_date) == (project.id, "tree", "grows", None)
    assert tracker.get_model(made) == tracker.get_model(made.id) == made


def test_a_model_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert tracker.get_model(7) is None


def test_models_come_all_or_by_the_page(tracker: Tracker, project: Project) -> None:
    made = [tracker.create_model(project, name) for name in "cab"]

    page = tracker.get_models(project, Pagination(1, 2))

    assert tracker.get_models(project.id) == made
    assert (page.data, page.total) == (made[2:], 3)


def test_a_name_belongs_to_one_model_of_a_project(tracker: Tracker, project: Project, model: Model) -> None:
    with pytest.raises(Duplicate) as refusal:
        tracker.create_model(project, "tree")

    assert (refusal.value.kind, refusal.value.id) == ("Model", model.id)
    assert tracker.create_model(tracker.create_project("Rosa"), "tree").name == "tree"


def test_a_model_has_a_name_and_a_project(tracker: Tracker, project: Project) -> None:
    with pytest.raises(Invalid, match="model name is empty"):
        tracker.create_model(project, "")
    with pytest.raises(NotFound, match="project 7 is not there"):
        tracker.create_model(7, "tree")


def test_what_is_given_of_a_model_is_changed_and_the_day_noted(tracker: Tracker, model: Model) -> None:
    changed = tracker.update_model(model, "oak", "grows slowly")

    assert (changed.name, changed.description) == ("oak", "grows slowly")
    assert changed.updated_date is not None


def test_a_model_with_versions_may_be_renamed(tracker: Tracker, model: Model, version: ModelVersion) -> None:
    assert tracker.update_model(model.id, "oak").name == "oak"


def test_a_model_cannot_take_the_name_of_another(tracker: Tracker, project: Project, model: Model) -> None:
    other = tracker.create_model(project, "oak")

    with pytest.raises(Duplicate):
        tracker.update_model(other, "tree")


def test_a_model_goes_with_its_versions_and_nothing_else(
    tracker: Tracker, model: Model, version: ModelVersion, run: Iteration
) -> None:
    assert tracker.delete_model(model) is True

    assert (tracker.get_model(model), tracker.get_modelversion(version)) == (None, None)
    assert tracker.get_iteration(run) == run


def test_a_model_that_is_not_there_cannot_be_changed(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="model 7 is not there"):
        tracker.update_model(7, "oak")
    with pytest.raises(NotFound, match="model 7 is not there"):
        tracker.delete_model(7)


# Versions.


def test_versions_are_numbered_from_one(tracker: Tracker, model: Model, run: Iteration) -> None:
    made = [tracker.create_modelversion(model, run, description=str(n)) for n in range(3)]

    assert [(one.version, one.stage_id, one.description) for one in made] == [
        (1, NO_STAGE, "0"),
        (2, NO_STAGE, "1"),
        (3, NO_STAGE, "2"),
    ]
    assert tracker.get_modelversion(made[0]) == tracker.get_modelversion(made[0].id) == made[0]


def test_the_number_of_a_version_that_went_is_not_given_again(tracker: Tracker, model: Model, run: Iteration) -> None:
    tracker.delete_modelversion(tracker.create_modelversion(model, run))

    assert tracker.create_modelversion(model.id, run.id).version == 2


def test_a_version_may_name_a_resource(tracker: Tracker, model: Model, run: Iteration) -> None:
    resource = tracker.create_resource(run.experiment_id, "weights", b"1")

    assert tracker.create_modelversion(model, run, resource).resource_id == resource.id


def test_a_version_comes_from_a_run_of_the_same_project(tracker: Tracker, model: Model) -> None:
    elsewhere = tracker.create_experiment(tracker.create_project("Rosa"), "Depth")
    run = tracker.create_iteration(elsewhere)

    with pytest.raises(Unprocessable, match=f"run {run.id} is not in the project of model {model.id}"):
        tracker.create_modelversion(model, run)
    with pytest.raises(Unprocessable, match="run 99 is not in the project"):
        tracker.create_modelversion(model, 99)


def test_a_version_holds_a_resource_of_the_same_project(
    tracker: Tracker, model: Model, version: ModelVersion, run: Iteration
) -> None:
    elsewhere = tracker.create_experiment(tracker.create_project("Rosa"), "Depth")
    resource = tracker.create_resource(elsewhere, "weights", b"1")

    with pytest.raises(Unprocessable, match=f"resource {resource.id} is not in the project of model {model.id}"):
        tracker.create_modelversion(model, run, resource)
    with pytest.raises(Unprocessable, match=f"is not in the project of model version {version.id}"):
        tracker.update_modelversion(version, resource=resource)


def test_a_version_of_a_model_that_is_not_there_is_not_found(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(NotFound, match="model 7 is not there"):
        tracker.create_modelversion(7, run)


def test_a_version_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert (tracker.get_modelversion(7), tracker.get_modelversions(7), tracker.get_production_version(7)) == (
        None,
        [],
        None,
    )


def test_versions_come_by_number_all_or_by_the_page(tracker: Tracker, model: Model, run: Iteration) -> None:
    for _ in range(4):
        tracker.create_modelversion(model, run)

    page = tracker.get_modelversions(model, Pagination(2, 1))

    assert [one.version for one in tracker.get_modelversions(model.id)] == [1, 2, 3, 4]
    assert ([one.version for one in page.data], page.total) == ([2, 3], 4)


def test_what_is_given_of_a_version_is_changed(tracker: Tracker, version: ModelVersion, run: Iteration) -> None:
    resource = tracker.create_resource(run.experiment_id, "weights", b"1")

    changed = tracker.update_modelversion(version, STAGING, "better", resource.id)

    assert (changed.stage_id, changed.description, changed.resource_id) == (STAGING, "better", resource.id)
    assert changed.updated_date is not None


def test_a_version_may_go_from_any_stage_to_any_other(tracker: Tracker, version: ModelVersion) -> None:
    for stage in (PRODUCTION, NO_STAGE, ARCHIVED, PRODUCTION, STAGING, 3, 1):
        assert tracker.update_modelversion(version, stage).stage_id == stage


@pytest.mark.parametrize("stage", [0, 5, "PRODUCTION"])
def test_a_version_takes_no_stage_that_there_is_not(tracker: Tracker, version: ModelVersion, stage: int) -> None:
    with pytest.raises(Invalid, match="it may be 1 NO_STAGE, 2 STAGING, 3 PRODUCTION, 4 ARCHIVED"):
        tracker.update_modelversion(version, stage)


@pytest.mark.parametrize("stage", [PRODUCTION, 3])
def test_a_version_that_goes_into_production_archives_the_one_there(
    tracker: Tracker, model: Model, run: Iteration, stage: int
) -> None:
    first, second, staged = (tracker.create_modelversion(model, run) for _ in range(3))
    tracker.update_modelversion(staged, STAGING)
    tracker.update_modelversion(first, PRODUCTION)

    tracker.update_modelversion(second.id, stage)

    assert [one.stage_id for one in tracker.get_modelversions(model)] == [ARCHIVED, PRODUCTION, STAGING]
    production = tracker.get_production_version(model.id)
    assert production is not None
    assert production.id == second.id


def test_a_promotion_touches_the_model_and_the_one_that_is_archived(
    tracker: Tracker, model: Model, run: Iteration
) -> None:
    first, second = (tracker.create_modelversion(model, run) for _ in range(2))
    tracker.update_modelversion(first, PRODUCTION)

    promoted = tracker.update_modelversion(second, PRODUCTION)

    touched, archived = tracker.get_model(model), tracker.get_modelversion(first)
    assert touched is not None
    assert archived is not None
    assert promoted.updated_date == touched.updated_date == archived.updated_date


def test_a_promotion_leaves_other_models_alone(tracker: Tracker, project: Project, run: Iteration) -> None:
    versions = [tracker.create_modelversion(tracker.create_model(project, name), run) for name in "ab"]

    for version in versions:
        tracker.update_modelversion(version, PRODUCTION)

    for version in versions:
        production = tracker.get_production_version(version.model_id)
        assert production is not None
        assert production.id == version.id


def test_a_version_in_production_may_be_promoted_again(tracker: Tracker, version: ModelVersion) -> None:
    for _ in range(2):
        assert tracker.update_modelversion(version, PRODUCTION).stage_id == PRODUCTION


def test_a_version_that_leaves_production_leaves_none_behind(tracker: Tracker, model: Model, run: Iteration) -> None:
    version = tracker.create_modelversion(model, run)
    tracker.update_modelversion(version, PRODUCTION)
    assert tracker.get_production_version(model) is not None

    tracker.update_modelversion(version, ARCHIVED)

    assert tracker.get_production_version(model) is None


def test_a_version_that_is_not_there_cannot_be_changed(tracker: Tracker) -> None:
    for stage in (None, STAGING, PRODUCTION):
        with pytest.raises(NotFound, match="model version 7 is not there"):
            tracker.update_modelversion(7, stage)
    with pytest.raises(NotFound, match="model version 7 is not there"):
        tracker.delete_modelversion(7)


def test_a_version_goes_and_its_resource_stays(tracker: Tracker, model: Model, run: Iteration) -> None:
    resource = tracker.create_resource(run.experiment_id, "weights", b"1")
    version = tracker.create_modelversion(model, run, resource)

    assert tracker.delete_modelversion(version) is True

    assert tracker.read_resource_data(resource) == b"1"


# As someone else.


def test_a_registry_that_one_may_not_read_is_not_there(
    seen_by: SeenBy, ada: User, project: Project, model: Model, version: ModelVersion
) -> None:
    hers = seen_by(ada)

    assert (hers.get_model(model), hers.get_modelversion(version), hers.get_models(project)) == (None, None, [])
    for stage in (STAGING, PRODUCTION):
        with pytest.raises(NotFound, match=f"model version {version.id} is not there"):
            hers.update_modelversion(version, stage)


def test_who_may_update_promotes_and_who_may_not_does_not(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, model: Model, run: Iteration
) -> None:
    first, second = (tracker.create_modelversion(model, run) for _ in range(2))
    tracker.update_modelversion(first, PRODUCTION)
    permission = tracker.create_userpermission(ada, project)

    with pytest.raises(Forbidden, match="the update permission is needed"):
        seen_by(ada).update_modelversion(second, PRODUCTION)
    tracker.update_userpermission(permission, update_permission=True)
    assert seen_by(ada).update_modelversion(second, PRODUCTION).stage_id == PRODUCTION

    assert [one.stage_id for one in tracker.get_modelversions(model)] == [ARCHIVED, PRODUCTION]


def test_experiments_are_no_projects_of_models(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match="is not a project"):
        tracker.create_model(experiment, "tree")  # type: ignore[arg-type]  # that is the test
