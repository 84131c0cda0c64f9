"""Dropping rows with all that they own, by the declared ownership, with the same statements on every engine."""

from collections.abc import Iterable

from deardiary.backends.sql.asking import Asking
from deardiary.backends.sql.names import TABLES
from deardiary.core import sentences
from deardiary.core.conditions import Among, Condition, Field, all_of
from deardiary.core.declared import Fact, Kind, referring
from deardiary.core.entities import Summary

Gone = dict[Kind, list[int]]


def dropped(asking: Asking, kind: Kind, ids: list[int], mark: int) -> Gone:
    """Remove rows and what they own, and return what went, by kind."""
    gone: Gone = {}
    _take(asking, kind, ids, gone)
    _check_holders(asking, gone)
    _let_go(asking, gone, mark)
    for one, these in gone.items():
        asking.connection.run(asking.engine.texts.fixed[f"delete {one.__name__}"], [_listed(asking, these)])
    return gone


def _take(asking: Asking, kind: Kind, ids: Iterable[int], gone: Gone) -> None:
    """Note rows and what they own as gone."""
    known = set(gone.get(kind, ()))
    new = [id for id in ids if id not in known]
    if not new:
        return
    gone.setdefault(kind, []).extend(new)
    asking.engine.lock(asking.connection, TABLES[kind.__name__], new)
    for other, fact in referring(kind):
        if fact.owner and other is not Summary:
            _take(asking, other, asking.ids(other, naming(fact, kind, new)), gone)


def naming(fact: Fact, kind: Kind, ids: list[int]) -> Condition:
    """Return the condition that a row names one of some others."""
    named = Among(Field(fact.name), tuple(ids))
    return named & all_of(kind=kind.__name__) if fact.names == "*" else named


def _check_holders(asking: Asking, gone: Gone) -> None:
    """Refuse to drop what a row that stays names."""
    found = [
        (holder, fact.name, other, kind, fact)
        for kind, ids in gone.items()
        for other, fact in referring(kind)
        if fact.holds
        for holder in asking.ids(other, naming(fact, kind, ids))
        if holder not in set(gone.get(other, ()))
    ]
    if found:
        id, _, other, kind, fact = min(found, key=lambda one: one[:2])
        (named,) = asking.connection.all(
            f"SELECT {fact.name} FROM {TABLES[other.__name__]} WHERE id = {asking.engine.placeholder}", [id]
        )
        raise sentences.held(other, id, kind, named[0])


def _let_go(asking: Asking, gone: Gone, mark: int) -> None:
    """Empty the fields that name what goes, in rows that stay."""
    for kind, ids in gone.items():
        for other, fact in referring(kind):
            if fact.set_null:
                left = set(asking.ids(other, naming(fact, kind, ids))).difference(gone.get(other, ()))
                said = asking.engine.placeholder
                text = f"UPDATE {TABLES[other.__name__]} SET {fact.name} = NULL, mark = {said} WHERE id = {said}"
                asking.connection.many(text, [[mark, id] for id in sorted(left)])


def _listed(asking: Asking, ids: list[int]) -> object:
    return asking.engine.constant(ids, "numbers")
