"""What a store works out itself is the same in every store."""

import pytest

from deardiary.core.declared import Entity, Kind
from deardiary.core.derived import number_of, number_of_text, subject_of
from deardiary.core.entities import Experiment, Iteration, Parameter, Project, Tag, Tagging


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("-0.5", -0.5),
        ("+7", 7.0),
        ("1e3", 1000.0),
        (" 7\n", 7.0),
        ("1_000", 1000.0),
        (".5", 0.5),
        ("٣", 3.0),
        ("5e-324", 5e-324),
        ("1e-999", 0.0),
        ("9007199254740993", 9007199254740992.0),
        ("1" * 300, 1.1111111111111111e299),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("-Infinity", None),
        ("1e999", None),
        ("1" * 10_000, None),
        ("0x10", None),
        ("1,5", None),
        ("1 2", None),
        ("true", None),
        ("½", None),
        ("🌱", None),
    ],
)
def test_a_text_says_a_finite_number_or_none(text: str, number: float | None) -> None:
    assert number_of_text(text) == number


def test_the_sign_of_zero_is_kept() -> None:
    assert str(number_of_text("-0")) == "-0.0"


@pytest.mark.parametrize(
    ("type", "value", "number"),
    [
        ("int", "10", 10.0),
        ("float", "1e1", 10.0),
        ("str", "10", 10.0),
        ("json", "10", 10.0),
        ("none", "10", 10.0),
        ("bool", "10", None),
        ("bool", "true", None),
        ("json", "[10]", None),
        ("none", "", None),
    ],
)
def test_a_parameter_compares_as_the_number_its_text_says(type: str, value: str, number: float | None) -> None:
    assert number_of(Parameter(iteration_id=1, key="k", value=value, type=type)) == number


def test_only_parameters_have_a_number() -> None:
    with pytest.raises(AssertionError):
        number_of(Tag(value="1"))


@pytest.mark.parametrize(
    ("row", "kind", "id"),
    [
        (Iteration(experiment_id=5), Experiment, 5),
        (Tagging(kind="Project", subject_id=3, tag_id=1), Project, 3),
        (Tagging(kind="Experiment", subject_id=4, tag_id=1), Experiment, 4),
        (Tagging(kind="Iteration", subject_id=5, tag_id=1), Iteration, 5),
    ],
)
def test_a_row_shares_the_project_of_another(row: Entity, kind: Kind, id: int) -> None:
    assert subject_of(row) == (kind, id)


def test_other_rows_share_no_project() -> None:
    with pytest.raises(AssertionError):
        subject_of(Tag(value="x"))
