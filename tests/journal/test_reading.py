"""A part of a journal becomes the same columns whatever reads it, and what is torn is absent."""

import json
import math
import random
import sys
from array import array
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import define, field

from deardiary.core.errors import Corrupt
from deardiary.core.points import NO_STEP, Points
from deardiary.journal import reading
from deardiary.journal.reading import cut
from deardiary.journal.records import (
    COLUMNS,
    HEAD,
    NOTE,
    SEAL,
    TURN,
    WORD,
    Seal,
    Shape,
    columns_body,
    row_body,
    told,
)
from journal.samples import Script, Told, bits, said
from nightly import NIGHTLY

TRIALS = 400 if NIGHTLY else 60
AT = HEAD.size
X, Y, XY = Shape(16, 1, ("x",)), Shape(17, 1, ("y",)), Shape(18, 1, ("x", "y"))
SHAPES = (X, Y, XY)
VALUES = [0.5, -0.0, 5e-324, 1.8e308, math.inf, -math.inf, math.nan, 1 / 3]


@pytest.fixture(params=["NumPy", "standard"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with NumPy, or without."""
    if request.param == "standard":
        monkeypatch.setattr(reading, "_numpy", lambda _: None)
    else:
        pytest.importorskip("numpy")
        monkeypatch.setattr(reading, "_LARGE", 0)
    return str(request.param)


def read(data: bytes, shapes: Mapping[int, Shape] = {}, *, at: int = AT) -> Told:
    """Return what stands in some bytes, however often they are cut."""
    known, runs, place = dict(shapes), [], at
    while True:
        part = cut(data[place - at :], place, known)
        if part.stop == place:
            return said(runs)
        runs.append(part.runs)
        place = part.stop


def known(*shapes: Shape) -> dict[int, Shape]:
    return {one.number: one for one in shapes}


# Tails.


def a_tail() -> Script:
    """Return some records, of which the last ones are of different kinds."""
    script = Script(AT)
    for shape in SHAPES:
        script.define(shape)
    script.points(X, 0, 1.0, [0.5])
    script.points(XY, 1, 2.0, [1.5, -1.5])
    script.put(COLUMNS, columns_body(16, array("q", [7, 8]), array("q", [9, 10]), [array("d", [0.25, 0.75])]))
    script.put(SEAL, Seal(0, 64, 128, 1).body())
    script.points(Y, 2, 3.0, [2.5])
    script.put(COLUMNS, row_body(18, 3, 4, [3.5, -3.5]))
    script.points(X, 4, 5.0, [4.5])
    return script


def whole_before(script: Script, length: int) -> Told:
    """Return what stands in the records that are whole in so many bytes."""
    ends = [*script.starts[1:], len(script.data)]
    return read(bytes(script.data[: max((end for end in ends if end <= length), default=0)]))


def test_a_tail_that_is_cut_anywhere_ends_with_the_last_whole_record(way: str) -> None:
    script = a_tail()

    for length in range(len(script.data)):
        expected = whole_before(script, length)
        assert read(bytes(script.data[:length])) == expected, length
        assert read(bytes(script.data[:length]).ljust(2 * len(script.data), b"\0")) == expected or length % WORD, length


@pytest.mark.parametrize("word", [0, 2**64 - 1, 16 | 9 << 32], ids=["zeros", "ones", "a head"])
def test_a_record_without_its_first_or_last_word_is_absent(way: str, word: int) -> None:
    script = a_tail()
    ends = [*script.starts[1:], len(script.data)]

    for start, end in zip(script.starts[3:], ends[3:], strict=True):
        for at in (start, end - WORD):
            torn = bytearray(script.data)
            torn[at : at + WORD] = word.to_bytes(8, "little")
            if torn != script.data:
                assert read(bytes(torn)) == whole_before(script, start), (start, at)


def test_any_bit_of_its_last_word_makes_a_record_absent(way: str) -> None:
    script = a_tail()
    start = script.starts[-1]

    for bit in range(64):
        torn = bytearray(script.data)
        torn[len(torn) - WORD + bit // 8] ^= 1 << bit % 8
        assert read(bytes(torn)) == whole_before(script, start), bit


def test_a_record_of_which_all_but_the_first_word_is_written_is_absent(way: str) -> None:
    """So it is when a process is killed, since that word is written last."""
    script = a_tail()
    start, end = script.starts[-1], len(script.data)

    for written in range(0, end - start, WORD):
        torn = bytearray(script.data)
        torn[start : start + WORD] = bytes(WORD)
        torn[start + WORD + written : end] = bytes(max(end - start - WORD - written, 0))
        assert read(bytes(torn)) == whole_before(script, start), written


def test_stale_bytes_are_no_records(way: str) -> None:
    """Those of the same records, as they stood at another offset of this segment or another one."""
    script, other = a_tail(), Script(AT)
    for n in range(20):
        other.points(XY, n, 1.0, [9.0, 9.0])

    for shift in range(WORD, 20 * 56, WORD):
        data = bytes(script.data) + bytes(other.data[shift:])
        assert read(data) == read(bytes(script.data)), shift


@pytest.mark.parametrize("data", [b"", b"\0" * 7, b"\0" * 8, b"\0" * 4096, b"\xff" * 4096], ids=range(5))
def test_nothing_stands_in_nothing(way: str, data: bytes) -> None:
    part = cut(data, AT, {})

    assert (part.stop, len(part), part.note, part.is_turned, part.seals) == (AT, 0, None, False, ())


def test_a_record_longer_than_what_is_read_says_how_long_it_is(way: str) -> None:
    script = Script(AT)
    script.put(COLUMNS, columns_body(16, array("q", range(100)), array("q", range(100)), [array("d", [0.5]) * 100]))

    for length in range(WORD, len(script.data), 5 * WORD):
        part = cut(bytes(script.data[:length]), AT, known(X))
        assert (part.stop, part.needed) == (AT, len(script.data))


@pytest.mark.parametrize("sign", [0, 6, 15])
def test_a_sign_that_is_not_known_ends_what_can_be_read(way: str, sign: int) -> None:
    script = a_tail()
    expected = read(bytes(script.data))
    script.put(sign, b"12345678")
    script.points(X, 9, 9.0, [9.0])

    assert read(bytes(script.data)) == expected


# Notes, turns and seals.


def test_a_note_comes_after_the_points_before_it_and_before_those_after(way: str) -> None:
    script = Script(AT)
    script.define(X)
    script.points(X, 0, 1.0, [0.5])
    script.put(NOTE, told(json.dumps({"run": 1}).encode()))
    script.points(X, 1, 1.0, [1.5])
    data = bytes(script.data)

    first = cut(data, AT, shapes := {})
    second = cut(data[first.stop - AT :], first.stop, shapes)
    third = cut(data[second.stop - AT :], second.stop, shapes)

    assert [(len(one), one.note) for one in (first, second, third)] == [(1, None), (0, {"run": 1}), (1, None)]
    assert third.stop == AT + len(data)


def test_what_follows_a_turn_is_not_read(way: str) -> None:
    script = Script(AT)
    script.define(X)
    script.points(X, 0, 1.0, [0.5])
    script.put(TURN, b"")
    script.points(X, 1, 1.0, [1.5])

    part = cut(bytes(script.data), AT, {})

    assert (len(part), part.is_turned, part.stop) == (1, True, AT + script.starts[3])


def test_seals_are_found_among_points(way: str) -> None:
    script = Script(AT)
    seals = [Seal(0, 64, 72, 1), Seal(0, 72, 80, 2)]
    script.define(X)
    for seal in seals:
        script.points(X, 0, 1.0, [0.5])
        script.put(SEAL, seal.body())

    assert cut(bytes(script.data), AT, {}).seals == tuple(seals)


# The same whatever reads it.


@define
class Story:
    """A random journal, and what it says."""

    dice: random.Random
    script: Script = field(factory=lambda: Script(AT))
    shapes: list[Shape] = field(factory=list)
    told: Told = field(factory=dict)

    def write(self, count: int) -> None:
        while len(self.script.starts) < count:
            self.dice.choices([self.define, self.one, self.row_by_row, self.turns, self.columns, self.seal], WEIGHTS)[
                0
            ]()

    def define(self) -> None:
        keys = [f"k{n}" for n in range(self.dice.choice([2, 5, 30]))]
        number = 16 + len(self.shapes)
        chosen = self.dice.sample(keys, self.dice.randint(1, len(keys)))
        self.shapes.append(Shape(number, self.dice.randint(1, 3), tuple(chosen)))
        self.script.define(self.shapes[-1])

    def shape(self) -> Shape:
        if not self.shapes:
            self.define()
        return self.dice.choice(self.shapes)

    def one(self) -> None:
        self.add(self.shape())

    def row_by_row(self) -> None:
        shape = self.shape()
        for _ in range(self.dice.choice([3, 8, 9, 100, 600])):
            self.add(shape)

    def turns(self) -> None:
        shapes = [self.shape() for _ in range(self.dice.randint(2, 4))]
        for n in range(self.dice.choice([4, 30, 200])):
            self.add(shapes[n % len(shapes)])

    def add(self, shape: Shape) -> None:
        step, micros = self.step(), self.dice.randint(0, 2**51)
        values = [self.dice.choice(VALUES) for _ in shape.keys]
        self.script.points(shape, step, micros / 1e6, values)
        self.tell(shape, step, round(micros / 1e6 * 1_000_000), values)

    def columns(self) -> None:
        shape, count = self.shape(), self.dice.choice([1, 2, 50])
        steps = array("q", [self.step() for _ in range(count)])
        times = array("q", [self.dice.randint(0, 2**51) for _ in range(count)])
        values = [array("d", [self.dice.choice(VALUES) for _ in range(count)]) for _ in shape.keys]
        self.script.put(COLUMNS, columns_body(shape.number, steps, times, values))
        for n in range(count):
            self.tell(shape, steps[n], times[n], [column[n] for column in values])

    def seal(self) -> None:
        self.script.put(SEAL, Seal(0, 64, 128, self.dice.randint(0, 2**32 - 1)).body())

    def step(self) -> int:
        return self.dice.choice([NO_STEP, 0, -1, 2**62, self.dice.randint(0, 1000)])

    def tell(self, shape: Shape, step: int, micros: int, values: list[float]) -> None:
        for key, value in zip(shape.keys, values, strict=True):
            self.told.setdefault((shape.run, key), []).append((step, micros, bits(value)))


WEIGHTS = [3, 6, 3, 3, 2, 1]


@pytest.mark.parametrize("seed", range(TRIALS))
def test_random_journals_say_what_was_written_in_its_order(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy")
    story = Story(random.Random(seed))
    story.write(story.dice.choice([5, 50, 500, 2000]))
    data = bytes(story.script.data)

    with_numpy = read(data)
    monkeypatch.setattr(reading, "_numpy", lambda _: None)
    without = read(data)

    assert with_numpy == story.told, f"seed {seed}"
    assert without == story.told, f"seed {seed}"


@pytest.mark.parametrize("seed", range(TRIALS // 4))
def test_random_journals_say_the_same_however_they_are_cut(seed: int, way: str) -> None:
    story = Story(random.Random(seed))
    story.write(200)
    data, place, known, runs = bytes(story.script.data), 0, dict[int, Shape](), list[Mapping[int, Points]]()

    while place < len(data):
        size = story.dice.choice([100, 1009, 10_007])
        part = cut(data[place : place + size], AT + place, known)
        if part.stop == AT + place:
            assert part.needed > size - WORD, f"seed {seed}"
            part = cut(data[place : place + part.needed], AT + place, known)
        place = part.stop - AT
        runs.append(part.runs)

    assert said(runs) == story.told, f"seed {seed}"


@pytest.mark.parametrize("seed", range(TRIALS // 4))
def test_what_this_process_wrote_is_read_without_looking_at_ends(seed: int, way: str) -> None:
    story = Story(random.Random(seed))
    story.write(500)

    part = cut(bytes(story.script.data), AT, {}, is_sound=True)

    assert said([part.runs]) == story.told, f"seed {seed}"


def test_two_shapes_that_take_turns_keep_the_order_of_what_they_share(way: str) -> None:
    script = Script(AT)
    for shape in SHAPES:
        script.define(shape)
    for n in range(3000):
        script.points((X, XY)[n % 2], n, n / 8, [float(n)] * (1 + n % 2))

    found = read(bytes(script.data))

    assert [step for step, _, _ in found[1, "x"]] == [*range(3000)]
    assert [step for step, _, _ in found[1, "y"]] == [*range(1, 3000, 2)]


def test_shapes_of_one_size_that_take_turns_are_told_apart(way: str) -> None:
    script = Script(AT)
    for shape in SHAPES:
        script.define(shape)
    for n in range(3000):
        script.points((X, Y)[n * n % 3 % 2], n, n / 8, [float(n)])

    found = read(bytes(script.data))

    assert sorted(step for rows in found.values() for step, _, _ in rows) == [*range(3000)]
    assert all([step for step, _, _ in rows] == sorted(step for step, _, _ in rows) for rows in found.values())


def test_what_is_logged_together_shares_its_steps_and_times(way: str) -> None:
    script = Script(AT)
    script.define(XY)
    for n in range(20):
        script.points(XY, n, 1.0, [0.5, 1.5])

    x, y = cut(bytes(script.data), AT, {}).runs[1]

    assert x.steps is y.steps
    assert x.times is y.times


def test_columns_are_arrays_of_the_standard_library(way: str) -> None:
    script = Script(AT)
    script.define(X)
    for n in range(20):
        script.points(X, n, 1.0, [0.5])
        script.put(COLUMNS, row_body(16, n, 1, [0.5]))

    (column,) = cut(bytes(script.data), AT, {}).runs[1]

    assert [type(part) for part in (column.steps, column.times, column.values)] == [array] * 3


def test_numpy_is_not_imported_for_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    imported: list[Any] = []
    guard: Callable[..., None] = lambda name, *_: imported.append(name)  # noqa: E731
    finder = type("Finder", (), {"find_spec": staticmethod(lambda name, *_: guard(name))})()
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    script = Script(AT)
    script.define(X)
    for n in range(1000):
        script.points(X, n, 1.0, [0.5])

    read(bytes(script.data))

    assert imported == []


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize("shapes", [(X, X), (X, Y)], ids=["alike", "in turns"])
def test_a_time_that_is_none_is_told(way: str, seconds: float, shapes: tuple[Shape, Shape]) -> None:
    script = Script(AT)
    for shape in SHAPES:
        script.define(shape)
    for n in range(20):
        script.points(shapes[n % 2], n, seconds if n == 17 else 1.0, [0.5])

    with pytest.raises(Corrupt, match="makes no sense"):
        read(bytes(script.data))
