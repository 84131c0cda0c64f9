"""Reads `transcript.txt` and tells it to a store: each call as a Python expression, each answer in one plain form.

A call begins with `> `; the lines under it, up to an empty one, are its answer. `# ` begins a remark.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, frozen

from deardiary.core import entities
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Stream
from deardiary.core.conditions import EVERY, asked, metric, param, tagged
from deardiary.core.errors import NAMED, DearDiaryError, Misplaced
from deardiary.core.guard import Guarded
from deardiary.core.points import Points
from deardiary.core.principals import OWNER, Principal
from deardiary.core.queries import Query, SeriesQuery
from deardiary.core.stores import Store
from renumbered import Renumbered


@frozen
class Call:
    """A call, the line it stands in, and the answer that it must get."""

    line: int
    said: str
    answer: str


def calls(text: str) -> Iterator[Call]:
    """Yield the calls of a transcript."""
    start, said, answer = 0, "", list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("> "):
            start, said, answer = number, line[2:], []
        elif line.startswith("# ") or (not line and not said):
            continue
        elif line:
            answer.append(line)
        else:
            yield Call(start, said, "\n".join(answer))
            said = ""


def at(minute: int) -> datetime:
    """Return the instant so many minutes after noon of 1 March 2026."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=minute)


@define
class Narrator:
    """Someone who tells a store what a transcript says, and writes down its answers."""

    store: Store
    principal: Principal = OWNER
    numbers: Renumbered | None = None
    """What numbers the rows as the transcript does, for a store that leaves gaps."""

    def answer(self, said: str) -> str:
        """Return the answer to a call."""
        names = {name: value for name, value in vars(entities).items() if not name.startswith("_")}
        names |= {name: getattr(self, name) for name in ("bare", "batch", "as_user", "find", "series", "stream")}
        names |= NAMED | {
            "append": append,
            "asked": asked,
            "at": at,
            "drop": lambda kind, where: Drop(kind, where),
            "every": EVERY,
            "expect": lambda kind, where, **more: Expect(kind, where, **more),
            "find_or": lambda entity: Insert(entity, or_existing=True),
            "metric": metric,
            "nan": float("nan"),
            "inf": float("inf"),
            "new": Insert,
            "param": param,
            "patch": lambda kind, where, **values: Patch(kind, where, values),
            "tagged": tagged,
        }
        try:
            answer: str = eval(said, names)
        except DearDiaryError as error:
            more = f" (position {error.position})" if isinstance(error, Misplaced) else ""
            return f"{type(error).__name__} {error.status} {error.code}: {error}{more}"
        return answer

    def as_user(self, id: int, *, admin: bool = False, creates_projects: bool = False) -> str:
        """Go on as another user."""
        known = self.numbers.user(id) if self.numbers else id
        self.principal = Principal(user_id=known, is_admin=admin, creates_projects=creates_projects)
        return "ok"

    def batch(self, *elements: Element, id: str | None = None) -> str:
        """Apply a batch through the guard."""
        return _told(self._guarded(), _batch(elements, id))

    def bare(self, *elements: Element, id: str | None = None) -> str:
        """Apply a batch to the store itself, without rules and permissions."""
        return _told(self._as_told(self.store), _batch(elements, id))

    def stream(self, writer: str, start: int, stop: int, *elements: Element) -> str:
        """Apply a part of a journal through the guard; the writer is named by one hexadecimal digit."""
        part = Stream(writer=writer * 32, host="here", pid=1, at=at(0), start=start, stop=stop)
        return _told(self._guarded(), Batch(elements, at=at(0), stream=part))

    def find(self, kind: Any, where: Any = EVERY, show: str = "", **more: Any) -> str:
        """Ask for rows; the answer has a line for each, with its id and the fields to show."""
        page = self._guarded().find(Query(kind, where, **more))
        lines = [
            " ".join([str(row.id), *(f"{name}={_plain(getattr(row, name))}" for name in show.split())])
            for row in page.rows
        ]
        lines += [] if page.total is None else [f"total {page.total}"]
        lines += ["more"] if page.next else []
        return "\n".join(lines) or "none"

    def series(self, *iterations: int, **more: Any) -> str:
        """Ask for points; the answer has a line for each series, with number@step=value for each point."""
        found = self._guarded().series(SeriesQuery(iterations=iterations, **more))
        return (
            "\n".join(
                f"run {one.iteration_id} {one.key} (series {one.series}, {len(one)} of {one.total}): "
                + " ".join(
                    f"{n}@{step}={value!r}" for n, step, value in zip(one.numbers, one.steps, one.values, strict=True)
                )
                for one in found
            )
            or "none"
        )

    def _guarded(self) -> Store:
        return self._as_told(Guarded(self.store, self.principal))

    def _as_told(self, store: Store) -> Store:
        return self.numbers.through(store) if self.numbers else store


def append(run: int, key: str, *values: float, steps: Any = None, minute: int = 0) -> Append:
    """Return points of one key, recorded at one minute; without steps they are filled in."""
    time = round(at(minute).timestamp() * 1_000_000)
    rows = [(key, value, None if steps is None else steps[n], time) for n, value in enumerate(values)]
    return Append(run, Points.of(rows))


def _batch(elements: tuple[Element, ...], id: str | None) -> Batch:
    return Batch(elements, at=at(0), id=id * 32) if id else Batch(elements, at=at(0))


def _told(store: Any, batch: Batch) -> str:
    """Return what a receipt says, without the number of the commit."""
    receipt = store.apply(batch)
    said = [
        f"{kind.__name__} {number} is {id}" + (" (found)" if (kind, number) in receipt.found else "")
        for (kind, number), id in receipt.ids.items()
    ]
    said += [
        f"{placed.key} in series {placed.series} from {placed.first}"
        + (f" steps {' '.join(map(str, placed.steps))}" if placed.steps else "")
        for columns in receipt.placed
        for placed in columns
    ]
    said += [f"metric {old} is {new}" for old, new in receipt.moved.items()]
    said += [] if receipt.position is None else [f"position {receipt.position}"]
    return "\n".join(said) or "ok"


def _plain(value: Any) -> str:
    return f"{(value - at(0)).total_seconds() / 60:g}min" if isinstance(value, datetime) else repr(value)
