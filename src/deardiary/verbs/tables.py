"""The verb of tables: many runs with their parameters and the state of their metrics, at once."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.conditions import EVERY, Among, Condition, Field
from deardiary.core.entities import Experiment, Iteration, Parameter, Project, Summary
from deardiary.core.errors import Invalid
from deardiary.core.queries import Orders
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.values import meant


@frozen(kw_only=True, eq=False, repr=False)
class TableRow(Alike):
    """A run as a row of a table."""

    iteration: Iteration
    parameters: Mapping[str, Any]
    """As they were given: numbers are numbers."""
    summaries: Mapping[str, Summary]

    @property
    def metrics(self) -> dict[str, float]:
        """Return the last value of each metric."""
        return {key: summary.last for key, summary in self.summaries.items()}


class Tables(Diary):
    """Tables of runs."""

    def get_table(
        self,
        of_what: Project | Experiment | None = None,
        /,
        where: Condition = EVERY,
        *,
        order: Orders = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[TableRow]:
        """Return the runs of a project, of an experiment or of the diary, with parameters and summaries."""
        rows = self.find(Iteration, _within(of_what, where), order=order, limit=limit, offset=offset)
        if not rows:
            return []
        chosen = Among(Field("iteration_id"), tuple(row.id for row in rows))
        parameters: dict[int, dict[str, Any]] = {row.id: {} for row in rows}
        for parameter in self.find(Parameter, chosen):
            parameters[parameter.iteration_id][parameter.key] = meant(parameter)
        summaries: dict[int, dict[str, Summary]] = {row.id: {} for row in rows}
        for summary in self.find(Summary, chosen):
            summaries[summary.iteration_id][summary.key] = summary
        return [TableRow(iteration=row, parameters=parameters[row.id], summaries=summaries[row.id]) for row in rows]


def _within(what: Any, where: Condition) -> Condition:
    match what:
        case None:
            return where
        case Project():
            inside = of("project_id", id_of(Project, what))
        case Experiment():
            inside = of("experiment_id", id_of(Experiment, what))
        case _:
            raise Invalid(f"{what!r:.60} has no runs; give a project or an experiment")
    return inside if where is EVERY else inside & where
