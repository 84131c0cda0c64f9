"""Series in a database: the summaries that are always true of their points."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.held import Filling, Held, grow, widen
from deardiary.backends.sql.keeping import Archive, Filing
from deardiary.backends.sql.reading import check_counts
from deardiary.backends.sql.records import Segment
from deardiary.core import columns, sentences
from deardiary.core.changes import Placed
from deardiary.core.conditions import Among, Compare, Condition, Field, IsNan, IsNone, Measure, Of, walk
from deardiary.core.declared import Kind, facts
from deardiary.core.entities import Metric, Summary
from deardiary.core.points import MOST_POINTS, Column, Points, place_of, point_id
from deardiary.core.shapes import micros
from deardiary.core.summaries import extent

FEW_KEYS = 40
"""Up to so many series of a run are asked for by key; for more it is faster to read all."""


@define(eq=False)
class Ledger:
    """The series that one batch writes; their rows are written when somebody could look at them."""

    engine: Engine
    connection: Connection
    archive: Archive
    mark: int
    new_id: Callable[[Kind], int]
    filing: Filing = field(init=False)
    _runs: dict[int, dict[str, Held | None]] = field(factory=dict)
    """The series of each run by key, as far as they are known; none where there is none."""
    _whole: set[int] = field(factory=set)
    """The runs all of whose series are known."""
    _pending: dict[int, Held] = field(factory=dict)
    """The series whose rows are no longer true."""

    def __attrs_post_init__(self) -> None:
        self.filing = self.archive.filing(self.connection, self.mark)

    def begin(self, iteration_id: int) -> None:
        """Know that a run has just been made, and has no series."""
        self._runs[iteration_id] = {}
        self._whole.add(iteration_id)

    def append(self, iteration_id: int, points: Points) -> tuple[Placed, ...]:
        """Add points to the series of a run, and say where they went."""
        given = points.columns
        held = self._of(iteration_id, [column.key for column in given])
        ends = columns.ends_of([column.values for column in given])
        filling, pending = Filling(), self._pending
        placed, segments = [], []
        for column, (low, high) in zip(given, ends, strict=True):
            key, values = column.key, column.values
            series = held.get(key)
            if series is None:
                series = held[key] = Held(self.new_id(Summary), iteration_id, key, is_new=True)
            id, first = series.id, series.next
            if first + len(values) > MOST_POINTS:
                raise sentences.full_series(key)
            if series.is_stale and columns.lacks(column.steps):
                self._recount([series])
            steps, said, reach = filling.of(column, series)
            segments.append(Segment(id, first, steps, values, column.times))
            placed.append(Placed(key=key, series=id, first=first, steps=said))
            grow(series, reach, values, low, high)
            pending[id] = series
        self.filing.append(iteration_id, segments)
        return tuple(placed)

    # Single points.

    def patch_point(self, id: int, values: Mapping[str, Any]) -> int:
        """Change a point, and return its id; another key is another series, and gives another id."""
        series, number, (step, value, time) = self._point(id)
        point = (
            values.get("step", step),
            values.get("value", value),
            micros(values["recorded_at"]) if "recorded_at" in values else time,
        )
        key = values.get("key", series.key)
        if key != series.key:
            self._remove(series, number, step, value)
            moved = Column(
                key=key, values=array("d", [point[1]]), times=array("q", [point[2]]), steps=array("q", [point[0]])
            )
            (placed,) = self.append(series.iteration_id, Points((moved,)))
            return point_id(placed.series, placed.first)
        self.filing.change(series.iteration_id, series.id, number, point)
        self._lose(series, step, None if value == point[1] and value else value)  # 0.0 equals -0.0
        self._lose(series, point[0], None)
        if point[1] == point[1]:
            widen(series, point[1], point[1])
        return id

    def drop_point(self, id: int) -> None:
        """Remove a point; its number is never given again."""
        series, number, (step, value, _) = self._point(id)
        self._remove(series, number, step, value)

    def _point(self, id: int) -> tuple[Held, int, tuple[int, float, int]]:
        series, number = place_of(id)
        held = self._pending.get(series)
        if held is None:
            for _, iteration_id, key, _ in self._all("series by id", [series]):
                held = self._of(iteration_id, [key])[key]
        point = None if held is None else self.filing.point(held.iteration_id, series, number)
        if held is None or point is None:
            raise sentences.absent(Metric, id)
        return held, number, point

    def _remove(self, series: Held, number: int, step: int, value: float) -> None:
        self.filing.remove(series.iteration_id, series.id, number)
        series.count -= 1
        self._lose(series, step, value)

    def _lose(self, series: Held, step: int, value: float | None) -> None:
        """Note that a point is no longer at a step, or has not that value any more."""
        self._pending[series.id] = series
        if not series.first_step < step < series.last_step or (value is not None and value in (series.min, series.max)):
            series.is_stale = True

    # Rows.

    def settle(self, kind: Kind | None = None, condition: Condition | None = None) -> None:
        """Make the rows true that a condition of a kind may look at, or all of them."""
        if not self._pending:
            return
        if kind is not None and condition is not None:
            if not _looks_at_series(kind, condition):
                return
            if not _looks_at_points(condition):
                self._write([one for one in self._pending.values() if one.was_there != (one.count > 0)])
                return
        stale = [one for one in self._pending.values() if one.is_stale]
        if stale:
            self._recount(stale)
        self._write([*self._pending.values()])
        self._pending.clear()

    def finish(self) -> None:
        """Write all that there is to write at the end of a batch."""
        self.settle()
        self.filing.flush()

    def forget(self, iterations: Iterable[int]) -> None:
        """Remove every series of some runs."""
        runs = list(iterations)
        if not runs:
            return
        self.settle()
        self._runs.clear()
        self._whole.clear()
        series = [id for (id,) in self._all("ids of series", runs)]
        self.filing.forget(runs, series)
        self.connection.run(self.engine.texts.fixed["delete Summary"], [self.engine.constant(series, "numbers")])

    def _recount(self, series: Sequence[Held]) -> None:
        """Look at all points of some series."""
        self.filing.flush()
        asked = {one.id: (one.iteration_id, one.key) for one in series if one.count}
        all = self.archive.read(self.connection, asked) if asked else []
        check_counts(all, {one.id: one.count for one in series if one.count})
        found = {one.series: one for one in all}
        for one in series:
            one.is_stale = False
            if one.count:
                there = found[one.id]
                said = extent(there.steps, there.values)
                one.first_step, one.first, one.last_step, one.last = (
                    said.first_step,
                    said.first,
                    said.last_step,
                    said.last,
                )
                one.min, one.max = said.min, said.max

    def _write(self, series: Sequence[Held]) -> None:
        made = [one for one in series if one.is_new]
        if made:
            rows = [(one.id, one.iteration_id, one.key, *self._said(one)[:-1]) for one in made]
            self.connection.many(self.engine.texts.fixed["make series"], rows)
        if len(made) < len(series):
            changed = [self._said(one) for one in series if not one.is_new]
            self.connection.many(self.engine.texts.fixed["keep series"], changed)
        for one in series:
            one.is_new, one.was_there = False, one.count > 0

    def _said(self, one: Held) -> tuple[Any, ...]:
        """Return what the row of a series says beside its name, and its id."""
        out, count = self.engine.number_out, one.count
        if not count:
            return 0, 0, 0, 0.0, 0.0, None, None, one.next, self.mark, one.id
        low, high = one.min, one.max
        return (
            count,
            one.first_step,
            one.last_step,
            out(one.first),
            out(one.last),
            None if low is None else out(low),
            None if high is None else out(high),
            one.next,
            self.mark,
            one.id,
        )

    def _of(self, iteration_id: int, keys: Sequence[str]) -> dict[str, Held | None]:
        """Return the series of a run by key: those of some keys, and perhaps others."""
        known = self._runs.setdefault(iteration_id, {})
        new = [] if iteration_id in self._whole else [key for key in keys if key not in known]
        if not new:
            return known
        fixed = self.engine.texts.fixed
        if len(new) <= FEW_KEYS:
            known.update(dict.fromkeys(new))
            rows = self.connection.all(
                fixed["series of a run by key"], [iteration_id, self.engine.constant(new, "texts")]
            )
        else:
            self._whole.add(iteration_id)
            rows = self.connection.all(fixed["series of a run"], [iteration_id])
        for row in rows:
            if known.get(row[1]) is None:
                known[row[1]] = held = Held(row[0], iteration_id, *row[1:])
                held.was_there = held.count > 0
        return known

    def _all(self, name: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        return self.connection.all(self.engine.texts.fixed[name], [self.engine.constant(list(ids), "numbers")])


POINTED = frozenset(facts(Summary)) - {"id", "iteration_id", "key"}
"""The fields of a series' row that change with its points."""


def _looks_at_series(kind: Kind, condition: Condition) -> bool:
    """Return whether a condition may depend on series."""
    return kind is Summary or _looks_at_points(condition)


def _looks_at_points(condition: Condition) -> bool:
    """Return whether a condition may depend on what series say of their points."""
    named = [part for part in walk(condition) if isinstance(part, Compare | Among | IsNone | IsNan)]
    terms = [part.term for part in named]
    terms += [part.value.term for part in named if isinstance(part, Compare) and isinstance(part.value, Of)]
    fields = [term for term in terms if isinstance(term, Field) and not term.of]
    return any(isinstance(term, Measure) for term in terms) or any(field.name in POINTED for field in fields)
