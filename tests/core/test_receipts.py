"""A receipt is kept as a text, and comes back as it was."""

import json
from typing import Any

import pytest

from core.samples import AWKWARD, GREATEST
from deardiary.core.changes import Placed, Receipt
from deardiary.core.entities import Iteration, Project, Tag
from deardiary.core.errors import Corrupt, Invalid
from deardiary.core.receipts import receipt_in, receipt_of, receipt_out, receipt_text

RECEIPTS = [
    Receipt(),
    Receipt(sequence=0),
    Receipt(position=0),
    Receipt(sequence=GREATEST, position=GREATEST),
    Receipt(ids={(Tag, -1): 1, (Project, -1): GREATEST, (Tag, -GREATEST - 1): 2}),
    Receipt(ids={(Tag, -2): 2, (Tag, -1): 1}, found=frozenset({(Tag, -2), (Tag, -1), (Iteration, 7)})),
    Receipt(placed=((),)),
    Receipt(placed=((), (Placed(key=AWKWARD, series=1, first=0),), ())),
    Receipt(
        placed=(
            (Placed(key="loss", series=1, first=0, steps=(0, 1, -GREATEST)), Placed(key="acc", series=2, first=7)),
            (Placed(key="loss", series=1, first=3, steps=(GREATEST,)),),
        )
    ),
    Receipt(moved={2**31 + 1: 2**32 + 1, GREATEST: 1}),
]


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_a_receipt_comes_back_from_its_text(receipt: Receipt) -> None:
    back = receipt_of(receipt_text(receipt))

    assert back == receipt
    assert list(back.ids) == list(receipt.ids)


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_a_receipt_comes_back_through_json_of_any_sort(receipt: Receipt) -> None:
    assert receipt_in(json.loads(json.dumps(receipt_out(receipt), indent=1))) == receipt


def test_a_receipt_leaves_out_what_is_empty() -> None:
    assert receipt_text(Receipt()) == "{}"
    assert receipt_text(Receipt(sequence=5, ids={(Tag, -1): 1})) == '{"ids":[["Tag",-1,1]],"sequence":5}'


def test_a_text_does_not_hang_on_the_order_of_a_set() -> None:
    promises = [(Tag, -n) for n in range(1, 9)]

    texts = {receipt_text(Receipt(found=frozenset(order))) for order in (promises, promises[::-1])}

    assert len(texts) == 1


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        5,
        {"ids": 5},
        {"ids": [5]},
        {"ids": [["Tag", -1]]},
        {"ids": [["Kettle", -1, 1]]},
        {"ids": [[["Tag"], -1, 1]]},
        {"ids": [["Tag", [], 1]]},
        {"found": [["Tag"]]},
        {"found": [["Kettle", -1]]},
        {"found": [["Tag", {}]]},
        {"placed": 5},
        {"placed": [5]},
        {"placed": [[5]]},
        {"placed": [[["loss", 1, 0]]]},
        {"placed": [[["loss", 1, 0, 5]]]},
        {"moved": 5},
        {"moved": [1]},
        {"moved": [[1]]},
        {"moved": [[[], 1]]},
    ],
    ids=json.dumps,
)
def test_what_is_no_receipt_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r"^that is no receipt: "):
        receipt_in(data)


@pytest.mark.parametrize(
    "text", ["", "{", "x", "\ud800", "[" * 100_000, "[]", '{"moved":5}'], ids=lambda text: ascii(text[:9])
)
def test_a_text_that_was_kept_and_is_no_receipt_is_damaged(text: str) -> None:
    with pytest.raises(Corrupt, match=r"^a receipt that was kept is damaged: "):
        receipt_of(text)
