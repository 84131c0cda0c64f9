"""How a run begins: where it is kept, what it belongs to, what it goes on with."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from deardiary import default, opening
from deardiary.core.changes import Batch, Element, Expect, Insert, Patch
from deardiary.core.conditions import all_of
from deardiary.core.declared import changed
from deardiary.core.entities import Experiment, ExperimentStatus, Iteration, IterationStatus, Project
from deardiary.core.errors import Duplicate, Invalid, NotFound, Unavailable, Unprocessable
from deardiary.core.shapes import now
from deardiary.recorder import recorder_of
from deardiary.saying import say
from deardiary.settings import Settings
from deardiary.tracker import Tracker
from deardiary.verbs.generic import given
from deardiary.verbs.iterations import begun, set_on, tagged_with
from deardiary.verbs.values import as_text, meant

if TYPE_CHECKING:
    from pathlib import Path

    from deardiary.environment import Capture

RANKS = ("RANK", "LOCAL_RANK", "SLURM_PROCID")
"""Variables that number the processes of one job; the first of them keeps the diary."""

ATTEMPTS = 100
"""How often `init` looks again when others make the same project at the same time."""


def mode_of(settings: Settings) -> str:
    """Return how a run is begun that does not say it."""
    if settings.mode:
        return settings.mode
    ranks = [os.environ.get(name, "").strip() for name in RANKS]
    return "disabled" if any(rank.isdecimal() and int(rank) > 0 for rank in ranks) else "online"


def tracker_for(mode: str, server_url: str | None) -> Tracker:
    """Return the diary that a run is kept in."""
    match mode:
        case "disabled":
            return opening.open_nowhere()
        case "offline":
            return opening.open_local()
    try:
        return default.opened_or_configured() if server_url is None else opening.open(server_url)
    except Unavailable as error:
        if mode != "auto":
            raise
        tracker = opening.open_local()
        say(f"warning: {error}; the run is kept in {tracker.url} for now")
        return tracker


def capture_for(tracker: Tracker, is_wanted: bool) -> "Capture | None":
    """Begin to learn what a run runs in, if that is wanted."""
    if not is_wanted:
        return None
    from deardiary.environment import begin_capture

    disabled = tracker.settings.disabled_plugins if tracker.settings else frozenset[str]()
    return begin_capture(more=lambda root: _of_plugins(root, disabled))


def _of_plugins(root: "Path", disabled: frozenset[str]) -> dict[str, str]:
    """Return what plugins know better of the environment."""
    from deardiary.locks import importing

    with importing():
        from deardiary.registry import each, entries

        hooks = [hook for _, hook in each(disabled)] if entries() else []
    found = dict[str, str]()
    for hook in hooks:
        for said in hook.deardiary_snapshot(root=root):
            found.update(said)
    return found


def with_first(row: Iteration, capture: "Capture | None") -> Iteration:
    """Return a run with what is known at once of what it runs in."""
    return row if capture is None else changed(row, **capture.first.values())


def begun_in(
    tracker: Tracker, project: str, experiment: str, row: Iteration, parameters: Mapping[str, Any], tags: Iterable[str]
) -> Iteration:
    """Begin a run in the oldest project and open experiment of some names, which are made if nobody did."""
    for attempt in range(ATTEMPTS):
        first, experiment_id = _place(tracker, project, experiment)
        elements = [*first, *written(tracker, changed(row, experiment_id=experiment_id), parameters, tags)]
        try:
            receipt = tracker.store.apply(Batch(elements))
        except (Duplicate, NotFound, Unprocessable) as error:
            if error.kind not in ("Project", "Experiment") or attempt == ATTEMPTS - 1:
                raise
            continue  # someone was first, or closed or dropped it meanwhile
        return tracker.get(Iteration, receipt.ids[Iteration, -1])
    raise AssertionError("the last attempt returns or raises")


def written(tracker: Tracker, row: Iteration, parameters: Mapping[str, Any], tags: Iterable[str]) -> list[Element]:
    """Return what makes a run that this process writes, promised as -1, with parameters and tags."""
    writer = Insert(recorder_of(tracker).writer(), or_existing=True)
    return [writer, *begun(changed(row, writer_id=-1), parameters, tags)]


def _place(tracker: Tracker, project: str, experiment: str) -> tuple[list[Element], int]:
    """Return what makes the project and the experiment of a run, and the experiment's id or promise."""
    there = tracker.find(Project, name=project, limit=1)
    if not there:
        nobody = Expect(
            Project, all_of(name=project), found=False, otherwise=Duplicate, because=f"project {project!r} is there"
        )
        return [
            nobody,
            Insert(Project(id=-1, name=project)),
            Insert(Experiment(id=-1, project_id=-1, name=experiment)),
        ], -1
    where = all_of(project_id=there[0].id, name=experiment, status_id=ExperimentStatus.IN_PROGRESS)
    known = tracker.find(Experiment, where, limit=1)
    if known:
        return [], known[0].id
    nobody = Expect(Experiment, where, found=False, otherwise=Duplicate, because=f"experiment {experiment!r} is there")
    return [nobody, Insert(Experiment(id=-1, project_id=there[0].id, name=experiment))], -1


def resumed(
    tracker: Tracker,
    resume: "str | int",
    project: str | None,
    row: Iteration,
    parameters: Mapping[str, Any],
    tags: Iterable[str],
) -> Iteration:
    """Go on with a run: open it again if it has ended, and add what is given of it, all or nothing."""
    iteration = find_run(tracker, resume)
    name = tracker.get(Project, iteration.project_id).name
    if project is not None and name != project:
        raise NotFound(
            f"run {resume} is in the project {name!r}, not in {project!r}", kind="Iteration", id=iteration.id
        )
    elements: list[Element] = []
    if iteration.end_date is not None:
        reopened = {"end_date": None, "status_id": IterationStatus.RUNNING, "reopened_date": now()}
        elements.append(Patch(Iteration, iteration.id, reopened))
    elements += set_on(iteration.id, _lacking(tracker, iteration, resume, parameters))
    elements += tagged_with(iteration.id, tags)
    said = given({"name": row.name or None, "notes": row.notes or None})
    elements += [
        Insert(recorder_of(tracker).writer(), or_existing=True),
        Patch(Iteration, iteration.id, {**said, "writer_id": -1}),
    ]
    tracker.store.apply(Batch(elements))
    return tracker.get(Iteration, iteration.id)


def _lacking(
    tracker: Tracker, iteration: Iteration, resume: "str | int", parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parameters that a run lacks; those that it has must be the same."""
    there = {row.key: row for row in tracker.get_parameters(iteration.id)}
    for key, value in parameters.items():
        if key in there and (there[key].value, there[key].type) != as_text(key, value):
            raise Duplicate(
                f"parameter {key!r} of run {resume} is {meant(there[key])!r:.60}, and the config says {value!r:.60}; "
                f"leave it out, and change it with run.config[{key!r}] = ...",
                kind="Parameter",
            )
    return {key: value for key, value in parameters.items() if key not in there}


def find_run(tracker: Tracker, resume: "str | int") -> Iteration:
    """Return the run that a `run_id`, an integer id or a uid names."""
    said = str(resume).strip()
    last = said.rpartition("-")[2]
    if len(said) == 32 and all(digit in "0123456789abcdef" for digit in said):
        found = tracker.find(Iteration, uid=said)
    elif last.isascii() and last.isdigit() and not isinstance(resume, bool):
        found = tracker.find(Iteration, id=int(last)) if len(last) < 19 else []
    else:
        raise Invalid(f"{resume!r:.60} names no run; give its run_id (such as IRI-7), its id or its uid")
    if not found:
        raise NotFound(f"run {said} is not there; deardiary ls shows those that are", kind="Iteration")
    right = run_id(tracker.get(Project, found[0].project_id).name, found[0].id)
    if "-" in said and said.upper() != right:
        raise NotFound(f"run {said} is not there; run {found[0].id} is called {right}", kind="Iteration")
    return found[0]


def run_id(project: str, id: int) -> str:
    """Return what people call a run: three letters of its project, and its id."""
    kept = "".join(one if one.isascii() and (one.isalnum() or one in " -") else "" for one in project)
    words = kept.replace("-", " ").split()
    match words:
        case []:
            letters = "RUN"
        case [word]:
            letters = word[:3]
        case [first, second]:
            letters = f"{first[0]}{second[0]}{first[1:2]}"
        case [first, second, third, *_]:
            letters = f"{first[0]}{second[0]}{third[0]}"
    return f"{letters.upper().ljust(3, 'X')}-{id}"
