"""Whatever is in a folder of journals, what can be carried is, the rest is told, and nothing of it is fatal."""

import json
import os
import random
import shutil
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define

import deardiary
from deardiary import Iteration, IterationStatus, Run, Tracker, opening, recorder
from deardiary.core.entities import Writer
from deardiary.core.errors import Unavailable
from deardiary.core.points import Points
from deardiary.core.queries import Query
from deardiary.core.shapes import now
from deardiary.journal import owners, writing
from deardiary.journal.carrying import Away, Refusal, note_of
from deardiary.journal.owners import OWNER, REFUSED, Owner
from deardiary.journal.records import COLUMNS, HEAD, NOTE, columns_body, framed, told
from deardiary.journal.segments import Form, path_of
from deardiary.journal.writing import Journal
from deardiary.recovery import Recovered, recover, waiting_in
from deardiary.refused import keep_refused, place_refused, refused_in
from journal.samples import Hand
from nightly import NIGHTLY
from places import alone

FORMS: list[Form] = ["mapped", "written"]
CALLS = 300


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FIRST_BYTES", "SEGMENT_BYTES"):
        monkeypatch.setattr(writing, name, 4096)
    monkeypatch.setattr(writing, "_rounded", lambda size: -(-size // 4096) * 4096)
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 1000.0)
    return alone(monkeypatch, tmp_path)


@define(eq=False)
class Lab:
    """A diary in memory with runs, and a folder of journals for it."""

    folder: Path
    tracker: Tracker
    run: Run

    def left(self, *, form: Form = "mapped", calls: int = CALLS, run: int = 1, owner: Owner | None = None) -> Journal:
        """Leave a journal behind, as a process does that is killed."""
        journal = Journal(folder=str(self.folder), url="sqlite:///there", form=form)
        hand = Hand(journal, run=run)
        for n in range(calls):
            hand.log({"x": float(n)}, n)
        journal.close(is_drained=False)
        if owner is not None:
            self.owner(journal).write_bytes(owner.said())
        return journal

    def owner(self, journal: Journal) -> Path:
        return self.folder / f"{journal.writer}{OWNER}"

    def segment(self, journal: Journal, number: int) -> Path:
        return Path(path_of(str(self.folder), journal.writer, number))

    def recover(self, **named: object) -> Recovered:
        assert self.tracker.recorder is not None
        return recover(str(self.folder), self.tracker.recorder.store, **named)  # type: ignore[arg-type]

    @property
    def values(self) -> list[float]:
        found = self.tracker.get_all_series(self.run, repeats="all")
        return [*map(float, found["x"].values)] if "x" in found else []

    @property
    def files(self) -> list[str]:
        return sorted(name for name in os.listdir(self.folder) if name != ".gitignore")


@pytest.fixture
def lab(work: Path) -> Iterator[Lab]:
    with deardiary.open("memory://") as tracker:
        run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
        yield Lab(work / "journals", tracker, run)


# What is carried.


@pytest.mark.parametrize("form", FORMS)
def test_what_was_left_is_carried_and_its_files_go(lab: Lab, form: Form) -> None:
    lab.left(form=form)

    result = lab.recover()

    assert (result.journals, result.points, result.problems) == (1, CALLS, [])
    assert lab.values == [*range(CALLS)]
    assert lab.files == []


def test_several_journals_are_carried(lab: Lab) -> None:
    for _ in range(5):
        lab.left(calls=100)

    result = lab.recover()

    assert (result.journals, result.points) == (5, 500)
    assert sorted(lab.values) == sorted([*range(100)] * 5)


def test_a_journal_of_a_process_that_lives_is_left_alone(lab: Lab) -> None:
    journal = Journal(folder=str(lab.folder))
    Hand(journal).log({"x": 0.5}, 0)

    assert lab.recover().alive == 1

    assert lab.values == []
    assert lab.owner(journal).exists()
    journal.close(is_drained=True)


def test_an_empty_journal_goes(lab: Lab) -> None:
    lab.left(calls=0)

    assert (lab.recover().journals, lab.files) == (1, [])


def test_an_owner_without_segments_goes(lab: Lab) -> None:
    lab.folder.mkdir()
    (lab.folder / f"w{OWNER}").write_bytes(Owner(writer="w").said())

    assert (lab.recover().journals, lab.files) == (1, [])


def test_recovery_stops_in_time_and_goes_on(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        lab.left()

    first = lab.recover(until=0.0)
    assert first.points < 2 * CALLS
    second = lab.recover()

    assert first.points + second.points == 2 * CALLS
    assert sorted(lab.values) == sorted([*range(CALLS)] * 2)


def test_a_journal_is_carried_in_parts_over_segments_that_are_gone(lab: Lab) -> None:
    """What a process leaves that was killed while its diary took points."""
    journal = lab.left()
    expected = [*range(CALLS)]
    for _ in range(100):
        if lab.recover(until=0.0).journals:
            break
        position = position_of(lab, journal)
        for number in range(100):
            segment = lab.segment(journal, number)
            if segment.exists() and start_of(segment) + 4096 <= position:
                segment.unlink()

    assert lab.values == expected
    assert lab.files == []


def position_of(lab: Lab, journal: Journal) -> int:
    assert lab.tracker.recorder is not None
    rows = lab.tracker.recorder.store.find(Query(Writer)).rows
    return next((row.position for row in rows if row.uid == journal.writer), 0)


def start_of(segment: Path) -> int:
    return int(HEAD.unpack(segment.read_bytes()[: HEAD.size])[2])


def test_the_end_of_a_run_that_was_noted_is_carried(lab: Lab) -> None:
    journal = Journal(folder=str(lab.folder))
    Hand(journal).log({"x": 0.5}, 0)
    values = {"status_id": int(IterationStatus.FAILED), "end_date": now(), "error_message": "bad"}
    journal.put(NOTE, told(json.dumps(note_of(1, "0" * 32, values)).encode()))
    journal.close(is_drained=False)

    lab.recover()

    row = lab.tracker.get_iteration(lab.run)
    assert row is not None
    assert (row.status_id, row.error_message, lab.values) == (IterationStatus.FAILED, "bad", [0.5])


# Other machines and other starts of this one.


@pytest.mark.parametrize("boot", ["", owners.boot()])
def test_all_is_trusted_of_this_start_of_the_machine(lab: Lab, boot: str) -> None:
    journal = lab.left()
    lab.owner(journal).write_bytes(Owner(writer=journal.writer, boot=boot).said())

    assert lab.recover().points == CALLS


def test_all_is_trusted_of_another_machine(lab: Lab) -> None:
    """Whose memory reached the disk before this one could see it."""
    journal = lab.left()
    lab.owner(journal).write_bytes(Owner(writer=journal.writer, host="elsewhere", boot="another").said())

    assert lab.recover().points == CALLS


def crash(lab: Lab) -> None:
    """Leave a journal, sealed in the middle, behind when the machine goes down."""
    journal = Journal(folder=str(lab.folder))
    hand = Hand(journal)
    for n in range(CALLS):
        hand.log({"x": float(n)}, n)
        if n == 200:
            journal.sync()
    journal._is_closed = True
    shutil.copytree(lab.folder, lab.folder.with_name("copy"))
    journal.close(is_drained=True)
    lab.folder = lab.folder.with_name("copy")
    lab.owner(journal).write_bytes(Owner(writer=journal.writer, boot="another").said())


@pytest.mark.skipif(not owners.boot(), reason="this system does not tell its starts from one another")
def test_of_another_start_what_was_sealed_is_trusted(lab: Lab) -> None:
    crash(lab)
    told: list[str] = []

    recovered = lab.recover(tell=told.append)

    assert lab.values[:201] == [*range(201)]
    assert lab.values == [*range(len(lab.values))]
    assert (recovered.points, recovered.unsure) == (len(lab.values), CALLS - len(lab.values))
    assert "points that a process left behind are kept: the machine went down" in told[-1]


@pytest.mark.skipif(not owners.boot(), reason="this system does not tell its starts from one another")
def test_what_may_be_damaged_is_placed_when_someone_says_so(lab: Lab) -> None:
    crash(lab)
    unsure = lab.recover().unsure
    folder, store = str(lab.folder), lab.tracker.store

    assert unsure > 0
    assert place_refused(folder, store)[0] == 0
    assert place_refused(folder, store, force=True) == (unsure, [])
    assert place_refused(folder, store, force=True) == (0, [])
    assert lab.values == [*range(CALLS)]


# What cannot be read.


def garble(path: Path, dice: random.Random) -> None:
    """Change a file for the worse."""
    data = bytearray(path.read_bytes())
    match dice.randrange(6):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(b"")
        case 2:
            path.write_bytes(data[: dice.randrange(len(data) + 1)])
        case 3:
            at = dice.randrange(max(len(data), 1))
            data[at : at + 512] = dice.randbytes(512)
            path.write_bytes(data)
        case 4:
            for _ in range(dice.choice([1, 10])):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path.write_bytes(data)
        case _:
            path.write_bytes(dice.randbytes(len(data)))


@pytest.mark.parametrize("seed", range(600 if NIGHTLY else 60))
def test_no_damage_is_fatal(lab: Lab, seed: int) -> None:
    dice = random.Random(seed)
    journal, other = lab.left(form=dice.choice(FORMS), calls=200), lab.left(calls=0, run=1)
    if dice.random() < 0.5:
        lab.owner(journal).write_bytes(Owner(writer=journal.writer, boot="another").said())
    files = sorted(path for path in lab.folder.iterdir() if path.name.startswith(journal.writer))
    for path in dice.sample(files, dice.choice([1, 1, 2])):
        garble(path, dice)

    result = lab.recover()
    again = lab.recover()
    [*waiting_or_told(lab)]

    assert not lab.owner(other).exists()
    assert len(again.problems) <= len(result.problems) <= 1, f"seed {seed}"
    assert len(lab.values) <= 2 * 200


def waiting_or_told(lab: Lab) -> Iterator[object]:
    """Ask what waits, as `doctor` does, which is told what cannot be read."""
    assert lab.tracker.recorder is not None
    try:
        yield from waiting_in(str(lab.folder), lab.tracker.recorder.store)
    except (deardiary.DearDiaryError, Away) as error:
        yield error


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff" * 100], ids=len)
def test_an_owner_that_is_garbled_keeps_nothing_else_from_being_carried(lab: Lab, data: bytes) -> None:
    lab.left()
    (lab.folder / f"0{OWNER}").write_bytes(data)

    result = lab.recover()

    assert (result.points, len(result.problems)) == (CALLS, 1)
    assert "does not say whose journal it is" in result.problems[0]
    assert lab.files == [f"0{OWNER}"]


def test_a_segment_of_something_else_is_told_and_kept(lab: Lab) -> None:
    journal = lab.left()
    lab.segment(journal, 1).write_bytes(b"something else" * 100)

    result = lab.recover()

    assert "is no segment of a journal" in result.problems[0]
    assert lab.segment(journal, 1).exists()


def test_a_shape_that_is_not_defined_is_told(lab: Lab) -> None:
    journal = lab.left(calls=0)
    segment = lab.segment(journal, 0)
    data = bytearray(segment.read_bytes())
    body = columns_body(99, array("q", [0]), array("q", [0]), [array("d", [0.5])])
    record = framed(COLUMNS, body, HEAD.size)
    data[HEAD.size : HEAD.size + len(record)] = record
    segment.write_bytes(data)

    result = lab.recover()

    assert len(result.problems) == 1
    assert segment.exists()


@pytest.mark.parametrize("form", FORMS)
def test_a_segment_that_is_missing_is_told_and_what_follows_it_kept(lab: Lab, form: Form) -> None:
    journal = lab.left(form=form)
    lab.segment(journal, 1).unlink()

    result = lab.recover()

    assert lab.values == [*range(len(lab.values))]
    assert len(result.problems) == 1
    assert lab.segment(journal, 2).exists()


def test_a_diary_that_lacks_what_came_before_a_journal_is_told(lab: Lab) -> None:
    """Such as an older copy of it: what is left would leave a gap, and is kept."""
    journal = lab.left()
    lab.segment(journal, 0).unlink()

    result = lab.recover()

    assert len(result.problems) == 1
    assert lab.segment(journal, 1).exists()
    assert lab.values == []


def test_a_folder_that_is_none_has_no_journals(lab: Lab, work: Path) -> None:
    (work / "journals").write_text("a file")

    assert (lab.recover().journals, lab.recover().problems) == (0, [])
    assert [*waiting_or_told(lab)] == []


def test_opening_a_diary_tells_of_what_is_damaged_and_goes_on(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = work / "lab.db.journals"
    folder.mkdir()
    (folder / f"w{OWNER}").write_bytes(b"garbled")
    monkeypatch.setattr(opening, "RECOVERY_SECONDS", 60.0)

    with deardiary.open(f"sqlite:///{work}/lab.db") as tracker:
        run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
        run.log({"x": 0.5})
        assert [one.value for one in tracker.get_metrics(run)] == [0.5]
        assert tracker.find(Iteration) != []
        assert tracker.recorder is not None
        assert tracker.recorder.recovered is not None
        assert len(tracker.recorder.recovered.problems) == 1


# A diary that is away.


def test_a_diary_that_is_away_gets_it_at_the_next_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = lab.left()
    assert lab.tracker.recorder is not None
    kind, is_away = type(lab.tracker.recorder.store), True
    real = kind.apply

    def apply(self: object, batch: object) -> object:
        if is_away:
            raise Unavailable("away")
        return real(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "apply", apply)
    result = lab.recover()
    assert (result.is_away, result.points, len(result.problems)) == (True, 0, 1)
    assert lab.owner(journal).exists()
    is_away = False

    assert lab.recover().points == CALLS


def test_a_recovery_that_is_interrupted_lets_others_have_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = lab.left()
    assert lab.tracker.recorder is not None
    kind = type(lab.tracker.recorder.store)
    with monkeypatch.context() as patch:
        patch.setattr(kind, "apply", interrupted)
        with pytest.raises(KeyboardInterrupt):
            lab.recover()

    assert not owners.is_own(str(lab.owner(journal)))
    assert lab.recover().points == CALLS


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


# What was refused.


def refusal(name: str, *, run: int = 1, count: int = 3) -> Refusal:
    return Refusal(run, Points.of([("y", n, n, n) for n in range(count)]), Unavailable("no"), name)


def test_what_is_refused_is_kept_beside_the_journals(lab: Lab) -> None:
    journal = lab.left(run=77)

    result = lab.recover()

    assert (result.refused, result.points) == (CALLS, 0)
    assert lab.files == [f"{journal.writer}{REFUSED}"]
    ((*kept,),) = refused_in(str(lab.folder)).values()
    assert {one.run for one in kept} == {77}
    assert sum(len(one.points) for one in kept) == CALLS
    assert all("77" in one.error for one in kept)


def test_what_is_refused_is_kept_once_for_each_name(lab: Lab) -> None:
    lab.folder.mkdir()
    for name in ("a", "b", "a", "a"):
        keep_refused(str(lab.folder), "w", refusal(name))

    ((*kept,),) = refused_in(str(lab.folder)).values()
    assert [one.name for one in kept] == ["a", "b"]


def test_a_line_that_is_torn_is_passed_over(lab: Lab) -> None:
    lab.folder.mkdir()
    keep_refused(str(lab.folder), "w", refusal("a"))
    path = lab.folder / f"w{REFUSED}"
    whole = path.read_bytes()

    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        assert [one for found in refused_in(str(lab.folder)).values() for one in found] == [], length
        keep_refused(str(lab.folder), "w", refusal("b"))
        names = [one.name for found in refused_in(str(lab.folder)).values() for one in found]
        assert names == ["b"], length


def test_refused_points_in_a_file_that_is_garbled_are_passed_over(lab: Lab) -> None:
    lab.folder.mkdir()
    (lab.folder / f"w{REFUSED}").write_bytes(b"\xff\xfe\n[]\nnull\n{}\n")

    keep_refused(str(lab.folder), "w", refusal("a"))

    assert [one.name for found in refused_in(str(lab.folder)).values() for one in found] == ["a"]


def test_threads_keep_what_is_refused_together(lab: Lab) -> None:
    lab.folder.mkdir()

    def work(name: int) -> None:
        for n in range(5):
            keep_refused(str(lab.folder), "w", refusal(f"{name}-{n}"))

    together = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join(60)

    ((*kept,),) = refused_in(str(lab.folder)).values()
    assert len(kept) == 20


def test_what_was_refused_is_placed_once(lab: Lab) -> None:
    lab.folder.mkdir()
    assert lab.tracker.recorder is not None
    store = lab.tracker.recorder.store
    keep_refused(str(lab.folder), "w", refusal("a"))
    keep_refused(str(lab.folder), "w", refusal("b", run=77))
    whole = (lab.folder / f"w{REFUSED}").read_bytes()

    assert place_refused(str(lab.folder), store)[0] == 3
    (lab.folder / f"w{REFUSED}").write_bytes(whole)  # as if the process had been killed before it wrote that down
    placed, problems = place_refused(str(lab.folder), store)

    assert placed in (0, 3)
    assert len(problems) == 1
    assert len(lab.tracker.get_metrics(lab.run, "y")) == 3
