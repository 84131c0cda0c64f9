"""What engines of SQL differ on, as one small protocol."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import Batch
from deardiary.core.declared import Kind

if TYPE_CHECKING:
    from deardiary.backends.sql.keeping import Archive


Answer = TypeVar("Answer")


class Again(Exception):
    """Another transaction came between: what was being done has to be done again from the start."""


@frozen(kw_only=True, eq=False, repr=False)
class Texts(Alike):
    """The texts of SQL made for an engine by `make compiled`."""

    dialect: str
    ddl: tuple[str, ...]
    fixed: Mapping[str, str]
    """The statements that never vary, by name."""
    shapes: Mapping[str, tuple[str, tuple[int, ...]]]
    """The statements of the shapes that were foreseen, by name."""


class Connection(Protocol):
    """A transaction in which statements run one after another."""

    def all(self, text: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run a statement, and return its rows."""
        ...

    def run(self, text: str, values: Sequence[Any] = (), /) -> int:
        """Run a statement, and return how many rows it touched."""
        ...

    def many(self, text: str, rows: Iterable[Sequence[Any]], /) -> int:
        """Run a statement for each of some rows, and return how many rows it touched."""
        ...


class Engine(Protocol):
    """A database that keeps one diary."""

    texts: Texts
    placeholder: str
    counts_commits: bool
    """Whether marks are numbers of commits, since one transaction at a time writes."""

    def write(
        self,
        work: Callable[[Any], Answer],
        /,
        *,
        batch: Batch | None = None,
        run: int | None = None,
        patience_seconds: float | None = None,
    ) -> Answer:
        """Do some work in a transaction, and return its answer; an error of it is raised, and leaves nothing.

        Where several transactions write at once, the work may be done again from the start.

        Args:
            batch: what is applied, so that its rows are locked first.
            run: the run whose points are changed.
            patience_seconds: how long to wait for others that write, if not as long as usual.
        """
        ...

    def read(self, work: Callable[[Any], Answer], /) -> Answer:
        """Do some work in a transaction that reads one snapshot; perhaps again, if the connection is lost."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that reads one snapshot."""
        ...

    def archive(self) -> "Archive":
        """Return what keeps the points, in the way that suits the engine."""
        ...

    def mark(self, connection: Any, /) -> int:
        """Return what the rows are marked with that a transaction writes."""
        ...

    def mark_now(self, connection: Any, /) -> int:
        """Return the mark after which all changes are that a transaction does not see yet."""
        ...

    def ids(self, connection: Any, table: str, count: int = 1, /) -> Iterator[int]:
        """Yield ids for new rows of a table, as many as are asked for; so many are likely to be.

        A transaction asks once for each table.
        """
        ...

    def ids_after(self, connection: Any, table: str, id: int, others: Iterator[int], /) -> Iterator[int]:
        """Yield ids for new rows that come after one which was given, instead of others."""
        ...

    def insert(self, connection: Any, kind: Kind, rows: Sequence[Sequence[Any]], /) -> int:
        """Insert rows of a kind but those whose unique values are taken, and return how many were."""
        ...

    def lock(self, connection: Any, table: str, ids: Sequence[int], /) -> None:
        """Let no other transaction change some rows, or stand on them."""
        ...

    @staticmethod
    def number_out(value: float, /) -> Any:
        """Return a float as the engine keeps it, bit for bit."""
        ...

    @staticmethod
    def number_in(value: Any, /) -> float:
        """Return the float that the engine kept."""
        ...

    def constant(self, value: Any, sort: str, /) -> Any:
        """Return a constant of a condition as the engine takes it."""
        ...

    def tidy(self, *, wholly: bool = False) -> None:
        """Give room back after rows were dropped: some of it, or all."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
