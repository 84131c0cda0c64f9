"""Five verbs that every noun understands."""

import pytest

from deardiary.core.conditions import asked
from deardiary.core.entities import Experiment, Iteration, Project, User, UserPermission
from deardiary.core.errors import Invalid, NotFound, Unprocessable
from deardiary.core.shapes import now
from deardiary.opening import open as open_tracker
from deardiary.tracker import Tracker


@pytest.fixture
def tracker() -> Tracker:
    return open_tracker("memory://")


@pytest.fixture
def run(tracker: Tracker) -> Iteration:
    project = tracker.add(Project(name="Iris"))
    experiment = tracker.add(Experiment(project_id=project.id, name="Depth"))
    return tracker.add(Iteration(experiment_id=experiment.id, name="first"))


def test_opening_makes_the_default_user_once(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/diary.db"

    for _ in range(2):
        tracker = open_tracker(url)
        users = tracker.find(User)
        tracker.close()

    assert [(user.id, user.username, user.is_admin, user.password) for user in users] == [(1, "default", True, "")]


def test_add_returns_the_row_as_it_is_kept(tracker: Tracker, run: Iteration) -> None:
    assert (run.id, run.project_id, run.name) == (1, 1, "first")
    assert tracker.get(Iteration, 1) == run


def test_the_maker_of_a_project_may_do_everything_in_it(tracker: Tracker, run: Iteration) -> None:
    (permission,) = tracker.find(UserPermission)

    flags = (permission.create_permission, permission.read_permission)
    assert (*flags, permission.update_permission, permission.delete_permission) == (True,) * 4


def test_get_of_an_absent_row_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 7 is not there"):
        tracker.get(Iteration, 7)


def test_find_asks_in_an_order(tracker: Tracker, run: Iteration) -> None:
    tracker.add(Iteration(experiment_id=run.experiment_id, name="second"))

    names = [row.name for row in tracker.find(Iteration, asked("experiment_id") == 1, order="-name", limit=5)]

    assert names == ["second", "first"]


def test_update_returns_the_row_as_it_is_then(tracker: Tracker, run: Iteration) -> None:
    assert tracker.update(run, notes="good").notes == "good"

    tracker.update(run, end_date=now(), status_id=2)
    with pytest.raises(Unprocessable, match="run 1 has ended"):
        tracker.update(run, status_id=1)
    with pytest.raises(Invalid, match="has no field `colour`"):
        tracker.update(run, colour="red")


def test_delete_removes_a_row_and_what_it_owns(tracker: Tracker, run: Iteration) -> None:
    tracker.append(run, {"loss": 0.5})

    assert tracker.delete(tracker.get(Project, 1)) is True
    assert (tracker.find(Iteration), tracker.series()) == ([], [])


def test_points_come_back_as_series(tracker: Tracker, run: Iteration) -> None:
    for value in (3, 2.5):
        tracker.append(run, {"loss": value})

    (series,) = tracker.series(run)

    assert (list(series.steps), list(series.values)) == ([0, 1], [3.0, 2.5])
