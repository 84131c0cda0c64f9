"""Promises of a store: that streams go on where their writer stands."""

from functools import partial

from attrs import evolve

from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch
from deardiary.core.conditions import all_of
from deardiary.core.entities import (
    Iteration,
    Metric,
    Writer,
)
from deardiary.core.errors import (
    Forbidden,
    Invalid,
    Misplaced,
    Unprocessable,
)
from deardiary.testing.diary import Diary
from deardiary.testing.telling import STORY, WRITER, a_part, a_project, at, level, points, raised


class StreamPromises:
    """That streams go on where their writer stands."""

    @level(6)
    def test_a_stream_is_applied_from_where_its_writer_stands(self, diary: Diary) -> None:
        diary.apply(*STORY)

        first = diary.stream(WRITER, 0, 100, Append(1, points(loss=[0.1])), at=at(1), host="here", pid=7)
        second = diary.stream(WRITER, 100, 180, Append(1, points(loss=[0.2])), at=at(2), host="here", pid=7)

        assert (first.position, second.position) == (100, 180)
        assert list(diary.series(1)[0].values) == [0.1, 0.2]
        (writer,) = diary.rows(Writer)
        assert (writer.uid, writer.position, writer.seen_at, writer.pid) == (WRITER, 180, at(2), 7)

    @level(6)
    def test_a_repeated_stream_does_nothing(self, diary: Diary) -> None:
        diary.apply(*STORY)
        part = (0, 100, Append(1, points(loss=[0.1])))

        diary.stream(WRITER, *part)
        again = diary.stream(WRITER, *part)
        earlier = diary.stream(WRITER, 10, 60, Append(1, points(loss=[0.1])))

        assert (again.position, earlier.position) == (100, 100)
        assert len(diary.series(1)[0]) == 1

    @level(6)
    def test_a_misplaced_stream_says_the_position(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.stream(WRITER, 0, 100, Append(1, points(loss=[0.1])))

        for start, stop in ((50, 150), (101, 150), (0, 101)):
            error = raised(
                Misplaced,
                partial(diary.stream, WRITER, start, stop, Append(1, points(loss=[9.0]))),
            )
            assert error.position == 100
        assert len(diary.series(1)[0]) == 1
        raised(Misplaced, lambda: diary.stream("cd" * 16, 1, 2, Append(1, points(loss=[9.0]))))

    @level(6)
    def test_a_heartbeat_moves_nothing_but_the_time(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.stream(WRITER, 0, 0, at=at(0))
        diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])), at=at(1))

        diary.stream(WRITER, 10, 10, at=at(9))

        (writer,) = diary.rows(Writer)
        assert (writer.position, writer.seen_at) == (10, at(9))

    @level(6)
    def test_a_refused_stream_leaves_the_writer_where_it_was(self, diary: Diary) -> None:
        diary.apply(*STORY)
        unmet = Expect(Iteration, all_of(id=1, name="x"), because="no")

        raised(Unprocessable, lambda: diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])), unmet))
        receipt = diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])))

        assert receipt.position == 10
        assert len(diary.series(1)[0]) == 1

    @level(6)
    def test_streams_carry_points_and_expectations_only(self, diary: Diary) -> None:
        raised(Invalid, lambda: diary.stream(WRITER, 0, 10, a_project()))
        raised(Invalid, lambda: diary.stream(WRITER, 0, 10, Drop(Metric, 1)))
        raised(Invalid, lambda: diary.stream(WRITER, 10, 0))
        raised(Invalid, lambda: diary.stream(WRITER, 5, 5, Append(1, points(loss=[0.1]))))
        assert diary.rows(Writer) == []

    @level(6)
    def test_a_writer_is_known_by_its_uid(self, diary: Diary) -> None:
        diary.apply(
            *STORY, Insert(Writer(id=-1, uid=WRITER), or_existing=True), Patch(Iteration, -1, {"writer_id": -1})
        )

        diary.stream(WRITER, 0, 10, Append(1, points(loss=[0.1])))
        diary.apply(Insert(Writer(id=-1, uid=WRITER), or_existing=True))

        assert [(row.id, row.position) for row in diary.rows(Writer)] == [(1, 10)]

    @level(6)
    def test_a_writer_belongs_to_who_used_it_first(self, diary: Diary) -> None:
        if diary.traits.guarded:
            raised(Invalid, lambda: diary.apply(batch=evolve(Batch([]), principal=7)))
            return
        diary.apply(*STORY)
        mine = Batch([Append(1, points(loss=[0.1]))], stream=a_part(0, 10), principal=1)

        diary.apply(batch=mine)
        other = Batch([Append(1, points(loss=[0.2]))], stream=a_part(10, 20), principal=2)

        raised(Forbidden, lambda: diary.apply(batch=other))
        diary.apply(batch=evolve(other, principal=1))
        assert [row.user_id for row in diary.rows(Writer)] == [1]

    @level(6)
    def test_several_writers_share_a_run(self, diary: Diary) -> None:
        diary.apply(*STORY)

        for turn in range(5):
            for writer in ("01" * 16, "02" * 16, "03" * 16):
                part = (turn * 10, turn * 10 + 10, Append(1, points(loss=[float(turn)])))
                diary.stream(writer, *part)
                diary.stream(writer, *part)

        assert len(diary.series(1)[0]) == 15
