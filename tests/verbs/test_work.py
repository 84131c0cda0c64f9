"""The verbs of projects and experiments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deardiary.core.entities import Experiment, ExperimentStatus, Iteration, Project, User, UserPermission
from deardiary.core.errors import AdminRequired, Forbidden, Invalid, NotFound, Unprocessable
from deardiary.tracker import Tracker
from deardiary.verbs.pages import Pagination

IN_PROGRESS, STOPPED, FINISHED = ExperimentStatus
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

SeenBy = Callable[[User], Tracker]


# Projects.


def test_a_project_is_made_by_its_name(tracker: Tracker) -> None:
    made = tracker.create_project("Iris", description="petals")

    assert (made.id, made.name, made.description) == (1, "Iris", "petals")
    assert tracker.get_project(1) == made


@pytest.mark.parametrize("by", ["id", "row"])
def test_a_project_is_made_for_a_user_and_by_its_name(tracker: Tracker, by: str) -> None:
    user = tracker.get_user("default")
    assert user is not None

    made = tracker.create_project(user if by == "row" else user.id, "Iris", description="petals")

    assert (made.name, made.description) == ("Iris", "petals")


def test_the_name_of_a_project_may_be_given_by_its_name(tracker: Tracker) -> None:
    assert tracker.create_project(name="Iris").name == "Iris"
    assert tracker.create_project(1, name="Iris").name == "Iris"


def test_two_projects_may_have_one_name(tracker: Tracker) -> None:
    first, second = tracker.create_project("Iris"), tracker.create_project("Iris")

    assert first.id != second.id


def test_the_maker_of_a_project_may_do_everything_in_it(tracker: Tracker, project: Project) -> None:
    permission = tracker.get_userpermission(1, project)

    assert permission is not None
    assert [getattr(permission, f"{action}_permission") for action in ("create", "read", "update", "delete")] == [
        True
    ] * 4


def test_a_project_for_another_administrator_is_theirs_too(tracker: Tracker) -> None:
    eve = tracker.create_user("Eve", "", "eve", "secret", is_admin=True)

    made = tracker.create_project(eve, "Iris")

    assert {row.user_id for row in tracker.get_userpermissions(made)} == {1, eve.id}


def test_no_project_is_made_for_who_is_no_administrator(tracker: Tracker, ada: User) -> None:
    with pytest.raises(Unprocessable, match=f"user {ada.id} is no administrator"):
        tracker.create_project(ada, "Iris")

    assert tracker.get_projects() == []


def test_no_project_is_made_for_who_is_not_there(tracker: Tracker) -> None:
    with pytest.raises(Unprocessable, match="user 99"):
        tracker.create_project(99, "Iris")


@pytest.mark.parametrize("given", [(), (1,), (1, 2), ("Iris", 1), (1, "Iris", "more")])
def test_what_names_no_project_is_refused(tracker: Tracker, given: tuple[object, ...]) -> None:
    with pytest.raises(Invalid, match="create_project takes a name"):
        tracker.create_project(*given)  # type: ignore[call-overload]  # that is the test


@pytest.mark.parametrize("name", ["", "x" * 257, "a\0b", "\ud800"])
def test_a_project_has_a_name_that_any_store_keeps(tracker: Tracker, name: str) -> None:
    with pytest.raises(Invalid, match="project name"):
        tracker.create_project(name)


def test_a_project_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert tracker.get_project(7) is None


def test_projects_come_in_the_order_in_which_they_were_made(tracker: Tracker) -> None:
    for name in "cab":
        tracker.create_project(name)

    assert [row.name for row in tracker.get_projects()] == ["c", "a", "b"]


def test_an_administrator_may_read_every_project(tracker: Tracker, project: Project) -> None:
    assert tracker.get_projects(1) == [project]


def test_a_user_may_read_those_projects_that_they_have_the_permission_for(
    tracker: Tracker, ada: User, project: Project
) -> None:
    hidden, unknown = tracker.create_project("hidden"), tracker.create_project("unknown")
    tracker.create_userpermission(ada, project)
    tracker.create_userpermission(ada, hidden, read_permission=False)

    assert tracker.get_projects(ada) == [project]
    assert unknown not in tracker.get_projects(ada.id)


def test_a_user_without_permissions_may_read_no_project(tracker: Tracker, ada: User, project: Project) -> None:
    assert tracker.get_projects(ada) == []


def test_projects_of_a_user_who_is_not_there_are_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="user 99 is not there"):
        tracker.get_projects(99)


def test_what_is_given_of_a_project_is_changed(tracker: Tracker, project: Project) -> None:
    assert tracker.update_project(project, "Rosa").name == "Rosa"

    changed = tracker.update_project(project.id, description="petals")

    assert (changed.name, changed.description) == ("Rosa", "petals")


def test_a_change_of_nothing_answers_the_row(tracker: Tracker, project: Project) -> None:
    assert tracker.update_project(project) == project


def test_a_change_of_nothing_in_what_is_not_there_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="project 7 is not there"):
        tracker.update_project(7)


def test_a_project_cannot_lose_its_name(tracker: Tracker, project: Project) -> None:
    with pytest.raises(Invalid, match="project name is empty"):
        tracker.update_project(project, "")


def test_a_project_goes_with_all_that_is_in_it(tracker: Tracker, project: Project, run: Iteration) -> None:
    tracker.add_tag(project, "old")
    model = tracker.create_model(project, "tree")
    tracker.create_modelversion(model, run)

    assert tracker.delete_project(project) is True

    for kind in (Project, Experiment, Iteration, UserPermission):
        assert tracker.find(kind) == []


def test_a_project_that_is_not_there_cannot_be_deleted(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="project 7 is not there"):
        tracker.delete_project(7)


# Experiments.


def test_an_experiment_is_made_in_progress(tracker: Tracker, project: Project) -> None:
    made = tracker.create_experiment(project, "Depth", description="how deep")

    assert (made.project_id, made.status_id, made.name, made.description) == (project.id, 1, "Depth", "how deep")
    assert (made.end_date, tracker.get_experiment(made)) == (None, made)


@pytest.mark.parametrize("status", [1, IN_PROGRESS])
def test_an_experiment_is_made_with_the_status_that_it_begins_with(
    tracker: Tracker, project: Project, status: int
) -> None:
    assert tracker.create_experiment(project.id, status, "Depth").status_id == 1


def test_the_name_of_an_experiment_may_be_given_by_its_name(tracker: Tracker, project: Project) -> None:
    assert tracker.create_experiment(project, name="Depth").name == "Depth"
    assert tracker.create_experiment(project, IN_PROGRESS, name="Depth").name == "Depth"


@pytest.mark.parametrize("status", [STOPPED, FINISHED, 3])
def test_an_experiment_cannot_begin_closed(tracker: Tracker, project: Project, status: int) -> None:
    with pytest.raises(Unprocessable, match="an experiment begins IN_PROGRESS"):
        tracker.create_experiment(project, status, "Depth")


@pytest.mark.parametrize("status", [0, 4, -1, True])
def test_a_status_that_there_is_not_is_refused(tracker: Tracker, project: Project, status: int) -> None:
    with pytest.raises(Invalid, match="it may be 1 IN_PROGRESS, 2 STOPPED, 3 FINISHED"):
        tracker.create_experiment(project, status, "Depth")


@pytest.mark.parametrize("given", [(), (1,), ("Depth", 1), (1, "Depth", 2)])
def test_what_names_no_experiment_is_refused(tracker: Tracker, project: Project, given: tuple[object, ...]) -> None:
    with pytest.raises(Invalid, match="create_experiment takes a project"):
        tracker.create_experiment(project, *given)  # type: ignore[call-overload]  # that is the test


def test_an_experiment_is_made_in_a_project_that_is_there(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="project 7 is not there"):
        tracker.create_experiment(7, "Depth")


def test_an_experiment_is_not_made_in_a_row_of_another_kind(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match=r"experiment 1 is not a project; give a project or its id"):
        tracker.create_experiment(experiment, "Depth")  # type: ignore[call-overload]  # that is the test


def test_experiments_come_all_or_by_the_page(tracker: Tracker, project: Project) -> None:
    made = [tracker.create_experiment(project, str(n)) for n in range(5)]

    page = tracker.get_experiments(project, Pagination(2, 1))

    assert tracker.get_experiments(project.id) == made
    assert (page.data, page.total, page.limit, page.offset, len(page)) == (made[1:3], 5, 2, 1, 2)


def test_a_page_past_the_end_is_empty_and_knows_the_total(tracker: Tracker, project: Project) -> None:
    tracker.create_experiment(project, "Depth")

    page = tracker.get_experiments(project, Pagination(limit=10, offset=5))

    assert (page.data, page.total) == ([], 1)


@pytest.mark.parametrize("page", [Pagination(-1), Pagination(1, -1), Pagination(2**70)])
def test_a_page_has_bounds_that_make_sense(tracker: Tracker, project: Project, page: Pagination) -> None:
    with pytest.raises(Invalid, match=r"limit|offset"):
        tracker.get_experiments(project, page)


@pytest.mark.parametrize("page", [5, (5, 0), {"limit": 5}])
def test_a_page_is_asked_for_as_one(tracker: Tracker, project: Project, page: Any) -> None:
    with pytest.raises(Invalid, match=r"give Pagination\(limit, offset\)"):
        tracker.get_experiments(project, page)


def test_a_project_without_experiments_has_none(tracker: Tracker) -> None:
    assert tracker.get_experiments(7) == []


def test_what_is_given_of_an_experiment_is_changed(tracker: Tracker, experiment: Experiment) -> None:
    changed = tracker.update_experiment(experiment, FINISHED, "Depths", "all of them", NOON)

    assert (changed.status_id, changed.name, changed.description, changed.end_date) == (
        3,
        "Depths",
        "all of them",
        NOON,
    )


def test_an_experiment_may_be_changed_without_its_status(tracker: Tracker, experiment: Experiment) -> None:
    assert tracker.update_experiment(experiment.id, name="Depths").status_id == 1


def test_an_experiment_that_is_stopped_has_no_end_date_unless_it_is_given(
    tracker: Tracker, experiment: Experiment
) -> None:
    assert tracker.update_experiment(experiment, STOPPED).end_date is None


def test_a_closed_experiment_may_still_be_described(tracker: Tracker, experiment: Experiment) -> None:
    tracker.update_experiment(experiment, FINISHED, end_date=NOON)

    assert tracker.update_experiment(experiment, description="good").description == "good"


def test_an_experiment_that_is_in_progress_again_has_no_end_date(tracker: Tracker, experiment: Experiment) -> None:
    tracker.update_experiment(experiment, FINISHED, end_date=NOON)

    again = tracker.update_experiment(experiment, IN_PROGRESS, end_date=NOON)

    assert (again.status_id, again.end_date) == (1, None)


def test_a_closed_experiment_takes_no_run_and_leaves_those_that_go_on(
    tracker: Tracker, experiment: Experiment, run: Iteration
) -> None:
    tracker.update_experiment(experiment, STOPPED)

    with pytest.raises(Unprocessable, match=f"experiment {experiment.id} is closed"):
        tracker.create_iteration(experiment)
    assert tracker.create_metric(run, "loss", 0.5).step == 0


@pytest.mark.parametrize("status", [0, 4, True])
def test_an_experiment_takes_no_status_that_there_is_not(tracker: Tracker, experiment: Experiment, status: int) -> None:
    with pytest.raises(Invalid, match="it may be 1 IN_PROGRESS"):
        tracker.update_experiment(experiment, status)


def test_a_change_of_an_experiment_that_is_not_there_is_not_found(tracker: Tracker) -> None:
    for status in (None, IN_PROGRESS, STOPPED):
        with pytest.raises(NotFound, match="experiment 7 is not there"):
            tracker.update_experiment(7, status)


def test_a_time_without_a_zone_is_refused(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match=r"has no time zone; datetime.now\(timezone.utc\) has one"):
        tracker.update_experiment(experiment, FINISHED, end_date=datetime(2026, 3, 1))


def test_an_experiment_goes_with_its_runs_and_resources(
    tracker: Tracker, experiment: Experiment, run: Iteration
) -> None:
    tracker.create_resource(experiment, "notes", b"")

    assert tracker.delete_experiment(experiment) is True

    assert (tracker.get_iterations(experiment), tracker.get_resources(experiment)) == ([], [])


def test_an_experiment_with_a_registered_run_stays(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    version = tracker.create_modelversion(tracker.create_model(experiment.project_id, "tree"), run)

    with pytest.raises(Unprocessable, match=f"model version {version.id} names run {run.id}"):
        tracker.delete_experiment(experiment)


# As someone else.


def test_what_one_may_not_read_is_not_there(
    seen_by: SeenBy, ada: User, project: Project, experiment: Experiment
) -> None:
    tracker = seen_by(ada)

    assert (tracker.get_project(project), tracker.get_experiment(experiment)) == (None, None)
    assert (tracker.get_projects(), tracker.get_experiments(project)) == ([], [])
    with pytest.raises(NotFound, match=f"project {project.id} is not there"):
        tracker.create_experiment(project, "Depth")


def test_who_may_read_a_project_may_not_write_in_it(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, experiment: Experiment
) -> None:
    tracker.create_userpermission(ada, project)
    hers = seen_by(ada)

    assert hers.get_experiments(project) == [experiment]
    with pytest.raises(Forbidden, match="the create permission is needed"):
        hers.create_experiment(project, "Depth")
    with pytest.raises(Forbidden, match="the update permission is needed"):
        hers.update_experiment(experiment, STOPPED)
    with pytest.raises(Forbidden, match="the update permission is needed"):
        hers.update_project(project, "hers")
    with pytest.raises(Forbidden, match="the delete permission is needed"):
        hers.delete_project(project)


def test_who_may_create_in_a_project_makes_experiments(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project
) -> None:
    tracker.create_userpermission(ada, project, create_permission=True)

    assert seen_by(ada).create_experiment(project, "hers").name == "hers"


def test_only_an_administrator_makes_projects(seen_by: SeenBy, ada: User) -> None:
    with pytest.raises(AdminRequired, match="only an administrator makes projects"):
        seen_by(ada).create_project("hers")


def test_nobody_makes_a_project_by_naming_an_administrator(seen_by: SeenBy, ada: User) -> None:
    with pytest.raises(Forbidden):
        seen_by(ada).create_project(1, "hers")
