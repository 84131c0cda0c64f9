"""Receipts as text, as stores keep them beside the batch; part of the hot path, so without a converter."""

import json
from typing import Any

from deardiary.core.changes import Placed, Receipt
from deardiary.core.declared import kind_named
from deardiary.core.errors import Corrupt, Invalid


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON, without what is empty."""
    said: dict[str, Any] = {
        "ids": [[kind.__name__, number, id] for (kind, number), id in receipt.ids.items()],
        "found": sorted([kind.__name__, number] for kind, number in receipt.found),
        "placed": [
            [[placed.key, placed.series, placed.first, list(placed.steps)] for placed in columns]
            for columns in receipt.placed
        ],
        "moved": [[old, new] for old, new in receipt.moved.items()],
        "sequence": receipt.sequence,
        "position": receipt.position,
    }
    return {name: value for name, value in said.items() if value not in ([], None)}


def receipt_in(data: Any) -> Receipt:
    """Return the receipt that JSON says."""
    try:
        return _receipt(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(f"that is no receipt: {error!r:.120}") from None


def _receipt(data: Any) -> Receipt:
    placed = [
        tuple(Placed(key=key, series=series, first=first, steps=tuple(steps)) for key, series, first, steps in columns)
        for columns in data.get("placed", ())
    ]
    return Receipt(
        ids={(kind_named(name), number): id for name, number, id in data.get("ids", ())},
        found=frozenset((kind_named(name), number) for name, number in data.get("found", ())),
        placed=tuple(placed),
        moved=dict(data.get("moved", ())),
        sequence=data.get("sequence"),
        position=data.get("position"),
    )


def receipt_text(receipt: Receipt) -> str:
    """Return a receipt as a text."""
    return json.dumps(receipt_out(receipt), separators=(",", ":"), ensure_ascii=False)


def receipt_of(text: str) -> Receipt:
    """Return the receipt that a text says, as a store has kept it."""
    try:
        return receipt_in(json.loads(text))
    except (Invalid, RecursionError, ValueError) as error:
        raise Corrupt(f"a receipt that was kept is damaged: {error!s:.120}") from None
