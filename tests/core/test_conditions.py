"""A condition is a value that says what a row must be, and is met or not."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import reduce
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.samples import NOON
from deardiary.core.conditions import (
    EVERY,
    ID,
    OPERATORS,
    PARTS,
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Measure,
    Not,
    Of,
    Param,
    Tagged,
    Term,
    all_of,
    as_condition,
    asked,
    asked_id,
    by_id,
    metric,
    only_id,
    param,
    rewritten,
    tagged,
    term,
    walk,
)
from deardiary.core.declared import Kind
from deardiary.core.entities import (
    Experiment,
    ExperimentStatus,
    Iteration,
    Metric,
    Model,
    Parameter,
    Project,
    Tag,
    User,
)
from deardiary.core.errors import Invalid
from deardiary.core.meaning import DEEPEST, check_condition, check_term, fact_of, glob, holds, is_nan, sort_of

A, B, C = asked("name") == "a", asked("name") == "b", asked("name") == "c"


def refusal(kind: Kind, condition: Any) -> str:
    """Return what is said of a condition that cannot be asked."""
    with pytest.raises(Invalid) as error:
        check_condition(kind, condition)
    return error.value.message


def may_be_asked(kind: Kind, condition: Condition) -> bool:
    """Return whether a condition can be asked."""
    try:
        check_condition(kind, condition)
    except Invalid:
        return False
    return True


# Terms.


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("name", Field("name")),
        ("experiment.name", Field("name", "Experiment")),
        ("project.id", Field("id", "Project")),
        ("iteration.end_date", Field("end_date", "Iteration")),
        ("model.name", Field("name", "Model")),
        ("user.username", Field("username", "User")),
        ("tag.value", Field("value", "Tag")),
        ("kettle.name", Field("name", "kettle")),
        ("params.lr", Param("lr")),
        ("params.optimizer.lr", Param("optimizer.lr")),
        ("params.", Param("")),
        ("metrics.loss", Measure("loss", "last")),
        ("metrics.loss.min", Measure("loss", "min")),
        ("metrics.loss.count", Measure("loss", "count")),
        ("metrics.val.loss", Measure("val.loss", "last")),
        ("metrics.val.loss.first", Measure("val.loss", "first")),
        ("metrics.min", Measure("min", "last")),
        ("metrics.min.max", Measure("min", "max")),
        ("metrics.loss.median", Measure("loss.median", "last")),
        ("metrics.", Measure("", "last")),
        ("", Field("")),
    ],
)
def test_a_path_names_a_term(path: str, said: Term) -> None:
    assert term(path) == said


@pytest.mark.parametrize(
    ("named", "path"),
    [
        (Field("name"), "name"),
        (Field("name", "Experiment"), "experiment.name"),
        (Param("lr"), "params.lr"),
        (Measure("loss"), "metrics.loss.last"),
        (Measure("loss", "min"), "metrics.loss.min"),
    ],
)
def test_a_term_says_its_path(named: Term, path: str) -> None:
    assert str(named) == path
    assert term(str(named)) == named


def test_keys_are_asked_in_the_form_in_which_they_are_kept() -> None:
    assert Param("e\u0301") == Param("é")
    assert Measure("e\u0301", "min") == Measure("é", "min")
    assert term("params.e\u0301") == Param("é")


# Ways to say it.


NAME = asked("name")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (NAME == "a", Compare(Field("name"), "==", "a")),
        (NAME != "a", Compare(Field("name"), "!=", "a")),
        (NAME < "a", Compare(Field("name"), "<", "a")),
        (NAME <= "a", Compare(Field("name"), "<=", "a")),
        (NAME > "a", Compare(Field("name"), ">", "a")),
        (NAME >= "a", Compare(Field("name"), ">=", "a")),
        (NAME.like("a*"), Compare(Field("name"), "~", "a*")),
        (NAME == None, IsNone(Field("name"))),  # noqa: E711  # a condition
        (NAME != None, Not(IsNone(Field("name")))),  # noqa: E711  # a condition
        (NAME.is_none(), IsNone(Field("name"))),
        (NAME.is_nan(), IsNan(Field("name"))),
        (NAME.among(["a", "b"]), Among(Field("name"), ("a", "b"))),
        (NAME.among(value for value in "ab"), Among(Field("name"), ("a", "b"))),
        (param("lr") < 0.1, Compare(Param("lr"), "<", 0.1)),
        (metric("loss") < 0.1, Compare(Measure("loss", "last"), "<", 0.1)),
        (metric("loss", "min") < 0.1, Compare(Measure("loss", "min"), "<", 0.1)),
        (tagged("good"), Tagged("good")),
        (by_id(7), Compare(Field("id"), "==", 7)),
        (all_of(name="a"), Compare(Field("name"), "==", "a")),
        (all_of(name="a", id=7), All((Compare(Field("name"), "==", "a"), Compare(Field("id"), "==", 7)))),
        (all_of(end_date=None), IsNone(Field("end_date"))),
        (all_of(), All(())),
        (A & B, All((A, B))),
        (A & B & C, All((A, B, C))),
        (A & (B & C), All((A, B, C))),
        (A | B, AnyOf((A, B))),
        (A | B | C, AnyOf((A, B, C))),
        (A & (B | C), All((A, AnyOf((B, C))))),
        ((A & B) | C, AnyOf((All((A, B)), C))),
        (~A, Not(A)),
        (~~A, Not(Not(A))),
        (EVERY & A, All((A,))),
    ],
)
def test_a_condition_is_said_in_python(said: Condition, meant: Condition) -> None:
    assert said == meant


BY_ITSELF = "is not true or false by itself, but for each row: join conditions by &, | and ~ (not by and, "


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda: param("a") > 1 and param("b") < 2, f"the condition `params.a > 1` {BY_ITSELF}"),
        (lambda: A or B, f"the condition `name == 'a'` {BY_ITSELF}"),
        (lambda: not A, f"the condition `name == 'a'` {BY_ITSELF}"),
        (lambda: 0 < param("a") < 1, f"the condition `params.a > 0` {BY_ITSELF}"),
        (lambda: (asked("name"), 1) == ("a", 1), f"the condition `name == 'a'` {BY_ITSELF}"),
        (lambda: bool(A & B), f"the condition {BY_ITSELF}"),
        (lambda: bool(tagged("x")), f"the condition {BY_ITSELF}"),
        (lambda: param("a") and A, "`params.a` is compared with nothing, so it is no condition; "),
        (lambda: as_condition(param("a")), "`params.a` is compared with nothing, so it is no condition; "),
        (lambda: param("a") > 1 & param("b") < 2, "`params.b` is no condition, and only conditions are joined by & "),
        (lambda: A & asked("id") > 1, "`id` is no condition, and only conditions are joined by & and |, "),
        (lambda: asked("id") | A, "`id` is no condition, and only conditions are joined by & and |, "),
        (lambda: ~asked("id") == 1, "`id` is no condition, and only conditions are joined by & and |, "),
        (lambda: A | 7, "7 is no condition, and only conditions are joined by & and |, "),
        (lambda: 7 & A, "7 is no condition, and only conditions are joined by & and |, "),
        (lambda: 7 | A, "7 is no condition, and only conditions are joined by & and |, "),
    ],
)
def test_a_condition_that_python_would_misread_is_refused(mistake: Callable[[], Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mistake()

    assert str(refusal.value).startswith(said)
    assert str(refusal.value).endswith('(param("a") > 1) & (param("b") < 2)')


def test_what_is_compared_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(asked("name"))


@pytest.mark.parametrize("condition", [A, A & B, ~A, EVERY, tagged("x"), metric("loss").is_nan(), NAME.among(["a"])])
def test_a_condition_is_a_value_with_a_hash(condition: Condition) -> None:
    assert {condition: 1}[condition] == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("e\u0301", "é"),
        (ExperimentStatus.STOPPED, 2),
        (datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))), NOON),
        (True, True),
    ],
)
def test_values_are_compared_in_the_form_in_which_they_are_kept(given: Any, kept: Any) -> None:
    compared, listed = Compare(ID, "==", given), Among(ID, (given,))

    assert (compared.value, listed.values) == (kept, (kept,))
    assert type(compared.value) is type(kept)


def test_a_tag_is_asked_in_the_form_in_which_it_is_kept() -> None:
    assert tagged("e\u0301") == tagged("é")


def test_an_id_stands_for_the_row_that_has_it() -> None:
    assert as_condition(7) == by_id(7)
    assert as_condition(A) is A


@pytest.mark.parametrize("value", [True, "7", 7.0, None, [7]])
def test_what_is_neither_a_condition_nor_an_id_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"is neither a condition nor an id$"):
        as_condition(value)


@pytest.mark.parametrize(
    ("condition", "only", "first"),
    [
        (by_id(7), 7, 7),
        (by_id(-7), -7, -7),
        (by_id(7) & A, None, 7),
        (A & by_id(7), None, None),
        (All((by_id(7),)), None, 7),
        (asked("id") != 7, None, None),
        (asked("id") == True, None, None),  # noqa: E712  # a condition
        (asked("id") == 7.0, None, None),
        (asked("experiment.id") == 7, None, None),
        (asked("status_id") == 7, None, None),
        (by_id(7) | by_id(8), None, None),
        (~by_id(7), None, None),
        (EVERY, None, None),
    ],
)
def test_a_condition_says_for_which_id_it_asks(condition: Condition, only: int | None, first: int | None) -> None:
    assert only_id(condition) == only
    assert asked_id(condition) == first


# What a condition means.


@pytest.mark.parametrize(
    ("value", "sort"),
    [
        (True, "flag"),
        (1, "number"),
        (0.5, "number"),
        (math.nan, "number"),
        ("", "text"),
        (NOON, "time"),
        (None, ""),
        (b"x", ""),
        ([], ""),
    ],
)
def test_a_value_is_of_one_sort(value: Any, sort: str) -> None:
    assert sort_of(value) == sort


@pytest.mark.parametrize("relation", OPERATORS)
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, None),
        (None, 1),
        (1, None),
        ("1", 1),
        (1, "1"),
        (True, 1),
        (0, False),
        (True, "true"),
        (NOON, "2026-03-01"),
        (NOON, 0),
        (math.nan, math.nan),
        (math.nan, 1.0),
        (1, math.nan),
        (b"x", b"x"),
    ],
)
def test_no_relation_holds_with_the_absent_with_another_sort_or_with_nan(left: Any, relation: Any, right: Any) -> None:
    assert holds(left, relation, right) is False


@pytest.mark.parametrize(
    ("left", "right", "held"),
    [
        (1, 2, "!= < <="),
        (2, 1, "!= > >="),
        (1, 1.0, "== <= >="),
        (0.0, -0.0, "== <= >="),
        (2**53, 2.0**53, "== <= >="),
        (2**53 + 1, 2.0**53, "!= > >="),
        (2**63 - 1, 2.0**63, "!= < <="),
        (-math.inf, -(2**63), "!= < <="),
        (5e-324, 0, "!= > >="),
        ("a", "b", "!= < <="),
        ("a", "a", "== <= >= ~"),
        ("Z", "a", "!= < <="),
        ("\uff5e", "🌱", "!= < <="),
        ("", "a", "!= < <="),
        (False, True, "!= < <="),
        (True, True, "== <= >="),
        (NOON, NOON + timedelta(microseconds=1), "!= < <="),
        (NOON, NOON, "== <= >="),
    ],
)
def test_values_of_one_sort_compare(left: Any, right: Any, held: str) -> None:
    assert " ".join(relation for relation in OPERATORS if holds(left, relation, right)) == held


@pytest.mark.parametrize(("value", "answer"), [(math.nan, True), (math.inf, False), (0, False), (None, False)])
def test_nan_is_known_for_what_it_is(value: Any, answer: bool) -> None:
    assert is_nan(value) is answer


# Globs.


def fits(pattern: str, text: str) -> bool:
    """Return whether a text matches a glob, by trying everything."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


@given(st.text("ab*?", max_size=7), st.text("ab*\n", max_size=9))
@example("*a?*b", "aabab")
@example("a*b*a", "ab")
@example("*ab*ab", "abab")
def test_a_glob_matches_as_if_everything_was_tried(pattern: str, text: str) -> None:
    assert (glob(pattern).fullmatch(text) is not None) == fits(pattern, text)


@given(st.text(max_size=20).filter(lambda text: not {"*", "?"} & set(text)))
def test_everything_but_star_and_question_mark_is_itself(text: str) -> None:
    assert glob(text).fullmatch(text)
    assert not glob(text).fullmatch(text + "x")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("**", "", True),
        ("?", "", False),
        ("?", "🌱", True),
        ("??", "🌱", False),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("a\\*", "a\\bc", True),
        ("a\\*", "a*", False),
        ("A*", "abc", False),
        ("a*c", "a\nb\nc", True),
        ("b", "abc", False),
        ("^a$", "a", False),
        ("(?:", "(x:", True),
    ],
)
def test_a_glob_is_over_the_whole_text(pattern: str, text: str, matches: bool) -> None:
    assert holds(text, "~", pattern) is matches


def test_a_hostile_glob_looks_once_at_each_character() -> None:
    assert not holds("a" * 20_000, "~", "*a" * 30 + "b")


# What may be asked of a kind.


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        (Project, EVERY),
        (Project, asked("name") == "x"),
        (Iteration, asked("experiment.name") == "x"),
        (Iteration, param("lr") < 1),
        (Iteration, metric("loss", "count") >= 1),
        (Parameter, asked("project.name").like("*")),
        (Model, asked("project.id").among([1, 2.5, "x", True, NOON])),
        (Iteration, tagged("x") & ~tagged("y") | asked("end_date").is_none()),
        (Iteration, asked("id") == 2**63 - 1),
        (Iteration, asked("name") == "x" * 65_536),
        (Iteration, asked("end_date") == math.nan),
        (Iteration, May(1, "read")),
        (Iteration, Compare(Field("project_id"), "==", Of(Experiment, 1, Field("project_id")))),
        (Iteration, reduce(lambda whole, _: Not(whole), range(DEEPEST), A)),
    ],
)
def test_what_may_be_asked_is_not_refused(kind: Kind, condition: Condition) -> None:
    assert may_be_asked(kind, condition)


@pytest.mark.parametrize(
    ("kind", "condition", "said"),
    [
        (Tag, asked("colour") == "red", "a tag cannot be asked for `colour`; it can be for id, value"),
        (Tag, asked("colour").is_none(), "a tag cannot be asked for `colour`; it can be for id, value"),
        (Tag, asked("colour").is_nan(), "a tag cannot be asked for `colour`; it can be for id, value"),
        (Tag, asked("colour").among([]), "a tag cannot be asked for `colour`; it can be for id, value"),
        (
            User,
            asked("password") == "x",
            "a user cannot be asked for `password`; it can be for"
            " id, username, first_name, last_name, created_date, is_admin",
        ),
        (
            Project,
            asked("experiment.name") == "x",
            "a project lies under no experiment; `experiment.name` cannot be asked",
        ),
        (Iteration, asked("kettle.name") == "x", "a run lies under no kettle; `kettle.name` cannot be asked"),
        (Project, param("lr") == 1, "a project has no `params.lr`; only runs have parameters and metrics"),
        (Project, metric("acc") == 1, "a project has no `metrics.acc.last`; only runs have parameters and metrics"),
        (Iteration, param("") == 1, "a key is empty"),
        (Iteration, param("\0") == 1, "a key contains the character NUL"),
        (Iteration, metric("\ud800") == 1, "a key contains half of a character (a lone surrogate) at 0"),
        (Iteration, param(5) == 1, "a key is 5, not a text"),
        (Iteration, metric("acc", "median") == 1, "a series has no 'median'; it has last, first, min, max, count"),
        (Iteration, Compare(ID, "=", 1), "'=' is no operator; there are == != < <= > >= ~"),
        (Iteration, Compare(ID, ["=="], 1), "['=='] is no operator; there are == != < <= > >= ~"),
        (Iteration, NAME.like(5), "`name ~` needs a text with * and ?, not 5"),
        (
            Iteration,
            Compare(Field("name"), "~", Of(Experiment, 1, Field("name"))),
            "`name ~` needs a text with * and ?, not Of(kind=<class 'deardiary.core.entities.Experiment'>, id=1, ",
        ),
        (
            Iteration,
            NAME == b"x",
            "what `name` is compared with is b'x'; it may be a text, a number, true, false or a time",
        ),
        (
            Iteration,
            NAME.among(["x", None]),
            "what `name` is compared with is None; it may be a text, a number, true, false or a time",
        ),
        (Iteration, NAME == "\0", "what `name` is compared with contains the character NUL"),
        (
            Iteration,
            NAME == "é\ud800",
            "what `name` is compared with contains half of a character (a lone surrogate) at 1",
        ),
        (Iteration, NAME < "x" * 65_537, "what `name` is compared with has 65,537 characters; at most 65,536 are kept"),
        (Iteration, asked("id") == 2**63, "what `id` is compared with is 9223372036854775808, outside 64 bits"),
        (
            Iteration,
            asked("end_date") < datetime(2026, 3, 1),
            "what `end_date` is compared with has no time zone; datetime.now(timezone.utc) has one",
        ),
        (Parameter, tagged("good"), "a parameter carries no tags"),
        (Iteration, tagged("\0"), "a tag contains the character NUL"),
        (Iteration, Tagged(5), "a tag is 5, not a text"),
        (
            Iteration,
            Compare(Field("name"), "==", Of(Tag, 1, Field("colour"))),
            "a tag cannot be asked for `colour`; it can be for id, value",
        ),
        (Iteration, All((A, "b")), "'b' is no condition"),
        (Iteration, AnyOf((None,)), "None is no condition"),
        (Iteration, Not(7), "7 is no condition"),
        (
            Iteration,
            reduce(lambda whole, _: Not(whole), range(DEEPEST + 1), A),
            "the condition is nested deeper than 32 levels",
        ),
        (
            Iteration,
            reduce(lambda whole, _: AnyOf((All((whole,)),)), range(5_000), A),
            "the condition is nested deeper than 32 levels",
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None if isinstance(value, str) else "asked",
)
def test_what_cannot_be_asked_is_refused(kind: Kind, condition: Any, said: str) -> None:
    assert refusal(kind, condition) == said


def test_a_term_of_no_class_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        check_term(Iteration, "name")  # type: ignore[arg-type]  # wrong


@pytest.mark.parametrize(
    ("field", "name"), [(Field("name"), "name"), (Field("name", "Project"), "name"), (Field("id"), "id")]
)
def test_a_field_is_looked_up_where_it_is(field: Field, name: str) -> None:
    assert fact_of(Experiment, field).name == name


def test_points_know_their_own_fields_only() -> None:
    assert refusal(Metric, asked("iteration.name") == "x") == (
        "a metric lies under no iteration; `iteration.name` cannot be asked"
    )


def test_the_parts_of_a_series_are_five() -> None:
    assert PARTS == ("last", "first", "min", "max", "count")
    assert all(may_be_asked(Iteration, metric("loss", part) > 0) for part in PARTS)


# Going through a condition.


def test_a_walk_meets_a_condition_and_all_it_is_made_of() -> None:
    whole = (A & ~B) | C

    met = [*walk(whole)]

    assert met == [whole, A & ~B, A, ~B, B, C]


def test_a_rewritten_condition_keeps_its_form() -> None:
    def louder(part: Condition) -> Condition:
        match part:
            case Compare(term, operator, str(value)):
                return Compare(term, operator, value.upper())
            case _:
                return part

    new = rewritten((A & ~B) | tagged("x") | EVERY, louder)

    assert new == ((NAME == "A") & ~(NAME == "B")) | tagged("x") | EVERY


def conditions() -> st.SearchStrategy[Condition]:
    """Return a way to make up conditions."""
    return st.recursive(
        st.sampled_from([A, B, tagged("x"), metric("loss").is_nan(), asked("end_date").is_none()]),
        lambda part: (
            st.builds(Not, part) | st.builds(All, st.tuples(part, part)) | st.builds(AnyOf, st.tuples(part, part))
        ),
        max_leaves=8,
    )


@given(conditions())
def test_a_condition_rewritten_to_the_same_is_the_same(condition: Condition) -> None:
    assert rewritten(condition, lambda part: part) == condition


def leaves(condition: Condition) -> Iterator[Condition]:
    """Yield the parts of a condition that have no parts."""
    return (part for part in walk(condition) if not isinstance(part, Not | All | AnyOf))


@given(conditions())
def test_every_leaf_is_rewritten_once(condition: Condition) -> None:
    seen: list[Condition] = []

    rewritten(condition, lambda part: seen.append(part) or part)

    assert seen == [*leaves(condition)]
