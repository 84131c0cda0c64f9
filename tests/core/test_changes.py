"""What may be written is checked when it is said."""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from core.samples import DIGEST, NOON, TEXT, UID
from deardiary.core.changes import (
    Append,
    Batch,
    Drop,
    Expect,
    Insert,
    Patch,
    Placed,
    Receipt,
    Stream,
    new_batch_id,
)
from deardiary.core.conditions import EVERY, Compare, Field, all_of, asked, by_id
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Experiment,
    ExperimentStatus,
    Iteration,
    Metric,
    Model,
    Parameter,
    Piece,
    Project,
    Summary,
    Tag,
    Text,
    User,
)
from deardiary.core.errors import AdminRequired, Invalid, NotFound, Unprocessable
from deardiary.core.points import Points

POINTS = Points.of([("loss", 0.5, None, 0)])


def refusal(make: Any) -> str:
    """Return what is said of something that cannot be said."""
    with pytest.raises(Invalid) as error:
        make()
    return error.value.message


# Changes.


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: Insert(Metric(iteration_id=1, key="loss", value=0.5)),
            "a metric is not made by an insert; points are appended",
        ),
        (
            lambda: Insert(Summary(iteration_id=1, key="k", count=1, first_step=0, last_step=0, first=0.0, last=0.0)),
            "a series is not made by an insert; points are appended",
        ),
        (
            lambda: Insert(Text(digest=DIGEST, text=None)),
            "text text is none: read the row with large=True to write it again",
        ),
        (
            lambda: Insert(Piece(digest=DIGEST, n=0, data=None)),
            "piece data is none: read the row with large=True to write it again",
        ),
        (
            lambda: Insert(Iteration(experiment_id=1, manifest_toml=None)),
            "run manifest_toml is none: read the row with large=True to write it again",
        ),
        (lambda: Patch(Project, 1, {"colour": "red"}), "a project has no field `colour`"),
        (lambda: Patch(Project, 1, {"id": 2}), "the field `id` of a project cannot be changed"),
        (lambda: Patch(Project, 1, {"uid": UID}), "the field `uid` of a project cannot be changed"),
        (lambda: Patch(Model, 1, {"project_id": 2}), "the field `project_id` of a model cannot be changed"),
        (lambda: Patch(Parameter, 1, {"number": 2.0}), "the field `number` of a parameter cannot be changed"),
        (lambda: Patch(Iteration, 1, {"project_toml": None}), "run project_toml is none, not a text"),
        (lambda: Patch(Project, 1, {"name": ""}), "project name is empty"),
        (lambda: Patch(Project, 1, {"name": "x", "description": 5}), "project description is 5, not a text"),
        (
            lambda: Patch(Experiment, 1, {"status_id": [1]}),
            "experiment status_id is [1]; it may be 1 IN_PROGRESS, 2 STOPPED, 3 FINISHED",
        ),
        (lambda: Patch(Metric, 1, {"value": 10**400}), "an integer of 1,329 bits is more than a number can hold"),
        (lambda: Patch(Project, "1", {}), "'1' is neither a condition nor an id"),
        (lambda: Patch(Metric, EVERY, {"value": 0.5}), "points are changed one by one, by id"),
        (lambda: Patch(Metric, asked("iteration_id") == 1, {}), "points are changed one by one, by id"),
        (lambda: Drop(Metric, asked("id") > 1), "points are changed one by one, by id"),
        (lambda: Drop(Metric, by_id(1) & by_id(2)), "points are changed one by one, by id"),
        (lambda: Drop(Summary, 1), "a series cannot be dropped"),
        (lambda: Drop(Project, None), "None is neither a condition nor an id"),
        (lambda: Append("1", POINTS), "Append iteration_id is '1', not an integer"),
        (lambda: Append(True, POINTS), "Append iteration_id is True, not an integer"),
        (lambda: Append(2**63, POINTS), "Append iteration_id is 9223372036854775808, outside 64 bits"),
        (lambda: Expect(Metric, EVERY), "a metric cannot be expected; expect its series"),
        (lambda: Expect(Project, True), "True is neither a condition nor an id"),
    ],
)
def test_what_cannot_be_written_is_refused(make: Any, said: str) -> None:
    assert refusal(make) == said


def test_an_id_stands_for_the_row_to_be_changed() -> None:
    assert Patch(Project, 7, {}).where == by_id(7)
    assert Drop(Project, -7).where == by_id(-7)
    assert Expect(Project, 7).where == by_id(7)


def test_a_patch_keeps_values_as_the_row_would() -> None:
    patch = Patch(Experiment, 1, {"name": "e\u0301", "status_id": ExperimentStatus.FINISHED})

    assert patch.values == {"name": "é", "status_id": 3}
    assert type(patch.values["status_id"]) is int


def test_a_patch_is_not_changed_with_what_it_was_made_of() -> None:
    values = {"name": "a"}
    patch = Patch(Project, 1, values)

    values["name"] = "b"

    assert patch.values == {"name": "a"}


def test_a_snapshot_may_be_emptied_but_not_be_absent() -> None:
    assert Patch(Iteration, 1, {"project_toml": ""}).values == {"project_toml": ""}


def test_a_password_may_be_changed() -> None:
    assert Patch(User, 1, {"password": "scrypt$"}).values == {"password": "scrypt$"}


def test_a_point_is_changed_by_its_id() -> None:
    assert Patch(Metric, 2**31 + 1, {"value": 1}).values == {"value": 1.0}
    assert Drop(Metric, 2**31 + 1).where == by_id(2**31 + 1)


def test_an_expectation_that_says_nothing_else_is_a_rule() -> None:
    expect = Expect(Project, all_of(name="x"))

    assert (expect.found, expect.otherwise, expect.because) == (True, Unprocessable, "an expectation is not met")


def test_an_insert_takes_the_row_as_it_is() -> None:
    row = Text(digest=digest_of_text(TEXT), text=TEXT)

    assert Insert(row).entity is row
    assert Insert(row).or_existing is False


# Batches.


def test_a_batch_has_an_id_of_its_own() -> None:
    ids = {Batch([]).id for _ in range(100)}

    assert len(ids) == 100
    assert all(len(id) == 32 and int(id, 16) >= 0 for id in ids)


def test_a_new_id_is_128_bits() -> None:
    assert len(bytes.fromhex(new_batch_id())) == 16


@pytest.mark.parametrize("id", ["", "7", "AB" * 16, "ab" * 17, 7, None])
def test_an_id_that_is_no_run_of_32_digits_is_refused(id: Any) -> None:
    assert (
        refusal(lambda: Batch([], id=id))
        == f"Batch id is {'none' if id is None else repr(id)}, not 32 hexadecimal digits"
    )


def test_a_batch_takes_any_elements_in_order() -> None:
    batch = Batch(Drop(Tag, id) for id in (2, 1))

    assert batch.elements == (Drop(Tag, 2), Drop(Tag, 1))


def test_a_batch_made_at_no_instant_is_refused() -> None:
    assert refusal(lambda: Batch([], at=datetime(2026, 3, 1))) == (
        "Batch at has no time zone; datetime.now(timezone.utc) has one"
    )


def test_a_batch_knows_the_digest_of_what_it_says() -> None:
    one, same, other = Batch([Drop(Tag, 1)]), Batch([Drop(Tag, 1)]), Batch([Drop(Tag, 2)])

    assert one.digest == same.digest != other.digest
    assert len(bytes.fromhex(one.digest)) == 32


def test_a_batch_goes_on_under_its_id_and_digest() -> None:
    sent = Batch([Drop(Tag, 1)], at=NOON)

    guarded = sent.of([Expect(User, 7), Drop(Tag, 1)], principal=7)

    assert (guarded.id, guarded.digest, guarded.at, guarded.principal) == (sent.id, sent.digest, NOON, 7)
    assert len(guarded.elements) == 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 3, 1), "a time in the batch has no time zone; datetime.now(timezone.utc) has one"),
        (object(), "a value of object cannot stand in a batch"),
        ({1, 2}, "a value of set cannot stand in a batch"),
        (1 + 2j, "a value of complex cannot stand in a batch"),
    ],
    ids=["naive", "object", "set", "complex"],
)
def test_a_batch_that_asks_for_what_is_no_value_is_refused(value: Any, said: str) -> None:
    assert refusal(lambda: Batch([Drop(Tag, Compare(Field("value"), "==", value))])) == said


@pytest.mark.parametrize("value", ["\ud800", "\0", float("nan"), 2**63, b"x", [1], None])
def test_a_batch_is_made_of_what_its_store_will_refuse(value: Any) -> None:
    batch = Batch([Drop(Tag, Compare(Field("value"), "==", value))])

    assert len(batch.digest) == 64


# Streams.


def a_stream(**more: Any) -> Stream:
    """Return a part of a journal."""
    return Stream(**{"writer": UID, "start": 0, "stop": 10, "at": NOON, **more})


def test_a_stream_batch_has_no_digest() -> None:
    assert Batch([Append(1, POINTS)], stream=a_stream()).digest == ""


def test_a_heartbeat_is_a_stream_of_nothing() -> None:
    batch = Batch([], stream=a_stream(start=10))

    assert batch.elements == ()


def test_a_heartbeat_may_expect_something() -> None:
    batch = Batch([Expect(Iteration, 1)], stream=a_stream(start=10))

    assert len(batch.elements) == 1


@pytest.mark.parametrize(
    ("elements", "parts", "said"),
    [
        ([], {"start": 11}, "a stream goes from 11 back to 10"),
        ([Drop(Tag, 1)], {}, "a stream carries points and expectations only"),
        ([Append(1, POINTS), Patch(Project, 1, {})], {}, "a stream carries points and expectations only"),
        ([Insert(Tag(value="x"))], {}, "a stream carries points and expectations only"),
        ([Append(1, POINTS)], {"start": 10}, "a stream carries points without a part of its journal"),
    ],
)
def test_a_stream_that_is_no_part_of_a_journal_is_refused(elements: Any, parts: dict[str, Any], said: str) -> None:
    assert refusal(lambda: Batch(elements, stream=a_stream(**parts))) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"writer": "w"}, "Stream writer is 'w', not 32 hexadecimal digits"),
        ({"start": -1}, "Stream start is -1, outside 0 to 9223372036854775807"),
        ({"stop": 2**63}, "Stream stop is 9223372036854775808, outside 0 to 9223372036854775807"),
        ({"pid": -1}, "Stream pid is -1, outside 0 to 9223372036854775807"),
        ({"host": 5}, "Stream host is 5, not a text"),
        ({"at": None}, "Stream at is none, not a time"),
    ],
)
def test_a_stream_without_shape_is_refused(parts: dict[str, Any], said: str) -> None:
    assert refusal(lambda: a_stream(**parts)) == said


# Receipts.


def test_a_receipt_of_nothing_says_nothing() -> None:
    receipt = Receipt()

    assert (receipt.ids, receipt.found, receipt.placed, receipt.moved) == ({}, frozenset(), (), {})
    assert (receipt.sequence, receipt.position) == (None, None)


def test_a_receipt_is_a_value() -> None:
    receipt = Receipt(ids={(Tag, -1): 1}, placed=((Placed(key="k", series=1, first=0),),))

    assert evolve(receipt, sequence=5) == Receipt(ids=receipt.ids, placed=receipt.placed, sequence=5)


@pytest.mark.parametrize("error", [NotFound, AdminRequired])
def test_an_expectation_says_how_it_refuses(error: Any) -> None:
    expect = Expect(Project, 1, found=False, otherwise=error, because="so it is")

    assert (expect.found, expect.otherwise, expect.because) == (False, error, "so it is")
