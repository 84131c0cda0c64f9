"""A machine that tells a store anything, and compares every answer with the specification's."""

import math
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from attrs import evolve
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch
from deardiary.core.conditions import (
    EVERY,
    OPERATORS,
    PARTS,
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    Measure,
    Not,
    Param,
    Tagged,
    Term,
)
from deardiary.core.declared import Kind, facts, kind_named, lineage
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import DearDiaryError
from deardiary.core.points import Points, point_id
from deardiary.core.queries import Order, Query, SeriesQuery
from deardiary.core.shapes import EPOCH, micros
from deardiary.testing.diary import Diary, shown_batch, wiped

Step = TypeVar("Step", bound=Callable[..., None])

ABSENT = 99
NAMES = ["a", "b", "B", "é", "a*", "[x]", "10", "9", "true", "🌱"]
VALUES = [*NAMES, "", "1", "1.0", "-2e3", "nan", "inf"]
TYPES = ["str", "int", "float", "bool", "none", "json"]
KEYS = ["k", "loss", "a.b/c", "é"]
NUMBERS = [0.0, -0.0, 1.0, 0.5, -3.25, 1e300, 5e-324, math.inf, -math.inf, math.nan]
STEPS = [None, None, 0, 1, 2, 5, -1, 2**62, -(2**62)]
TIMES = [EPOCH, EPOCH + timedelta(days=20_000), EPOCH + timedelta(days=20_000, microseconds=1)]
DIGESTS = ["a" * 64, "b" * 64]
UIDS = ["1" * 32, "2" * 32]
MADE = [
    Project,
    Experiment,
    Iteration,
    Parameter,
    Resource,
    Tag,
    Tagging,
    Model,
    ModelVersion,
    User,
    UserPermission,
    Writer,
]
ASKED = [*MADE, Summary, Text]
SUBJECTS = ["Project", "Experiment", "Iteration"]
OWN_NAMES = {"User": "username", "Tag": "value", "Parameter": "key"}


class Teller:
    """Makes up batches and questions, from what the specification holds at the moment."""

    def __init__(self, diary: Diary, draw: Any) -> None:
        self._diary = diary
        self._draw = draw
        self._promised: dict[Kind, list[int]] = {}
        self._drops = False  # after a drop no points follow: those of a run that went would stay for ever

    def elements(self) -> list[Element]:
        """Return the elements of a batch."""
        return [self._element() for _ in range(self._draw(st.integers(1, 4)))]

    def query(self) -> Query[Any]:
        """Return a question for rows."""
        kind = self._one(ASKED)
        orders = [self._order(kind) for _ in range(self._draw(st.integers(0, 2)))]
        limit, offset = self._one([None, None, 1, 2, 3]), self._one([0, 0, 1])
        large = kind is not Text and self._one([True, False])
        return Query(
            kind,
            self.condition(kind),
            order=orders,
            limit=limit,
            offset=offset,
            total=self._one([True, False]),
            large=large,
        )

    def series_query(self) -> SeriesQuery:
        """Return a question for points."""
        runs = tuple(self._id(Iteration) for _ in range(self._draw(st.integers(0, 2))))
        keys = tuple(self._one(KEYS) for _ in range(self._draw(st.integers(0, 2))))
        steps = self._one([None, (0, 2), (-1, 2**62)])
        repeats = self._one(["all", "last"])
        if self._one([True, False]):
            return SeriesQuery(
                iterations=runs, keys=keys, steps=steps, repeats=repeats, max_points=self._one([4, 5, 7])
            )
        limit, offset = self._one([None, 1, 3]), self._one([0, 0, 1])
        return SeriesQuery(iterations=runs, keys=keys, steps=steps, repeats=repeats, limit=limit, offset=offset)

    def append(self) -> Append:
        """Return points for a run that is there."""
        return Append(self._id(Iteration, absent=False), self._points())

    def can_append(self) -> bool:
        """Return whether there is a run to append to."""
        return bool(self._ids(Iteration))

    def _one(self, choices: Any) -> Any:
        return self._draw(st.sampled_from(list(choices)))

    def _ids(self, kind: Kind) -> list[int]:
        return [row.id for row in self._diary.model.find(Query(kind)).rows] + self._promised.get(kind, [])

    def _id(self, kind: Kind, *, absent: bool = True) -> int:
        known = self._ids(kind)
        return int(self._one([*known, ABSENT] if absent or not known else known))

    def _element(self) -> Element:
        sort = self._one(["insert"] * 5 + ["patch", "patch", "drop", "append", "append", "point", "expect"])
        match sort:
            case "insert":
                return self._insert()
            case "patch":
                return self._patch()
            case "drop":
                self._drops = True
                return Drop(*self._where(self._one(MADE)))
            case "append" if self._ids(Iteration) and not self._drops:
                return self.append()
            case "point":
                return self._point()
            case _:
                kind = self._one(ASKED)
                return Expect(kind, self.condition(kind), found=self._one([True, False]), because="it was expected")

    def _where(self, kind: Kind) -> tuple[Kind, Condition]:
        if self._one([True, True, False]):
            return kind, Compare(Field("id"), "==", self._id(kind))
        return kind, self.condition(kind)

    def _point(self) -> Element:
        series = self._one([row.id for row in self._diary.model.find(Query(Summary)).rows] + [ABSENT])
        id = point_id(series, self._draw(st.integers(0, 4)))
        if self._one([True, False]):
            return Drop(Metric, Compare(Field("id"), "==", id))
        values = {
            "key": self._one(KEYS),
            "value": self._one(NUMBERS),
            "step": self._one([0, 3, -1]),
            "recorded_at": self._one(TIMES),
        }
        return Patch(Metric, Compare(Field("id"), "==", id), self._some(values))

    def _some(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if self._one([True, False])}

    def _patch(self) -> Patch:
        kind = self._one([kind for kind in MADE if any(fact.patch for fact in facts(kind).values())])
        kind, where = self._where(kind)
        values = {
            name: self._value(kind, name) for name, fact in facts(kind).items() if fact.patch and name != "password"
        }
        return Patch(kind, where, self._some(values))

    def _insert(self) -> Insert:
        kind = self._one(MADE)
        promise = -1 - sum(len(numbers) for numbers in self._promised.values())
        values = {name: self._value(kind, name) for name, fact in facts(kind).items() if self._sets(name, fact)}
        if kind is Tagging:
            values["subject_id"] = self._id(kind_named(values["kind"]))
        entity: Any = kind(id=promise, **values)
        self._promised.setdefault(kind, []).append(promise)
        return Insert(entity, or_existing=self._one([False, False, True]))

    def _sets(self, name: str, fact: Any) -> bool:
        """Return whether a new row of a kind says a field."""
        if name in ("id", "position", "password") or fact.derived or not fact.stored:
            return False
        needed = (
            name in OWN_NAMES.values()
            or (fact.names and not fact.optional)
            or name in ("name", "value", "content_hash", "kind")
        )
        return bool(needed or name == "uid" or "date" in name or name == "seen_at" or self._one([True, False]))

    def _value(self, kind: Kind, name: str) -> Any:
        fact = facts(kind)[name]
        if fact.names == "*":
            return self._id(kind_named(self._one(SUBJECTS)))
        if fact.names:
            return None if fact.optional and self._one([True, False]) else self._id(kind_named(fact.names))
        match name:
            case "kind":
                return self._one(SUBJECTS)
            case "uid":
                return self._one([*UIDS, None]) or f"{self._draw(st.integers(16**8, 16**9)):032x}"
            case "content_hash" | "digest":
                return self._one(DIGESTS)
            case "type":
                return self._one(TYPES)
            case "key":
                return self._one(KEYS)
            case "status_id" | "stage_id":
                return self._one([1, 2, 3])
            case "version":
                return self._one([None, 1, 2, 7])
            case "value":
                return self._one(VALUES if kind is Parameter else NAMES)
        match fact.sort:
            case "text":
                return self._one(NAMES)
            case "number":
                return self._one([0, 1, 7])
            case "flag":
                return self._one([True, False])
            case _:
                return self._one([None, *TIMES]) if fact.optional else self._one(TIMES)

    def _points(self) -> Points:
        rows = [
            (self._one(KEYS), self._one(NUMBERS), self._one(STEPS), micros(self._one(TIMES)))
            for _ in range(self._draw(st.integers(1, 5)))
        ]
        return Points.of(rows)

    # Conditions.

    def condition(self, kind: Kind, depth: int = 2) -> Condition:
        """Return a condition that may be asked of a kind."""
        sort = self._one(["leaf", "leaf", "leaf", "all", "any", "not", "every"]) if depth else "leaf"
        match sort:
            case "all":
                return All(tuple(self.condition(kind, depth - 1) for _ in range(2)))
            case "any":
                return AnyOf(tuple(self.condition(kind, depth - 1) for _ in range(2)))
            case "not":
                return Not(self.condition(kind, depth - 1))
            case "every":
                return EVERY
            case _:
                return self._leaf(kind)

    def _leaf(self, kind: Kind) -> Condition:
        term = self._term(kind)
        match self._one(["compare", "compare", "compare", "among", "none", "nan", "tag"]):
            case "compare":
                operator, value = self._one(OPERATORS), self._constant(kind, term)
                return Compare(term, operator, self._one(["*", "?", "a*", "[x]", ""]) if operator == "~" else value)
            case "among":
                values = tuple(self._constant(kind, term) for _ in range(self._draw(st.integers(0, 3))))
                return Among(term, values)
            case "none":
                return IsNone(term)
            case "tag" if kind.__name__ in SUBJECTS:
                return Tagged(self._one(NAMES))
            case _:
                return IsNan(term)

    def _term(self, kind: Kind) -> Term:
        terms: list[Term] = [Field(name) for name, fact in facts(kind).items() if fact.ask and fact.names != "*"]
        for above in lineage(kind):
            terms += [Field(name, above) for name in ("id", *(["name"] if above in SUBJECTS else []))]
        if kind is Iteration:
            terms += [Param(key) for key in KEYS] * 2 + [Measure(key, part) for key in KEYS for part in PARTS]
        term: Term = self._one(terms)
        return term

    def _constant(self, kind: Kind, term: Term) -> Any:
        if self._one([False] * 5 + [True]):
            odd = ["a", True, TIMES[1], math.nan]
            return self._one(odd if _holds_ids(kind, term) else [*odd, 1, 1.5, -0.0])
        match term:
            case Param():
                return self._one([*VALUES, 1, 10.0, True, False, -2000])
            case Measure():
                return self._one([*NUMBERS, 0, 1, 2])
            case Field(name, of):
                owner = kind_named(of) if of else kind
                fact = facts(owner)[name]
                if name == "id" or fact.names not in ("", "*"):
                    return self._id(owner if name == "id" else kind_named(fact.names))
                if fact.holds_float:
                    return self._one(NUMBERS)
                value = self._value(owner, name)
                return 1 if value is None else value

    def _order(self, kind: Kind) -> Order:
        return Order(self._term(kind), descending=self._one([True, False]))


def _holds_ids(kind: Kind, term: Term) -> bool:
    """Return whether a term holds ids, which are others in the store than in the specification."""
    if not isinstance(term, Field):
        return False
    owner = kind_named(term.of) if term.of else kind
    return term.name == "id" or bool(facts(owner)[term.name].names)


def noticed(step: Step) -> Step:
    """Remember that the store differed, if a step ends with an error."""

    @wraps(step)
    def taken(self: "AnyMachine", **data: Any) -> None:
        self.differs = True
        step(self, **data)
        self.differs = False

    return cast(Step, taken)


class AnyMachine(RuleBasedStateMachine):
    """Tells a store anything."""

    opener: Any = None
    """Returns a diary whose store is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.diary: Diary = type(self).opener()
        self.last: tuple[Batch, Batch] | None = None
        self.writer = "f" * 32
        self.position = 0
        self.differs = False

    @rule(data=st.data())
    @noticed
    def tell(self, data: st.DataObject) -> None:
        """Tell a batch."""
        batch = Batch(Teller(self.diary, data.draw).elements(), at=TIMES[1])
        self.last = batch, self.diary.translated(batch)
        self._tell(*self.last)

    @rule()
    @noticed
    def tell_again(self) -> None:
        """Tell the last batch once more."""
        if self.last is not None:
            self._tell(*self.last)

    @rule(data=st.data(), length=st.integers(0, 3), start=st.sampled_from([0, 0, 0, -1, 1]))
    @noticed
    def stream(self, data: st.DataObject, length: int, start: int) -> None:
        """Tell a part of a journal, not always the right one."""
        teller = Teller(self.diary, data.draw)
        start = max(0, self.position + start)
        elements = [teller.append()] if length and teller.can_append() else []
        try:
            receipt = self.diary.stream(self.writer, start, start + length, *elements, at=TIMES[0])
        except DearDiaryError:
            return
        self.position = receipt.position or 0

    @rule(data=st.data())
    @noticed
    def ask(self, data: st.DataObject) -> None:
        """Ask for rows."""
        query = Teller(self.diary, data.draw).query()
        if query.kind is Writer:
            query = evolve(query, where=query.where & Compare(Field("uid"), "==", self.writer))
        self.diary.find(query)
        if query.limit is not None:
            self.diary.walk(evolve(query, offset=0))

    @rule(data=st.data())
    @noticed
    def ask_series(self, data: st.DataObject) -> None:
        """Ask for points."""
        query = Teller(self.diary, data.draw).series_query()
        more = {name: getattr(query, name) for name in ("keys", "steps", "repeats", "max_points", "limit", "offset")}
        self.diary.series(*query.iterations, **more)

    def teardown(self) -> None:
        """Compare all that there is, unless a difference was found already."""
        if self.differs:
            self.diary.close()
            return
        self.diary.compare()
        if self.diary.traits.durable != "none":
            self.diary.reopen()
            self.diary.compare()
        self.diary.close()

    def _tell(self, batch: Batch, other: Batch) -> None:
        note(shown_batch(batch))
        try:
            self.diary.apply(batch=batch, other=other)
        except DearDiaryError as error:
            note(f"refused: {error!r}")
            return
        self.diary.rows(Text)  # no promise tells which text of the one is which of the other; their digests do


def check_anything(diary: Diary, *, examples: int = 20, steps: int = 15, chance: bool = False) -> None:
    """Tell a store anything for a while, by chance or the same each time; it is empty at first and left empty."""

    def fresh() -> Diary:
        new = Diary(diary.opener, diary.traits, diary.url)
        wiped(new.store)
        return new

    class Machine(AnyMachine):
        opener = staticmethod(fresh)

    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not chance,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Machine, settings=profile)
    wiped(diary.store)
