"""Promises of a store: that questions are answered."""

import math
from functools import partial
from typing import Any

from attrs import evolve

from deardiary.core.changes import Append, Drop, Element, Expect, Patch
from deardiary.core.conditions import Condition, asked, metric, param, tagged
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Parameter,
    Project,
    Resource,
    Summary,
    User,
)
from deardiary.core.errors import (
    Invalid,
)
from deardiary.core.points import point_id
from deardiary.core.queries import Query
from deardiary.testing.diary import Diary
from deardiary.testing.telling import (
    STORY,
    a_parameter,
    a_project,
    a_resource,
    a_run,
    a_tag,
    an_experiment,
    at,
    level,
    met,
    points,
    raised,
    refused,
)


class QuestionPromises:
    """That questions are answered."""

    @level(4)
    def test_conditions_have_two_truth_values(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1, name="a", end_date=None), a_run(-2, name="b"))
        diary.apply(Patch(Iteration, 2, {"end_date": at(5)}))

        assert met(diary, Iteration, asked("end_date") > at(0)) == [2]
        assert met(diary, Iteration, asked("end_date") <= at(0)) == []
        assert met(diary, Iteration, asked("end_date") != at(5)) == []
        assert met(diary, Iteration, ~(asked("end_date") > at(0))) == [1]
        assert met(diary, Iteration, ~(asked("end_date") != at(5))) == [1, 2]
        assert met(diary, Iteration, ~~(asked("end_date") != at(5))) == []
        assert met(diary, Iteration, asked("end_date").is_none()) == [1]
        assert met(diary, Iteration, ~(asked("end_date").is_none() | (asked("end_date") > at(9)))) == [2]

    @level(4)
    def test_values_of_two_sorts_never_compare(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1, name="1", git_dirty=True), a_run(-2, name="true"))

        numbers: list[Any] = [1, 1.0, True, at(0)]
        for value in numbers:
            assert met(diary, Iteration, asked("name") == value) == []
            assert met(diary, Iteration, asked("name") != value) == []
        for value in (1, 1.0, "true", "1"):
            assert met(diary, Iteration, asked("git_dirty") == value) == []
        assert met(diary, Iteration, asked("git_dirty") == True) == [1]  # noqa: E712  # a condition
        assert met(diary, Iteration, asked("status_id") == 1.0) == [1, 2]
        assert met(diary, Iteration, asked("status_id") == True) == []  # noqa: E712  # a condition
        assert met(diary, Iteration, asked("created_date") == "2026-03-01") == []
        assert met(diary, Iteration, asked("id") == True) == []  # noqa: E712  # a condition
        assert met(diary, Iteration, asked("experiment_id") == True) == []  # noqa: E712  # a condition

    @level(4)
    def test_nan_never_compares(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2))
        diary.apply(Append(1, points(loss=[math.nan])), Append(2, points(loss=[0.5])))

        for condition in (metric("loss") > 0, metric("loss") < 0, metric("loss") != 0.5, metric("loss") == math.nan):
            assert 1 not in met(diary, Iteration, condition)
        assert met(diary, Iteration, metric("loss").is_nan()) == [1]
        assert met(diary, Iteration, ~metric("loss").is_nan()) == [2]
        assert met(diary, Iteration, metric("loss").is_none()) == []
        assert met(diary, Iteration, metric("loss", "min").is_none()) == [1]
        assert met(diary, Iteration, asked("status_id") != math.nan) == []
        assert met(diary, Iteration, ~(asked("status_id") != math.nan)) == [1, 2]
        assert met(diary, Iteration, asked("name").is_nan()) == []

    @level(4)
    def test_texts_compare_by_code_point(self, diary: Diary) -> None:
        words = ["Zebra", "apple", "Äpfel", "zebra", "\uff5e", "🌱", "", "10", "9"]
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=word) for n, word in enumerate(words)))

        sorted_names = [row.name for row in diary.rows(Iteration, order="name")]

        assert sorted_names == sorted(words)
        assert met(diary, Iteration, asked("name") > "zebra") == [3, 5, 6]
        assert met(diary, Iteration, asked("name") == "ZEBRA") == []

    @level(4)
    def test_globs_know_star_and_question_mark_only(self, diary: Diary) -> None:
        words = ["abc", "ABC", "a[b]c", "a*c", "a\\c", "a\nc", "ac", "a🌱c", "%", "a_c"]
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=word) for n, word in enumerate(words)))

        def like(pattern: str) -> list[str]:
            return [row.name for row in diary.rows(Iteration, asked("name").like(pattern))]

        assert like("a*c") == ["abc", "a[b]c", "a*c", "a\\c", "a\nc", "ac", "a🌱c", "a_c"]
        assert like("a?c") == ["abc", "a*c", "a\\c", "a\nc", "a🌱c", "a_c"]
        assert like("a[b]c") == ["a[b]c"]
        assert like("a\\c") == ["a\\c"]
        assert like("%") == ["%"]
        assert like("b") == []
        assert like("**b**") == ["abc", "a[b]c"]
        assert like("") == []

    @level(4)
    def test_lists_are_asked_as_a_whole(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=str(n)) for n in range(5)))

        assert met(diary, Iteration, asked("name").among(["1", "3", "x"])) == [2, 4]
        assert met(diary, Iteration, asked("id").among([1, 5, 99, 2**61])) == [1, 5]
        assert met(diary, Iteration, asked("id").among([])) == []
        assert met(diary, Iteration, asked("name").among(["1", 2, at(0), True, 0.5])) == [2]
        assert met(diary, Iteration, ~asked("id").among(range(1, 5))) == [5]
        assert met(diary, Iteration, asked("created_date").among([at(0), at(1)])) == [1, 2, 3, 4, 5]

    @level(4)
    def test_parameters_compare_as_numbers_and_as_texts(self, diary: Diary) -> None:
        values = [("10", "int"), ("9", "int"), ("abc", "str"), ("true", "bool"), ("1e1", "float"), ("true", "str")]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(7)))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1, type=t) for n, (v, t) in enumerate(values)))

        assert met(diary, Iteration, param("k") == 10) == [1, 5]
        assert met(diary, Iteration, param("k") > 9) == [1, 5]
        assert met(diary, Iteration, param("k") == "10") == [1]
        assert met(diary, Iteration, param("k") < "9") == [1, 5]
        assert met(diary, Iteration, param("k") == True) == [4]  # noqa: E712  # a condition
        assert met(diary, Iteration, param("k") == "true") == [4, 6]
        assert met(diary, Iteration, param("k") == 1) == []
        assert met(diary, Iteration, param("k").is_none()) == [7]
        assert met(diary, Iteration, param("k").like("?")) == [2]
        assert met(diary, Iteration, param("k").among([9, "abc"])) == [2, 3]
        assert met(diary, Iteration, param("k") != 10) == [2]
        assert met(diary, Iteration, param("k") == at(0)) == []

    @level(4)
    def test_metrics_are_asked_without_their_points(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2), a_run(-3))
        diary.apply(Append(1, points(loss=[0.9, 0.1, 0.5])), Append(2, points(loss=[0.3])))

        assert met(diary, Iteration, metric("loss") == 0.5) == [1]
        assert met(diary, Iteration, metric("loss", "first") == 0.9) == [1]
        assert met(diary, Iteration, metric("loss", "min") < 0.2) == [1]
        assert met(diary, Iteration, metric("loss", "max") >= 0.3) == [1, 2]
        assert met(diary, Iteration, metric("loss", "count") == 3) == [1]
        assert met(diary, Iteration, metric("loss", "count").is_none()) == [3]
        assert met(diary, Iteration, metric("acc").is_none()) == [1, 2, 3]
        assert [row.id for row in diary.rows(Summary, asked("min") < 0.2)] == [1]

    @level(4)
    def test_a_metric_that_was_dropped_is_absent(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[1.0])))

        diary.apply(Drop(Metric, point_id(1, 0)))

        assert met(diary, Iteration, metric("loss").is_none()) == [1]
        assert diary.rows(Summary) == []

    @level(4)
    def test_tags_are_asked(self, diary: Diary) -> None:
        diary.apply(a_project(-1), a_project(-2), an_experiment(), a_run())
        diary.apply(
            *a_tag(-1, "good", "Project", 2), *a_tag(-2, "bad", "Project", 2), *a_tag(-3, "good", "Iteration", 1)
        )

        assert met(diary, Project, tagged("good")) == [2]
        assert met(diary, Project, ~tagged("good")) == [1]
        assert met(diary, Experiment, tagged("good")) == []
        assert met(diary, Iteration, tagged("good")) == [1]
        assert met(diary, Iteration, tagged("Good")) == []
        assert met(diary, Project, tagged("good") & tagged("bad")) == [2]

    @level(4)
    def test_fields_of_the_rows_above_are_asked(self, diary: Diary) -> None:
        diary.apply(a_project(-1, name="A"), a_project(-2, name="B"))
        diary.apply(an_experiment(-1, 1, name="x"), an_experiment(-2, 2, name="y"), a_run(-1, -1), a_run(-2, -2))
        diary.apply(
            a_parameter("k", "1", run=1), a_parameter("k", "2", number=-2, run=2), Append(2, points(loss=[1.0]))
        )
        diary.apply(a_resource(-1, 1), a_resource(-2, 2, iteration_id=2))

        assert met(diary, Iteration, asked("experiment.name") == "y") == [2]
        assert met(diary, Iteration, asked("project.name") == "A") == [1]
        assert met(diary, Parameter, asked("project.name").like("B*")) == [2]
        assert met(diary, Parameter, asked("iteration.end_date").is_none()) == [1, 2]
        assert met(diary, Parameter, ~(asked("experiment.name") == "x")) == [2]
        assert met(diary, Summary, asked("experiment.id") == 2) == [1]
        assert met(diary, Resource, asked("iteration.name").is_none()) == [1]
        assert met(diary, Resource, asked("iteration.experiment_id") != 1) == [2]
        assert [row.id for row in diary.rows(Parameter, order="-project.name")] == [2, 1]
        assert [row.id for row in diary.rows(Resource, order="iteration.id")] == [2, 1]

    @level(4)
    def test_what_cannot_be_asked_is_refused(self, diary: Diary) -> None:
        wrong: list[tuple[Any, Condition]] = [
            (Project, asked("colour") == "red"),
            (User, asked("password") == "x"),
            (Iteration, asked("project_toml") == "x"),
            (Project, param("lr") == 1),
            (Parameter, tagged("good")),
            (Project, asked("experiment.name") == "x"),
            (Iteration, asked("user.password") == "x"),
            (Iteration, asked("name") == None),  # noqa: E711  # absence, and fine
            (Iteration, asked("name").like("x") & asked("name").among([b"x"])),  # type: ignore[list-item]  # wrong
            (Iteration, asked("id") == 2**63),
            (Iteration, asked("name") == "\0"),
        ]

        for kind, condition in wrong:
            if "IsNone" in repr(condition):
                assert diary.rows(kind, condition) == []
            else:
                raised(Invalid, partial(diary.rows, kind, condition))
                refused(diary, Invalid, Expect(kind, condition, found=False))
        for order in ("password", "-colour"):
            raised(Invalid, partial(diary.rows, User, order=order))
        raised(Invalid, lambda: diary.rows(Metric))

    @level(4)
    def test_orders_put_the_absent_and_then_nan_last(self, diary: Diary) -> None:
        values = [0.5, None, math.nan, -math.inf, math.inf, 0.5, -0.0, 0.0]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(len(values))))
        diary.apply(*(Append(n + 1, points(acc=[v])) for n, v in enumerate(values) if v is not None))

        assert [row.id for row in diary.rows(Iteration, order="metrics.acc")] == [4, 7, 8, 1, 6, 5, 2, 3]
        assert [row.id for row in diary.rows(Iteration, order="-metrics.acc")] == [5, 1, 6, 7, 8, 4, 2, 3]

    @level(4)
    def test_parameters_sort_numbers_before_texts(self, diary: Diary) -> None:
        values = ["10", "9", "b", "a", None, "1e0", "true"]
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(len(values))))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1) for n, v in enumerate(values) if v is not None))

        assert [row.id for row in diary.rows(Iteration, order="params.k")] == [6, 2, 1, 4, 3, 7, 5]
        assert [row.id for row in diary.rows(Iteration, order="-params.k")] == [1, 2, 6, 7, 3, 4, 5]

    @level(4)
    def test_orders_end_with_the_id(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="ab"[n % 2]) for n in range(6)))

        assert [row.id for row in diary.rows(Iteration, order="name")] == [1, 3, 5, 2, 4, 6]
        assert [row.id for row in diary.rows(Iteration, order="-name")] == [2, 4, 6, 1, 3, 5]
        assert [row.id for row in diary.rows(Iteration, order=["-name", "-id"])] == [6, 4, 2, 5, 3, 1]
        assert [row.id for row in diary.rows(Iteration)] == [1, 2, 3, 4, 5, 6]

    @level(4)
    def test_pages_walk_over_every_row_once(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="abc"[n % 3]) for n in range(10)))
        diary.apply(*(Append(n + 1, points(acc=[v])) for n, v in enumerate([0.5, math.nan, 0.1, 0.5])))
        diary.apply(*(a_parameter("k", v, number=-1 - n, run=n + 1) for n, v in enumerate(["2", "x", "10", "y", "2"])))

        for order in (
            [],
            "name",
            "-name",
            "metrics.acc",
            "-metrics.acc",
            "params.k",
            "-params.k",
            ["name", "-id"],
            "-end_date",
        ):
            whole = diary.rows(Iteration, order=order)
            for limit in (1, 2, 3, 10, 11):
                assert diary.walk(Query(Iteration, order=order, limit=limit)) == whole, (order, limit)

    @level(4)
    def test_a_walk_meets_once_what_does_not_change(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name=f"{n:02}") for n in range(9)))
        query = Query(Iteration, order="name", limit=4)

        first = diary.find(query)
        diary.apply(Drop(Iteration, 2), Patch(Iteration, 9, {"name": "000"}), a_run(-1, 1, name="99"))
        store = diary.store.find(diary.renaming.query(query))
        second = diary.model.find(evolve(query, after=first.next))

        assert [row.name for row in second.rows] == ["04", "05", "06", "07"]
        assert [row.name for row in store.rows] == ["00", "000", "02", "03"]
        diary.compare()

    @level(4)
    def test_a_page_says_how_many_there_are(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n, name="ab"[n % 2]) for n in range(7)))

        page = diary.find(Query(Iteration, asked("name") == "a", limit=2, total=True))

        assert (len(page.rows), page.total, page.next is None) == (2, 4, False)
        assert diary.find(Query(Iteration, limit=2)).total is None
        assert diary.find(Query(Iteration, total=True)).total == 7
        empty = diary.find(Query(Iteration, limit=0, total=True))
        assert (empty.rows, empty.total, empty.next) == ([], 7, None)

    @level(4)
    def test_offsets_skip_rows(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(5)))

        assert [row.id for row in diary.rows(Iteration, offset=3)] == [4, 5]
        assert [row.id for row in diary.rows(Iteration, limit=2, offset=1)] == [2, 3]
        assert len(diary.rows(Iteration, limit=2**63 - 1, offset=1)) == 4
        page = diary.find(Query(Iteration, limit=2, offset=9, total=True))
        assert (page.rows, page.total, page.next) == ([], 5, None)

    @level(4)
    def test_impossible_pages_are_refused(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], a_run(-1), a_run(-2))
        next = diary.find(Query(Iteration, limit=1)).next

        wrong: list[Query[Any]] = [
            Query(Iteration, after=next, offset=1),
            Query(Iteration, limit=-1),
            Query(Iteration, offset=-1),
            Query(Iteration, after="nonsense"),
            Query(Iteration, after=""),
            Query(Iteration, order="name", after=next),
            Query(Project, after=next),
            Query(Iteration, changed_after="nonsense"),
            Query(Iteration, changed_after="0", order="name"),
        ]
        for query in wrong:
            raised(Invalid, partial(diary.model.find, query))
            raised(Invalid, partial(diary.store.find, query))
        diary.compare()

    @level(4)
    def test_a_mark_misses_no_change(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(4)))
        mark = diary.store.find(Query(Iteration)).mark

        diary.apply(Patch(Iteration, 2, {"name": "x"}))
        diary.apply(a_run(-1, 1))
        changed = diary.store.find(Query(Iteration, changed_after=mark))

        assert {2, 5} <= {self._model_id(diary, row) for row in changed.rows}
        again = diary.store.find(Query(Iteration, changed_after=changed.mark))
        assert {self._model_id(diary, row) for row in again.rows} <= {2, 5}

    @level(4)
    def test_every_change_moves_the_mark_of_its_rows(self, diary: Diary) -> None:
        diary.apply(
            *STORY, a_run(-2, parent_iteration_id=-1), a_parameter("k", "1"), Append(-2, points(loss=[1.0, 2.0]))
        )

        def changed(kind: Any, *elements: Element) -> set[int]:
            mark = diary.store.find(Query(kind)).mark
            diary.apply(*elements)
            return {self._model_id(diary, row) for row in diary.store.find(Query(kind, changed_after=mark)).rows}

        assert 1 in changed(Parameter, Patch(Parameter, 1, {"value": "2"}))
        assert 1 in changed(Summary, Append(2, points(loss=[3.0])))
        assert 1 in changed(Summary, Patch(Metric, point_id(1, 0), {"value": 9.0}))
        assert 1 in changed(Summary, Drop(Metric, point_id(1, 1)))
        assert 2 in changed(Iteration, Drop(Iteration, 1))

    @level(4)
    def test_a_walk_answers_the_mark_of_its_first_page(self, diary: Diary) -> None:
        diary.apply(*STORY[:2], *(a_run(-1 - n) for n in range(4)))
        query = Query(Iteration, limit=2)

        first = diary.store.find(query)
        diary.apply(Patch(Iteration, 1, {"name": "x"}))
        second = diary.store.find(evolve(query, after=first.next))

        assert second.mark == first.mark
        changed = diary.store.find(Query(Iteration, changed_after=second.mark)).rows
        assert 1 in {self._model_id(diary, row) for row in changed}

    @level(4)
    def test_many_rows_come_in_one_answer(self, diary: Diary) -> None:
        diary.apply(*STORY[:2])
        for start in range(0, 2400, 600):
            diary.apply(*(a_run(-1 - n, 1, name=str(start + n)) for n in range(600)))

        page = diary.find(Query(Iteration, total=True))

        assert (len(page.rows), page.next, page.total) == (2400, None, 2400)

    def _model_id(self, diary: Diary, row: Any) -> int:
        return diary.renaming.back(row).id
