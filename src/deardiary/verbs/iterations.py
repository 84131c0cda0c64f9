"""The verbs of iterations: runs, and the runs below them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, overload

from deardiary.core.changes import Append, Batch, Element, Expect, Insert, Patch
from deardiary.core.conditions import Measure, all_of, asked, by_id
from deardiary.core.conditions import metric as measured
from deardiary.core.declared import changed
from deardiary.core.entities import (
    Experiment,
    Iteration,
    IterationStatus,
    Parameter,
    Summary,
    Tag,
    Tagging,
    Writer,
)
from deardiary.core.errors import Invalid, Unprocessable
from deardiary.core.points import Points
from deardiary.core.queries import Order, SeriesQuery
from deardiary.core.shapes import instant, micros, now
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.pages import PaginatedResponse, Pagination
from deardiary.verbs.values import as_text, columns_of, settings_of

if TYPE_CHECKING:
    from deardiary.fluent import Run

LOST_AFTER = timedelta(minutes=5)
"""For how long nothing is heard of a run that counts as lost; what writes one is heard of every minute."""


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
        ended: dict[str, Any] = {}
        if status is not None and status != IterationStatus.RUNNING:
            ended = {"status_id": status, "end_date": now()}
            elements.append(Patch(Iteration, -1, ended))
        if not isinstance(experiment, Experiment):
            return self._made(elements, Iteration)
        id = self.store.apply(Batch(elements)).ids[Iteration, -1]
        return changed(row, id=id, project_id=experiment.project_id, **ended)  # nothing else is for the store to say

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

    # Runs that are silent.

    def get_last_seen(self, iterations: "Iterable[Iteration | Run | int]") -> dict[int, datetime]:
        """Return when the processes that write some runs were last heard of, by the ids of the runs.

        A run that is written by no process of its own, such as one that `create_iteration` made, is left out.
        """
        given = list(iterations)
        rows = {one.id: one for one in given if isinstance(one, Iteration)}
        ids = {id_of(Iteration, one) for one in given} - rows.keys()
        if ids:
            rows |= {row.id: row for row in self.find(Iteration, asked("id").among(ids))}
        writers = {row.writer_id for row in rows.values() if row.writer_id is not None}
        if not writers:
            return {}
        seen = {row.id: row.seen_at for row in self.find(Writer, asked("id").among(writers))}
        return {id: max(seen[row.writer_id], _begun_at(row)) for id, row in rows.items() if row.writer_id in seen}

    def get_lost(self) -> list[Iteration]:
        """Return the runs that go on, and whose process has not been heard of for five minutes.

        It was killed, or cannot reach the diary; a run that comes back is lost no longer.
        """
        going = asked("status_id") == IterationStatus.RUNNING
        rows = self.find(Iteration, going & ~asked("writer_id").is_none())
        seen = self.get_last_seen(rows)
        return [row for row in rows if is_lost(row, seen.get(row.id))]

    def end_iteration(
        self,
        iteration: "Iteration | Run | int",
        status: "IterationStatus | int" = IterationStatus.KILLED,
        error_message: str = "",
        *,
        force: bool = False,
    ) -> Iteration:
        """End a run that nobody else ends, such as one whose process was killed, as of when it was last heard of.

        Args:
            force: end it even if it was heard of in the last five minutes.

        Raises:
            Unprocessable: it has ended, or seems to live.
        """
        row = self.get(Iteration, id_of(Iteration, iteration))
        if status == IterationStatus.RUNNING:
            raise Invalid("a run ends SUCCEEDED, FAILED or KILLED, not RUNNING")
        if row.end_date is not None:
            said = f"run {row.id} has ended already: it is {IterationStatus(row.status_id).name}"
            raise Unprocessable(said, kind="Iteration", id=row.id)
        seen, first = self._last_heard_of(row)
        if not force and now() - seen < LOST_AFTER:
            raise Unprocessable(
                f"run {row.id} seems to live: it was heard of {_ago(seen)}; end it where it runs, or all the same with "
                f"force=True, or `deardiary end {row.id} --force`",
                kind="Iteration",
                id=row.id,
            )
        values = {"status_id": status, "end_date": seen, "error_message": error_message}
        self.store.apply(Batch([*first, Patch(Iteration, row.id, values)]))
        return self.get(Iteration, row.id)

    def _last_heard_of(self, row: Iteration) -> tuple[datetime, list[Element]]:
        """Return when a run was last heard of, and what is expected of its writer if that is to hold."""
        latest = _begun_at(row)
        first = list[Element]()
        if row.writer_id is not None:
            (writer,) = self.find(Writer, asked("id").among([row.writer_id]))
            same = all_of(id=writer.id, position=writer.position, seen_at=writer.seen_at)
            first.append(Expect(Writer, same, because=f"run {row.id} lives: it was heard of just now"))
            latest = max(latest, writer.seen_at)
        for one in self.find(Summary, of("iteration_id", row.id)):
            query = SeriesQuery(iterations=[row.id], keys=[one.key], repeats="all")
            times = [int(max(found.times)) for found in self.store.series(query) if found.total]
            latest = max([latest, *map(instant, times)])
        return latest, first


def is_lost(row: Iteration, seen_at: datetime | None) -> bool:
    """Return whether a run goes on and was last heard of too long ago."""
    is_going = row.status_id == IterationStatus.RUNNING
    return is_going and seen_at is not None and now() - seen_at > LOST_AFTER


def _begun_at(row: Iteration) -> datetime:
    return row.reopened_date or row.created_date


def _ago(moment: datetime) -> str:
    minutes = (now() - moment) // timedelta(minutes=1)
    return "just now" if minutes < 1 else f"{minutes} minute{'s' * (minutes != 1)} ago"


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
