"""What a ledger keeps, as JSON and back: for stores that keep lines or bytes."""

from typing import Any, assert_never

from deardiary.core import errors
from deardiary.core.errors import Invalid
from deardiary.core.ledger import Applied, Block, Head, Kept, Value
from deardiary.core.receipts import receipt_in, receipt_out
from deardiary.core.wire import COLUMNS, columns_in, kind_in, packed, row_in, row_out, told


def value_out(value: Value) -> Any:
    """Return a ledger's value as JSON."""
    match value:
        case int():
            return value
        case Kept(entity, mark):
            return {"row": type(entity).__name__, "mark": mark, "fields": row_out(entity)}
        case Applied(receipt, digest, principal):
            return {"receipt": receipt_out(receipt), "digest": digest, "principal": principal}
        case Head(series, iteration_id, key, next):
            return {"series": series, "run": iteration_id, "key": key, "next": next}
        case Block():
            return {"points": [packed(getattr(value, name)) for name in COLUMNS]}
        case _:
            assert_never(value)


def value_in(data: Any) -> Value:
    """Return the ledger's value that JSON says."""
    try:
        return _value_in(data)
    except Invalid as error:
        raise errors.Corrupt(f"what the diary keeps is damaged: {error}") from None


def _value_in(data: Any) -> Value:
    match data:
        case int():
            return data
        case {"row": name, "mark": int(mark), "fields": fields}:
            return Kept(row_in(kind_in(name), fields), mark)
        case {"receipt": receipt, "digest": str(digest), "principal": int() | None as principal}:
            return Applied(receipt_in(receipt), digest, principal)
        case {"series": int(series), "run": int(iteration_id), "key": str(key), "next": int(next)}:
            return Head(series, iteration_id, key, next)
        case {"points": [numbers, steps, values, times]}:
            parts = zip(COLUMNS, (numbers, steps, values, times), strict=True)
            return Block(**columns_in(dict(parts)))
        case _:
            raise Invalid(f"{told(data)} is nothing that a diary keeps")
