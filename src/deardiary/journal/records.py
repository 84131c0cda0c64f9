"""What stands in a journal: records of 64-bit words, each whole or absent.

A segment begins with a head; after it one record follows another. A record begins with a word that says what it is (the
number of a shape, or one of the signs below) and how many words it has, and ends with the offset in the segment at
which it ends. So what was not written to its end is no record, nor is what stood there before.

    points   shape, words | step | seconds since 1970 | a value for each key | end
    DEFINE   sign, words  | bytes | JSON: {"shape", "run", "keys"} | end         a shape, before its first use
    COLUMNS  sign, words  | shape | rows | steps | microseconds since 1970 | the values, key by key | end
    SEAL     sign, words  | segment | start | stop | crc32 | end                 what is on the disk for certain
    NOTE     sign, words  | bytes | JSON | end                                   what is to be done after the rest
    TURN     sign, words  | end                                                 it goes on in the next segment
"""

import json
import struct
import sys
from array import array
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.points import NO_STEP, little

MAGIC = b"diary001"
HEAD = struct.Struct("<8sQQQ32s")
"""Magic, number of the segment, where it begins in the journal, how long it is; and nothing yet."""

DEFINE, COLUMNS, SEAL, NOTE, TURN = 1, 2, 3, 4, 5
FIRST_SHAPE = 16
"""Below it are the signs."""

WORD = 8
FRAME = 2
"""How many words a record has besides what is in it: the first and the last."""
TURN_BYTES = FRAME * WORD
SEALS_BYTES = 16 * (FRAME + 4) * WORD
"""How much of a segment is left for seals, which are needed most when there is no other segment to be had."""
END_BYTES = SEALS_BYTES + TURN_BYTES
"""How much at the end of a segment other records leave free."""
MOST_KEYS = 2**28
"""How many keys one shape may have: more words than a record can count."""

_WORD = struct.Struct("<q")
FIRST_WORD = struct.Struct("<II")
"""What a record is, and how many words it has."""


@frozen(eq=False, repr=False)
class Shape(Alike):
    """Keys that are logged together, to one run."""

    number: int
    run: int
    keys: tuple[str, ...]

    def defined(self) -> bytes:
        """Return what a definition of it says."""
        return json.dumps({"shape": self.number, "run": self.run, "keys": self.keys}, separators=(",", ":")).encode()


def first_word(sign: int, words: int) -> bytes:
    """Return the first word of a record."""
    return FIRST_WORD.pack(sign, words)


def packer(keys: int) -> struct.Struct:
    """Return what packs a record of points: a word kept free for the first one, step, time, values and end."""
    return struct.Struct(f"<qqd{keys}dq")


def framed(sign: int, body: bytes, at: int) -> bytes:
    """Return a record with a body, as it stands at an offset of its segment."""
    words = -(-len(body) // WORD) + FRAME
    return b"".join((first_word(sign, words), body, bytes(-len(body) % WORD), _WORD.pack(at + words * WORD)))


def told(text: bytes) -> bytes:
    """Return a text as the body of a record, with its length before it."""
    return _WORD.pack(len(text)) + text


def text_in(body: "bytes | memoryview") -> Any:
    """Return the JSON that a body tells."""
    (length,) = _WORD.unpack_from(body)
    return json.loads(bytes(body[WORD : WORD + length]))


def columns_body(shape: int, steps: "array[int]", times: "array[int]", values: "Sequence[array[float]]") -> bytes:
    """Return the body of a record of columns."""
    columns: list[Any] = [steps, times, *values]
    if sys.byteorder == "big":
        columns = [little(one) for one in columns]
    return b"".join((_WORD.pack(shape), _WORD.pack(len(steps)), *columns))


def row_body(shape: int, step: int | None, micros: int, values: Sequence[float]) -> bytes:
    """Return the body of a record of columns with one row."""
    at = NO_STEP if step is None else step
    return columns_body(shape, array("q", [at]), array("q", [micros]), [array("d", [value]) for value in values])


_SEAL = struct.Struct("<qqqq")


@frozen(eq=False, repr=False)
class Seal(Alike):
    """A part of a segment that is on the disk, and its checksum."""

    segment: int
    start: int
    stop: int
    crc: int

    def body(self) -> bytes:
        """Return the body of a record that says so."""
        return _SEAL.pack(self.segment, self.start, self.stop, self.crc)

    @classmethod
    def read(cls, body: "bytes | memoryview") -> "Seal":
        """Return the seal that a body says."""
        return cls(*_SEAL.unpack_from(body))
