"""Points as rows: the archive of engines that keep columns, and compress them themselves."""

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.keeping import Asked, Point
from deardiary.backends.sql.records import Segment
from deardiary.core import columns
from deardiary.core.series import Arrived

Pending = list[Segment]


@define(eq=False)
class RowFiling:
    """The points that one batch writes, as rows."""

    engine: Engine
    connection: Any
    _pending: Pending = field(factory=list)

    def append(self, _: int, segments: list[Segment], /) -> None:
        """Add points, which are written together at the end."""
        self._pending += segments

    def point(self, _: int, series: int, number: int, /) -> Point | None:
        """Return a point, or none."""
        found = self._all("point", series, number)
        return found[0] if found else None

    def change(self, _: int, series: int, number: int, point: Point, /) -> None:
        """Put another point in the place of one that is there."""
        self._run("change point", *point, series, number)

    def remove(self, _: int, series: int, number: int, /) -> None:
        """Remove a point that is there."""
        self._run("remove point", series, number)

    def forget(self, _: Collection[int], series: Collection[int], /) -> None:
        """Remove all points of some series."""
        self.flush()
        self._run("forget points", self.engine.constant(list(series), "numbers"))

    def flush(self) -> None:
        """Write what has been added."""
        if self._pending:
            pending, self._pending = self._pending, []
            write(self.connection, pending)

    def committed(self, _: Iterable[int], /) -> None:
        """Do nothing: rows stay as they are."""

    def _all(self, name: str, *values: Any) -> list[tuple[Any, ...]]:
        self.flush()
        return self.connection.all(self.engine.texts.fixed[name], values)  # type: ignore[no-any-return]

    def _run(self, name: str, *values: Any) -> None:
        self.flush()
        self.connection.run(self.engine.texts.fixed[name], values)


FROM_COLUMNS = (
    "INSERT INTO points SELECT series_id, number, step, coalesce(value, CAST('NaN' AS DOUBLE)), time FROM given_points"
)
"""What inserts points that are registered as columns of NumPy, whose NaN DuckDB takes for NULL."""


def write(connection: Any, segments: Pending) -> None:
    """Write points as rows: as columns of NumPy if it is there or worth it, else row by row."""
    count = sum(len(one.values) for one in segments)
    numpy = columns.numpy_for(count)
    if numpy is None:
        _append(connection, segments)
        return
    lengths = [len(one.values) for one in segments]
    given = {
        "series_id": numpy.repeat(numpy.array([one.series for one in segments], "i8"), lengths),
        "number": numpy.concatenate([numpy.arange(one.first, one.first + len(one.values)) for one in segments]),
        "step": numpy.concatenate([numpy.asarray(one.steps) for one in segments]),
        "value": numpy.concatenate([numpy.asarray(one.values) for one in segments]),
        "time": numpy.concatenate([numpy.asarray(one.times) for one in segments]),
    }
    connection.raw.register("given_points", given)
    try:
        connection.run(FROM_COLUMNS)
    finally:
        with suppress(Exception):  # which would hide what went wrong before
            connection.raw.unregister("given_points")


def _append(connection: Any, segments: Pending) -> None:
    appender = connection.raw.appender("points")
    for one in segments:
        count = len(one.values)
        numbers = range(one.first, one.first + count)
        appender.append_rows(zip([one.series] * count, numbers, one.steps, one.values, one.times, strict=True))
    appender.flush()


@define(eq=False)
class RowArchive:
    """The points of a diary, as rows."""

    engine: Engine

    def filing(self, connection: Connection, _: int, /) -> RowFiling:
        """Return what writes the points of a batch."""
        return RowFiling(self.engine, connection)

    def read(self, connection: Connection, asked: Asked, steps: tuple[int, int] | None = None, /) -> list[Arrived]:
        """Return the points of some series, all of those between two steps."""
        name = "points of a series" if len(asked) == 1 else "points of series"
        which = self.engine.constant(list(asked), "numbers") if len(asked) > 1 else next(iter(asked))
        text = self.engine.texts.fixed[name if steps is None else f"{name} between"]
        return _arrived(connection, asked, text, [which, *(steps or ())])

    def pick(self, connection: Connection, asked: Asked, numbers: Mapping[int, set[int]], /) -> list[Arrived]:
        """Return some points of some series by their numbers; those that are not there are left out."""
        text = self.engine.texts.fixed["points by number"]
        answer = []
        for series in asked:
            answer += _arrived(connection, asked, text, [series, sorted(numbers[series])])
        return answer

    def close(self) -> None:
        """Do nothing: nothing is due."""


def _arrived(connection: Any, asked: Asked, text: str, values: list[Any]) -> list[Arrived]:
    """Return the points that a statement selects: series, number, step, value and time.

    They are mostly kept in the order of their numbers, so that it costs less to look than to let DuckDB sort them.
    """
    numpy = columns.numpy_for(columns.FEW + 1)
    if numpy is None:
        rows = sorted(connection.all(text, values))
        given = list(zip(*rows, strict=True)) if rows else [()] * 5
        all = [array(sort, one) for sort, one in zip("qqqdq", given, strict=True)]
    else:
        found = connection.raw.execute(text, values).fetchnumpy()
        given = [found[name] for name in ("series_id", "number", "step", "value", "time")]
        if not _is_sorted(numpy, *given[:2]):
            places = numpy.lexsort(given[1::-1])
            given = [column[places] for column in given]
        all = [columns.copied(sort, column) for sort, column in zip("qqqdq", given, strict=True)]
    answer, begin = [], 0
    series = all[0]
    while begin < len(series):
        end = bisect_right(series, series[begin], begin)
        run, key = asked[series[begin]]
        parts = [one[begin:end] for one in all[1:]]
        answer.append(Arrived(series[begin], run, key, *parts))
        begin = end
    return answer


def _is_sorted(numpy: Any, series: Any, numbers: Any) -> bool:
    """Return whether points are in the order of their series, and in each of their numbers."""
    same, next = series[1:] == series[:-1], series[1:] > series[:-1]
    return bool(numpy.all(next | same & (numbers[1:] > numbers[:-1])))
