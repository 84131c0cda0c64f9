"""Promises of a store: that threads, processes and kills do no harm."""

import threading
from collections.abc import Callable

from deardiary.core.changes import Append, Batch, Expect
from deardiary.core.conditions import asked
from deardiary.core.entities import (
    Iteration,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Tag,
)
from deardiary.core.errors import (
    DearDiaryError,
    Duplicate,
    Unavailable,
)
from deardiary.core.queries import Query
from deardiary.testing.diary import Diary
from deardiary.testing.others import another_process, killed_while_writing, started
from deardiary.testing.telling import (
    EVERYTHING,
    STORY,
    a_model,
    a_parameter,
    a_project,
    a_version,
    found_kinds,
    level,
    one_of_each,
    points,
    raised,
    together,
)


class ProcessPromises:
    """That threads, processes and kills do no harm."""

    damage: Callable[[str], None] | None = None
    """Damages a diary under a URL, for the test that this is noticed; given as a staticmethod."""

    cut_power: Callable[[str], None] | None = None
    """Makes a diary forget what was not yet on the disk, for the test that nothing acknowledged was."""

    kills: int = 3
    """How many processes are killed in the middle of writing."""

    @level(7)
    def test_a_diary_is_there_after_reopening(self, diary: Diary) -> None:
        diary.apply(*one_of_each(diary))

        if diary.traits.durable == "none":
            diary.reopen()
            assert diary.store.find(Query(Project)).rows == []
            return
        diary.reopen()

        diary.compare()
        diary.apply(a_project())

    @level(7)
    def test_a_closed_store_is_unavailable(self, diary: Diary) -> None:
        diary.apply(*STORY)
        diary.store.close()
        diary.store.close()

        raised(Unavailable, lambda: diary.store.apply(Batch([a_project()])))
        raised(Unavailable, lambda: diary.store.find(Query(Project)))
        raised(Unavailable, lambda: diary.store.series(EVERYTHING))

    @level(7)
    def test_threads_share_a_store(self, diary: Diary) -> None:
        diary.apply(*STORY)
        failures: list[BaseException] = []

        def work(name: int) -> None:
            try:
                for turn in range(10):
                    run = diary.renaming.id(Iteration, 1)
                    diary.store.apply(
                        Batch([a_parameter(f"{name}-{turn}", "1", run=run), Append(run, points(loss=[1.0]))])
                    )
                    diary.store.find(Query(Parameter))
            except BaseException as error:
                failures.append(error)

        together([threading.Thread(target=work, args=(name,)) for name in range(6)])

        assert failures == []
        assert len(diary.store.find(Query(Parameter)).rows) == 60
        (series,) = diary.store.series(EVERYTHING)
        assert (len(series), sorted(series.numbers), sorted(series.steps)) == (60, [*range(60)], [*range(60)])

    @level(7)
    def test_threads_number_versions_without_gaps_or_twins(self, diary: Diary) -> None:
        diary.apply(*STORY, a_model(-1, "m"))
        model, run = diary.renaming.id(Model, 1), diary.renaming.id(Iteration, 1)
        failures: list[BaseException] = []

        def work() -> None:
            try:
                for _ in range(10):
                    diary.store.apply(Batch([a_version(-1, model, run=run)]))
            except BaseException as error:
                failures.append(error)

        together([threading.Thread(target=work) for _ in range(6)])

        assert failures == []
        versions = [row.version or 0 for row in diary.store.find(Query(ModelVersion)).rows]
        assert sorted(versions) == [*range(1, 61)]

    @level(7)
    def test_a_race_for_one_name_has_one_winner(self, diary: Diary) -> None:
        outcomes: list[str] = []

        def work() -> None:
            try:
                free = Expect(Project, asked("name") == "Iris", found=False, otherwise=Duplicate)
                diary.store.apply(Batch([free, a_project()]))
                outcomes.append("made")
            except Duplicate:
                outcomes.append("refused")

        together([threading.Thread(target=work) for _ in range(8)])

        assert sorted(outcomes) == ["made", *["refused"] * 7]

    @level(7)
    def test_processes_share_a_diary_or_are_told_that_they_may_not(self, diary: Diary) -> None:
        diary.apply(*STORY)

        answer = another_process(diary.url, "runs = store.find(Query(Iteration)).rows; print(len(runs))")

        if diary.traits.durable == "none":
            assert answer == "0"
        elif diary.traits.processes == "one":
            assert answer.startswith("Unavailable")
        else:
            assert answer == "1"
            added = another_process(diary.url, "print(store.apply(Batch([Insert(Tag(id=-1, value='there'))])).ids)")
            assert "Tag" in added
            assert [row.value for row in diary.store.find(Query(Tag)).rows] == ["there"]

    @level(7)
    def test_a_diary_opened_twice_here_loses_nothing_to_another_process(self, diary: Diary) -> None:
        diary.apply(*STORY)
        second = diary.opener()

        another_process(diary.url, "store.close()")  # or it is told that it may not open it
        diary.apply(a_project(), a_parameter("lr", "0.1", run=1))
        if diary.traits.durable != "none":
            diary.reopen()

        diary.compare()
        second.close()

    @level(7)
    def test_processes_write_at_once_and_lose_nothing(self, diary: Diary) -> None:
        if diary.traits.processes == "one":
            said = another_process(diary.url, "print('opened')")
            assert said == "opened" if diary.traits.durable == "none" else said.startswith("Unavailable")
            return
        diary.apply(*STORY)
        run = diary.renaming.id(Iteration, 1)
        work = (
            f"for n in range(25):\n"
            f"    batch = Batch([Insert(Parameter(id=-1, iteration_id={run}, key=f'{{name}}-{{n}}', value='1')),"
            f" Append({run}, Points.of([('loss', 1.0, None, 0)]))])\n"
            f"    store.apply(batch); store.apply(batch)"
        )

        running = [started(diary.url, f"name = {name}\n{work}") for name in range(4)]
        ends = [process.communicate(timeout=120)[1] for process in running]

        assert [process.returncode for process in running] == [0] * 4, ends
        assert len(diary.store.find(Query(Parameter)).rows) == 100
        (series,) = diary.store.series(EVERYTHING)
        assert sorted(series.numbers) == [*range(100)]

    @level(7)
    def test_what_was_acknowledged_survives_a_kill(self, diary: Diary) -> None:
        if diary.traits.durable == "none" or diary.traits.guarded:
            assert another_process(diary.url, "print('alive')") == "alive"
            return
        diary.apply(*STORY)
        run = diary.renaming.id(Iteration, 1)
        acknowledged = 0
        diary.store.close()

        for turn in range(self.kills):
            acknowledged += killed_while_writing(diary.url, run, turn)
        diary.store = diary.opener()

        parameters = diary.store.find(Query(Parameter)).rows
        (series,) = diary.store.series(EVERYTHING)
        assert acknowledged > 0
        assert acknowledged <= len(parameters) <= acknowledged + self.kills
        assert len(series) == len(parameters)
        diary.store.apply(Batch([a_project()]))

    @level(7, needs="damage")
    def test_damage_is_noticed(self, diary: Diary) -> None:
        diary.apply(*one_of_each(diary))
        diary.close()
        type(self).damage(diary.url)  # type: ignore[misc]  # a staticmethod, and given

        def read_all() -> None:
            diary.store = diary.opener()
            for kind in found_kinds(diary):
                diary.store.find(Query(kind, large=True))

        assert isinstance(raised(DearDiaryError, read_all), DearDiaryError)

    @level(7, needs="cut_power")
    def test_power_cuts_forget_nothing_acknowledged(self, diary: Diary) -> None:
        diary.apply(*one_of_each(diary))
        diary.close()
        type(self).cut_power(diary.url)  # type: ignore[misc]  # a staticmethod, and given

        diary.store = diary.opener()

        diary.compare()
