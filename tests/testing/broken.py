"""Stores that break one promise each: the test of the tests."""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import define, evolve, field

from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Batch, Element, Expect, Insert, Patch, Receipt
from deardiary.core.conditions import Compare, Condition, Field, rewritten
from deardiary.core.declared import changed
from deardiary.core.entities import Iteration, Project
from deardiary.core.errors import DearDiaryError, Invalid, Unavailable
from deardiary.core.ledger import Drawers, Kept, Value, row_key
from deardiary.core.matching import page
from deardiary.core.points import Column, Points
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle


@define
class Honest:
    """The specification with seams at which the stores below go wrong."""

    view: Drawers = field(factory=Drawers)
    is_open: bool = True

    def apply(self, batch: Batch, /) -> Receipt:
        self.check_open()
        receipt, puts, deletes = settle(self.told(batch), self.view)
        self.keep(puts, deletes)
        return self.answered(receipt)

    def find(self, query: Query[Any], /) -> Page[Any]:
        self.check_open()
        return self.shown(page(self.asked(query), self.view), query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        self.check_open()
        return self.drawn(SeriesBook(self.view).read(query))

    def close(self) -> None:
        self.is_open = False

    def check_open(self) -> None:
        if not self.is_open:
            raise Unavailable("the diary is closed")

    def told(self, batch: Batch) -> Batch:
        return batch

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        self.view.commit(puts, deletes)

    def answered(self, receipt: Receipt) -> Receipt:
        return receipt

    def asked(self, query: Query[Any]) -> Query[Any]:
        return query

    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        return page

    def drawn(self, series: list[Series]) -> list[Series]:
        return series


class LosesAPatch(Honest):
    def told(self, batch: Batch) -> Batch:
        kept = [element for element in batch.elements if not (isinstance(element, Patch) and element.kind is Project)]
        return evolve(batch, elements=kept)


class AppliesTwice(Honest):
    """Forgets that it has seen a batch."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        super().keep({key: value for key, value in puts.items() if not key.startswith("batch/")}, deletes)


class ForgetsACascade(Honest):
    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        super().keep(puts, [key for key in deletes if "/Parameter/" not in key])


class ForgetsAWriter(Honest):
    """Keeps no position, so that every part of a stream is new."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        super().keep({key: value for key, value in puts.items() if "/Writer/" not in key}, deletes)


class DropsTheLastRow(Honest):
    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        return evolve(page, rows=page.rows[:-1]) if query.limit and page.next else page


class RoundsAFloat(Honest):
    def drawn(self, series: list[Series]) -> list[Series]:
        for one in series:
            for index, value in enumerate(one.values):
                one.values[index] = value if value != value else float(f"{value:.15g}")
        return series


class TurnsNanIntoNothing(Honest):
    def drawn(self, series: list[Series]) -> list[Series]:
        for one in series:
            for index, value in enumerate(one.values):
                one.values[index] = 0.0 if value != value else value
        return series


class AppliesHalfABatch(Honest):
    """Applies what comes before the element that fails."""

    def apply(self, batch: Batch, /) -> Receipt:
        try:
            return super().apply(batch)
        except DearDiaryError:
            for count in range(len(batch.elements), 0, -1):
                half = Batch(batch.elements[: count - 1])
                try:
                    super().apply(half)
                    break
                except DearDiaryError:
                    continue
            raise


class JudgesTooEarly(Honest):
    """Looks at every expectation before it does anything."""

    def told(self, batch: Batch) -> Batch:
        first = [element for element in batch.elements if isinstance(element, Expect)]
        rest = [element for element in batch.elements if not isinstance(element, Expect)]
        return evolve(batch, elements=[*first, *rest])


class LeavesAPromise(Honest):
    """Keeps a negative number where an id should be."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        wrong = {
            key: evolve(value, entity=changed(value.entity, parent_iteration_id=-value.entity.parent_iteration_id))
            if isinstance(value, Kept) and getattr(value.entity, "parent_iteration_id", None)
            else value
            for key, value in puts.items()
        }
        super().keep(wrong, deletes)


class JumpsAPage(Honest):
    """Skips a row between two pages."""

    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        return evolve(page, rows=page.rows[1:]) if query.after and len(page.rows) > 1 else page


class GivesIdsAgain(Honest):
    """Counts the rows that are there instead of remembering."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        super().keep(puts, deletes)
        ids = [kept.entity.id for _, kept in self.view.scan("row/Project/")]
        self.view.put("next/Project", max(ids, default=0))


class ReusesVersions(Honest):
    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        super().keep(puts, deletes)
        for key, _ in self.view.scan("number/ModelVersion/"):
            model = int(key.rpartition("/")[2])
            versions = [kept.entity for _, kept in self.view.scan("row/ModelVersion/")]
            self.view.put(key, max((row.version for row in versions if row.model_id == model), default=0))


class IgnoresCase(Honest):
    """Compares texts as LIKE does."""

    def asked(self, query: Query[Any]) -> Query[Any]:
        return evolve(query, where=rewritten(query.where, _folded))


def _folded(part: Condition) -> Condition:
    match part:
        case Compare(Field("name", "") as term, "==", str(value)):
            return Compare(term, "==", value) | Compare(term, "==", value.lower()) | Compare(term, "==", value.upper())
        case _:
            return part


class TreatsAbsentAsUnequal(Honest):
    """Says that what is absent differs from everything."""

    def asked(self, query: Query[Any]) -> Query[Any]:
        return evolve(query, where=rewritten(query.where, _unequal))


def _unequal(part: Condition) -> Condition:
    match part:
        case Compare(term, "!=", value):
            return ~Compare(term, "==", value)
        case _:
            return part


class ForgetsTheMark(Honest):
    """Says that nothing has changed."""

    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        return evolve(page, rows=[]) if query.changed_after not in (None, "0") else page


class LetsSummariesGrowOld(Honest):
    """Writes a summary once and never again."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        old = {key for key in puts if key.startswith("row/Summary/") and self.view.get(key) is not None}
        super().keep({key: value for key, value in puts.items() if key not in old}, deletes)


class RenumbersPoints(Honest):
    """Closes the hole that a dropped point leaves."""

    def drawn(self, series: list[Series]) -> list[Series]:
        for one in series:
            ranks = {number: rank for rank, number in enumerate(sorted(one.numbers))}
            for index, number in enumerate(one.numbers):
                one.numbers[index] = ranks[number]
        return series


class CountsStepsOverAllKeys(Honest):
    """Fills a missing step from a counter that all keys share."""

    def told(self, batch: Batch) -> Batch:
        return evolve(batch, elements=[self._shared(element) for element in batch.elements])

    def _shared(self, element: Element) -> Element:
        if not isinstance(element, Append):
            return element
        greatest = max((kept.entity.last_step for _, kept in self.view.scan("row/Summary/")), default=-1)
        columns = []
        for column in element.points:
            steps = column.steps[:]
            for index, step in enumerate(steps):
                if step == -(2**63):
                    greatest += 1
                    steps[index] = greatest
            columns.append(Column(key=column.key, values=column.values, times=column.times, steps=steps))
        return evolve(element, points=Points(columns))


class OverwritesWhatItFinds(Honest):
    """Writes a row over the one that `or_existing` finds."""

    def apply(self, batch: Batch, /) -> Receipt:
        receipt = super().apply(batch)
        for element in batch.elements:
            if isinstance(element, Insert) and (type(element.entity), element.entity.id) in receipt.found:
                id = receipt.ids[type(element.entity), element.entity.id]
                self.view.put(row_key(type(element.entity), id), Kept(changed(element.entity, id=id), 1))
        return receipt


class AnswersAnotherReceipt(Honest):
    """Forgets the ids in the receipt of a batch that it has seen before."""

    def apply(self, batch: Batch, /) -> Receipt:
        again = self.view.get(f"batch/{batch.id}") is not None
        receipt = super().apply(batch)
        return evolve(receipt, ids={}) if again else receipt


class TakesAnyBatchForTheSame(Honest):
    """Answers another batch under a known id as if it were the first."""

    def told(self, batch: Batch) -> Batch:
        applied = self.view.get(f"batch/{batch.id}")
        return batch if applied is None else evolve(batch, digest=applied.digest, principal=applied.principal)


class OrphansChildren(Honest):
    """Leaves the parent's id in the children of a run that went."""

    def keep(self, puts: dict[str, Value], deletes: Iterable[str]) -> None:
        gone = list(deletes)
        dropped = any(key.startswith("row/Iteration/") for key in gone)
        kept = {key: value for key, value in puts.items() if not (dropped and key.startswith("row/Iteration/"))}
        super().keep(kept, gone)


class DropsWhatIsHeld(Honest):
    """Lets a run go that a model version names."""

    def apply(self, batch: Batch, /) -> Receipt:
        try:
            return super().apply(batch)
        except DearDiaryError as error:
            if error.kind != "ModelVersion" or "names" not in error.message:
                raise
            return Receipt()


class SwallowsErrors(Honest):
    """Answers a refused batch as if it had been applied."""

    def apply(self, batch: Batch, /) -> Receipt:
        try:
            return super().apply(batch)
        except Invalid:
            return Receipt()


class SortsNullsFirst(Honest):
    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        if not query.order or query.kind is not Iteration or "metrics" not in str(query.order[0]):
            return page
        names = {kept.entity.iteration_id for _, kept in self.view.scan("row/Summary/")}
        return evolve(page, rows=sorted(page.rows, key=lambda row: row.id in names))


class CutsLongTexts(Honest):
    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        rows = [changed(row, name=row.name[:64]) if hasattr(row, "name") else row for row in page.rows]
        return evolve(page, rows=rows)


class LosesMicroseconds(Honest):
    def shown(self, page: Page[Any], query: Query[Any]) -> Page[Any]:
        rows = [
            changed(row, created_date=row.created_date.replace(microsecond=0)) if isinstance(row, Project) else row
            for row in page.rows
        ]
        return evolve(page, rows=rows)


class GoesOnWhenClosed(Honest):
    def check_open(self) -> None:
        pass


BROKEN: tuple[Callable[[], Honest], ...] = (
    AnswersAnotherReceipt,
    AppliesHalfABatch,
    AppliesTwice,
    CountsStepsOverAllKeys,
    CutsLongTexts,
    DropsTheLastRow,
    DropsWhatIsHeld,
    ForgetsACascade,
    ForgetsAWriter,
    ForgetsTheMark,
    GivesIdsAgain,
    GoesOnWhenClosed,
    IgnoresCase,
    JudgesTooEarly,
    JumpsAPage,
    LeavesAPromise,
    LetsSummariesGrowOld,
    LosesAPatch,
    LosesMicroseconds,
    OrphansChildren,
    OverwritesWhatItFinds,
    RenumbersPoints,
    ReusesVersions,
    RoundsAFloat,
    SortsNullsFirst,
    SwallowsErrors,
    TakesAnyBatchForTheSame,
    TreatsAbsentAsUnequal,
    TurnsNanIntoNothing,
)
