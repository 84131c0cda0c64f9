"""A diary in memory, and what most tests of the verbs need in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deardiary.core import passwords
from deardiary.core.entities import Experiment, Iteration, Project, User
from deardiary.core.guard import Guarded
from deardiary.core.principals import Principal
from deardiary.core.stores import Store
from deardiary.opening import open as open_tracker
from deardiary.registry import open_store
from deardiary.tracker import Tracker
from places import alone


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(monkeypatch, tmp_path)
    monkeypatch.setattr(passwords, "LOG_COST", 4)  # or each user costs a tenth of a second


@pytest.fixture
def bare() -> Store:
    return open_store("memory://")


@pytest.fixture
def tracker(bare: Store) -> Tracker:
    return open_tracker(store=bare)


@pytest.fixture
def project(tracker: Tracker) -> Project:
    return tracker.create_project("Iris")


@pytest.fixture
def experiment(tracker: Tracker, project: Project) -> Experiment:
    return tracker.create_experiment(project, "Depth sweep")


@pytest.fixture
def run(tracker: Tracker, experiment: Experiment) -> Iteration:
    return tracker.create_iteration(experiment)


@pytest.fixture
def ended(tracker: Tracker, experiment: Experiment) -> Iteration:
    return tracker.create_iteration(experiment, status=2)


@pytest.fixture
def ada(tracker: Tracker) -> User:
    return tracker.create_user("Ada", "Lovelace", "ada", "secret")


@pytest.fixture
def seen_by(bare: Store, tracker: Tracker) -> Callable[[User], Tracker]:
    """Return what opens the diary as someone else."""

    def opened(user: User) -> Tracker:
        return Tracker(store=Guarded(bare, Principal(user_id=user.id, is_admin=user.is_admin)), depot=tracker.depot)

    return opened
