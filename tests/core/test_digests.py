"""A digest tells a batch from every other, and is the same wherever it is made."""

import itertools
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.samples import DIGEST, NOON, ROWS, name_of
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch
from deardiary.core.conditions import EVERY, All, Among, AnyOf, Compare, Field, IsNan, May, Of, asked, tagged
from deardiary.core.declared import Entity, changed, large, names
from deardiary.core.digests import batch_digest, check_digest, digest_of, digest_of_text, is_digest
from deardiary.core.entities import Experiment, ExperimentStatus, Iteration, Parameter, Piece, Project, Tag, User
from deardiary.core.errors import Forbidden, Invalid, NotFound
from deardiary.core.points import Column, Points

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def points(*values: float, key: str = "loss", step: int | None = None) -> Points:
    """Return points of one series."""
    return Points.of([(key, value, step, 0) for value in values])


def test_the_digest_of_bytes_is_their_sha256() -> None:
    assert digest_of(b"") == EMPTY
    assert digest_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_digest_of_a_text_is_that_of_its_utf_8() -> None:
    assert digest_of_text("") == EMPTY
    assert digest_of_text("é🌱") == digest_of("é🌱".encode())
    assert digest_of_text("é") != digest_of_text("e\u0301")


@pytest.mark.parametrize(
    "value",
    [
        "",
        EMPTY[1:],
        EMPTY + "0",
        EMPTY.upper(),
        EMPTY[1:] + "g",
        EMPTY + "\n",
        EMPTY[1:] + "\n",
        EMPTY[1:] + "٣",
        None,
        7,
    ],
)
def test_what_is_no_digest_is_refused(value: Any) -> None:
    assert not is_digest(value)
    with pytest.raises(Invalid, match="is no digest; one is a sha256 in 64 lower-case hexadecimal digits"):
        check_digest(value)


def test_a_digest_is_let_pass() -> None:
    check_digest(EMPTY)

    assert is_digest(EMPTY)


BY_NAME = asked("name")
DIFFERENT: list[list[Element]] = [
    [],
    [Drop(Tag, 1)],
    [Drop(Tag, 2)],
    [Drop(Tag, -1)],
    [Drop(Project, 1)],
    [Drop(Tag, 1), Drop(Tag, 1)],
    [Drop(Tag, 1), Drop(Tag, 2)],
    [Drop(Tag, 2), Drop(Tag, 1)],
    [Drop(Tag, EVERY)],
    [Drop(Tag, AnyOf(()))],
    [Drop(Tag, All((EVERY,)))],
    [Drop(Tag, ~EVERY)],
    [Drop(Tag, asked("id") != 1)],
    [Drop(Tag, asked("id") == 1.0)],
    [Drop(Tag, asked("id") == True)],  # noqa: E712  # a condition
    [Drop(Tag, asked("id") == "1")],
    [Drop(Tag, asked("id") == math.nan)],
    [Drop(Tag, asked("id") == "NaN")],
    [Drop(Tag, asked("id") == 0.0)],
    [Drop(Tag, asked("id") == -0.0)],
    [Drop(Tag, asked("id").among([1]))],
    [Drop(Tag, asked("id").is_none())],
    [Drop(Tag, asked("id").is_nan())],
    [Drop(Iteration, BY_NAME == "a")],
    [Drop(Iteration, asked("experiment.name") == "a")],
    [Drop(Iteration, tagged("a"))],
    [Drop(Iteration, (BY_NAME == "a") & (BY_NAME == "b"))],
    [Drop(Iteration, (BY_NAME == "a") | (BY_NAME == "b"))],
    [Drop(Iteration, BY_NAME.among(["a", "b"]))],
    [Drop(Iteration, BY_NAME.among(["b", "a"]))],
    [Drop(Iteration, asked("created_date") == NOON)],
    [Drop(Iteration, asked("created_date") == NOON + timedelta(microseconds=1))],
    [Drop(Iteration, asked("created_date") == "2026-03-01T12:00:00Z")],
    [Drop(Iteration, Compare(Field("project_id"), "==", Of(Experiment, 1, Field("project_id"))))],
    [Drop(Iteration, Compare(Field("project_id"), "==", Of(Experiment, 2, Field("project_id"))))],
    [Drop(Iteration, May(1, "read"))],
    [Drop(Iteration, May(1, "update"))],
    [Patch(Project, 1, {})],
    [Patch(Project, 1, {"name": "a"})],
    [Patch(Project, 1, {"description": "a"})],
    [Patch(Project, 1, {"name": "a", "description": "a"})],
    [Patch(Iteration, 1, {"end_date": None})],
    [Patch(Iteration, 1, {"end_date": NOON})],
    [Append(1, points(0.5))],
    [Append(2, points(0.5))],
    [Append(1, points(0.5, 0.5))],
    [Append(1, points(0.5, step=0))],
    [Append(1, points(0.0))],
    [Append(1, points(-0.0))],
    [Append(1, points(math.nan))],
    [Append(1, points(-math.nan))],
    [Append(1, points(0.5, key="acc"))],
    [Append(1, Points([]))],
    [Expect(Project, 1)],
    [Expect(Project, 1, found=False)],
    [Expect(Project, 1, otherwise=NotFound)],
    [Expect(Project, 1, otherwise=Forbidden)],
    [Expect(Project, 1, because="so it is")],
    [Insert(Tag(id=-1, value="a"))],
    [Insert(Tag(id=-2, value="a"))],
    [Insert(Tag(id=-1, value="a"), or_existing=True)],
    [Insert(Piece(id=-1, digest=DIGEST, n=0, data=b"", created_date=NOON))],
    [Insert(Piece(id=-1, digest=DIGEST, n=0, data=b"a", created_date=NOON))],
    [Insert(Parameter(id=-1, iteration_id=-1, key="a", value="b"))],
    [Insert(Parameter(id=-1, iteration_id=-1, key="b", value="a"))],
    [Insert(User(id=-1, username="a", password="x", created_date=NOON))],
    [Insert(User(id=-1, username="a", password="y", created_date=NOON))],
]


def test_two_batches_that_differ_have_two_digests() -> None:
    digests = [batch_digest(elements) for elements in DIFFERENT]

    same = [pair for pair in itertools.combinations(range(len(digests)), 2) if digests[pair[0]] == digests[pair[1]]]
    assert same == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Patch(Project, 1, {"name": "a", "description": "b"}), Patch(Project, 1, {"description": "b", "name": "a"})),
        (Drop(Project, BY_NAME == "e\u0301"), Drop(Project, BY_NAME == "é")),
        (Drop(Experiment, asked("status_id") == ExperimentStatus.STOPPED), Drop(Experiment, asked("status_id") == 2)),
        (Drop(Tag, 7), Drop(Tag, asked("id") == 7)),
        (
            Drop(Tag, asked("id").among([1, 2])),
            Drop(Tag, Among(Field("id"), [1, 2])),  # type: ignore[arg-type]  # a list becomes a tuple
        ),
        (
            Append(1, points(0.5, 0.25)),
            Append(1, Points([Column(key="loss", values=[0.5, 0.25], times=[0, 0], steps=[-(2**63)] * 2)])),
        ),
    ],
)
def test_what_says_the_same_has_one_digest(one: Element, other: Element) -> None:
    assert batch_digest([one]) == batch_digest([other])


WRITABLE = [
    row for row in ROWS if type(row).declared.insert and None not in (getattr(row, n) for n in large(type(row)))
]


@pytest.mark.parametrize("row", WRITABLE, ids=name_of)
def test_every_field_of_a_row_tells(row: Entity) -> None:
    digest = batch_digest([Insert(row)])

    others = {name: batch_digest([Insert(changed(row, **{name: "another"}))]) for name in names(type(row))}

    assert [name for name, other in others.items() if other == digest] == []


def test_a_digest_does_not_hang_on_the_order_of_a_set() -> None:
    script = (
        "from deardiary.core.changes import *; from deardiary.core.conditions import *;"
        "from deardiary.core.entities import *; from deardiary.core.digests import batch_digest;"
        "print(batch_digest([Patch(Project, tagged('é') | (asked('id') > 1.5), {'name': 'a', 'description': 'b'})]))"
    )

    said = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }

    here = batch_digest([Patch(Project, tagged("é") | (asked("id") > 1.5), {"description": "b", "name": "a"})])
    assert said == {here + "\n"}


@pytest.mark.parametrize(
    "value", [datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC), "\ud800", IsNan(Field("x"))]
)
def test_awkward_values_have_a_digest(value: Any) -> None:
    assert len(batch_digest([value])) == 64


def test_a_condition_that_is_nested_too_deep_is_refused() -> None:
    condition = asked("value") == "x"
    for _ in range(5000):
        condition = ~condition

    with pytest.raises(Invalid, match="a condition in the batch is nested too deep"):
        Batch([Drop(Tag, condition)])
