"""Where a walk over pages stands, and what a mark of change says: opaque to callers, the same in every store."""

import base64
import json
from datetime import datetime
from typing import Any

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.digests import digest_of_text
from deardiary.core.errors import Invalid
from deardiary.core.queries import Query
from deardiary.core.shapes import instant, micros

NUMBER, WORD, ABSENT, NO_NUMBER = range(4)
"""The ranks in which values of one term are sorted; most terms know only the first and the last two."""


@frozen(kw_only=True, eq=False, repr=False)
class Cursor(Alike):
    """The place of the last row of a page, and the mark of the first page of its walk."""

    mark: str
    values: list[Any]
    """A rank and a value for each term of the order, and the id."""

    def write(self, query: Query[Any]) -> str:
        """Return the place as a text that goes with one query only."""
        said = [_print(query), self.mark, [_plain(value) for value in self.values]]
        return base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, query: Query[Any]) -> "Cursor":
        """Return the place that a query goes on from."""
        text = query.after or ""
        try:
            whose, mark, values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            place = cls(mark=mark, values=[_lively(value) for value in values])
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise Invalid("`after` is not the `next` of any page") from None
        if whose != _print(query):
            raise Invalid("`after` is the `next` of another query; ask with the same condition and order")
        ranks = place.values[::2]  # and the id, which stands last
        if not isinstance(mark, str) or len(place.values) != 2 * len(query.order) + 1:
            raise Invalid("`after` is not the `next` of any page")
        if not all(isinstance(rank, int) for rank in ranks):
            raise Invalid("`after` is not the `next` of any page")
        return place


def _print(query: Query[Any]) -> str:
    return digest_of_text(repr((query.kind.__name__, query.where, query.order, query.changed_after)))[:16]


def _plain(value: Any) -> Any:
    return {"time": micros(value)} if isinstance(value, datetime) else value


def _lively(value: Any) -> Any:
    return instant(value["time"]) if isinstance(value, dict) else value


def mark_number(mark: str | None) -> int:
    """Return the commit that a mark names, on stores that number them; -1 for no mark."""
    if mark is None:
        return -1
    if not isinstance(mark, str) or not (mark.isascii() and mark.isdigit() and len(mark) < 19):
        raise Invalid(f"`changed_after` is {mark!r:.60}, not the `mark` of any answer")
    return int(mark)
