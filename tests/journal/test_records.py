"""Records are words, and say where they end."""

from array import array

import pytest

from deardiary.journal.records import (
    COLUMNS,
    FRAME,
    HEAD,
    NOTE,
    TURN,
    TURN_BYTES,
    WORD,
    Seal,
    Shape,
    columns_body,
    framed,
    packer,
    row_body,
    text_in,
    told,
)

TEXTS = ["", "a", "eight888", "\N{SNOWMAN}", "x" * 100_000, {"a": [1, None, "\0"]}]


def test_a_head_is_words() -> None:
    assert HEAD.size == 64


def test_the_shortest_record_is_a_turn() -> None:
    assert len(framed(TURN, b"", 0)) == TURN_BYTES == FRAME * WORD


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 1000])
@pytest.mark.parametrize("at", [64, 2**20])
def test_a_record_is_words_and_ends_with_where_it_ends(length: int, at: int) -> None:
    record = framed(NOTE, b"x" * length, at)

    assert len(record) % WORD == 0
    assert int.from_bytes(record[:4], "little") == NOTE
    assert int.from_bytes(record[4:8], "little") * WORD == len(record)
    assert int.from_bytes(record[-WORD:], "little") == at + len(record)
    assert record[WORD : WORD + length] == b"x" * length


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text!r:.12}")
def test_texts_come_back(text: object) -> None:
    import json

    record = framed(NOTE, told(json.dumps(text).encode()), 64)

    assert text_in(record[WORD:-WORD]) == text


def test_a_shape_says_its_run_and_keys() -> None:
    shape = Shape(16, 7, ("loss", "\N{SNOWMAN}"))

    assert text_in(told(shape.defined())) == {"shape": 16, "run": 7, "keys": ["loss", "\N{SNOWMAN}"]}


def test_a_record_of_points_has_a_word_for_each_number() -> None:
    assert packer(3).size == WORD * (FRAME + 2 + 3)


def test_a_row_is_a_column_of_one() -> None:
    columns = [array("d", [0.5]), array("d", [-0.0])]

    assert row_body(16, 3, 4, [0.5, -0.0]) == columns_body(16, array("q", [3]), array("q", [4]), columns)
    assert len(framed(COLUMNS, row_body(16, None, 4, [0.5]), 0)) == WORD * (FRAME + 5)


def test_a_seal_comes_back() -> None:
    seal = Seal(3, 64, 128, 2**32 - 1)

    assert Seal.read(seal.body()) == seal
