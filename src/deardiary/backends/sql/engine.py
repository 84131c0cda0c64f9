"""What engines of SQL differ on, as one small protocol."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from deardiary.core.alike import Alike

if TYPE_CHECKING:
    from deardiary.backends.sql.keeping import Archive


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

    def writing(self, *, patience_seconds: float | None = None) -> AbstractContextManager[Connection]:
        """Begin a transaction that writes; it is committed at the end, or rolled back by an error.

        Args:
            patience_seconds: how long to wait for others that write, if not as long as usual.
        """
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that reads one snapshot."""
        ...

    def archive(self) -> "Archive":
        """Return what keeps the points, in the way that suits the engine."""
        ...

    def next_id(self, connection: Any, table: str, /) -> int:
        """Return the next id of a table; a transaction asks once for each, and counts on by itself."""
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
