"""What a batch needs of a database in which several transactions write at once."""

import time
from collections.abc import Iterable, Mapping

from attrs import define, field

from deardiary.backends.sql.names import TABLES
from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch
from deardiary.core.conditions import (
    Among,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Of,
    Tagged,
    asked_id,
    only_id,
    walk,
)
from deardiary.core.declared import Kind, facts, referring
from deardiary.core.entities import Iteration, Metric
from deardiary.core.points import place_of

MILLISECONDS_BESIDE = 5000
"""How long a statement may take beside others that write, before it is tried again alone."""


@define(eq=False)
class Needs:
    """The rows that a batch changes or stands on, and whether that is all that it depends on."""

    changed: dict[str, set[int]] = field(factory=dict)
    """The ids of the rows that it changes, by table."""
    trusted: dict[str, set[int]] = field(factory=dict)
    """The ids of the rows that it trusts to stay as they are."""
    series: set[int] = field(factory=set)
    """Series of which it changes points, whose runs it does not name."""
    is_alone: bool = False
    """Whether it depends on more than these rows, so that it has to run as if nobody else did."""
    takes: set[str] = field(factory=set)
    """The tables out of which it may drop rows that it does not name, with what they own."""

    def change(self, kind: Kind, id: int | None) -> None:
        """Note a row that is changed, unless it is made by the batch."""
        if id is not None and id > 0:
            self.changed.setdefault(TABLES[kind.__name__], set()).add(id)

    def trust(self, kind: Kind, id: int | None) -> None:
        """Note a row that is trusted, unless it is made by the batch."""
        if id is not None and id > 0:
            self.trusted.setdefault(TABLES[kind.__name__], set()).add(id)


def needs_of(batch: Batch) -> Needs:
    """Return what a batch needs."""
    needs = Needs()
    for element in batch.elements:
        match element:
            case Insert(entity):
                _of_insert(needs, entity)
            case Patch(kind, where) | Drop(kind, where) if kind is Metric:
                id = only_id(where)
                if id is not None and id > 0:
                    needs.series.add(place_of(id)[0])
            case Patch(kind, where):
                id = only_id(where)
                needs.is_alone |= id is None
                needs.change(kind, id)
            case Drop(kind, where):
                id = only_id(where)
                needs.change(kind, id)
                if id is None:
                    needs.is_alone = True
                    needs.takes |= set(_owned(kind))
            case Append(iteration_id):
                needs.change(Iteration, iteration_id)
            case Expect(kind, where):
                _of_expect(needs, kind, where, found=element.found)
    return needs


def gate(takes: Iterable[str], milliseconds: int, *, is_alone: bool) -> str:
    """Return the lock with which a transaction that writes begins, before it locks any row.

    Who takes whole tables, or has waited too long beside others, stands in line until nobody else writes, and others
    stand behind: these share locks on rows, and would let it wait for ever, or for tables that it has.
    """
    if is_alone:
        return f"LOCK TABLE {', '.join(['batches', *sorted(takes)])} IN SHARE ROW EXCLUSIVE MODE"
    seconds = f"SET LOCAL statement_timeout = {min(milliseconds, MILLISECONDS_BESIDE)}"
    return f"LOCK TABLE batches IN ROW EXCLUSIVE MODE; {seconds}"


def milliseconds_until(until: float) -> int:
    """Return how long a statement may take, so that there is an end of waiting; a second at least."""
    return int(1000 * max(until - time.monotonic(), 1.0))


def _of_insert(needs: Needs, entity: object) -> None:
    """Note the owner whose counter numbers a row."""
    kind = type(entity)
    for fact in facts(kind).values():  # type: ignore[arg-type]  # kinds are classes of entities
        if fact.numbered_by:
            owner = facts(kind)[fact.numbered_by].names  # type: ignore[arg-type]
            ids: Mapping[str, int] = {owner: getattr(entity, fact.numbered_by)}
            for name, id in ids.items():
                if id > 0:
                    needs.changed.setdefault(TABLES[name], set()).add(id)


def _of_expect(needs: Needs, kind: Kind, where: Condition, *, found: bool) -> None:
    id = asked_id(where)
    if not found or id is None:
        needs.is_alone = True
        return
    needs.trust(kind, id)
    for part in walk(where):
        match part:
            case Compare(Field(_, ""), _, Of(other, other_id)):
                needs.trust(other, other_id)
            case May() | Tagged():
                needs.is_alone = True
            case Compare(term) | Among(term) | IsNone(term) | IsNan(term):
                needs.is_alone |= not (isinstance(term, Field) and not term.of)
            case _:
                pass


def _owned(kind: Kind) -> list[str]:
    """Return the tables of a kind that owns others, and of all that it owns; none if it owns nothing."""
    below = [other for other, fact in referring(kind) if fact.owner]
    if not below:
        return []
    return [TABLES[kind.__name__], *(TABLES[other.__name__] for other in below), *(t for o in below for t in _owned(o))]
