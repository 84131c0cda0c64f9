"""A batch becomes a receipt, what to put and what to delete, and nothing else happens."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from core.samples import DIGEST, NOON, TEXT, UID, rows, tell, told
from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Placed, Receipt, Stream
from deardiary.core.conditions import EVERY, Compare, Field, Of, all_of, asked, metric, param, tagged
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Experiment,
    Iteration,
    IterationStatus,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import (
    DearDiaryError,
    Duplicate,
    Forbidden,
    Invalid,
    Misplaced,
    NotFound,
    Unprocessable,
)
from deardiary.core.ledger import Drawers
from deardiary.core.points import Points, point_id
from deardiary.core.queries import SeriesQuery
from deardiary.core.settle import settle

STORY: list[Element] = [
    Insert(Project(id=-1, name="Iris", created_date=NOON)),
    Insert(Experiment(id=-1, project_id=-1, name="Depth", created_date=NOON)),
    Insert(Iteration(id=-1, experiment_id=-1, name="first", created_date=NOON)),
]


def points(*values: float, key: str = "loss") -> Points:
    """Return points whose steps are missing."""
    return Points.of([(key, value, None, 0) for value in values])


def refused(error: type[DearDiaryError], *elements: Element, into: Drawers) -> DearDiaryError:
    """Return the error with which a batch is refused, of exactly this class."""
    with pytest.raises(error) as raised:
        told(*elements, into=into)
    assert type(raised.value) is error
    return raised.value


# Purity.


def test_a_view_is_not_touched_by_what_is_settled() -> None:
    view = told(*STORY)
    before = copy.deepcopy(view)

    settle(Batch([Drop(Project, 1), Insert(Tag(id=-1, value="x"))]), view)

    assert view == before


def test_a_refused_batch_leaves_nothing() -> None:
    view = told(*STORY)
    before = copy.deepcopy(view)

    refused(NotFound, Drop(Project, 1), Append(1, points(0.5)), Drop(Tag, 9), into=view)

    assert view == before


def test_the_same_batch_on_the_same_view_answers_the_same() -> None:
    batch = Batch([*STORY, Append(-1, points(0.5)), Insert(Tag(id=-1, value="x"))])

    one, other = settle(batch, Drawers()), settle(batch, Drawers())

    assert one == other


def test_a_log_of_batches_makes_the_same_diary_again() -> None:
    batches = [
        Batch([*STORY, Append(-1, points(0.5, 0.25)), Insert(Text(id=-1, digest=digest_of_text(TEXT), text=TEXT))]),
        Batch([Append(1, points(0.125))], stream=Stream(writer=UID, start=0, stop=9, at=NOON)),
        Batch([Drop(Metric, point_id(1, 0)), Patch(Iteration, 1, {"project_toml": "[a]"})]),
    ]
    one, other = Drawers(), Drawers()

    receipts = [tell(one, batch) for batch in batches]

    assert [tell(other, batch) for batch in batches] == receipts
    assert other == one


def test_what_is_no_change_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        told(Field("name"))  # type: ignore[arg-type]  # wrong


# Once.


def test_a_batch_told_again_answers_its_receipt_and_changes_nothing() -> None:
    batch = Batch([*STORY, Append(-1, points(0.5))])
    view = Drawers()
    first = tell(view, batch)
    told(Drop(Project, 1), into=view)

    again = settle(batch, view)

    assert again == (first, {}, set())


@pytest.mark.parametrize("more", [{"principal": 7}, {"digest": "0" * 64}, {"elements": (Drop(Tag, 1),), "digest": ""}])
def test_another_batch_under_the_same_id_is_refused(more: dict[str, Any]) -> None:
    batch = Batch([Insert(Tag(id=-1, value="x"))])
    view = Drawers()
    tell(view, batch)

    with pytest.raises(Invalid, match=r"^another batch has this id; make a new id for each batch$"):
        settle(evolve(batch, **more), view)


def test_a_batch_that_was_stamped_on_its_way_is_the_same_batch() -> None:
    batch = Batch([Insert(Tag(id=-1, value="x"))])
    view = Drawers()
    first = tell(view, batch.of([Expect(Tag, EVERY, found=False), *batch.elements]))

    assert settle(batch, view)[0] == first


def test_a_batch_of_nothing_is_a_commit() -> None:
    view = Drawers()

    receipts = [tell(view, Batch([])) for _ in range(3)]

    assert receipts == [Receipt(sequence=1), Receipt(sequence=2), Receipt(sequence=3)]


def test_a_receipt_says_what_became_of_everything() -> None:
    view = told(Insert(Tag(id=-1, value="good")))

    receipt = tell(
        view,
        Batch(
            [
                *STORY,
                Insert(Tag(id=-7, value="good"), or_existing=True),
                Insert(Tag(id=-8, value="bad"), or_existing=True),
                Append(-1, Points.of([("loss", 0.5, None, 0), ("acc", 1.0, 3, 0), ("loss", 0.25, None, 0)])),
                Append(1, points()),
                Patch(Metric, point_id(1, 0), {"key": "acc"}),
            ]
        ),
    )

    assert receipt == Receipt(
        ids={(Project, -1): 1, (Experiment, -1): 1, (Iteration, -1): 1, (Tag, -7): 1, (Tag, -8): 2},
        found=frozenset({(Tag, -7)}),
        placed=(
            (Placed(key="loss", series=1, first=0, steps=(0, 1)), Placed(key="acc", series=2, first=0, steps=())),
            (),
        ),
        moved={point_id(1, 0): point_id(2, 1)},
        sequence=2,
    )


# Inserts.


def test_ids_are_given_in_order_whatever_the_promises() -> None:
    receipt = tell(Drawers(), Batch([Insert(Tag(id=id, value=str(id))) for id in (-9, -1, -(2**63))]))

    assert receipt.ids == {(Tag, -9): 1, (Tag, -1): 2, (Tag, -(2**63)): 3}


@pytest.mark.parametrize(
    ("element", "error", "said"),
    [
        (Insert(Tag(id=0, value="x")), Invalid, "0 is no id of a tag, and no promise of one; promises are negative"),
        (Insert(Tag(id=-1, value="good")), Duplicate, "tag 1 already has value 'good'"),
        (Insert(Tag(id=1, value="x")), Duplicate, "tag 1 is already there"),
        (Insert(Tag(id=1, value="good")), Duplicate, "tag 1 already has value 'good'"),
        (
            Insert(Tagging(id=-1, kind="Project", subject_id=-1, tag_id=1)),
            Invalid,
            "the promise -1 of a project is used before it is made",
        ),
        (Append(-1, points(0.5)), Invalid, "the promise -1 of a run is used before it is made"),
        (Append(0, points(0.5)), Invalid, "0 is no id of a run, and no promise of one; promises are negative"),
        (Patch(Tag, -1, {"value": "x"}), Invalid, "the promise -1 of a tag is used before it is made"),
        (Patch(Tag, 9, {"value": "x"}), NotFound, "tag 9 is not there"),
        (Patch(Tag, 9, {}), NotFound, "tag 9 is not there"),
        (Patch(Iteration, 1, {"writer_id": -3}), Invalid, "the promise -3 of a writer is used before it is made"),
        (Drop(Tag, 9), NotFound, "tag 9 is not there"),
        (Drop(Tag, -1), Invalid, "the promise -1 of a tag is used before it is made"),
        (Drop(Metric, -1), Invalid, "the promise -1 of a metric is used before it is made"),
        (Drop(Metric, 9), NotFound, "metric 9 is not there"),
        (Patch(Metric, 9, {"value": 0.5}), NotFound, "metric 9 is not there"),
        (Expect(Tag, 9), Unprocessable, "an expectation is not met"),
        (Expect(Tag, 1, found=False, otherwise=Forbidden, because="no"), Forbidden, "no"),
        (Expect(Tag, param("x") == 1), Invalid, "a tag has no `params.x`"),
        (Patch(Tag, asked("colour") == 1, {}), Invalid, "a tag cannot be asked for `colour`; it can be for id, value"),
        (Drop(Tag, asked("colour") == 1), Invalid, "a tag cannot be asked for `colour`; it can be for id, value"),
        (Drop(Tag, tagged("x")), Invalid, "a tag carries no tags"),
        (Expect(User, asked("password") == ""), Invalid, "a user cannot be asked for `password`"),
    ],
)
def test_an_element_that_fails_refuses_the_batch(element: Element, error: type[DearDiaryError], said: str) -> None:
    view = told(Insert(Tag(id=-1, value="good")))
    before = copy.deepcopy(view)

    raised = refused(error, Insert(Tag(id=-5, value="other")), element, into=view)

    assert raised.message.startswith(said)
    assert view == before


def test_the_first_element_that_fails_names_the_error() -> None:
    view = told(Insert(Tag(id=-1, value="good")))

    assert refused(NotFound, Drop(Tag, 9), Insert(Tag(id=-1, value="good")), into=view).id == 9
    assert refused(Duplicate, Insert(Tag(id=-1, value="good")), Drop(Tag, 9), into=view).id == 1


def test_a_free_id_is_kept_and_the_next_ones_follow_it() -> None:
    view = told(Insert(Tag(id=7, value="a")), Insert(Tag(id=3, value="b")))

    receipt = tell(view, Batch([Insert(Tag(id=-1, value="c"))]))

    assert receipt.ids == {(Tag, -1): 8}
    assert [tag.id for tag in rows(view, Tag)] == [3, 7, 8]


def test_a_row_that_is_found_is_left_as_it_is() -> None:
    view = told(Insert(Project(id=-1, uid=UID, name="Iris")))

    receipt = tell(view, Batch([Insert(Project(id=9, uid=UID, name="Other"), or_existing=True)]))

    assert (receipt.ids, receipt.found) == ({}, {(Project, 9)})
    assert [(one.id, one.name) for one in rows(view, Project)] == [(1, "Iris")]


def test_two_forms_of_a_text_are_one_tag() -> None:
    view = told(Insert(Tag(id=-1, value="é")))

    assert refused(Duplicate, Insert(Tag(id=-1, value="e\u0301")), into=view).id == 1


def test_what_stores_do_not_keep_is_left_out() -> None:
    resource = Resource(id=-1, experiment_id=5, name="r", content_hash=DIGEST, uri="s3://x", data=b"x")

    (kept,) = rows(told(Insert(resource)), Resource)

    assert (kept.uri, kept.data, kept.content_hash) == ("", None, DIGEST)


def test_a_run_lies_in_the_project_of_its_experiment() -> None:
    view = told(*STORY, Insert(Iteration(id=-2, experiment_id=-1, project_id=99)))

    assert [run.project_id for run in rows(view, Iteration)] == [1, 1]


def test_a_run_without_an_experiment_keeps_the_project_it_says() -> None:
    view = told(Insert(Iteration(id=-1, experiment_id=99, project_id=98)))

    assert rows(view, Iteration)[0].project_id == 98


@pytest.mark.parametrize("kind", ["Project", "Experiment", "Iteration"])
def test_a_tagging_lies_in_the_project_of_its_subject(kind: str) -> None:
    view = told(
        Insert(Project(id=-2, name="Other")),
        *STORY,
        Insert(Tag(id=-1, value="x")),
        Insert(Tagging(id=-1, kind=kind, subject_id=-1, tag_id=-1)),
    )

    assert rows(view, Tagging)[0].project_id == 2


def test_versions_are_numbered_within_their_model() -> None:
    view = told(*STORY, *(Insert(Model(id=-n, project_id=-1, name=str(n))) for n in (1, 2)))

    for model, version in ((1, None), (2, None), (1, 7), (1, 3), (1, None), (2, None)):
        told(Insert(ModelVersion(id=-1, model_id=model, iteration_id=1, version=version)), into=view)

    assert [(one.model_id, one.version) for one in rows(view, ModelVersion)] == [
        (1, 1),
        (2, 1),
        (1, 7),
        (1, 3),
        (1, 8),
        (2, 2),
    ]


def test_the_number_of_a_version_is_never_given_twice() -> None:
    view = told(*STORY, Insert(Model(id=-1, project_id=-1, name="m")))
    told(Insert(ModelVersion(id=-1, model_id=1, iteration_id=1)), into=view)

    told(Drop(ModelVersion, 1), Insert(ModelVersion(id=-1, model_id=1, iteration_id=1)), into=view)

    assert [one.version for one in rows(view, ModelVersion)] == [2]


def test_a_version_number_that_is_taken_is_refused() -> None:
    view = told(*STORY, Insert(Model(id=-1, project_id=-1, name="m")))
    told(Insert(ModelVersion(id=-1, model_id=1, iteration_id=1)), into=view)

    error = refused(Duplicate, Insert(ModelVersion(id=-1, model_id=1, iteration_id=1, version=1)), into=view)

    assert error.message == "model version 1 already has model_id 1 and version 1"


def test_the_number_of_a_parameter_is_worked_out() -> None:
    view = told(*STORY, Insert(Parameter(id=-1, iteration_id=-1, key="k", value="10", type="int", number=99.0)))
    first = rows(view, Parameter)[0].number

    told(Patch(Parameter, 1, {"value": "abc"}), into=view)
    second = rows(view, Parameter)[0].number
    told(Patch(Parameter, EVERY, {"value": "-0.5"}), into=view)

    assert (first, second, rows(view, Parameter)[0].number) == (10.0, None, -0.5)


def test_equal_texts_are_kept_once() -> None:
    snapshot = Iteration(id=-2, experiment_id=-1, created_date=NOON, project_toml=TEXT, manifest_toml=TEXT)
    other = Insert(Iteration(id=-3, experiment_id=-1, created_date=NOON + timedelta(days=1), project_toml=TEXT))

    view = told(*STORY, Insert(snapshot), other)

    assert [(text.text, text.digest, text.created_date) for text in rows(view, Text)] == [
        (TEXT, digest_of_text(TEXT), NOON)
    ]
    assert [run.project_toml for run in rows(view, Iteration)] == ["", digest_of_text(TEXT), digest_of_text(TEXT)]


def test_a_patched_text_is_kept_at_the_time_of_its_batch() -> None:
    view = told(*STORY)

    tell(view, Batch([Patch(Iteration, EVERY, {"manifest_toml": "[a]", "project_toml": ""})], at=NOON))

    assert [(text.text, text.created_date) for text in rows(view, Text)] == [("[a]", NOON)]
    assert rows(view, Iteration)[0].manifest_toml == digest_of_text("[a]")


def test_a_piece_is_a_row_like_any_other() -> None:
    piece = Piece(id=-1, digest=DIGEST, n=0, data=bytes(range(256)), created_date=NOON)

    assert rows(told(Insert(piece)), Piece) == [evolve(piece, id=1)]


# Patches.


def test_a_patch_changes_every_row_that_meets_its_condition() -> None:
    view = told(*(Insert(Project(id=-n, name=name)) for n, name in enumerate("aab", 1)))

    told(Patch(Project, asked("name") == "a", {"name": "c"}), into=view)

    assert [one.name for one in rows(view, Project)] == ["c", "c", "b"]


def test_a_patch_of_a_condition_that_meets_nothing_does_nothing() -> None:
    view = told(Insert(Tag(id=-1, value="x")))

    told(Patch(Tag, asked("value") == "y", {"value": "z"}), Drop(Tag, asked("id") > 5), into=view)

    assert [tag.value for tag in rows(view, Tag)] == ["x"]


def test_uniqueness_is_judged_after_every_change() -> None:
    view = told(Insert(Tag(id=-1, value="x")), Insert(Tag(id=-2, value="y")))

    told(Patch(Tag, 1, {"value": "z"}), Patch(Tag, 2, {"value": "x"}), into=view)
    refused(Duplicate, Patch(Tag, EVERY, {"value": "w"}), into=view)

    assert [tag.value for tag in rows(view, Tag)] == ["z", "x"]


def test_a_patch_may_name_what_its_batch_has_made() -> None:
    view = told(*STORY, Insert(Writer(id=-1, uid=UID)), Patch(Iteration, -1, {"writer_id": -1}))

    assert rows(view, Iteration)[0].writer_id == 1


def test_a_point_that_stays_in_its_series_has_not_moved() -> None:
    view = told(*STORY, Append(-1, points(0.5)))

    receipt = tell(view, Batch([Patch(Metric, point_id(1, 0), {"value": 0.25})]))

    assert receipt.moved == {}
    assert SeriesBook(view).read(SeriesQuery())[0].values[0] == 0.25


# Expectations.


@pytest.mark.parametrize(
    "expect",
    [
        Expect(Iteration, -1),
        Expect(Iteration, asked("experiment.name") == "Depth"),
        Expect(Iteration, metric("loss") == 0.5),
        Expect(Iteration, metric("acc") == 0.5, found=False),
        Expect(Summary, asked("count") == 1),
        Expect(Iteration, Compare(Field("project_id"), "==", Of(Experiment, -1, Field("project_id")))),
        Expect(Experiment, 9, found=False),
    ],
)
def test_an_expectation_sees_what_its_batch_has_done(expect: Expect) -> None:
    view = told(*STORY, Append(-1, points(0.5)), expect, Drop(Project, -1))

    assert rows(view, Iteration) == []


def test_an_unmet_expectation_names_the_row_by_its_id() -> None:
    view = told(*STORY)

    error = refused(
        NotFound,
        Insert(Project(id=-2, name="x")),
        Expect(Project, all_of(id=-2, name="y"), otherwise=NotFound),
        into=view,
    )

    assert (error.kind, error.id) == ("Project", 2)


# Drops.


def test_a_drop_takes_all_that_is_owned() -> None:
    view = told(
        *STORY,
        Insert(Parameter(id=-1, iteration_id=-1, key="k", value="1")),
        Append(-1, points(0.5, key="a")),
        Append(-1, points(0.5, key="b")),
        Insert(Tag(id=-1, value="x")),
        *(
            Insert(Tagging(id=-n, kind=kind, subject_id=-1, tag_id=-1))
            for n, kind in enumerate(("Project", "Experiment", "Iteration"), 1)
        ),
        Insert(Resource(id=-1, experiment_id=-1, iteration_id=-1, name="r", content_hash=DIGEST)),
        Insert(Model(id=-1, project_id=-1, name="m")),
        Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-1, resource_id=-1)),
        Insert(User(id=-1, username="ada")),
        Insert(UserPermission(id=-1, user_id=-1, project_id=-1)),
    )

    told(Drop(Project, 1), into=view)

    owned = (Experiment, Iteration, Parameter, Summary, Tagging, Resource, Model, ModelVersion, UserPermission)
    assert {kind.__name__: rows(view, kind) for kind in owned if rows(view, kind)} == {}
    assert (len(rows(view, Tag)), len(rows(view, User))) == (1, 1)
    assert SeriesBook(view).read(SeriesQuery()) == []


@pytest.mark.parametrize(
    ("drop", "said"),
    [
        (Drop(Iteration, 1), "model version 1 names run 1; drop model version 1 first"),
        (Drop(Resource, 1), "model version 1 names resource 1; drop model version 1 first"),
        (Drop(Experiment, 1), "model version 1 names run 1; drop model version 1 first"),
        (Drop(Iteration, EVERY), "model version 1 names run 1; drop model version 1 first"),
    ],
)
def test_what_a_version_names_may_not_go(drop: Drop, said: str) -> None:
    view = told(
        *STORY,
        Insert(Resource(id=-1, experiment_id=-1, name="r", content_hash=DIGEST)),
        Insert(Model(id=-1, project_id=-1, name="m")),
        Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-1, resource_id=-1)),
        Insert(ModelVersion(id=-2, model_id=-1, iteration_id=-1)),
    )

    error = refused(Unprocessable, drop, into=view)

    assert (error.message, error.kind, error.id) == (said, "ModelVersion", 1)


def test_a_run_that_lost_its_parent_has_none() -> None:
    view = told(*STORY, Insert(Iteration(id=-2, experiment_id=-1, parent_iteration_id=-1)))

    told(Drop(Iteration, 1), into=view)

    assert [(run.id, run.parent_iteration_id) for run in rows(view, Iteration)] == [(2, None)]


def test_a_run_whose_writer_was_dropped_has_none() -> None:
    view = told(Insert(Writer(id=-1, uid=UID)), *STORY, Patch(Iteration, -1, {"writer_id": -1}))

    told(Drop(Writer, 1), into=view)

    assert rows(view, Iteration)[0].writer_id is None


def test_parents_and_children_may_go_together() -> None:
    view = told(*STORY, Insert(Iteration(id=-2, experiment_id=-1, parent_iteration_id=-1)))

    told(Drop(Iteration, EVERY), into=view)

    assert rows(view, Iteration) == []


def test_a_run_and_its_experiment_own_a_resource_that_goes_once() -> None:
    resource = Resource(id=-1, experiment_id=-1, iteration_id=-1, name="r", content_hash=DIGEST)
    view = told(*STORY, Insert(resource))

    told(Drop(Experiment, 1), into=view)

    assert rows(view, Resource) == []


# Streams.


def a_part(start: int, stop: int, *elements: Element, principal: int | None = None, **more: Any) -> Batch:
    """Return a part of a writer's journal."""
    stream = Stream(writer=UID, start=start, stop=stop, **{"at": NOON, **more})
    return Batch(elements, stream=stream, principal=principal)


def test_a_stream_moves_its_writer() -> None:
    view = told(*STORY)

    receipts = [
        tell(view, a_part(0, 10, Append(1, points(0.5)), host="a", pid=3)),
        tell(view, a_part(10, 25, Append(1, points(0.25)), host="b", pid=4, at=NOON + timedelta(seconds=1))),
    ]

    assert [(one.position, one.sequence) for one in receipts] == [(10, 2), (25, 3)]
    assert rows(view, Writer) == [
        Writer(id=1, uid=UID, host="b", pid=4, position=25, seen_at=NOON + timedelta(seconds=1))
    ]


def test_a_stream_leaves_no_batch_behind() -> None:
    _, puts, _ = settle(a_part(0, 10, Append(1, points(0.5))), told(*STORY))

    assert [key for key in puts if key.startswith("batch/")] == []


@pytest.mark.parametrize(("start", "stop"), [(0, 10), (0, 0), (3, 7), (5, 10), (9, 9)])
def test_a_part_that_was_taken_does_nothing(start: int, stop: int) -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5))))
    elements = [Append(1, points(0.25))] if stop > start else []

    answer = settle(a_part(start, stop, *elements), view)

    assert answer == (Receipt(position=10), {}, set())


@pytest.mark.parametrize(("start", "stop"), [(0, 11), (9, 11), (11, 12), (11, 11), (2**62, 2**63 - 1)])
def test_a_part_that_does_not_follow_is_misplaced(start: int, stop: int) -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5))))

    with pytest.raises(Misplaced) as error:
        settle(a_part(start, stop), view)

    assert error.value.position == 10
    assert error.value.message == f"writer {UID} stands at 10, not at {start}"


def test_a_writer_not_seen_before_stands_at_the_beginning() -> None:
    with pytest.raises(Misplaced) as error:
        settle(a_part(5, 10), told(*STORY))

    assert error.value.position == 0


def test_a_heartbeat_says_that_a_writer_lives() -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5))))

    receipt = tell(view, a_part(10, 10, at=NOON + timedelta(minutes=5)))

    assert receipt == Receipt(sequence=3, position=10)
    assert (rows(view, Writer)[0].position, rows(view, Writer)[0].seen_at) == (10, NOON + timedelta(minutes=5))


def test_a_writer_belongs_to_who_first_used_it() -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5)), principal=7))

    for principal in (8, None):
        for start in (0, 10, 99):
            with pytest.raises(Forbidden, match=r"belongs to another user$"):
                settle(a_part(start, start + 10, principal=principal), view)

    assert rows(view, Writer)[0].user_id == 7


def test_a_refused_stream_leaves_its_writer_where_it_stood() -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5))))

    ended = Expect(Iteration, asked("status_id") == IterationStatus.FAILED)
    with pytest.raises(Unprocessable):
        settle(a_part(10, 20, Append(1, points(0.25)), ended), view)

    assert tell(view, a_part(10, 20, Append(1, points(0.25)))).position == 20


def test_a_stream_fills_in_steps_as_any_batch() -> None:
    view = told(*STORY)
    tell(view, a_part(0, 10, Append(1, points(0.5, 0.25))))

    receipt = tell(view, a_part(10, 20, Append(1, points(0.125))))

    assert receipt.placed == ((Placed(key="loss", series=1, first=2, steps=(2,)),),)
