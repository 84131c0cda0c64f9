"""The guard: rules, permissions and visibility, put in front of any store.

What is demanded of a change is put before it as expectations, so that the store judges it in the same transaction.
"""

from typing import Any

import attrs
from attrs import define

from deardiary.core.changes import Batch, Insert, Receipt
from deardiary.core.conditions import (
    EVERY,
    Among,
    Field,
    asked,
)
from deardiary.core.declared import E, changed
from deardiary.core.entities import (
    Iteration,
    Project,
    Summary,
    User,
)
from deardiary.core.errors import AdminRequired, Invalid
from deardiary.core.permissions import guarded
from deardiary.core.points import place_of
from deardiary.core.principals import OWNER, Principal, hidden, inner, terms_of, visible
from deardiary.core.queries import Page, Query, Series, SeriesQuery, check_series_query
from deardiary.core.shapes import EPOCH
from deardiary.core.stores import Store


@define(eq=False)
class Guarded:
    """A store that only does what its rules allow and who asks may do."""

    store: Store
    principal: Principal = OWNER

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, if all of it is allowed."""
        if batch.principal is not None:
            raise Invalid("a batch does not say who sends it; the guard does")
        elements = guarded(self.principal, batch.elements, known=self._known_projects(batch))
        receipt = self.store.apply(batch.of(elements, principal=self.principal.user_id))
        sent = {(type(one.entity), one.entity.id) for one in batch.elements if isinstance(one, Insert)}
        if sent.issuperset(receipt.ids):
            return receipt
        ids = {promise: id for promise, id in receipt.ids.items() if promise in sent}
        return attrs.evolve(receipt, ids=ids, found=receipt.found & sent)

    def _known_projects(self, batch: Batch) -> frozenset[str]:
        """Return the uids of projects that a batch would only find."""
        uids = {
            element.entity.uid
            for element in batch.elements
            if isinstance(element, Insert) and element.or_existing and isinstance(element.entity, Project)
        }
        if not uids:
            return frozenset()
        return frozenset(row.uid for row in self.find(Query(Project, asked("uid").among(uids))).rows)

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query, and may be seen."""
        wrong = inner(query.kind, query.where)
        if wrong:
            raise Invalid(wrong)
        where = query.where
        if not self.principal.is_admin:
            terms = [*terms_of(query.where), *(order.term for order in query.order)]
            secret = hidden(query.kind, terms)
            if secret:
                raise AdminRequired(secret)
            where = where & visible(query.kind, self.principal, terms)
        page = self.store.find(attrs.evolve(query, where=where, large=query.fills_large))
        if query.kind is User:
            return attrs.evolve(page, rows=[_masked(row, self.principal) for row in page.rows])
        return page

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query, of runs that may be seen."""
        if self.principal.is_admin:
            return self.store.series(query)
        check_series_query(query)
        if query.ids:
            series = tuple({place_of(id)[0] for id in query.ids})
            seen = {row.id for row in self.find(Query(Summary, Among(Field("id"), series))).rows}
            ids = tuple(id for id in query.ids if place_of(id)[0] in seen)
            return self.store.series(attrs.evolve(query, ids=ids)) if ids else []
        where = Among(Field("id"), query.iterations) if query.iterations else EVERY
        runs = tuple(row.id for row in self.find(Query(Iteration, where)).rows)
        return self.store.series(attrs.evolve(query, iterations=runs)) if runs else []

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def _masked(row: Any, principal: Principal) -> Any:
    """Return a user as others see them; the password is nobody's to see."""
    if principal.is_admin or row.id == principal.user_id:
        return changed(row, password="")
    return changed(row, password="", is_admin=False, created_date=EPOCH)
