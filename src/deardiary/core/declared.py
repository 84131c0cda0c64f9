"""What the nouns say of themselves: owners, uniqueness, numbering, what may be patched and asked.

Everything a store knows about a kind it reads here, so that a new noun needs no new code in any store.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, ClassVar, Protocol, TypeVar, get_args

import attrs
from attrs import AttrsInstance, frozen
from attrs.exceptions import FrozenInstanceError

from deardiary.core.alike import Alike


@frozen(kw_only=True, eq=False, repr=False)
class Declared(Alike):
    """What a kind says of itself as a whole."""

    noun: str
    """What people call them."""

    unique: tuple[str, ...] = ()
    """The fields whose values together belong to one row only."""

    insert: bool = True
    drop: bool = True
    find: bool = True
    """Whether it may be written by `Insert`, by `Drop`, and asked for with a `Query`."""

    inner: bool = False
    """Whether it is a store's own affair, refused by the guard when it comes from outside."""

    @property
    def one(self) -> str:
        """What people call one of them, with its article."""
        return f"{'an' if self.noun.startswith('e') else 'a'} {self.noun}"


class Entity(AttrsInstance, Protocol):
    """A row of some kind."""

    declared: ClassVar[Declared]

    @property
    def id(self) -> int: ...


E = TypeVar("E", bound=Entity)
Kind = type[Entity]


@frozen(kw_only=True, eq=False, repr=False)
class Fact(Alike):
    """What one field says of itself."""

    name: str = ""
    sort: str = "text"
    """How it compares: text, number, flag, time or octets."""
    holds_float: bool = False
    optional: bool = False

    patch: bool = False
    """Whether a `Patch` may change it."""
    ask: bool = True
    """Whether a condition or an order may name it."""
    names: str = ""
    """The kind that an id in this field names; `*` when the field `kind` of the row says it."""
    owner: bool = False
    """Whether dropping the row it names drops this one too."""
    set_null: bool = False
    """Whether dropping the row it names empties it."""
    holds: bool = False
    """Whether the row it names may not be dropped as long as this one is there."""
    large: bool = False
    """Whether it is left out of answers unless asked for."""
    shared: bool = False
    """Whether equal texts are kept once, as a `Text`."""
    derived: bool = False
    """Whether the store works it out itself."""
    numbered_by: str = ""
    """The field naming the owner whose counter fills it."""
    default: Any = None
    stored: bool = True
    """Whether stores keep it; the library fills the others when it hands a row out."""


def says(**facts: Any) -> dict[str, Fact]:
    """Return the metadata by which a field declares facts of itself."""
    return {"fact": Fact(**facts)}


_SORTS = {str: "text", int: "number", float: "number", bool: "flag", datetime: "time", bytes: "octets"}
_KINDS: dict[str, Kind] = {}


def noted(kind: type[E]) -> type[E]:
    """Enter a class among the kinds; a decorator."""
    _KINDS[kind.__name__] = kind
    kind.__setattr__ = _refuse_change  # type: ignore[method-assign]  # for its sentence
    return kind


def _refuse_change(row: Any, name: str, _value: object) -> None:
    said = f"{row.declared.noun} {row.id} stays as it was read, so its {name} cannot be assigned"
    error = FrozenInstanceError()  # which takes no sentence
    AttributeError.__init__(error, f"{said}; tracker.update(row, {name}=...) changes the diary")
    raise error


def kinds() -> Mapping[str, Kind]:
    """Return every kind by its name, in the order of declaration."""
    return MappingProxyType(_KINDS)


def kind_named(name: str) -> Kind:
    """Return the kind of that name."""
    return _KINDS[name]


@cache
def facts(kind: Kind) -> Mapping[str, Fact]:
    """Return what each field of a kind says of itself, in order."""
    return MappingProxyType({attribute.name: _fact(attribute) for attribute in attrs.fields(kind)})


def _fact(attribute: "attrs.Attribute[Any]") -> Fact:
    said = attribute.metadata.get("fact", Fact())
    types = get_args(attribute.type) if isinstance(attribute.type, UnionType) else (attribute.type,)
    fact: Fact = attrs.evolve(
        said,
        name=attribute.name,
        sort=next(_SORTS[type] for type in types if type in _SORTS),
        holds_float=float in types,
        optional=type(None) in types,
        default=attribute.default,
    )
    return fact


def changed(row: E, **values: Any) -> E:
    """Return a row with other values in some fields, which are not checked again."""
    kind = type(row)
    new = kind.__new__(kind)
    for name, put in setters(kind).items():
        put(new, values[name] if name in values else getattr(row, name))
    return new


@cache
def setters(kind: Kind) -> Mapping[str, Callable[[Any, Any], None]]:
    """Return, for each field of a kind, what writes it into a row that nobody has seen yet."""
    return MappingProxyType({name: kind.__dict__[name].__set__ for name in facts(kind)})


@cache
def names(kind: Kind) -> tuple[str, ...]:
    """Return the names of a kind's fields, in order."""
    return tuple(facts(kind))


@cache
def stored(kind: Kind) -> tuple[str, ...]:
    """Return the names of the fields that stores keep, in order."""
    return tuple(name for name, fact in facts(kind).items() if fact.stored)


@cache
def large(kind: Kind) -> tuple[str, ...]:
    """Return the fields that are left out of answers unless asked for."""
    return tuple(name for name, fact in facts(kind).items() if fact.large)


@cache
def made(kind: Kind) -> tuple[Fact, ...]:
    """Return the fields of a kind that a store works out itself: numbers, texts kept once, what follows from them."""
    return tuple(fact for fact in facts(kind).values() if fact.numbered_by or fact.shared or fact.derived)


@cache
def references(kind: Kind) -> tuple[Fact, ...]:
    """Return the fields of a kind that name other rows."""
    return tuple(fact for fact in facts(kind).values() if fact.names)


@cache
def referring(kind: Kind) -> tuple[tuple[Kind, Fact], ...]:
    """Return every kind and field that may name a row of this kind."""
    return tuple(
        (other, fact)
        for other in _KINDS.values()
        for fact in references(other)
        if fact.names == kind.__name__ or (fact.names == "*" and kind.__name__ in SUBJECTS)
    )


def target(fact: Fact, row: Entity) -> Kind:
    """Return the kind of the row that a field of this row names."""
    return _KINDS[row.kind if fact.names == "*" else fact.names]  # type: ignore[attr-defined]  # `*` stands beside `kind`


SUBJECTS = ("Project", "Experiment", "Iteration")
"""The kinds that may carry tags."""

Step = tuple[str, Kind]
"""A field, and the kind that it names."""


@cache
def lineage(kind: Kind) -> Mapping[str, tuple[Step, ...]]:
    """Return, for every kind above this one, the shortest way up to it."""
    found: dict[str, tuple[Step, ...]] = {}
    edge: list[tuple[Kind, tuple[Step, ...]]] = [(kind, ())]
    while edge:
        below, way = edge.pop(0)
        for step in _up(below):
            if step[1] is not kind and step[1].__name__ not in found:
                found[step[1].__name__] = (*way, step)
                edge.append((step[1], (*way, step)))
    return MappingProxyType(found)


def _up(kind: Kind) -> Iterator[Step]:
    for fact in references(kind):
        if (fact.owner or fact.derived) and fact.names != "*":
            yield fact.name, _KINDS[fact.names]
