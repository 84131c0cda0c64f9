"""A diary in the hand: every verb of the library, over any store."""

import functools
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define, field

from deardiary.core.entities import Experiment, Iteration
from deardiary.core.errors import Invalid
from deardiary.settings import Settings
from deardiary.verbs.generic import id_of
from deardiary.verbs.iterations import Iterations
from deardiary.verbs.measures import Measures
from deardiary.verbs.models import Models
from deardiary.verbs.people import People
from deardiary.verbs.resources import Resources
from deardiary.verbs.snapshots import Snapshots
from deardiary.verbs.tables import Tables
from deardiary.verbs.tags import Tags
from deardiary.verbs.work import Work

if TYPE_CHECKING:
    from deardiary.fluent import Run
    from deardiary.line import OnError
    from deardiary.recorder import Recorder

Result = TypeVar("Result")


@define(eq=False, repr=False)
class Tracker(People, Work, Iterations, Measures, Resources, Tables, Tags, Models, Snapshots):
    """Keeps and reads one diary: `deardiary.open()` returns one."""

    url: str = ""
    """Where the diary is, for people; without a password."""
    settings: Settings | None = None
    recorder: "Recorder | None" = field(default=None)
    """What carries the points that runs log; one is made if there is none."""
    again: "Callable[[], Tracker] | None" = field(default=None)
    """What opens the same diary in another process, if that is possible."""

    def iteration(
        self,
        experiment: Experiment | int,
        *,
        parent: "Iteration | Run | int | None" = None,
        name: str = "",
        notes: str = "",
        parameters: Any = None,
        tags: Iterable[str] = (),
        snapshot: bool | None = None,
        on_error: "OnError" = "warn",
    ) -> "Run":
        """Begin a run of an experiment; as `with tracker.iteration(...) as run:` it ends with its block.

        Args:
            parent: the run that this one is a trial, fold or worker of.
            parameters: a mapping, a dataclass, an attrs class or a namespace.
            snapshot: whether to keep what it runs in; by default only runs without a parent do.
            on_error: what `log` does when points cannot be written: `"warn"`, `"raise"` or `"block"`.
        """
        from deardiary.fluent import begin

        row = Iteration(
            id=-1,
            experiment_id=id_of(Experiment, experiment),
            parent_iteration_id=None if parent is None else id_of(Iteration, parent),
            name=name,
            notes=notes,
        )
        return begin(self, row, parameters=parameters, tags=tags, snapshot=snapshot, on_error=on_error)

    def with_iteration(
        self,
        f: "Callable[[Run], Result]",
        experiment_id: Experiment | int,
        parent_iteration_id: "Iteration | Run | int | None" = None,
        snapshot: bool | None = None,
    ) -> Result:
        """Begin a run, hand it to a function, end the run as the function ends, and return what it returns."""
        if not callable(f):
            raise Invalid(f"with_iteration takes a function and an experiment, in this order; it was given {f!r:.60}")
        with self.iteration(experiment_id, parent=parent_iteration_id, snapshot=snapshot) as run:
            return f(run)

    def close(self) -> None:
        """End the runs that go on in the diary, and close it."""
        self._close(None)

    def _close(self, error: BaseException | None) -> None:
        from deardiary.current import end_runs_of
        from deardiary.endings import fate_of

        end_runs_of(self, fate_of(error))
        self.depot.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(error)

    def __repr__(self) -> str:
        return f"<Tracker {self.url}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: Any) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        if self.again is None:
            raise TypeError(f"the diary {self.url} is not to be reached from another process")
        return functools.partial(_opened, self.again), ()


def _opened(again: "Callable[[], Tracker]") -> Tracker:
    return again()
