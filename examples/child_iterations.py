"""A depth sweep whose trials are child iterations, in a diary under any URL: the guide as one script.

python examples/child_iterations.py sqlite:///diary.db
"""

import sys

import deardiary
from deardiary import FAILED, IN_PROGRESS, SUCCEEDED

deardiary.initialize_database(sys.argv[1])

# Scaffold a sweep: the driver stands for it as a whole.
user = deardiary.get_user("default")
project = deardiary.create_project(user.id, "Fraud detection")
experiment = deardiary.create_experiment(project.id, IN_PROGRESS, "Decision-tree sweep")
driver = deardiary.create_iteration(experiment.id)
deardiary.create_parameter(driver.id, "max_depth_range", "2..10")
deardiary.create_parameter(driver.id, "search", "grid")

# Spawn a child per trial.
trial_ids = []
for depth in range(2, 6):
    trial = deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id)
    deardiary.create_parameter(trial.id, "max_depth", depth)
    deardiary.create_metric(trial.id, "accuracy", 0.90 + 0.01 * depth)
    trial_ids.append(trial.id)
print(trial_ids)


# Auto-finalised trials: one that ends well.
def good(run):
    deardiary.create_parameter(run.id, "max_depth", 6)
    deardiary.create_metric(run.id, "accuracy", 0.972)
    return run.id


succeeded_id = deardiary.with_iteration(good, experiment.id, parent_iteration_id=driver.id)
succeeded = deardiary.get_iteration(succeeded_id)
print((succeeded.status_id == SUCCEEDED, succeeded.error_message))

# And one that does not.
failed_ids = []


def bad(run):
    failed_ids.append(run.id)
    raise MemoryError("OutOfMemoryError: max_depth=12 blew the heap")


try:
    deardiary.with_iteration(bad, experiment.id, parent_iteration_id=driver.id)
except MemoryError:
    pass  # the driver swallows the exception, so that the rest of the sweep can carry on
failed = deardiary.get_iteration(failed_ids[0])
print((failed.status_id == FAILED, failed.error_message))

# Walking the tree.
children = deardiary.get_child_iterations(driver.id)
print(len(children))
ended = [child for child in children if child.status_id == SUCCEEDED]
best = max(ended, key=lambda child: deardiary.get_metrics(child.id)[0].value)
print(repr(deardiary.get_parameters(best.id)[0].value))

# Cascading deletes: the children outlive the driver.
deardiary.delete_iteration(driver.id)
print(deardiary.get_iteration(succeeded_id).parent_iteration_id is None)
