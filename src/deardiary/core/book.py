"""The book of series: how `settle` keeps points in a ledger."""

from array import array
from collections.abc import Iterable
from typing import Any

from attrs import define, evolve

from deardiary.core import columns, sentences
from deardiary.core.changes import Placed
from deardiary.core.conditions import EVERY, Compare, Condition, Field
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import Metric, Summary
from deardiary.core.ledger import Block, Draft, Head, View, delete_row, next_id, put_row, read
from deardiary.core.matching import candidates
from deardiary.core.points import MOST_POINTS, Column, place_of, point_id
from deardiary.core.queries import Series, SeriesQuery, check_series_query
from deardiary.core.series import Arrived, answered
from deardiary.core.shapes import micros
from deardiary.core.summaries import Extent, extent, extent_of, filled, joined, summary_of


@define
class SeriesBook:
    """The series of a diary, read from a view, or written to a draft of one."""

    view: View

    def read(self, query: SeriesQuery) -> list[Series]:
        """Return the series that answer a query."""
        check_series_query(query)
        if query.ids:
            return answered(SeriesQuery(), self._by_id(query.ids))
        wanted = [
            summary for summary in self._summaries(query.iterations) if not query.keys or summary.key in query.keys
        ]
        return answered(query, [self._arrived(summary) for summary in wanted])

    def append(self, iteration_id: int, column: Column, *, mark: int) -> Placed:
        """Add the points of one key to a run, and say where they went."""
        draft = self._draft()
        head = self._head(iteration_id, column.key)
        if head.next + len(column) > MOST_POINTS:
            raise sentences.full_series(column.key)
        summary = read(draft, Summary, head.series)
        before = None if summary is None else extent_of(summary)
        steps, given = filled(column.key, column.steps, None if before is None else before.last_step)
        numbers = array("q", range(head.next, head.next + len(column)))
        draft.put(_block_key(head.series, head.next), Block(numbers, steps, column.values, column.times))
        draft.put(_head_key(iteration_id, column.key), evolve(head, next=head.next + len(column)))
        self._note(head, joined(before, extent(steps, column.values)), mark)
        return Placed(key=column.key, series=head.series, first=head.next, steps=given)

    def patch(self, id: int, values: dict[str, Any], *, mark: int) -> int:
        """Change a point, and return its id; another key is another series, and gives another id."""
        draft = self._draft()
        head, key, block, index = self._place(id)
        point = _patched(block, index, values)
        if values.get("key", head.key) != head.key:
            self._drop(head, key, block, index, mark)
            placed = self.append(head.iteration_id, _column(values["key"], point), mark=mark)
            return point_id(placed.series, placed.first)
        step, value, time = point
        changed = Block(block.numbers, block.steps[:], block.values[:], block.times[:])
        changed.steps[index], changed.values[index], changed.times[index] = step, value, time
        draft.put(key, changed)
        self._recount(head, mark)
        return id

    def drop(self, id: int, *, mark: int) -> None:
        """Remove a point; its number is never given again."""
        self._drop(*self._place(id), mark)

    def forget(self, iteration_id: int) -> None:
        """Remove every series of a run."""
        draft = self._draft()
        for key, head in draft.scan(f"head/{iteration_id}/"):
            for block, _ in draft.scan(f"points/{head.series}/"):
                draft.delete(block)
            summary = read(draft, Summary, head.series)
            if summary is not None:
                delete_row(draft, summary)
            draft.delete(key)

    def _draft(self) -> Draft:
        assert isinstance(self.view, Draft)
        return self.view

    def _summaries(self, iterations: Iterable[int]) -> list[Summary]:
        """Return the summaries of some runs, or of all."""
        wanted: list[Condition] = [Compare(Field("iteration_id"), "==", id) for id in sorted(set(iterations))] or [
            EVERY
        ]
        kept = (kept for part in wanted for kept in candidates(self.view, Summary, part))
        return [one.entity for one in kept if isinstance(one.entity, Summary)]

    def _arrived(self, summary: Summary) -> Arrived:
        blocks = [block for _, block in self.view.scan(f"points/{summary.id}/") if isinstance(block, Block)]
        return Arrived(
            summary.id,
            summary.iteration_id,
            summary.key,
            columns.joined("q", [block.numbers for block in blocks]),
            columns.joined("q", [block.steps for block in blocks]),
            columns.joined("d", [block.values for block in blocks]),
            columns.joined("q", [block.times for block in blocks]),
        )

    def _by_id(self, ids: Iterable[int]) -> list[Arrived]:
        wanted: dict[int, set[int]] = {}
        for id in ids:
            series, number = place_of(id)
            wanted.setdefault(series, set()).add(number)
        found = []
        for series, numbers in wanted.items():
            summary = read(self.view, Summary, series)
            if summary is not None:
                one = self._arrived(summary)
                found.append(one.at([place for place, number in enumerate(one.numbers) if number in numbers]))
        return found

    def _head(self, iteration_id: int, key: str) -> Head:
        head = self.view.get(_head_key(iteration_id, key))
        if isinstance(head, Head):
            return head
        return Head(next_id(self._draft(), "Summary"), iteration_id, key, 0)

    def _place(self, id: int) -> tuple[Head, str, Block, int]:
        series, number = place_of(id)
        summary = read(self.view, Summary, series)
        if summary is not None:
            head = self._head(summary.iteration_id, summary.key)
            for key, block in self.view.scan(f"points/{series}/"):
                if isinstance(block, Block) and number in block.numbers:
                    return head, key, block, block.numbers.index(number)
        raise sentences.absent(Metric, id)

    def _drop(self, head: Head, key: str, block: Block, index: int, mark: int) -> None:
        rest = Block(block.numbers[:], block.steps[:], block.values[:], block.times[:])
        for part in (rest.numbers, rest.steps, rest.values, rest.times):
            del part[index]
        if rest.numbers:
            self._draft().put(key, rest)
        else:
            self._draft().delete(key)
        self._recount(head, mark)

    def _recount(self, head: Head, mark: int) -> None:
        blocks = [block for _, block in self.view.scan(f"points/{head.series}/") if isinstance(block, Block)]
        steps = columns.joined("q", [block.steps for block in blocks])
        values = columns.joined("d", [block.values for block in blocks])
        self._note(head, extent(steps, values) if steps else None, mark)

    def _note(self, head: Head, extent: Extent | None, mark: int) -> None:
        draft = self._draft()
        old = read(draft, Summary, head.series)
        if old is not None:
            delete_row(draft, old)
        if extent is not None:
            row = summary_of(extent, series=head.series, iteration_id=head.iteration_id, key=head.key)
            put_row(draft, row, mark)


def _patched(block: Block, index: int, values: dict[str, Any]) -> tuple[int, float, int]:
    time = micros(values["recorded_at"]) if "recorded_at" in values else block.times[index]
    return values.get("step", block.steps[index]), values.get("value", block.values[index]), time


def _column(key: str, point: tuple[int, float, int]) -> Column:
    step, value, time = point
    return Column(key=key, values=array("d", [value]), times=array("q", [time]), steps=array("q", [step]))


def _head_key(iteration_id: int, key: str) -> str:
    return f"head/{iteration_id}/{digest_of_text(key)}"


def _block_key(series: int, first: int) -> str:
    return f"points/{series}/{first:010d}"
