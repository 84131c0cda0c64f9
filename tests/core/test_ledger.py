"""A diary is keys and values, and a draft is one with changes that nobody else sees."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import NOON
from deardiary.core.declared import changed, facts
from deardiary.core.entities import Experiment, Iteration, Parameter, Project, Tag, Tagging
from deardiary.core.errors import Duplicate
from deardiary.core.ledger import (
    Draft,
    Drawers,
    Kept,
    delete_row,
    kept_rows,
    naming,
    next_id,
    put_row,
    read,
    replace_row,
    row_key,
    unique_key,
    unique_values,
    with_unique,
)

RUN = Iteration(id=7, experiment_id=3, project_id=2, created_date=NOON)


def filled(**values: Any) -> Drawers:
    """Return drawers with values; `a__b` stands for the key `a/b`."""
    drawers = Drawers()
    drawers.commit({key.replace("__", "/"): value for key, value in values.items()}, ())
    return drawers


def drafted() -> Draft:
    """Return a draft of an empty diary."""
    return Draft(Drawers())


# Drawers.


def test_a_drawer_answers_what_was_put() -> None:
    drawers = filled(a__1=10, a__2=20, b__1=30)

    assert (drawers.get("a/1"), drawers.get("b/1"), drawers.get("a/3"), drawers.get("c/1")) == (10, 30, None, None)


def test_a_drawer_is_scanned_by_key() -> None:
    drawers = filled(a__2=20, a__1=10, ab__1=30, a__1__x=40)

    assert drawers.scan("a/") == [("a/1", 10), ("a/2", 20)]
    assert drawers.scan("c/") == []


def test_what_was_deleted_is_gone() -> None:
    drawers = filled(a__1=10, a__2=20)

    drawers.delete("a/1")

    assert drawers.scan("a/") == [("a/2", 20)]


def test_deleting_what_is_not_there_does_nothing() -> None:
    drawers = filled(a__1=10)

    drawers.delete("a/2")
    drawers.delete("b/1")

    assert drawers == filled(a__1=10)


def test_an_empty_drawer_leaves_nothing() -> None:
    drawers = filled(a__1=10)

    drawers.delete("a/1")

    assert drawers == Drawers()


def test_a_commit_puts_and_deletes() -> None:
    drawers = filled(a__1=10, a__2=20)

    drawers.commit({"a/3": 30, "a/1": 11}, ["a/2"])

    assert drawers.scan("a/") == [("a/1", 11), ("a/3", 30)]


# Drafts.


def test_a_draft_shows_what_lies_under_it() -> None:
    draft = Draft(filled(a__1=10))

    assert (draft.get("a/1"), draft.get("a/2"), draft.scan("a/")) == (10, None, [("a/1", 10)])


def test_a_draft_shows_its_changes_and_its_view_does_not() -> None:
    view = filled(a__1=10, a__2=20, a__4=40)
    draft = Draft(view)

    draft.put("a/3", 30)
    draft.put("a/1", 11)
    draft.delete("a/2")

    assert (draft.get("a/1"), draft.get("a/2"), draft.get("a/3")) == (11, None, 30)
    assert draft.scan("a/") == [("a/1", 11), ("a/3", 30), ("a/4", 40)]
    assert view == filled(a__1=10, a__2=20, a__4=40)


def test_a_draft_says_what_makes_it_true() -> None:
    draft = Draft(filled(a__1=10, a__2=20))

    draft.put("a/3", 30)
    draft.put("a/3", 31)
    draft.delete("a/1")
    draft.put("b/1", 0)
    draft.delete("b/1")
    draft.delete("a/2")
    draft.put("a/2", 22)

    assert draft.changes() == ({"a/3": 31, "a/2": 22}, {"a/1", "b/1"})


def test_a_draft_of_nothing_changes_nothing() -> None:
    draft = Draft(filled(a__1=10))

    draft.get("a/1")
    draft.scan("a/")

    assert draft.changes() == ({}, set())


KEYS = st.sampled_from(["a/1", "a/2", "a/3", "ab/1", "b/1"])
DEEDS = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 9)), max_size=12)


@given(st.dictionaries(KEYS, st.integers(0, 9)), DEEDS)
def test_a_draft_made_true_is_what_the_draft_showed(first: dict[str, int], deeds: list[tuple[str, int | None]]) -> None:
    view = Drawers()
    view.commit(first, ())
    draft = Draft(view)

    for key, value in deeds:
        if value is None:
            draft.delete(key)
        else:
            draft.put(key, value)
    shown = {prefix: draft.scan(prefix) for prefix in ("a/", "ab/", "b/")}
    view.commit(*draft.changes())

    assert {prefix: view.scan(prefix) for prefix in shown} == shown


# Rows.


def test_the_keys_of_rows_sort_as_their_ids() -> None:
    ids = [1, 2, 9, 10, 99, 100, 2**31, 2**63 - 1]

    assert sorted(row_key(Tag, id) for id in ids) == [row_key(Tag, id) for id in ids]


def test_a_row_that_was_put_is_found_by_its_id_and_by_its_unique_values() -> None:
    draft = drafted()
    tag = Tag(id=7, value="good")

    put_row(draft, tag, 5)

    assert read(draft, Tag, 7) is tag
    assert with_unique(draft, Tag, ("good",)) == 7
    assert draft.get(row_key(Tag, 7)) == Kept(tag, 5)


def test_a_row_is_not_there_for_other_ids_kinds_and_values() -> None:
    draft = drafted()

    put_row(draft, Tag(id=7, value="good"), 5)

    assert (read(draft, Tag, 8), read(draft, Project, 7), with_unique(draft, Tag, ("bad",))) == (None, None, None)


def test_rows_come_by_id() -> None:
    draft = drafted()

    for id in (10, 2, 1):
        put_row(draft, Tag(id=id, value=str(id)), id)

    assert [(kept.entity.id, kept.mark) for kept in kept_rows(draft, Tag)] == [(1, 1), (2, 2), (10, 10)]


def test_a_row_says_which_rows_it_names() -> None:
    draft = drafted()

    put_row(draft, RUN, 1)
    put_row(draft, changed(RUN, id=12, uid="ab" * 16, parent_iteration_id=7), 1)

    named = facts(Iteration)
    assert [*naming(draft, Iteration, named["experiment_id"], 3, Experiment)] == [7, 12]
    assert [*naming(draft, Iteration, named["parent_iteration_id"], 7, Iteration)] == [12]
    assert [*naming(draft, Iteration, named["experiment_id"], 4, Experiment)] == []


def test_a_tagging_names_a_subject_of_the_kind_it_says() -> None:
    draft = drafted()
    fact = facts(Tagging)["subject_id"]

    put_row(draft, Tagging(id=1, kind="Project", subject_id=5, tag_id=2), 1)

    assert [*naming(draft, Tagging, fact, 5, Project)] == [1]
    assert [*naming(draft, Tagging, fact, 5, Experiment)] == []


def test_a_row_that_was_deleted_leaves_nothing() -> None:
    draft = drafted()

    put_row(draft, RUN, 1)
    delete_row(draft, RUN)

    puts, deletes = draft.changes()
    assert puts == {}
    assert len(deletes) == 4  # the row, its uid, and the two rows that it names


def test_a_replaced_row_stands_for_the_old_one() -> None:
    draft = drafted()
    put_row(draft, Tag(id=7, value="good"), 1)

    new = replace_row(draft, Tag(id=7, value="good"), {"value": "better"}, 2)

    assert read(draft, Tag, 7) == new == Tag(id=7, value="better")
    assert (with_unique(draft, Tag, ("good",)), with_unique(draft, Tag, ("better",))) == (None, 7)


def test_a_row_may_be_replaced_by_itself() -> None:
    draft = drafted()
    put_row(draft, Tag(id=7, value="good"), 1)

    replace_row(draft, Tag(id=7, value="good"), {"value": "good"}, 2)

    assert draft.get(row_key(Tag, 7)) == Kept(Tag(id=7, value="good"), 2)


def test_a_row_is_not_replaced_by_another_ones_values() -> None:
    draft = drafted()
    put_row(draft, Tag(id=7, value="good"), 1)
    put_row(draft, Tag(id=8, value="bad"), 1)

    with pytest.raises(Duplicate) as error:
        replace_row(draft, Tag(id=8, value="bad"), {"value": "good"}, 2)

    assert (error.value.message, error.value.kind, error.value.id) == ("tag 7 already has value 'good'", "Tag", 7)
    assert read(draft, Tag, 8) == Tag(id=8, value="bad")


def test_a_row_that_no_longer_names_another_is_not_noted() -> None:
    draft = drafted()
    child = changed(RUN, id=12, parent_iteration_id=7)
    put_row(draft, child, 1)

    replace_row(draft, child, {"parent_iteration_id": None}, 2)

    assert [*naming(draft, Iteration, facts(Iteration)["parent_iteration_id"], 7, Iteration)] == []


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (Tag(id=1, value="x"), ("x",)),
        (Parameter(id=1, iteration_id=5, key="lr", value="1"), (5, "lr")),
        (Tagging(id=1, kind="Project", subject_id=3, tag_id=4), ("Project", 3, 4)),
    ],
)
def test_a_row_has_unique_values(row: Any, values: tuple[object, ...]) -> None:
    assert unique_values(row) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1,), ("1",)),
        ((1,), (True,)),
        ((None,), ("null",)),
        (("a", "b"), ("ab",)),
        (("a,b",), ("a", "b")),
        ((1, 2), (12,)),
    ],
)
def test_values_that_differ_have_two_keys(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert unique_key(Tag, one) != unique_key(Tag, other)


def test_an_awkward_value_makes_a_plain_key() -> None:
    key = unique_key(Tag, ("../é🌱/\n" * 1000,))

    assert key.isascii()
    assert key.count("/") == 3


# Ids.


def test_ids_are_given_once_and_per_kind() -> None:
    draft = drafted()

    given = [next_id(draft, "Tag"), next_id(draft, "Tag"), next_id(draft, "Project"), next_id(draft, "Tag")]

    assert given == [1, 2, 1, 3]


def test_the_next_id_follows_the_last_one_given() -> None:
    draft = Draft(filled(next__Tag=41))

    assert next_id(draft, "Tag") == 42
    assert draft.changes() == ({"next/Tag": 42}, set())
