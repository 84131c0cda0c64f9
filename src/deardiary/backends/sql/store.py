"""The four verbs on any engine that speaks SQL."""

from typing import Any

from attrs import define, evolve, field

from deardiary.backends.sql.applying import Applying
from deardiary.backends.sql.asking import Asking
from deardiary.backends.sql.engine import Again, Connection, Engine
from deardiary.backends.sql.keeping import Archive
from deardiary.backends.sql.names import TABLES
from deardiary.backends.sql.reading import read_series
from deardiary.backends.sql.rows import reader, row_out
from deardiary.backends.sql.shaping import Shape, Shaper
from deardiary.backends.sql.statements import Statements
from deardiary.core import sentences
from deardiary.core.changes import Batch, Receipt, Stream
from deardiary.core.cursors import Cursor, mark_number
from deardiary.core.declared import E, Kind, stored
from deardiary.core.entities import Writer
from deardiary.core.queries import Page, Query, Series, SeriesQuery, check_query, check_series_query
from deardiary.core.receipts import receipt_of, receipt_text
from deardiary.core.shapes import GREATEST_INTEGER, micros


@define(eq=False)
class SqlStore:
    """A diary in a database."""

    engine: Engine
    archive: Archive = field(init=False)
    statements: Statements = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.archive = self.engine.archive()
        self.statements = Statements(self.engine.texts.shapes, self.engine.texts.dialect)

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, or nothing of it."""
        receipt, applying = self.engine.write(lambda connection: self._applied(connection, batch), batch=batch)
        if applying is not None:
            if applying.has_dropped:
                self.engine.tidy()
            applying.filing.committed(applying.ended)
        return receipt

    def _applied(self, connection: Connection, batch: Batch) -> tuple[Receipt, Applying | None]:
        """Apply a batch in a transaction, unless that was done before."""
        known = self._known(connection, batch)
        if known is not None:
            return known, None
        mark = self.engine.mark(connection)
        applying = Applying(Asking(self.engine, self.statements, connection), batch, self.archive, mark)
        if batch.stream is not None:
            self._move(connection, batch.stream, batch.principal, applying)
        receipt = applying.receipt()
        if batch.stream is None:
            self._keep(connection, batch, mark, receipt)
        return receipt, applying

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        check_query(query)
        shaper = Shaper()
        where, order = shaper.where(query.where), shaper.order(query.order)
        shape = Shape("rows", query.kind, where, order, fill=query.fills_large)
        cursor = None
        if query.after is not None:
            cursor = Cursor.read(query)
            shape = evolve(shape, after=shaper.after(query.order, cursor.values))
        if query.changed_after is not None:
            shape = evolve(shape, since=shaper.slot(mark_number(query.changed_after)))
        if query.limit is not None:
            shape = evolve(shape, limit=shaper.slot(min(query.limit + 1, GREATEST_INTEGER)))
        if query.offset:
            shape = evolve(shape, offset=shaper.slot(query.offset))

        def look(connection: Connection) -> tuple[list[tuple[Any, ...]], str, int | None]:
            asking = Asking(self.engine, self.statements, connection)
            mark = str(self.engine.mark_now(connection)) if cursor is None else cursor.mark
            return asking.run(shape, shaper), mark, self._total(asking, query) if query.total else None

        return self._page(query, *self.engine.read(look))

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        check_series_query(query)
        return self.engine.read(lambda connection: read_series(self.engine, connection, self.archive, query))

    def close(self) -> None:
        """Let go of the database."""
        self.archive.close()
        self.engine.close()

    def _fixed(self, name: str) -> str:
        return self.engine.texts.fixed[name]

    # Batches and streams.

    def _known(self, connection: Connection, batch: Batch) -> Receipt | None:
        """Return the answer to a batch that was applied already."""
        if batch.stream is not None:
            return self._passed(connection, batch.stream, batch.principal)
        found = connection.all(self._fixed("batch"), [bytes.fromhex(batch.id)])
        if not found:
            return None
        receipt, digest, principal = found[0]
        if (bytes(digest).hex(), principal) != (batch.digest, batch.principal):
            raise sentences.other_batch()
        return receipt_of(receipt)

    def _keep(self, connection: Connection, batch: Batch, mark: int, receipt: Receipt) -> None:
        said = (
            bytes.fromhex(batch.id),
            bytes.fromhex(batch.digest),
            batch.principal,
            micros(batch.at),
            mark,
            receipt_text(receipt),
        )
        connection.run(self._fixed("keep batch"), said)

    def _passed(self, connection: Connection, stream: Stream, principal: int | None) -> Receipt | None:
        """Return where a writer stands, if it is past a part of its stream; none if it stands at its start."""
        found = connection.all(self._fixed("writer"), [stream.writer])
        _, user_id, position = found[0] if found else (0, principal, 0)
        if user_id != principal:
            raise sentences.not_your_writer(stream.writer)
        if stream.start == position:
            return None
        if stream.stop <= position:
            return Receipt(position=position)
        raise sentences.misplaced(stream.writer, position, stream.start)

    def _move(self, connection: Connection, stream: Stream, principal: int | None, applying: Applying) -> None:
        """Move a writer to the end of its stream."""
        found = connection.all(self._fixed("writer"), [stream.writer])
        if found:
            moved = (stream.host, stream.pid, stream.stop, micros(stream.at), applying.mark, found[0][0])
            connection.run(self._fixed("move writer"), moved)
            return
        row = Writer(
            id=next(self.engine.ids(connection, TABLES["Writer"])),
            uid=stream.writer,
            user_id=principal,
            host=stream.host,
            pid=stream.pid,
            position=stream.stop,
            seen_at=stream.at,
        )
        if not self.engine.insert(connection, Writer, [[*row_out(self.engine, row, {}), applying.mark]]):
            raise Again

    # Pages.

    def _total(self, asking: Asking, query: Query[Any]) -> int:
        shaper = Shaper()
        shape = Shape("count", query.kind, shaper.where(query.where))
        if query.changed_after is not None:
            shape = evolve(shape, since=shaper.slot(mark_number(query.changed_after)))
        total: int = asking.run(shape, shaper)[0][0]
        return total

    def _page(self, query: Query[E], found: list[tuple[Any, ...]], mark: str, total: int | None) -> Page[E]:
        shown = found if query.limit is None else found[: query.limit]
        read = reader(self.engine.number_in, query.kind)
        next = None
        if shown and len(shown) < len(found):
            next = Cursor(mark=mark, values=self._place(query, shown[-1])).write(query)
        return Page([read(row) for row in shown], next=next, total=total, mark=mark)

    def _place(self, query: Query[Any], row: tuple[Any, ...]) -> list[Any]:
        """Return where a row stands in the order, as a cursor keeps it."""
        kind: Kind = query.kind
        names = stored(kind)
        return [*row[len(names) :], row[names.index("id")]]
