"""The verbs of tags."""

from collections.abc import Callable
from typing import Any

import pytest

from deardiary.core.entities import Experiment, Iteration, Project, Tag, Tagging, User
from deardiary.core.errors import AdminRequired, Duplicate, Forbidden, Invalid, NotFound
from deardiary.tracker import Tracker

SeenBy = Callable[[User], Tracker]


def words(tags: list[Tag]) -> list[str]:
    return [tag.value for tag in tags]


def test_a_tag_is_made_and_found_by_id_row_and_word(tracker: Tracker) -> None:
    made = tracker.create_tag("good 🌱")

    assert tracker.get_tag(made) == tracker.get_tag(made.id) == tracker.get_tag("good 🌱") == made
    assert tracker.get_tags() == [made]


def test_a_tag_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert (tracker.get_tag(7), tracker.get_tag("good"), tracker.get_tags()) == (None, None, [])


def test_a_tag_is_there_once(tracker: Tracker) -> None:
    made = tracker.create_tag("good")

    with pytest.raises(Duplicate) as refusal:
        tracker.create_tag("good")

    assert (refusal.value.kind, refusal.value.id) == ("Tag", made.id)


def test_a_tag_is_a_word(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid, match="tag value is empty"):
        tracker.create_tag("")
    with pytest.raises(Invalid, match="tag value is empty"):
        tracker.add_tag(run, "")
    with pytest.raises(Invalid, match="tag value is 7, not a text"):
        tracker.add_tag(run, 7)  # type: ignore[call-overload]  # that is the test


@pytest.mark.parametrize("form", ["row", "kind and id", "kind and row"])
@pytest.mark.parametrize("carrier", ["project", "experiment", "run", "ended"])
def test_everything_that_may_carry_a_tag_carries_it(
    tracker: Tracker, request: pytest.FixtureRequest, carrier: str, form: str
) -> None:
    row: Any = request.getfixturevalue(carrier)
    given: Any = {"row": (row,), "kind and id": (type(row), row.id), "kind and row": (type(row), row)}[form]

    tagging = tracker.add_tag(*given, "good")

    assert (tagging.kind, tagging.subject_id) == (type(row).__name__, row.id)
    assert words(tracker.get_tags(*given)) == ["good"]
    assert tracker.remove_tag(*given, "good") is True
    assert tracker.get_tags(*given) == []


def test_a_run_in_the_hand_carries_tags(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, snapshot=False) as run:
        tracker.add_tag(run, "good")

    assert words(tracker.get_tags(run)) == ["good"]
    assert words(tracker.get_tags(Iteration, run.id)) == ["good"]


def test_one_tag_is_carried_by_many(tracker: Tracker, project: Project, run: Iteration) -> None:
    tracker.add_tag(project, "good")
    tracker.add_tag(run, "good")

    assert words(tracker.get_tags()) == ["good"]


def test_a_tag_is_carried_once(tracker: Tracker, run: Iteration) -> None:
    tracker.add_tag(run, "good")

    with pytest.raises(Duplicate):
        tracker.add_tag(run, "good")

    assert words(tracker.get_tags(run)) == ["good"]


def test_what_carries_a_tag_is_there(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 7 is not there"):
        tracker.add_tag(Iteration, 7, "good")

    assert tracker.get_tags() == []


def test_a_tag_that_something_does_not_carry_cannot_be_taken_from_it(
    tracker: Tracker, project: Project, run: Iteration
) -> None:
    tracker.add_tag(project, "good")

    for tag in ("good", "bad"):
        with pytest.raises(NotFound, match=f"run {run.id} does not carry the tag '{tag}'"):
            tracker.remove_tag(run, tag)

    assert words(tracker.get_tags(project)) == ["good"]


def test_a_tag_stays_when_nothing_carries_it(tracker: Tracker, run: Iteration) -> None:
    tracker.add_tag(run, "good")

    tracker.remove_tag(run, "good")

    assert tracker.get_tag("good") is not None


@pytest.mark.parametrize("by", ["row", "id", "word"])
def test_a_tag_goes_from_everything_that_carries_it(
    tracker: Tracker, project: Project, run: Iteration, by: str
) -> None:
    tracker.add_tag(project, "good")
    tracker.add_tag(run, "good")
    tracker.add_tag(run, "old")
    row = tracker.get_tag("good")
    assert row is not None

    given: Any = {"row": row, "id": row.id, "word": "good"}[by]

    assert tracker.delete_tag(given) is True

    assert (words(tracker.get_tags()), words(tracker.get_tags(run)), tracker.get_tags(project)) == (
        ["old"],
        ["old"],
        [],
    )


def test_a_tag_that_is_not_there_cannot_be_deleted(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="there is no tag 'good'"):
        tracker.delete_tag("good")
    with pytest.raises(NotFound, match="tag 7 is not there"):
        tracker.delete_tag(7)


@pytest.mark.parametrize("given", [(), (5,), ("run",), (Tag, 1), (User, 1), (Iteration, 1, 2), (None,)])
def test_what_carries_no_tags_is_refused(tracker: Tracker, given: Any) -> None:
    for verb in (tracker.add_tag, tracker.remove_tag):
        with pytest.raises(Invalid, match="carries no tags; give a project, an experiment or a run, or its kind"):
            verb(*given, "good")
    if given:
        with pytest.raises(Invalid, match="carries no tags"):
            tracker.get_tags(*given)


def test_a_tag_is_added_to_something(tracker: Tracker) -> None:
    with pytest.raises(Invalid, match="carries no tags"):
        tracker.add_tag()  # type: ignore[call-overload]  # that is the test


def test_tags_are_found_however_their_letters_are_written(tracker: Tracker, run: Iteration) -> None:
    tracker.add_tag(run, "e\u0301t\xe9")

    assert tracker.get_tag("\xe9te\u0301") is not None
    assert tracker.remove_tag(run, "e\u0301te\u0301") is True


# As someone else.


def test_tags_of_what_one_may_not_read_are_not_there(
    tracker: Tracker, seen_by: SeenBy, ada: User, run: Iteration
) -> None:
    tracker.add_tag(run, "good")
    hers = seen_by(ada)

    assert (hers.get_tags(), hers.get_tags(run), hers.get_tag("good")) == ([], [], None)
    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        hers.add_tag(run, "hers")
    with pytest.raises(NotFound, match="does not carry"):
        hers.remove_tag(run, "good")


def test_who_may_create_tags_and_who_may_delete_takes_tags_away(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, run: Iteration
) -> None:
    permission = tracker.create_userpermission(ada, project)
    hers = seen_by(ada)

    with pytest.raises(Forbidden, match="the create permission is needed"):
        hers.add_tag(run, "hers")
    tracker.update_userpermission(permission, create_permission=True)
    hers.add_tag(run, "hers")
    with pytest.raises(Forbidden, match="the delete permission is needed"):
        hers.remove_tag(run, "hers")
    tracker.update_userpermission(permission, delete_permission=True)
    assert hers.remove_tag(run, "hers") is True


def test_only_an_administrator_makes_tags_that_nothing_carries(seen_by: SeenBy, ada: User) -> None:
    with pytest.raises(AdminRequired):
        seen_by(ada).create_tag("hers")


def test_a_tagging_is_a_row(tracker: Tracker, run: Iteration) -> None:
    made = tracker.add_tag(run, "good")

    assert tracker.find(Tagging, kind="Iteration") == [made]
