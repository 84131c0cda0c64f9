"""Points in a database: as plain rows, beside the summaries that are always true of them."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, repeat
from typing import Any

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.core import sentences
from deardiary.core.changes import Placed
from deardiary.core.declared import Kind
from deardiary.core.entities import Metric, Summary
from deardiary.core.points import MOST_POINTS, Column, Points, place_of, point_id
from deardiary.core.queries import Series, SeriesQuery
from deardiary.core.series import Run, answered
from deardiary.core.shapes import micros
from deardiary.core.summaries import Extent, extent, filled, joined


@define(eq=False)
class Held:
    """A series as its row says it."""

    id: int
    iteration_id: int
    key: str
    next: int = 0
    extent: Extent | None = None


@define(eq=False)
class Ledger:
    """The series that one batch writes."""

    engine: Engine
    connection: Connection
    mark: int
    new_id: Callable[[Kind], int]
    _runs: dict[int, dict[str, Held]] = field(factory=dict)

    def begin(self, iteration_id: int) -> None:
        """Know that a run has just been made, and has no series."""
        self._runs[iteration_id] = {}

    def append(self, iteration_id: int, points: Points) -> tuple[Placed, ...]:
        """Add points to the series of a run, and say where they went."""
        held = self._of(iteration_id)
        rows: list[tuple[int, int, int, Any, int]] = []
        touched, placed = [], []
        for column in points:
            series = held.get(column.key)
            if series is None:
                series = held[column.key] = Held(self.new_id(Summary), iteration_id, column.key)
            placed.append(self._placed(series, column, rows))
            touched.append(series)
        self.connection.many(self.engine.texts.fixed["insert points"], rows)
        self._keep(touched)
        return tuple(placed)

    def _placed(self, series: Held, column: Column, rows: list[tuple[int, int, int, Any, int]]) -> Placed:
        first = series.next
        if first + len(column) > MOST_POINTS:
            raise sentences.full_series(column.key)
        before = series.extent
        steps, given = filled(column.key, column.steps, None if before is None else before.last_step)
        values = map(self.engine.number_out, column.values)
        rows.extend(zip(repeat(series.id), count(first), steps, values, column.times))  # two never end
        series.next = first + len(column)
        series.extent = joined(before, extent(steps, column.values))
        return Placed(key=column.key, series=series.id, first=first, steps=given)

    def patch_point(self, id: int, values: Mapping[str, Any]) -> int:
        """Change a point, and return its id; another key is another series, and gives another id."""
        series, point = self._point(id)
        number, step, value, time = point
        step, value = values.get("step", step), values.get("value", self.engine.number_in(value))
        time = micros(values["recorded_at"]) if "recorded_at" in values else time
        key = values.get("key", series.key)
        if key == series.key:
            text = self.engine.texts.fixed["update point"]
            self.connection.run(text, (step, self.engine.number_out(value), time, series.id, number))
            self._recount(series)
            return id
        self._remove(series, number)
        moved = Column(key=key, values=array("d", [value]), times=array("q", [time]), steps=array("q", [step]))
        (placed,) = self.append(series.iteration_id, Points((moved,)))
        return point_id(placed.series, placed.first)

    def drop_point(self, id: int) -> None:
        """Remove a point; its number is never given again."""
        series, point = self._point(id)
        self._remove(series, point[0])

    def forget(self, iterations: Iterable[int]) -> None:
        """Remove every series of some runs."""
        runs = list(iterations)
        if not runs:
            return
        self._runs.clear()
        constant, fixed = self.engine.constant, self.engine.texts.fixed
        series = [id for (id,) in self.connection.all(fixed["ids of series"], [constant(runs, "numbers")])]
        for name in ("delete points", "delete Summary"):
            self.connection.run(fixed[name], [constant(series, "numbers")])

    def _of(self, iteration_id: int) -> dict[str, Held]:
        """Return the series of a run by key."""
        if iteration_id not in self._runs:
            rows = self.connection.all(self.engine.texts.fixed["series of a run"], [iteration_id])
            self._runs[iteration_id] = {row[1]: self._held(iteration_id, row) for row in rows}
        return self._runs[iteration_id]

    def _held(self, iteration_id: int, row: Sequence[Any]) -> Held:
        id, key, next, count, first_step, last_step, *numbers = row
        values = [None if number is None else self.engine.number_in(number) for number in numbers]
        known = Extent(count, first_step, last_step, *values) if count else None  # type: ignore[arg-type]  # first and last are there
        return Held(id, iteration_id, key, next, known)

    def _point(self, id: int) -> tuple[Held, tuple[Any, ...]]:
        series, number = place_of(id)
        rows = self.connection.all(self.engine.texts.fixed["one series"], [series])
        found = self.connection.all(self.engine.texts.fixed["point"], [series, number]) if rows else []
        if not found:
            raise sentences.absent(Metric, id)
        iteration_id, _, key, *_ = rows[0]
        return self._of(iteration_id)[key], found[0]

    def _remove(self, series: Held, number: int) -> None:
        self.connection.run(self.engine.texts.fixed["delete point"], [series.id, number])
        self._recount(series)

    def _recount(self, series: Held) -> None:
        rows = self.connection.all(self.engine.texts.fixed["points of a series"], [series.id])
        values = [self.engine.number_in(value) for _, value in rows]
        series.extent = extent([step for step, _ in rows], values) if rows else None
        self._keep([series])

    def _keep(self, series: list[Held]) -> None:
        self.connection.many(self.engine.texts.fixed["keep series"], [self._row(one) for one in series])

    def _row(self, series: Held) -> list[Any]:
        known, out = series.extent, self.engine.number_out
        if known is None:
            said: list[Any] = [0, 0, 0, 0.0, 0.0, None, None]
        else:
            ends = [None if value is None else out(value) for value in (known.first, known.last, known.min, known.max)]
            said = [known.count, known.first_step, known.last_step, *ends]
        return [series.id, series.iteration_id, series.key, *said, series.next, self.mark]


def read_series(engine: Engine, connection: Connection, query: SeriesQuery) -> list[Series]:
    """Return the series that answer a query."""
    if query.ids:
        return answered(SeriesQuery(), _by_id(engine, connection, query.ids))
    fixed = engine.texts.fixed
    if query.iterations:
        found = connection.all(fixed["series of runs"], [engine.constant(list(query.iterations), "numbers")])
    else:
        found = connection.all(fixed["series"])
    runs = {id: Run(id, iteration, key, []) for id, iteration, key in found if not query.keys or key in query.keys}
    number_in = engine.number_in
    for id, step, number, value, time in connection.all(
        fixed["points of series"], [engine.constant(list(runs), "numbers")]
    ):
        runs[id].points.append((step, number, number_in(value), time))
    return answered(query, runs.values())


def _by_id(engine: Engine, connection: Connection, ids: Iterable[int]) -> Iterable[Run]:
    runs: dict[int, Run] = {}
    for id in sorted(set(ids)):
        series, number = place_of(id)
        rows = connection.all(engine.texts.fixed["one series"], [series])
        found = connection.all(engine.texts.fixed["point"], [series, number]) if rows else []
        for _, step, value, time in found:
            run = runs.setdefault(series, Run(series, rows[0][0], rows[0][2], []))
            run.points.append((step, number, engine.number_in(value), time))
    return runs.values()
