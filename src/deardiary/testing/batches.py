"""Promises of a store: that a batch is applied whole and once."""

from attrs import evolve

from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch
from deardiary.core.conditions import all_of, asked, metric, param
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Tag,
    Writer,
)
from deardiary.core.errors import (
    AdminRequired,
    Duplicate,
    Forbidden,
    Invalid,
    NotFound,
    Unprocessable,
)
from deardiary.core.queries import Query
from deardiary.testing.diary import Diary
from deardiary.testing.telling import (
    DIGEST,
    NOON,
    STORY,
    WRITER,
    a_parameter,
    a_project,
    a_run,
    a_tag,
    an_experiment,
    level,
    one_of_each,
    points,
    raised,
    refused,
)


class BatchPromises:
    """That a batch is applied whole and once."""

    @level(2)
    def test_a_batch_is_applied_whole_or_not_at_all(self, diary: Diary) -> None:
        diary.apply(a_project())

        refused(diary, NotFound, a_project(-1), an_experiment(-1, 1), Patch(Project, 1, {"name": "x"}), Drop(Model, 9))

        assert [row.name for row in diary.rows(Project)] == ["Iris"]
        assert diary.rows(Experiment) == []
        diary.compare()

    @level(2)
    def test_a_refused_batch_leaves_no_points(self, diary: Diary) -> None:
        diary.apply(*STORY)

        refused(diary, NotFound, Append(1, points(loss=[0.5])), Drop(Model, 9))
        refused(diary, NotFound, Drop(Iteration, 1), Drop(Model, 9))

        assert diary.series() == []
        assert len(diary.rows(Iteration)) == 1

    @level(2)
    def test_each_element_stands_on_those_before_it(self, diary: Diary) -> None:
        diary.apply(
            *STORY,
            a_parameter("lr", "0.1"),
            Patch(Iteration, -1, {"name": "first"}),
            Expect(Iteration, (asked("name") == "first") & (param("lr") == "0.1")),
            Append(-1, points(loss=[0.5, 0.25])),
            Expect(Iteration, metric("loss") == 0.25),
            Patch(Parameter, -1, {"value": "0.2"}),
            Expect(Iteration, param("lr") == 0.2),
            Drop(Parameter, -1),
            Expect(Iteration, param("lr").is_none()),
        )

        assert diary.rows(Parameter) == []

    @level(2)
    def test_the_first_element_that_fails_names_the_error(self, diary: Diary) -> None:
        diary.apply(*STORY, Insert(Tag(id=-1, value="good")))

        refused(diary, Duplicate, Insert(Tag(id=-1, value="good")), Drop(Model, 9))
        refused(diary, NotFound, Drop(Model, 9), Insert(Tag(id=-1, value="good")))
        refused(diary, Duplicate, Insert(Tag(id=-1, value="good")), a_parameter("k", "v", run=-7))
        refused(diary, Invalid, a_parameter("k", "v", run=-7), Insert(Tag(id=-1, value="good")))
        refused(
            diary,
            Duplicate,
            a_parameter("k", "v", run=1),
            a_parameter("k", "v", number=-2, run=1),
            a_parameter("k", "v", number=-2, run=-9),
        )

    @level(2)
    def test_an_expectation_is_judged_in_its_place(self, diary: Diary) -> None:
        none_yet = Expect(Project, asked("name") == "Iris", found=False, because="there is one")

        diary.apply(none_yet, a_project(), Expect(Project, asked("name") == "Iris"))

        error = refused(diary, Unprocessable, a_project(-1, name="Other"), none_yet)
        assert (str(error), error.kind, error.id) == ("there is one", "Project", 1)

    @level(2)
    def test_an_expectation_refuses_with_its_error_and_sentence(self, diary: Diary) -> None:
        diary.apply(a_project(), a_project(-2))

        for error in (Forbidden, NotFound, Duplicate, AdminRequired, Unprocessable):
            unmet = Expect(Project, all_of(id=7, name="x"), otherwise=error, because=f"no {error.__name__}")
            said = refused(diary, error, unmet)
            assert (str(said), said.id) == (f"no {error.__name__}", 7)
        found = refused(diary, Unprocessable, Expect(Project, asked("name") == "Iris", found=False))
        assert found.id == 1

    @level(2)
    def test_a_batch_is_applied_once(self, diary: Diary) -> None:
        batch = Batch([a_project(uid="a" * 32), an_experiment(uid="b" * 32)])

        first = diary.apply(batch=batch)
        diary.apply(Drop(Project, 1))
        second = diary.apply(batch=batch)

        assert evolve(first, sequence=None) == evolve(second, sequence=None)
        assert diary.rows(Project) == []

    @level(2)
    def test_a_batch_with_points_answers_the_same_again(self, diary: Diary) -> None:
        diary.apply(*STORY)
        batch = Batch([Append(1, points(loss=[0.5, (7, 0.25), 0.1]))])

        first = diary.apply(batch=batch)
        second = diary.apply(batch=batch)

        assert first.placed[0][0].steps == (0, 8)
        assert second.placed == first.placed
        assert len(diary.series(1)[0]) == 3

    @level(2)
    def test_a_batch_survives_reopening_as_applied(self, diary: Diary) -> None:
        batch = Batch([a_project()])
        diary.apply(batch=batch)

        if diary.traits.durable == "none":
            diary.reopen()
            assert diary.store.find(Query(Project)).rows == []
        else:
            diary.reopen()
            diary.apply(batch=batch)
            assert len(diary.rows(Project)) == 1

    @level(2)
    def test_another_batch_under_the_same_id_is_invalid(self, diary: Diary) -> None:
        first = Batch([a_project()])
        diary.apply(batch=first)

        other = Batch([a_project(name="Other")], id=first.id)

        assert "another batch" in str(raised(Invalid, lambda: diary.apply(batch=other)))
        assert len(diary.rows(Project)) == 1

    @level(2)
    def test_another_principal_under_the_same_id_is_invalid(self, diary: Diary) -> None:
        batch = Batch([a_project()])
        diary.apply(batch=batch)

        other = evolve(batch, principal=7)

        raised(Invalid, lambda: diary.apply(batch=other))
        diary.compare()

    @level(2)
    def test_a_refused_batch_is_judged_anew(self, diary: Diary) -> None:
        batch = Batch([Expect(Project, asked("name") == "Iris"), Insert(Tag(id=-1, value="good"))])
        raised(Unprocessable, lambda: diary.apply(batch=batch))

        diary.apply(a_project())
        diary.apply(batch=batch)

        assert [row.value for row in diary.rows(Tag)] == ["good"]

    @level(2)
    def test_a_promise_is_made_before_it_is_used(self, diary: Diary) -> None:
        refused(diary, Invalid, an_experiment(-1, -1), a_project())
        refused(diary, Invalid, Patch(Project, -1, {"name": "x"}))
        refused(diary, Invalid, Drop(Project, -1))
        refused(diary, Invalid, Append(-1, points(loss=[1.0])))
        refused(diary, Invalid, Expect(Project, all_of(id=-1)))
        refused(diary, Invalid, Expect(Project, asked("id").among([-1])))
        refused(diary, Invalid, *STORY, a_run(-2, parent_iteration_id=-3))
        refused(diary, Invalid, *STORY, Patch(Iteration, -1, {"writer_id": -1}))
        refused(diary, Invalid, *STORY, a_run(-2, parent_iteration_id=-2))

    @level(2)
    def test_a_promise_is_made_once_and_is_not_zero(self, diary: Diary) -> None:
        refused(diary, Invalid, a_project(-1), a_project(-1))
        refused(diary, Invalid, a_project(0))
        refused(diary, Invalid, a_project(-1), an_experiment(-1, 0))
        refused(diary, Invalid, Drop(Project, 0))
        refused(diary, Invalid, Append(0, points(loss=[1.0])))

    @level(2)
    def test_a_promise_is_replaced_wherever_it_stands(self, diary: Diary) -> None:
        receipt = diary.apply(
            a_project(-5),
            an_experiment(-5, -5),
            a_run(-5, -5),
            a_run(-6, -5, parent_iteration_id=-5),
            Insert(Writer(id=-9, uid=WRITER)),
            Patch(Iteration, -6, {"writer_id": -9}),
            Insert(Resource(id=-1, experiment_id=-5, iteration_id=-6, name="model", content_hash=DIGEST)),
            Expect(Iteration, asked("parent_iteration_id") == -5),
            Expect(Iteration, asked("parent_iteration_id").among([-5])),
            Expect(Iteration, asked("project.id") == -5),
            Append(-6, points(loss=[1.0])),
            *a_tag(-1, "good", "Iteration", -6),
            Insert(Model(id=-1, project_id=-5, name="m", created_date=NOON)),
            Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-6, resource_id=-1, created_date=NOON)),
            Patch(Project, asked("id") == -5, {"name": "Named"}),
        )

        assert receipt.ids[Iteration, -6] == 2
        assert diary.rows(Iteration, 2)[0].parent_iteration_id == 1
        diary.compare()

    @level(2)
    def test_a_positive_id_is_kept_if_it_is_free(self, diary: Diary) -> None:
        if diary.traits.guarded:
            refused(diary, Invalid, a_project(7))
            return
        diary.apply(a_project(7), an_experiment(3, 7))

        assert diary.apply(a_project(-1), an_experiment(-1, 7)).ids == {(Project, -1): 8, (Experiment, -1): 4}
        assert refused(diary, Duplicate, a_project(7)).id == 7
        diary.apply(a_project(2))
        assert diary.apply(a_project(-1)).ids == {(Project, -1): 9}

    @level(2)
    def test_a_log_of_batches_makes_the_same_diary_again(self, diary: Diary) -> None:
        batches = [Batch(one_of_each(diary)), Batch([Append(1, points(loss=[0.5]))]), Batch([Drop(Parameter, 1)])]
        receipts = [diary.apply(batch=batch) for batch in batches]

        again = Diary(diary.opener, diary.traits) if diary.traits.durable == "none" else None

        if again is not None:
            assert [again.apply(batch=batch) for batch in batches] == receipts
            again.close()
        assert [diary.apply(batch=batch) for batch in batches] == receipts

    @level(2)
    def test_sequences_number_the_commits(self, diary: Diary) -> None:
        numbers = [diary.store.apply(Batch([a_project()])).sequence for _ in range(3)]

        known = [number for number in numbers if number is not None]
        assert known == sorted(set(known))
        assert len(known) in (0, 3)

    @level(2)
    def test_many_elements_fit_in_a_batch(self, diary: Diary) -> None:
        runs = [a_run(-1 - n) for n in range(300)]
        parameters = [a_parameter(f"k{n}", str(n), number=-1 - n) for n in range(300)]

        diary.apply(*STORY[:2], *runs, *parameters)

        assert len(diary.rows(Iteration)) == len(diary.rows(Parameter)) == 300
