"""A store under the ids of a diary that has one writer and loses none, as the transcript has them.

Sequences leave gaps where batches were refused. The order is kept, so the next row gets the next number.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from attrs import define, evolve, field

from deardiary.core.changes import Batch, Insert, Receipt
from deardiary.core.declared import E, Kind, kinds
from deardiary.core.entities import Summary, Text, User, UserPermission, Writer
from deardiary.core.errors import Named
from deardiary.core.points import place_of, point_id
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.testing.renaming import Renaming

Answer = TypeVar("Answer")

UNPROMISED: tuple[Kind, ...] = (Text, Writer, UserPermission, Summary)
"""The kinds of which rows come to be without a promise of who sends the batch."""

_NOUNS = {kind.declared.noun: name for name, kind in kinds().items()}
_FIELDS = {name.lower(): name for name in kinds()}
_ID_IN_WORDS = re.compile(
    rf"\b(?:(?P<noun>{'|'.join(_NOUNS)})|kind '(?P<subject>\w+)' and subject_id|(?P<field>[a-z]+)_id) (?P<id>\d+)"
)


@define
class Renumbered:
    """A store whose ids are told without gaps."""

    store: Store
    """What is asked, with a guard or without."""
    bare: Store
    """The store itself, to see what rows there are."""
    renaming: Renaming = field(factory=Renaming)
    last: dict[Kind, int] = field(factory=dict)
    """The last number of each kind."""

    def through(self, store: Store) -> "Renumbered":
        """Return the same names for another way to the store."""
        return evolve(self, store=store, renaming=self.renaming, last=self.last)

    def user(self, id: int | None) -> int | None:
        """Return what the store calls a user."""
        return None if id is None else self.renaming.id(User, id)

    # The verbs.

    def apply(self, batch: Batch, /) -> Receipt:
        """Apply a batch, and learn the ids of the rows that it makes."""
        elements = [self.renaming.element(element) for element in batch.elements]
        receipt = self._said(lambda: self.store.apply(evolve(batch, elements=elements)))
        for told, sent in zip(batch.elements, elements, strict=True):
            if isinstance(told, Insert) and isinstance(sent, Insert) and told.entity.id > 0:
                self._note(type(told.entity), told.entity.id, sent.entity.id)
        self._learn(receipt)
        return self._receipt(receipt)

    def find(self, query: Query[E], /) -> Page[E]:
        """Ask for rows."""
        page = self._said(lambda: self.store.find(self.renaming.query(query)))
        return evolve(page, rows=[self.renaming.back(row) for row in page.rows])

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Ask for points."""
        found = self._said(lambda: self.store.series(self.renaming.series_query(query)))
        return [self.renaming.back_series(one) for one in found]

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # Numbers.

    def _learn(self, receipt: Receipt) -> None:
        """Number what was made, in the order of the store's ids."""
        made = {(kind, id) for (kind, _), id in receipt.ids.items()}
        made |= {(Summary, placed.series) for columns in receipt.placed for placed in columns}
        made |= {(Summary, place_of(new)[0]) for new in receipt.moved.values()}
        made |= {(kind, row.id) for kind in UNPROMISED for row in self.bare.find(Query(kind)).rows}
        for kind, id in sorted(made, key=lambda one: one[1]):
            if (kind, id) not in self.renaming._back:
                self._note(kind, self.last.get(kind, 0) + 1, id)

    def _note(self, kind: Kind, told: int, id: int) -> None:
        self.renaming.note(kind, told, id)
        self.last[kind] = max(self.last.get(kind, 0), told)

    def _receipt(self, receipt: Receipt) -> Receipt:
        ids = {(kind, n): self.renaming._back[kind, id] for (kind, n), id in receipt.ids.items()}
        placed = tuple(
            tuple(evolve(one, series=self.renaming._back[Summary, one.series]) for one in columns)
            for columns in receipt.placed
        )
        moved = {self._point(old): self._point(new) for old, new in receipt.moved.items()}
        return evolve(receipt, ids=ids, placed=placed, moved=moved)

    def _point(self, id: int) -> int:
        series, number = place_of(id)
        return point_id(self.renaming._back[Summary, series], number)

    # Errors.

    def _said(self, work: Callable[[], Answer]) -> Answer:
        """Raise what the store does, with the ids that are told."""
        try:
            return work()
        except Named as error:
            error.message = _ID_IN_WORDS.sub(self._word, error.message)
            error.args = (error.message,)
            raise

    def _word(self, match: "re.Match[str]") -> str:
        kind = match["subject"] or _NOUNS.get(match["noun"]) or _FIELDS.get(match["field"])
        return f"{match[0].removesuffix(match['id'])}{self.renaming.back_id(kind, int(match['id']))}"
