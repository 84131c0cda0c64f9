"""The verbs of parameters and metrics."""

from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

from deardiary.core import sentences
from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch
from deardiary.core.conditions import asked, by_id
from deardiary.core.entities import Iteration, Metric, Parameter, Summary
from deardiary.core.errors import NotFound
from deardiary.core.points import Points, point_id
from deardiary.core.queries import Repeats, Series, SeriesQuery, check_series_query
from deardiary.core.sentences import did_you_mean
from deardiary.core.series import as_numpy
from deardiary.core.series import metrics as points_of
from deardiary.core.shapes import micros, now, same_text
from deardiary.verbs.generic import Diary, given, id_of, of, there_already
from deardiary.verbs.pages import PaginatedResponse, Pagination
from deardiary.verbs.values import as_number, as_step, as_text, measures_of

if TYPE_CHECKING:
    from deardiary.fluent import Run


class Measures(Diary):
    """Parameters, metrics and series."""

    def get_parameter(self, parameter: Parameter | int) -> Parameter | None:
        """Return a parameter, or none."""
        return self._one(Parameter, by_id(id_of(Parameter, parameter)))

    @overload
    def get_parameters(self, iteration: "Iteration | Run | int") -> list[Parameter]: ...
    @overload
    def get_parameters(self, iteration: "Iteration | Run | int", page: Pagination) -> PaginatedResponse[Parameter]: ...
    def get_parameters(
        self, iteration: "Iteration | Run | int", page: Pagination | None = None
    ) -> list[Parameter] | PaginatedResponse[Parameter]:
        """Return the parameters of a run in the order in which they were set, all or a page of them."""
        return self._listed(Parameter, of("iteration_id", id_of(Iteration, iteration)), page)

    def create_parameter(self, iteration: "Iteration | Run | int", key: str, value: Any) -> Parameter:
        """Set a parameter of a run; a number comes back as a number in `run.config`.

        Raises:
            Duplicate: the run has one of that key; `update_parameter` changes it.
            Unprocessable: the run has ended.
        """
        text, type = as_text(key, value)
        run = id_of(Iteration, iteration)
        row = Parameter(id=-1, iteration_id=run, key=key, value=text, type=type)
        said = f"run {run} has a parameter {key!r:.60} already; "
        with there_already(Parameter, lambda row: f"{said}update_parameter({row}, value=...) changes it"):
            return self._made([Insert(row)], Parameter)

    def update_parameter(self, parameter: Parameter | int, key: str | None = None, value: Any = None) -> Parameter:
        """Change the key or the value of a parameter."""
        values: dict[str, Any] = {"key": key}
        if value is not None:
            values["value"], values["type"] = as_text(key or "value", value)
        return self._patched(Parameter, id_of(Parameter, parameter), values)

    def delete_parameter(self, parameter: Parameter | int) -> bool:
        """Remove a parameter."""
        return self._dropped(Parameter, id_of(Parameter, parameter))

    def delete_parameters(self, iteration: "Iteration | Run | int") -> bool:
        """Remove every parameter of a run that has not ended."""
        id = id_of(Iteration, iteration)
        ended = by_id(id) & ~asked("end_date").is_none()
        going = Expect(Iteration, ended, found=False, because=f"run {id} has ended")
        self.store.apply(Batch([going, Drop(Parameter, of("iteration_id", id))]))
        return True

    # Metrics, point by point.

    def get_metric(self, metric: Metric | int) -> Metric | None:
        """Return a point, or none."""
        found = points_of(self.store.series(SeriesQuery(ids=[id_of(Metric, metric)])))
        return found[0] if found else None

    @overload
    def get_metrics(self, iteration: "Iteration | Run | int", key: str | None = None) -> list[Metric]: ...
    @overload
    def get_metrics(
        self, iteration: "Iteration | Run | int", key: str | None = None, *, page: Pagination
    ) -> PaginatedResponse[Metric]: ...
    @overload
    def get_metrics(self, iteration: "Iteration | Run | int", key: Pagination) -> PaginatedResponse[Metric]: ...
    def get_metrics(
        self,
        iteration: "Iteration | Run | int",
        key: "str | Pagination | None" = None,
        page: Pagination | None = None,
    ) -> list[Metric] | PaginatedResponse[Metric]:
        """Return the points of a run by step, then by arrival: all, or of one key, or a page of them."""
        if isinstance(key, Pagination):
            key, page = None, key
        id = id_of(Iteration, iteration)
        keys = () if key is None else (same_text(key),)
        if page is None:
            return points_of(self.store.series(SeriesQuery(iterations=[id], keys=keys)))
        found = self.store.series(SeriesQuery(iterations=[id], keys=keys, limit=page.limit, offset=page.offset))
        total = sum(one.count for one in self.get_summaries(id) if not keys or one.key in keys)
        return PaginatedResponse(points_of(found), total, page.limit, page.offset)

    def create_metric(
        self,
        iteration: "Iteration | Run | int",
        key: str,
        value: Any,
        step: int | None = None,
        recorded_at: datetime | None = None,
    ) -> Metric:
        """Add a point to a series of a run; without a step it takes the greatest one plus 1, or 0.

        Raises:
            Unprocessable: the run ended before the point was recorded.
        """
        return self._logged(id_of(Iteration, iteration), {key: as_number(key, value)}, step, recorded_at)[0]

    def log_metrics(
        self,
        iteration: "Iteration | Run | int",
        metrics: Mapping[str, Any],
        step: int | None = None,
        recorded_at: datetime | None = None,
    ) -> list[Metric]:
        """Add a point to the series of each metric of a run, in one transaction; nested ones are joined by `/`."""
        return self._logged(id_of(Iteration, iteration), measures_of(metrics), step, recorded_at)

    def _logged(self, id: int, metrics: Mapping[str, float], step: Any, at: datetime | None) -> list[Metric]:
        if not metrics:
            self.get(Iteration, id)
            return []
        at, step = at or now(), as_step(step)
        time = micros(Metric(iteration_id=id, key="time", value=0.0, recorded_at=at).recorded_at)
        points = Points.of([(key, value, step, time) for key, value in metrics.items()])
        (placed,) = self.store.apply(Batch([Append(id, points)])).placed
        return [
            Metric(
                id=point_id(one.series, one.first),
                iteration_id=id,
                key=column.key,
                value=column.values[0],
                step=one.steps[0] if one.steps else column.steps[0],
                recorded_at=at,
            )
            for one, column in zip(placed, points, strict=True)
        ]

    def update_metric(
        self,
        metric: Metric | int,
        key: str | None = None,
        value: Any = None,
        step: int | None = None,
        recorded_at: datetime | None = None,
    ) -> Metric:
        """Change what is given of a point; one that moves to another key gets another id."""
        id = id_of(Metric, metric)
        number = None if value is None else as_number(key or "value", value)
        values = given({"key": key, "value": number, "step": as_step(step), "recorded_at": recorded_at})
        if values:
            receipt = self.store.apply(Batch([Patch(Metric, id, values)]))
            id = receipt.moved.get(id, id)
        found = self.get_metric(id)
        if found is None:
            raise sentences.absent(Metric, id)
        return found

    def delete_metric(self, metric: Metric | int) -> bool:
        """Remove a point; its number is not given again."""
        return self._dropped(Metric, id_of(Metric, metric))

    def delete_metrics(self, iteration: "Iteration | Run | int", key: str | None = None) -> bool:
        """Remove every point of a run that has not ended, or those of one key."""
        points = self.get_metrics(iteration, key)
        self.store.apply(Batch([Drop(Metric, point.id) for point in points]))
        return True

    # Series and summaries.

    def get_summaries(self, iteration: "Iteration | Run | int") -> list[Summary]:
        """Return what is known of each series of a run: count, first, last, least and greatest, by key."""
        return self.find(Summary, of("iteration_id", id_of(Iteration, iteration)), order="key")

    def get_series(
        self,
        iteration: "Iteration | Run | int",
        key: str,
        *,
        steps: tuple[int, int] | None = None,
        max_points: int | None = None,
        repeats: Repeats = "last",
    ) -> Series:
        """Return the points of one metric of a run by step, as columns: `.steps`, `.values`, `.times`.

        The columns are NumPy's if it is installed, else arrays of the standard library; `.values.tolist()` is a list
        either way.

        Args:
            steps: the first and the last step wanted.
            max_points: at most so many, chosen so that no spike is lost; `.total` says of how many.
            repeats: of points with the same step the `"last"` that came, or `"all"`.

        Raises:
            NotFound: the run has no such metric.
        """
        id = id_of(Iteration, iteration)
        query = SeriesQuery(iterations=[id], keys=[key], steps=steps, max_points=max_points, repeats=repeats)
        found = self.store.series(query)
        return as_numpy(found[0] if found else self._no_points(id, key))

    def _no_points(self, id: int, key: str) -> Series:
        """Return an empty series if only the steps left nothing; otherwise say what is missing."""
        there = {summary.key: summary for summary in self.get_summaries(id)}
        if key in there:
            none: Any = array("q")
            columns = {"numbers": none, "steps": none, "values": array("d"), "times": none}
            return Series(iteration_id=id, key=key, series=there[key].id, total=0, **columns)
        self.get(Iteration, id)
        said = f"it has {', '.join(sorted(there))}" if there else "it has none yet"
        raise NotFound(f"run {id} has no metric {key!r}; {said}{did_you_mean(key, sorted(there))}")

    def get_all_series(
        self,
        iteration: "Iteration | Run | int",
        *,
        steps: tuple[int, int] | None = None,
        max_points: int | None = None,
        repeats: Repeats = "last",
    ) -> dict[str, Series]:
        """Return every series of a run by its key, as `get_series` does."""
        found = self.get_many_series([iteration], steps=steps, max_points=max_points, repeats=repeats)
        return {one.key: one for one in found}

    def get_many_series(
        self,
        iterations: "Iterable[Iteration | Run | int]",
        keys: Iterable[str] | None = None,
        *,
        steps: tuple[int, int] | None = None,
        max_points: int | None = None,
        repeats: Repeats = "last",
    ) -> list[Series]:
        """Return the series of several runs, by run, then by key: all, or those of some keys; as `get_series` does.

        A run that is not there, or has no such metric, is left out.
        """
        ids = [id_of(Iteration, one) for one in iterations]
        wanted = keys if keys is None or isinstance(keys, str) else [*keys]
        query = SeriesQuery(iterations=ids, keys=wanted or (), steps=steps, max_points=max_points, repeats=repeats)
        if not ids or wanted == []:
            check_series_query(query)
            return []
        return [as_numpy(one) for one in self.store.series(query)]
