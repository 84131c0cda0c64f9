"""A refusal says what was asked, what was found, and whose it is."""

from typing import Any

import pytest

from core.samples import UID
from deardiary.core import sentences
from deardiary.core.changes import Expect
from deardiary.core.conditions import EVERY, asked, by_id
from deardiary.core.entities import Iteration, ModelVersion, Parameter, Project, Tag, Tagging
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


@pytest.mark.parametrize(
    ("error", "kind", "said", "about"),
    [
        (sentences.absent(Iteration, 42), NotFound, "run 42 is not there", ("Iteration", 42)),
        (
            sentences.taken(Parameter(iteration_id=3, key="lr", value="1"), 9),
            Duplicate,
            "parameter 9 already has iteration_id 3 and key 'lr'",
            ("Parameter", 9),
        ),
        (sentences.taken(Tag(value="é\n"), 9), Duplicate, "tag 9 already has value 'é\\n'", ("Tag", 9)),
        (
            sentences.taken(Tagging(kind="Project", subject_id=1, tag_id=2), 3),
            Duplicate,
            "tagging 3 already has kind 'Project' and subject_id 1 and tag_id 2",
            ("Tagging", 3),
        ),
        (sentences.id_taken(Project, 7), Duplicate, "project 7 is already there", ("Project", 7)),
        (
            sentences.held(ModelVersion, 5, Iteration, 2),
            Unprocessable,
            "model version 5 names run 2; drop model version 5 first",
            ("ModelVersion", 5),
        ),
        (sentences.other_batch(), Invalid, "another batch has this id; make a new id for each batch", (None, None)),
        (sentences.misplaced(UID, 7, 9), Misplaced, f"writer {UID} stands at 7, not at 9", (None, None)),
        (sentences.not_your_writer(UID), Forbidden, f"writer {UID} belongs to another user", (None, None)),
        (
            sentences.no_promise(Tag, -3),
            Invalid,
            "the promise -3 of a tag is used before it is made",
            (None, None),
        ),
        (sentences.promised_twice(Tag, -3), Invalid, "the promise -3 of a tag is made twice", (None, None)),
        (
            sentences.zero_id(Tag),
            Invalid,
            "0 is no id of a tag, and no promise of one; promises are negative",
            (None, None),
        ),
        (
            sentences.full_series("loss"),
            Unprocessable,
            "the series 'loss' is full: one series has room for 2,147,483,647 points",
            (None, None),
        ),
        (
            sentences.no_step_left("loss"),
            Unprocessable,
            "there is no step after the greatest of 'loss'; give the steps yourself",
            (None, None),
        ),
        (sentences.no_bytes("ab" * 32), NotFound, f"no bytes are kept under {'ab' * 32}", (None, None)),
        (sentences.artifacts_closed(), Unavailable, "the artifact store is closed", (None, None)),
    ],
)
def test_a_refusal_has_its_class_its_words_and_its_row(
    error: DearDiaryError, kind: Any, said: str, about: tuple[str | None, int | None]
) -> None:
    assert (type(error), error.message, (error.kind, error.id)) == (kind, said, about)


def test_a_misplaced_writer_is_told_its_position() -> None:
    assert sentences.misplaced(UID, 7, 9).position == 7


@pytest.mark.parametrize(
    ("where", "found", "id"),
    [
        (by_id(7), None, 7),
        (by_id(7) & (asked("name") == "x"), None, 7),
        (asked("name") == "x", None, None),
        (EVERY, None, None),
        (by_id(7), 9, 9),
        (EVERY, 9, 9),
    ],
)
def test_an_expectation_names_the_row_found_or_the_one_asked_for(where: Any, found: int | None, id: int | None) -> None:
    expect = Expect(Project, where, otherwise=Forbidden, because="so it is")

    error = sentences.unmet(expect, where, found)

    assert (type(error), error.message, error.kind, error.id) == (Forbidden, "so it is", "Project", id)


@pytest.mark.parametrize(
    ("name", "said"),
    [("conections", ". Did you mean connections?"), ("SCHEMA", ". Did you mean Schema?"), ("colour", "")],
)
def test_what_was_perhaps_meant_is_asked(name: str, said: str) -> None:
    assert sentences.did_you_mean(name, ["Schema", "connections"]) == said
