"""Promises: the negative numbers by which a batch speaks of rows it has yet to make."""

from collections.abc import Mapping
from typing import Any

from attrs import define, evolve, field

from deardiary.core import sentences
from deardiary.core.changes import Promise
from deardiary.core.conditions import Among, Compare, Condition, Field, Of, Term, rewritten
from deardiary.core.declared import E, Entity, Fact, Kind, changed, facts, kind_named, references, target


@define(eq=False)
class Promises:
    """The promises that a batch has made so far, and the ids they became."""

    ids: dict[Promise, int] = field(factory=dict)

    def check_new(self, kind: Kind, id: int) -> None:
        """Refuse an id that cannot stand in an insert."""
        if id == 0:
            raise sentences.zero_id(kind)
        if (kind, id) in self.ids:
            raise sentences.promised_twice(kind, id)

    def keep(self, kind: Kind, number: int, id: int) -> None:
        """Remember what became of a promise; a plain id is none."""
        if number < 0:
            self.ids[kind, number] = id

    def id(self, kind: Kind, id: int) -> int:
        """Return the id that a promise stands for; an id stands for itself."""
        if id > 0:
            return id
        if id == 0:
            raise sentences.zero_id(kind)
        if (kind, id) not in self.ids:
            raise sentences.no_promise(kind, id)
        return self.ids[kind, id]

    def row(self, entity: E) -> E:
        """Return a row with ids where it names rows by promises; its own id is left alone."""
        ids = self.references(entity)
        return changed(entity, **ids) if ids else entity

    def references(self, entity: Entity) -> dict[str, int]:
        """Return the ids of the rows that a row names by promises, by field."""
        ids = {}
        for fact in references(type(entity)):
            value = getattr(entity, fact.name)
            if value is None or value > 0 or (fact.derived and value == 0):
                continue
            ids[fact.name] = self.id(target(fact, entity), value)
        return ids

    def values(self, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a patch with ids for promises."""
        return {name: self._value(facts(kind)[name], value) for name, value in values.items()}

    def where(self, kind: Kind, condition: Condition) -> Condition:
        """Return a condition with ids for promises."""

        def change(part: Condition) -> Condition:
            match part:
                case Compare(term, operator, Of(other, id, asked)):
                    return Compare(term, operator, Of(other, self.id(other, id), asked))
                case Compare(term, _, value) if (named := _named(kind, term)) and _is_id(value):
                    return evolve(part, value=self.id(named, value))  # type: ignore[arg-type]  # an id, as just seen
                case Among(term, values) if named := _named(kind, term):
                    return Among(term, tuple(self.id(named, value) if _is_id(value) else value for value in values))  # type: ignore[arg-type]
                case _:
                    return part

        return rewritten(condition, change)

    def _value(self, fact: Fact, value: Any) -> Any:
        return self.id(kind_named(fact.names), value) if fact.names and value is not None else value


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def names_rows(kind: Kind, condition: Condition) -> bool:
    """Return whether a comparison is with ids, which may be promises."""
    match condition:
        case Compare(_, _, Of()):
            return True
        case Compare(term, _, _) | Among(term, _):
            return _named(kind, term) is not None
        case _:
            return False


def _named(kind: Kind, term: Term) -> Kind | None:
    """Return the kind of row that the ids in a term are of, if they are ids of one kind."""
    if not isinstance(term, Field):
        return None
    owner = kind_named(term.of) if term.of else kind
    if term.name == "id":
        return owner
    names = facts(owner)[term.name].names
    return kind_named(names) if names not in ("", "*") else None
