"""What may be written: changes and expectations, one after another in a batch, and what the store answers."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from deardiary.core import shapes
from deardiary.core.alike import Alike
from deardiary.core.conditions import Condition, as_condition, only_id
from deardiary.core.declared import Entity, Kind, facts, large
from deardiary.core.digests import batch_digest
from deardiary.core.entities import Metric
from deardiary.core.errors import Invalid, Named, Unprocessable
from deardiary.core.points import Points
from deardiary.core.shapes import check_text

Promise: TypeAlias = tuple[Kind, int]
"""A kind and a negative number: a row that the batch makes, before it has an id."""


@frozen(eq=False, repr=False)
class Insert(Alike):
    """Make a row; with `or_existing`, use the one that has the same unique values if there is one."""

    entity: Entity
    or_existing: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        declared = type(self.entity).declared
        if not declared.insert:
            raise Invalid(f"{declared.one} is not made by an insert; points are appended")
        for name in large(type(self.entity)):
            if getattr(self.entity, name) is None:
                raise Invalid(f"{declared.noun} {name} is none: read the row with large=True to write it again")


@frozen(eq=False, repr=False)
class Patch(Alike):
    """Change fields of the rows that meet a condition."""

    kind: Kind
    where: Condition = field(converter=as_condition)
    values: Mapping[str, Any]

    def __attrs_post_init__(self) -> None:
        noun, one = self.kind.declared.noun, self.kind.declared.one
        for name, value in self.values.items():
            fact = facts(self.kind).get(name)
            if fact is None:
                raise Invalid(f"{one} has no field `{name}`")
            if not fact.patch:
                raise Invalid(f"the field `{name}` of {one} cannot be changed")
            if fact.large and value is None:
                raise Invalid(f"{noun} {name} is none, not a text")
        object.__setattr__(
            self, "values", {name: shapes.shaped(self.kind, name, value) for name, value in self.values.items()}
        )
        _one_point(self.kind, self.where)


@frozen(eq=False, repr=False)
class Drop(Alike):
    """Remove the rows that meet a condition, and what they own."""

    kind: Kind
    where: Condition = field(converter=as_condition)

    def __attrs_post_init__(self) -> None:
        if not self.kind.declared.drop:
            raise Invalid(f"{self.kind.declared.one} cannot be dropped")
        _one_point(self.kind, self.where)


def _one_point(kind: Kind, where: Condition) -> None:
    if kind is Metric and only_id(where) is None:
        raise Invalid("points are changed one by one, by id")


@frozen(eq=False, repr=False)
class Append(Alike):
    """Add points to the series of a run."""

    iteration_id: int = field(validator=shapes.integer())
    points: Points


@frozen(eq=False, repr=False)
class Expect(Alike):
    """Demand that some row meets a condition (with `found=False`: that none does), or refuse the whole batch."""

    kind: Kind
    where: Condition = field(converter=as_condition)
    found: bool = field(default=True, kw_only=True)
    otherwise: type[Named] = field(default=Unprocessable, kw_only=True)
    because: str = field(default="an expectation is not met", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_text(self.because, "the sentence of an expectation", most=4096)
        if not self.kind.declared.find:
            raise Invalid(f"{self.kind.declared.one} cannot be expected; expect its series")


Change: TypeAlias = Insert | Patch | Drop | Append
Element: TypeAlias = Change | Expect


@frozen(kw_only=True, eq=False, repr=False)
class Stream(Alike):
    """The part of a writer's journal that a batch of points carries, by offsets."""

    writer: str = field(validator=shapes.hexadecimal(32))
    host: str = field(default="", converter=shapes.same_text, validator=shapes.text())
    pid: int = field(default=0, validator=shapes.integer(least=0))
    at: datetime = field(factory=shapes.now, converter=shapes.in_utc, validator=shapes.time)
    start: int = field(validator=shapes.integer(least=0))
    stop: int = field(validator=shapes.integer(least=0))


def new_batch_id() -> str:
    """Return 128 random bits, by which a batch is known however often it is sent."""
    return os.urandom(16).hex()


def _tuple(elements: Iterable[Element]) -> tuple[Element, ...]:
    return tuple(elements)


@frozen(eq=False, repr=False)
class Batch(Alike):
    """Changes and expectations that are applied together, in order, or not at all."""

    elements: tuple[Element, ...] = field(converter=_tuple)
    id: str = field(factory=new_batch_id, kw_only=True, validator=shapes.hexadecimal(32))
    at: datetime = field(factory=shapes.now, kw_only=True, converter=shapes.in_utc, validator=shapes.time)
    """When its sender made it."""
    stream: Stream | None = field(default=None, kw_only=True)
    """If it carries a part of a journal; then the offsets stand for the id."""
    principal: int | None = field(default=None, kw_only=True)
    """The user who sent it; only the guard sets this."""
    digest: str = field(default="", kw_only=True)
    """What tells it from another batch with the same id, as its sender made it."""

    def __attrs_post_init__(self) -> None:
        if self.stream is not None:
            _check_stream(self.stream, self.elements)
        elif not self.digest:
            object.__setattr__(self, "digest", batch_digest(self.elements))

    def of(self, elements: Iterable[Element], *, principal: int | None = None) -> "Batch":
        """Return this batch as it goes on: with other elements, sent by someone, known by the same id and digest."""
        return evolve(self, elements=tuple(elements), principal=principal)


def _check_stream(stream: Stream, elements: tuple[Element, ...]) -> None:
    if stream.stop < stream.start:
        raise Invalid(f"a stream goes from {stream.start} back to {stream.stop}")
    if not all(isinstance(element, Append | Expect) for element in elements):
        raise Invalid("a stream carries points and expectations only")
    if stream.start == stream.stop and any(isinstance(element, Append) for element in elements):
        raise Invalid("a stream carries points without a part of its journal")


@frozen(kw_only=True, eq=False, repr=False)
class Placed(Alike):
    """Where the points of one column went."""

    key: str
    series: int
    first: int
    """The number of its first point."""
    steps: tuple[int, ...] = ()
    """The steps that the store filled in, in order."""


@frozen(kw_only=True, eq=False, repr=False)
class Receipt(Alike):
    """What a store answers to a batch."""

    ids: Mapping[Promise, int] = field(factory=dict)
    """The ids that promises became."""
    found: frozenset[Promise] = frozenset()
    """The promises for which a row was there already."""
    placed: tuple[tuple[Placed, ...], ...] = ()
    """For each `Append`, where its columns went."""
    moved: Mapping[int, int] = field(factory=dict)
    """The new ids of points whose key was changed."""
    sequence: int | None = None
    """The number of this commit, on stores with one writer at a time."""
    position: int | None = None
    """Where the writer of a stream stands now."""
