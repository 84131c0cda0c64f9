"""Each cause has a class, a status and a code of its own."""

import copy
import pickle
import re
from typing import Any

import pytest

from deardiary.core import errors
from deardiary.core.errors import (
    NAMED,
    AdminRequired,
    ConfigError,
    Corrupt,
    DearDiaryError,
    Duplicate,
    Forbidden,
    Invalid,
    Misplaced,
    Named,
    NotFound,
    SameUserRequired,
    StorageFull,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)

TREE = [
    (ConfigError, 500, "CONFIG_ERROR"),
    (Invalid, 422, "INVALID_PAYLOAD"),
    (Unprocessable, 422, "INVALID_PAYLOAD"),
    (Duplicate, 409, "CONFLICT"),
    (NotFound, 404, "NOT_FOUND"),
    (Unauthenticated, 401, "INVALID_CREDENTIALS"),
    (Forbidden, 403, "PROJECT_PERMISSION_REQUIRED"),
    (AdminRequired, 403, "ADMIN_REQUIRED"),
    (SameUserRequired, 403, "SAME_USER_REQUIRED"),
    (Misplaced, 409, "MISPLACED"),
    (StorageFull, 507, "STORAGE_FULL"),
    (Corrupt, 500, "CORRUPT"),
    (Unavailable, 503, "UNAVAILABLE"),
]


@pytest.mark.parametrize(("kind", "status", "code"), TREE)
def test_an_error_has_the_status_and_the_code_of_its_class(kind: type[Named], status: int, code: str) -> None:
    error = kind("so it is", kind="Tag", id=7)

    assert (error.status, error.code, error.message, str(error)) == (status, code, "so it is", "so it is")
    assert (error.kind, error.id) == ("Tag", 7)


@pytest.mark.parametrize(("kind", "status", "code"), TREE)
def test_the_tree_is_drawn_as_it_is(kind: type[Named], status: int, code: str) -> None:
    drawn = re.search(rf"─ {kind.__name__} +([0-9]+) ([A-Z_]+)", errors.__doc__ or "")

    assert drawn is not None
    assert drawn.groups() == (str(status), code)


def test_every_named_error_is_known_by_its_name() -> None:
    assert {error.__name__: error for error, _, _ in TREE} == NAMED


def test_everything_is_caught_as_one() -> None:
    assert all(issubclass(error, DearDiaryError) for error in NAMED.values())


def test_a_store_that_cannot_be_reached_is_a_connection_error_too() -> None:
    assert issubclass(Unavailable, ConnectionError)


@pytest.mark.parametrize("error", [AdminRequired, SameUserRequired])
def test_a_narrower_refusal_is_still_a_refusal(error: type[Named]) -> None:
    assert issubclass(error, Forbidden)


def test_an_error_may_carry_a_code_of_its_own() -> None:
    assert Invalid("x", code="TAG_VALUE_REQUIRED").code == "TAG_VALUE_REQUIRED"


def test_an_error_of_a_server_says_what_the_server_said() -> None:
    error = DearDiaryError(418, "TEAPOT", "short and stout", "Kettle", 1)

    assert (error.status, error.code, str(error), error.kind, error.id) == (
        418,
        "TEAPOT",
        "short and stout",
        "Kettle",
        1,
    )


def test_an_error_about_no_row_names_none() -> None:
    error = NotFound("gone")

    assert (error.kind, error.id) == (None, None)


def test_a_misplaced_stream_says_where_it_stands() -> None:
    assert Misplaced("x", position=2**63 - 1).position == 2**63 - 1
    assert Misplaced("x").position == 0


EVERY_SORT: list[DearDiaryError] = [
    *(error(f"é 🌱 {error.__name__}", kind="Tag", id=7) for error in NAMED.values()),
    Invalid("x", code="OTHER"),
    Misplaced("x", position=9),
    DearDiaryError(418, "TEAPOT", ""),
]


@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("error", EVERY_SORT, ids=lambda error: type(error).__name__)
def test_an_error_crosses_processes_whole(again: Any, error: DearDiaryError) -> None:
    other = again(error)

    assert type(other) is type(error)
    assert other.__dict__ == error.__dict__
    assert str(other) == str(error)
