"""What a store says when it refuses: the same words in every store."""

from collections.abc import Sequence

from deardiary.core.changes import Expect
from deardiary.core.conditions import Condition, asked_id
from deardiary.core.declared import Entity, Kind
from deardiary.core.errors import (
    DearDiaryError,
    Duplicate,
    Forbidden,
    Invalid,
    Misplaced,
    NotFound,
    Unavailable,
    Unprocessable,
)


def absent(kind: Kind, id: int) -> NotFound:
    """Say that a row is not there."""
    return NotFound(f"{kind.declared.noun} {id} is not there", kind=kind.__name__, id=id)


def taken(row: Entity, holder: int) -> Duplicate:
    """Say that another row has these unique values."""
    kind = type(row)
    said = " and ".join(f"{name} {getattr(row, name)!r}" for name in kind.declared.unique)
    noun = kind.declared.noun
    return Duplicate(f"{noun} {holder} already has {said}", kind=kind.__name__, id=holder)


def id_taken(kind: Kind, id: int) -> Duplicate:
    """Say that an id is in use."""
    return Duplicate(f"{kind.declared.noun} {id} is already there", kind=kind.__name__, id=id)


def held(by: Kind, holder: int, kind: Kind, id: int) -> Unprocessable:
    """Say that a row may not go, since another one that stays names it."""
    said = f"{by.declared.noun} {holder}"
    return Unprocessable(f"{said} names {kind.declared.noun} {id}; drop {said} first", kind=by.__name__, id=holder)


def unmet(expect: Expect, where: Condition, found: int | None) -> DearDiaryError:
    """Say that an expectation is not met: by no row, or by the one that was found."""
    id = found if found is not None else asked_id(where)
    return expect.otherwise(expect.because, kind=expect.kind.__name__, id=id)


def other_batch() -> Invalid:
    """Say that a batch's id belongs to another batch."""
    return Invalid("another batch has this id; make a new id for each batch")


def misplaced(writer: str, position: int, start: int) -> Misplaced:
    """Say that a stream begins in the wrong place."""
    return Misplaced(f"writer {writer} stands at {position}, not at {start}", position=position)


def not_your_writer(writer: str) -> Forbidden:
    """Say that a stream is another user's."""
    return Forbidden(f"writer {writer} belongs to another user")


def no_promise(kind: Kind, number: int) -> Invalid:
    """Say that a promise stands for nothing yet."""
    return Invalid(f"the promise {number} of {kind.declared.one} is used before it is made")


def promised_twice(kind: Kind, number: int) -> Invalid:
    """Say that a promise is made again."""
    return Invalid(f"the promise {number} of {kind.declared.one} is made twice")


def zero_id(kind: Kind) -> Invalid:
    """Say that zero is neither a promise nor an id."""
    return Invalid(f"0 is no id of {kind.declared.one}, and no promise of one; promises are negative")


def full_series(key: str) -> Unprocessable:
    """Say that a series has no place left."""
    return Unprocessable(f"the series {key!r} is full: one series has room for 2,147,483,647 points")


def no_step_left(key: str) -> Unprocessable:
    """Say that there is no step after the greatest one."""
    return Unprocessable(f"there is no step after the greatest of {key!r}; give the steps yourself")


def no_bytes(digest: str) -> NotFound:
    """Say that an artifact store keeps nothing under a digest."""
    return NotFound(f"no bytes are kept under {digest}")


def artifacts_closed() -> Unavailable:
    """Say that an artifact store was closed."""
    return Unavailable("the artifact store is closed")


def did_you_mean(name: str, there: "Sequence[str]") -> str:
    """Return a question after what was perhaps meant, or nothing."""
    from difflib import get_close_matches

    lowered = {one.lower(): one for one in there}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return f". Did you mean {lowered[close[0]]}?" if close else ""
