"""A depth sweep whose trials are child iterations, in a diary under any URL.

python examples/child_iterations.py sqlite:///diary.db
"""

import sys

from deardiary.core.conditions import asked
from deardiary.core.entities import Experiment, Iteration, IterationStatus, Parameter, Project, Summary
from deardiary.core.shapes import now
from deardiary.tracker import Tracker, open_tracker


def trial(tracker: Tracker, driver: Iteration, depth: int) -> Iteration:
    """Open a child of the driver for one configuration."""
    row = Iteration(experiment_id=driver.experiment_id, parent_iteration_id=driver.id, name=f"depth {depth}")
    run = tracker.add(row)
    tracker.add(Parameter(iteration_id=run.id, key="max_depth", value=str(depth), type="int"))
    return run


def finish(tracker: Tracker, run: Iteration, *, error: str = "") -> Iteration:
    """End a run: well, or with what went wrong."""
    status = IterationStatus.FAILED if error else IterationStatus.SUCCEEDED
    return tracker.update(run, status_id=status, end_date=now(), error_message=error)


def sweep(tracker: Tracker) -> None:
    """Tell the story, and print what the guide to child iterations prints."""
    project = tracker.add(Project(name="Fraud detection"))
    experiment = tracker.add(Experiment(project_id=project.id, name="Decision-tree sweep"))

    # The driver stands for the sweep as a whole.
    driver = tracker.add(Iteration(experiment_id=experiment.id, name="sweep"))
    tracker.add(Parameter(iteration_id=driver.id, key="max_depth_range", value="2..10"))
    tracker.add(Parameter(iteration_id=driver.id, key="search", value="grid"))

    # A child for each trial.
    trials = []
    for depth in range(2, 6):
        run = trial(tracker, driver, depth)
        tracker.append(run, {"accuracy": 0.90 + 0.01 * depth})
        trials.append(run)
    print([run.id for run in trials])

    # One that ends well, and one that does not.
    run = trial(tracker, driver, 6)
    tracker.append(run, {"accuracy": 0.972})
    succeeded = finish(tracker, run)
    print((succeeded.status_id == IterationStatus.SUCCEEDED, succeeded.error_message))
    try:
        run = trial(tracker, driver, 12)
        raise MemoryError("OutOfMemoryError: max_depth=12 blew the heap")
    except MemoryError as error:
        failed = finish(tracker, run, error=str(error))
    print((failed.status_id == IterationStatus.FAILED, failed.error_message))

    # Walking the tree: the best of the children that succeeded.
    children = tracker.find(Iteration, asked("parent_iteration_id") == driver.id)
    print(len(children))
    ended = [child.id for child in children if child.status_id == IterationStatus.SUCCEEDED]
    (best, *_) = tracker.find(Summary, asked("iteration_id").among(ended), order="-max")
    (setting,) = tracker.find(Parameter, asked("iteration_id") == best.iteration_id)
    print(repr(setting.value))

    # The children outlive the driver.
    tracker.delete(driver)
    print(tracker.get(Iteration, succeeded.id).parent_iteration_id is None)


def main() -> None:
    """Sweep in the diary whose URL the command line gives."""
    tracker = open_tracker(sys.argv[1])
    sweep(tracker)
    tracker.close()


if __name__ == "__main__":
    main()
