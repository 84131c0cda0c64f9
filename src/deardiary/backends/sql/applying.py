"""A batch in the middle of being applied to a database: each element as statements, in order."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, assert_never

from attrs import define, field

from deardiary.backends.sql.asking import Asking
from deardiary.backends.sql.dropping import dropped
from deardiary.backends.sql.engine import Again
from deardiary.backends.sql.keeping import Archive, Filing
from deardiary.backends.sql.names import TABLES
from deardiary.backends.sql.rows import reader, row_out, values_out
from deardiary.backends.sql.series import Ledger
from deardiary.core import sentences
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Placed, Promise, Receipt
from deardiary.core.conditions import All, Condition, asked_id, by_id, only_id
from deardiary.core.declared import Entity, Kind, changed, facts, made
from deardiary.core.derived import number_of, subject_of
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import Experiment, Iteration, Metric, Parameter, Summary, Text
from deardiary.core.errors import DearDiaryError
from deardiary.core.meaning import check_condition
from deardiary.core.promises import Promises


@define(eq=False)
class Ids:
    """The ids that come next; what is made of it holds no batch, so that a batch goes when it has been applied."""

    asking: Asking
    wanted: Mapping[Kind, int]
    """How many of each kind are needed for certain."""
    _next: dict[Kind, Iterator[int]] = field(factory=dict)

    def new(self, kind: Kind) -> int:
        """Return the next id of a kind."""
        return next(self._ids(kind))

    def pass_by(self, kind: Kind, id: int) -> None:
        """Let the ids go on after one that was given."""
        table, engine = TABLES[kind.__name__], self.asking.engine
        self._next[kind] = engine.ids_after(self.asking.connection, table, id, self._ids(kind))

    def _ids(self, kind: Kind) -> Iterator[int]:
        known = self._next.get(kind)
        if known is None:
            table, count = TABLES[kind.__name__], self.wanted.get(kind, 1)
            known = self._next[kind] = self.asking.engine.ids(self.asking.connection, table, count)
        return known


def _wanted(batch: Batch) -> dict[Kind, int]:
    """Return how many ids of each kind a batch needs, whatever is there already."""
    wanted: dict[Kind, int] = {}
    keys: dict[int, set[str]] = {}
    for element in batch.elements:
        if isinstance(element, Insert) and not element.or_existing and element.entity.id < 0:
            kind = type(element.entity)
            wanted[kind] = wanted.get(kind, 0) + 1
            if kind is Iteration:
                keys[element.entity.id] = set()
        elif isinstance(element, Append) and element.iteration_id in keys:
            keys[element.iteration_id].update(column.key for column in element.points)
    if keys:
        wanted[Summary] = max(sum(map(len, keys.values())), 1)
    return wanted


@define(eq=False)
class Applying:
    """The elements of one batch, on their way into a database."""

    asking: Asking
    batch: Batch
    archive: Archive
    mark: int
    has_dropped: bool = False
    ended: set[int] = field(factory=set)
    """The runs that the batch has ended."""
    _promises: Promises = field(factory=Promises)
    _found: set[Promise] = field(factory=set)
    _placed: list[tuple[Placed, ...]] = field(factory=list)
    _moved: dict[int, int] = field(factory=dict)
    _pending: list[tuple[Entity, dict[str, Any]]] = field(factory=list)
    """Rows of one kind that wait to be inserted together, each with what the store has worked out of it."""
    _looked_for: set[tuple[Kind, int]] = field(factory=set)
    """The rows, by kind and id, that were to be found if they were there, and were not."""
    _projects: dict[tuple[Kind, int], int | None] = field(factory=dict)
    _ids: Ids = field(init=False)
    _series: Ledger = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._ids = Ids(self.asking, _wanted(self.batch))
        self._series = Ledger(self.asking.engine, self.asking.connection, self.archive, self.mark, self._ids.new)

    @property
    def filing(self) -> Filing:
        """The points that the batch has written."""
        return self._series.filing

    def receipt(self) -> Receipt:
        """Take the elements one after another, and say what became of them."""
        for element in self.batch.elements:
            if self._pending and not self._joins(element):
                self._flush()
            self._take(element)
        self._flush()
        self._series.finish()
        return Receipt(
            ids=self._promises.ids,
            found=frozenset(self._found),
            placed=tuple(self._placed),
            moved=self._moved,
            sequence=self.mark if self.asking.engine.counts_commits else None,
            position=None if self.batch.stream is None else self.batch.stream.stop,
        )

    def _joins(self, element: Element) -> bool:
        """Return whether an element may wait with those that wait already."""
        return (
            isinstance(element, Insert)
            and not element.or_existing
            and element.entity.id < 0
            and type(element.entity) is type(self._pending[0][0])
        )

    def _take(self, element: Element) -> None:
        match element:
            case Insert():
                try:
                    self._insert(element)
                except DearDiaryError:
                    self._flush()  # what was wrong with an element before this one comes first
                    raise
            case Patch(kind, _, values):
                if kind is Metric:
                    self._patch_point(self._point(element), values)
                else:
                    self._patch(element)
            case Drop(kind):
                if kind is Metric:
                    self._series.drop_point(self._point(element))
                else:
                    self._drop(element)
            case Append(iteration_id, points):
                iteration = self._promises.id(Iteration, iteration_id)
                self._placed.append(self._series.append(iteration, points))
            case Expect():
                self._expect(element)
            case _:
                assert_never(element)

    def _where(self, kind: Kind, condition: Condition) -> Condition:
        check_condition(kind, condition)
        self._series.settle(kind, condition)
        return self._promises.where(kind, condition)

    def _expect(self, expect: Expect) -> None:
        found = self._is_met(expect.kind, expect.where)
        if found != expect.found:
            where = self._where(expect.kind, expect.where)
            least = self.asking.select("least", expect.kind, where)[0][0] if found else None
            raise sentences.unmet(expect, where, least)

    def _is_met(self, kind: Kind, condition: Condition) -> bool:
        """Return whether some row meets a condition; most ask for one row by its id, and a plan is at hand."""
        id = asked_id(condition)
        if id is not None and id.bit_length() < 64:
            others = condition.parts[1:] if isinstance(condition, All) else ()
            plan = self.asking.statements.plan(kind, others, self.asking.engine.constant)
            if plan is not None:
                self._series.settle(kind, condition)
                return self.asking.planned(plan, self._promises.id(kind, id))
        return bool(self.asking.select("one", kind, self._where(kind, condition)))

    # Insert.

    def _insert(self, insert: Insert) -> None:
        promised, kind = insert.entity.id, type(insert.entity)
        self._promises.check_new(kind, promised)
        row, named = insert.entity, self._promises.references(insert.entity)
        if insert.or_existing or promised > 0:
            row = changed(row, **named)
            holder = self._holder(row, {})
            if holder is not None:
                if not insert.or_existing:
                    raise sentences.taken(row, holder)
                self._promises.keep(kind, promised, holder)
                self._found.add((kind, promised))
                return
        id = self._given_id(kind, promised)
        if insert.or_existing:
            self._looked_for.add((kind, id))
        if isinstance(row, Iteration):
            if promised < 0:
                self._series.begin(id)
            if row.end_date is not None:
                self.ended.add(id)
        values = self._completed(row, {**named, "id": id})
        self._pending.append((row, values))
        self._promises.keep(kind, promised, id)

    def _flush(self) -> None:
        """Insert the rows that wait."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        engine = self.asking.engine
        rows = [[*row_out(engine, row, values), self.mark] for row, values in pending]
        if engine.insert(self.asking.connection, type(pending[0][0]), rows) == len(pending):
            return
        for row, values in pending:
            holder = self._holder(row, values)
            if holder is not None and holder != values["id"]:
                if (type(row), values["id"]) in self._looked_for:
                    raise Again
                raise sentences.taken(changed(row, **values), holder)
        raise Again

    def _holder(self, row: Entity, instead: Mapping[str, Any]) -> int | None:
        """Return the id of the row with the same unique values, or none."""
        values = [instead.get(name, getattr(row, name)) for name in type(row).declared.unique]
        found = self.asking.fixed(f"holder {type(row).__name__}", *values)
        return found[0][0] if found else None

    def _given_id(self, kind: Kind, promised: int) -> int:
        if promised < 0:
            return self._ids.new(kind)
        if self.asking.ids(kind, by_id(promised)):
            raise sentences.id_taken(kind, promised)
        self._ids.pass_by(kind, promised)
        return promised

    def _completed(self, row: Entity, values: dict[str, Any]) -> dict[str, Any]:
        """Return the ids of a row with what the store works out itself, and the ids of its shared texts."""
        kind = type(row)
        if isinstance(row, Parameter):  # the commonest of all rows
            values["number"] = number_of(row)
            return values
        for fact in made(kind):
            name = fact.name
            if fact.numbered_by:
                owner = values.get(fact.numbered_by, getattr(row, fact.numbered_by))
                values[name] = self._numbered(kind, owner, getattr(row, name))
            elif fact.shared:
                values[name] = self._shared(getattr(row, name), getattr(row, "created_date", self.batch.at))
            elif fact.names == "Project":
                project = self._project_of(*subject_of(changed(row, **values)))
                values[name] = values.get(name, getattr(row, name)) if project is None else project
        if kind is Experiment or kind is Iteration:
            self._projects[kind, values["id"]] = values.get("project_id", row.project_id)  # type: ignore[attr-defined]
        return values

    def _project_of(self, kind: Kind, id: int) -> int | None:
        if (kind, id) not in self._projects:
            found = self.asking.fixed(f"project in {TABLES[kind.__name__]}", id)
            self._projects[kind, id] = found[0][0] if found else None
        return self._projects[kind, id]

    def _numbered(self, kind: Kind, owner: int, given: int | None) -> int:
        counter = (kind.__name__, owner)
        last = self.asking.fixed("counter", *counter)
        number: int = (last[0][0] if last else 0) + 1 if given is None else given
        fixed, connection = self.asking.engine.texts.fixed, self.asking.connection
        if not last:
            connection.run(fixed["begin to count"], (*counter, number))
        elif number > last[0][0]:
            connection.run(fixed["count on"], (number, *counter))
        return number

    def _shared(self, text: str | None, created_date: datetime) -> int | None:
        """Keep a text once, and return its id."""
        if not text:
            return None
        digest = digest_of_text(text)
        found = self.asking.fixed("text", digest)
        if found:
            id: int = found[0][0]
            return id
        row = Text(id=self._ids.new(Text), digest=digest, text=text, created_date=created_date)
        values = [*row_out(self.asking.engine, row, {}), self.mark]
        if not self.asking.engine.insert(self.asking.connection, Text, [values]):
            raise Again
        return row.id

    # Patch.

    def _patch(self, patch: Patch) -> None:
        kind, where = patch.kind, self._where(patch.kind, patch.where)
        values = self._promises.values(kind, patch.values)
        shared = {name: self._shared(values[name], self.batch.at) for name in values if facts(kind)[name].shared}
        if kind is Parameter or not set(kind.declared.unique).isdisjoint(values):
            rows = [
                reader(self.asking.engine.number_in, kind)(values)
                for values in self.asking.select("rows", kind, where, fill=True)
            ]
            self._check_found(kind, where, len(rows))
            for row in rows:
                self._patch_row(row, values)
            return
        id = only_id(where)
        ids = [id] if id is not None else self.asking.ids(kind, where)
        self._check_found(kind, where, self._update(kind, ids, values, shared))

    def _check_found(self, kind: Kind, where: Condition, count: int) -> None:
        id = only_id(where)
        if id is not None and not count:
            raise sentences.absent(kind, id)

    def _patch_row(self, row: Entity, values: Mapping[str, Any]) -> None:
        """Change a row whose unique or derived values may change with it."""
        new = changed(row, **values)
        if isinstance(new, Parameter):
            new = changed(new, number=number_of(new))
            values = {**values, "number": new.number}
        holder = self._holder(new, {})
        if holder is not None and holder != row.id:
            raise sentences.taken(new, holder)
        self._update(type(row), [row.id], values, {})

    def _update(self, kind: Kind, ids: list[int], values: Mapping[str, Any], shared: Mapping[str, int | None]) -> int:
        """Write some values of some rows, and return how many rows there were."""
        if kind is Iteration and values.get("end_date") is not None:
            self.ended.update(ids)
        kept = {**values_out(self.asking.engine, kind, values), **shared, "mark": self.mark}
        mark = self.asking.engine.placeholder
        said = ", ".join(f'"{name}" = {mark}' for name in kept)
        text = f"UPDATE {TABLES[kind.__name__]} SET {said} WHERE id = {mark}"
        return self.asking.connection.many(text, [[*kept.values(), id] for id in ids])

    def _point(self, change: Patch | Drop) -> int:
        id = only_id(change.where)
        assert id is not None  # as `Patch` and `Drop` demand of points
        return self._promises.id(Metric, id)

    def _patch_point(self, id: int, values: Mapping[str, Any]) -> None:
        new = self._series.patch_point(id, values)
        if new != id:
            self._moved[id] = new

    # Drop.

    def _drop(self, drop: Drop) -> None:
        where = self._where(drop.kind, drop.where)
        ids = self.asking.ids(drop.kind, where)
        self._check_found(drop.kind, where, len(ids))
        gone = dropped(self.asking, drop.kind, ids, self.mark)
        self._series.forget(gone.get(Iteration, ()))
        self._projects.clear()
        self.has_dropped = True
