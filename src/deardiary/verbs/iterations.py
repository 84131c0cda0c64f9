"""The verbs of iterations: runs, and the runs below them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, overload

from deardiary.core.changes import Append, Element, Expect, Insert, Patch
from deardiary.core.conditions import Measure, asked, by_id
from deardiary.core.conditions import metric as measured
from deardiary.core.entities import (
    Experiment,
    Iteration,
    IterationStatus,
    Parameter,
    Tag,
    Tagging,
)
from deardiary.core.errors import Invalid
from deardiary.core.points import Points
from deardiary.core.queries import Order
from deardiary.core.shapes import micros, now
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.pages import PaginatedResponse, Pagination
from deardiary.verbs.values import as_text, columns_of, settings_of

if TYPE_CHECKING:
    from deardiary.fluent import Run


class Iterations(Diary):
    """Runs."""

    def get_iteration(self, iteration: "Iteration | Run | int") -> Iteration | None:
        """Return a run with its large texts, or none."""
        return self._one(Iteration, by_id(id_of(Iteration, iteration)))

    @overload
    def get_iterations(self, experiment: Experiment | int) -> list[Iteration]: ...
    @overload
    def get_iterations(self, experiment: Experiment | int, page: Pagination) -> PaginatedResponse[Iteration]: ...
    def get_iterations(
        self, experiment: Experiment | int, page: Pagination | None = None
    ) -> list[Iteration] | PaginatedResponse[Iteration]:
        """Return the runs of an experiment, children too, all or a page of them."""
        return self._listed(Iteration, of("experiment_id", id_of(Experiment, experiment)), page)

    @overload
    def get_child_iterations(self, parent: "Iteration | Run | int") -> list[Iteration]: ...
    @overload
    def get_child_iterations(
        self, parent: "Iteration | Run | int", page: Pagination
    ) -> PaginatedResponse[Iteration]: ...
    def get_child_iterations(
        self, parent: "Iteration | Run | int", page: Pagination | None = None
    ) -> list[Iteration] | PaginatedResponse[Iteration]:
        """Return the runs right below a run, by id."""
        return self._listed(Iteration, of("parent_iteration_id", id_of(Iteration, parent)), page)

    def best_child(
        self, iteration: "Iteration | Run | int", metric: str, mode: Literal["max", "min"] = "max"
    ) -> Iteration | None:
        """Return the run below a run whose metric went highest, or lowest; failed and killed ones do not count."""
        if mode not in ("max", "min"):
            raise Invalid(f"mode is {mode!r}; it may be 'max' or 'min'")
        below = of("parent_iteration_id", id_of(Iteration, iteration))
        good = asked("status_id").among([IterationStatus.RUNNING, IterationStatus.SUCCEEDED])
        there = ~measured(metric, mode).is_none()
        order = Order(Measure(metric, mode), descending=mode == "max")
        best = self.find(Iteration, below & good & there, order=order, limit=1)
        return self.get(Iteration, best[0].id) if best else None

    def create_iteration(
        self,
        experiment: Experiment | int,
        *,
        parent_iteration_id: "Iteration | Run | int | None" = None,
        name: str = "",
        notes: str = "",
        parameters: Any = None,
        metrics: Mapping[str, Any] | None = None,
        tags: Iterable[str] = (),
        status: IterationStatus | int | None = None,
        error_message: str = "",
    ) -> Iteration:
        """Make a run, with all that is given of it, in one transaction.

        Args:
            parameters: a mapping, a dataclass, an attrs class or a namespace; nested ones are joined by dots.
            metrics: by key a number, several in the order of their steps, or numbers by step.
            status: how the run ended, if it did; it is ended then and there.

        Raises:
            Unprocessable: the experiment is closed, or the parent is in another one.
        """
        row = Iteration(
            id=-1,
            experiment_id=id_of(Experiment, experiment),
            parent_iteration_id=None if parent_iteration_id is None else id_of(Iteration, parent_iteration_id),
            name=name,
            notes=notes,
            error_message=error_message,
        )
        measured = () if metrics is None else _measured(metrics)
        elements = [*begun(row, settings_of(parameters), tags), *measured]
        if status is not None and status != IterationStatus.RUNNING:
            elements.append(Patch(Iteration, -1, {"status_id": status, "end_date": now()}))
        return self._made(elements, Iteration)

    def update_iteration(
        self,
        iteration: "Iteration | Run | int",
        notes: str | None = None,
        end_date: datetime | None = None,
        status: IterationStatus | int | None = None,
        *,
        status_id: int | None = None,
        error_message: str | None = None,
    ) -> Iteration:
        """Change what is given of a run that has not ended; with an end date it ends, and stays so.

        Raises:
            Unprocessable: the run has ended; `annotate` still changes its name and notes.
        """
        id = id_of(Iteration, iteration)
        values = {
            "notes": notes,
            "end_date": end_date,
            "status_id": status if status is not None else status_id,
            "error_message": error_message,
        }
        ended = by_id(id) & ~asked("end_date").is_none()
        because = f"run {id} has ended; annotate({id}, ...) still changes its name and notes"
        first = Expect(Iteration, ended, found=False, because=because)
        return self._patched(Iteration, id, values, first=[first])

    def annotate(
        self, iteration: "Iteration | Run | int", *, name: str | None = None, notes: str | None = None
    ) -> Iteration:
        """Change the name or the notes of a run, even of one that has ended."""
        return self._patched(Iteration, id_of(Iteration, iteration), {"name": name, "notes": notes})

    def delete_iteration(self, iteration: "Iteration | Run | int") -> bool:
        """Remove a run with its parameters, metrics and artifacts; its children stay, without a parent."""
        return self._dropped(Iteration, id_of(Iteration, iteration))


def begun(row: Iteration, parameters: Mapping[str, Any], tags: Iterable[str]) -> list[Element]:
    """Return what makes a run, promised as -1, with parameters and tags."""
    return [Insert(row), *set_on(-1, parameters), *tagged_with(-1, tags)]


def set_on(iteration: int, parameters: Mapping[str, Any]) -> list[Element]:
    """Return what gives parameters to a run."""
    elements = list[Element]()
    for promise, (key, value) in enumerate(parameters.items(), 1):
        text, type = as_text(key, value)
        elements.append(Insert(Parameter(id=-promise, iteration_id=iteration, key=key, value=text, type=type)))
    return elements


def tagged_with(iteration: int, tags: Iterable[str]) -> list[Element]:
    """Return what lets a run carry tags, each once."""
    if isinstance(tags, str):
        raise Invalid(f"tags is the text {tags!r:.60}; give a list of tags")
    elements = list[Element]()
    tags = list(tags)
    for value in tags:
        if not isinstance(value, str):
            raise Invalid(f"a tag is {value!r:.60}, not a text")
    for promise, value in enumerate(dict.fromkeys(tags), 1):
        elements.append(Insert(Tag(id=-promise, value=value), or_existing=True))
        tagging = Tagging(id=-promise, kind="Iteration", subject_id=iteration, tag_id=-promise)
        elements.append(Insert(tagging, or_existing=True))
    return elements


def _measured(metrics: Mapping[str, Any]) -> Sequence[Element]:
    time = micros(now())
    points = Points.of([(key, value, step, time) for key, value, step in columns_of(metrics)])
    return [Append(-1, points)] if points.columns else []
