"""What a batch does to a diary: the contract as one pure function.

`settle` reads a view and answers what to tell the sender, what to put and what to delete. Any store that does just
that, all of it or none of it, and one batch after another, keeps the contract.
"""

from collections.abc import Iterator
from typing import Any, assert_never

from attrs import define, evolve, field

from deardiary.core import sentences
from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch, Placed, Receipt, Stream
from deardiary.core.conditions import only_id
from deardiary.core.declared import Entity, Kind, changed, facts, referring
from deardiary.core.derived import number_of, subject_of
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import Iteration, Metric, Text, Writer
from deardiary.core.ledger import (
    Applied,
    Draft,
    Key,
    Value,
    View,
    delete_row,
    naming,
    next_id,
    put_row,
    read,
    replace_row,
    row_key,
    unique_values,
    with_unique,
)
from deardiary.core.matching import meeting, project_of
from deardiary.core.meaning import check_condition
from deardiary.core.promises import Promises


def settle(batch: Batch, view: View) -> tuple[Receipt, dict[Key, Value], set[Key]]:
    """Return the receipt of a batch, and what to put and to delete; raise, and nothing has happened."""
    if batch.stream is None:
        applied = view.get(f"batch/{batch.id}")
        if isinstance(applied, Applied):
            if (applied.digest, applied.principal) != (batch.digest, batch.principal):
                raise sentences.other_batch()
            return applied.receipt, {}, set()
    draft = Draft(view)
    if batch.stream is not None:
        stands = _advance(batch.stream, batch.principal, draft)
        if stands is not None:
            return Receipt(position=stands), {}, set()
    receipt = _Settling(draft, batch).receipt()
    if batch.stream is None:
        draft.put(f"batch/{batch.id}", Applied(receipt, batch.digest, batch.principal))
    puts, deletes = draft.changes()
    return receipt, puts, deletes


def _advance(stream: Stream, principal: int | None, draft: Draft) -> int | None:
    """Move a writer to the end of its stream; or return where it stands, if it is past it already."""
    id = with_unique(draft, Writer, (stream.writer,))
    writer = None if id is None else read(draft, Writer, id)
    position = 0 if writer is None else writer.position
    if writer is not None and writer.user_id != principal:
        raise sentences.not_your_writer(stream.writer)
    if stream.start != position:
        if stream.stop <= position:
            return position
        raise sentences.misplaced(stream.writer, position, stream.start)
    mark = _next_sequence(draft)
    if writer is None:
        writer = Writer(id=next_id(draft, "Writer"), uid=stream.writer, user_id=principal)
    else:
        delete_row(draft, writer)
    moved = evolve(writer, host=stream.host, pid=stream.pid, position=stream.stop, seen_at=stream.at)
    put_row(draft, moved, mark)
    return None


def _next_sequence(draft: Draft) -> int:
    return (draft.get("sequence/at") or 0) + 1


@define
class _Settling:
    """A batch in the middle of being settled."""

    draft: Draft
    batch: Batch
    promises: Promises = field(factory=Promises)
    found: set[tuple[Kind, int]] = field(factory=set)
    placed: list[tuple[Placed, ...]] = field(factory=list)
    moved: dict[int, int] = field(factory=dict)
    mark: int = field(init=False)
    book: SeriesBook = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.mark = _next_sequence(self.draft)
        self.book = SeriesBook(self.draft)

    def receipt(self) -> Receipt:
        """Take the elements one after another, and say what became of them."""
        for element in self.batch.elements:
            match element:
                case Insert():
                    self._insert(element)
                case Patch():
                    self._patch(element)
                case Drop():
                    self._drop(element)
                case Append():
                    self._append(element)
                case Expect():
                    self._expect(element)
                case _:
                    assert_never(element)
        self.draft.put("sequence/at", self.mark)
        return Receipt(
            ids=dict(self.promises.ids),
            found=frozenset(self.found),
            placed=tuple(self.placed),
            moved=dict(self.moved),
            sequence=self.mark,
            position=None if self.batch.stream is None else self.batch.stream.stop,
        )

    def _expect(self, expect: Expect) -> None:
        check_condition(expect.kind, expect.where)
        where = self.promises.where(expect.kind, expect.where)
        row = next((kept.entity for kept in meeting(self.draft, expect.kind, where)), None)
        if (row is not None) != expect.found:
            raise sentences.unmet(expect, where, None if row is None else row.id)

    # Insert.

    def _insert(self, insert: Insert) -> None:
        promised, kind = insert.entity.id, type(insert.entity)
        self.promises.check_new(kind, promised)
        row = self.promises.row(insert.entity)
        holder = with_unique(self.draft, kind, unique_values(row))
        if holder is not None:
            if not insert.or_existing:
                raise sentences.taken(row, holder)
            self.promises.keep(kind, promised, holder)
            self.found.add((kind, promised))
            return
        id = self._given(kind, promised)
        put_row(self.draft, changed(self._completed(row), id=id), self.mark)
        self.promises.keep(kind, promised, id)

    def _given(self, kind: Kind, promised: int) -> int:
        if promised < 0:
            return next_id(self.draft, kind.__name__)
        if self.draft.get(row_key(kind, promised)) is not None:
            raise sentences.id_taken(kind, promised)
        self.draft.put(f"next/{kind.__name__}", max(promised, self.draft.get(f"next/{kind.__name__}") or 0))
        return promised

    def _completed(self, row: Entity) -> Entity:
        """Return a row with what the store works out itself."""
        kind, values = type(row), dict[str, Any]()
        for name, fact in facts(kind).items():
            if not fact.stored:
                values[name] = fact.default
            elif fact.numbered_by:
                values[name] = self._numbered(row, name, fact.numbered_by)
            elif fact.shared:
                values[name] = self._shared(getattr(row, name), getattr(row, "created_date", self.batch.at))
            elif fact.derived and fact.names == "Project":
                project = project_of(self.draft, *subject_of(row))
                values[name] = getattr(row, name) if project is None else project
            elif fact.derived:
                values[name] = number_of(row)
        return changed(row, **values) if values else row

    def _numbered(self, row: Entity, name: str, owner: str) -> int:
        key = f"number/{type(row).__name__}/{getattr(row, owner)}"
        last, given = self.draft.get(key) or 0, getattr(row, name)
        number = last + 1 if given is None else given
        self.draft.put(key, max(last, number))
        return int(number)

    def _shared(self, text: str | None, created_date: Any) -> str:
        """Keep a text once, and return what stands for it in a row."""
        if not text:
            return ""
        digest = digest_of_text(text)
        if with_unique(self.draft, Text, (digest,)) is None:
            kept = Text(id=next_id(self.draft, "Text"), digest=digest, text=text, created_date=created_date)
            put_row(self.draft, kept, self.mark)
        return digest

    # Patch.

    def _patch(self, patch: Patch) -> None:
        if patch.kind is Metric:
            self._patch_point(patch)
            return
        check_condition(patch.kind, patch.where)
        where = self.promises.where(patch.kind, patch.where)
        values = self.promises.values(patch.kind, patch.values)
        for name in values:
            if facts(patch.kind)[name].shared:
                values[name] = self._shared(values[name], self.batch.at)
        for row in self._rows(patch.kind, where):
            new = dict(values)
            for name, fact in facts(patch.kind).items():
                if fact.derived and not fact.names:
                    new[name] = number_of(changed(row, **values))
            replace_row(self.draft, row, new, self.mark)

    def _rows(self, kind: Kind, where: Any) -> list[Entity]:
        rows = [kept.entity for kept in meeting(self.draft, kind, where)]
        id = only_id(where)
        if id is not None and not rows:
            raise sentences.absent(kind, id)
        return rows

    def _patch_point(self, patch: Patch) -> None:
        id = self._point(patch)
        new = self.book.patch(id, dict(patch.values), mark=self.mark)
        if new != id:
            self.moved[id] = new

    def _point(self, change: Patch | Drop) -> int:
        id = only_id(change.where)
        assert id is not None  # as `Patch` and `Drop` demand of points
        return self.promises.id(Metric, id)

    # Drop.

    def _drop(self, drop: Drop) -> None:
        if drop.kind is Metric:
            self.book.drop(self._point(drop), mark=self.mark)
            return
        check_condition(drop.kind, drop.where)
        gone: list[Entity] = []
        for row in self._rows(drop.kind, self.promises.where(drop.kind, drop.where)):
            self._take(row, gone)
        holders = [(holder.id, name, holder, row) for row in gone for holder, name in self._naming(row, "holds")]
        if holders:
            _, _, holder, row = min(holders, key=lambda one: one[:2])
            raise sentences.held(type(holder), holder.id, type(row), row.id)
        for row in gone:
            for child, name in self._naming(row, "set_null"):
                replace_row(self.draft, child, {name: None}, self.mark)

    def _take(self, row: Entity, gone: list[Entity]) -> None:
        """Remove a row and what it owns."""
        kind = type(row)
        if self.draft.get(row_key(kind, row.id)) is None:
            return
        delete_row(self.draft, row)
        gone.append(row)
        for owned, _ in list(self._naming(row, "owner")):
            if owned.declared.drop:
                self._take(owned, gone)
        if kind is Iteration:
            self.book.forget(row.id)

    def _naming(self, row: Entity, how: str) -> Iterator[tuple[Entity, str]]:
        """Yield the rows that name this one in a field of some sort, and the field."""
        for other, fact in referring(type(row)):
            if getattr(fact, how):
                for id in naming(self.draft, other, fact, row.id, type(row)):
                    holder = read(self.draft, other, id)
                    assert holder is not None
                    yield holder, fact.name

    # Append.

    def _append(self, append: Append) -> None:
        iteration = self.promises.id(Iteration, append.iteration_id)
        self.placed.append(tuple(self.book.append(iteration, column, mark=self.mark) for column in append.points))
