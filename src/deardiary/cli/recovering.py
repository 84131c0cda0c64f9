"""The commands that set right what a killed process left: `recover` and `end`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from attrs import define, field

from deardiary.beginning import find_run, run_id
from deardiary.cli.looking import complete_runs
from deardiary.cli.showing import as_json, counted, opened, print_json
from deardiary.core.conditions import asked
from deardiary.core.entities import Iteration, IterationStatus, Project, Writer
from deardiary.core.errors import DearDiaryError, Unavailable, Unprocessable
from deardiary.journal import owners
from deardiary.journal.segments import SUFFIX
from deardiary.recorder import recorder_of
from deardiary.recovery import Recovered
from deardiary.recovery import recover as carried_from
from deardiary.refused import place_refused, refused_in
from deardiary.tracker import Tracker

UNREACHABLE = 4


@define(eq=False)
class Report:
    """What became of the points that wait for a diary."""

    carried: Recovered
    placed: int = 0
    """How many points that had been refused are in the diary now."""
    refused: list[dict[str, Any]] = field(factory=list)
    problems: list[str] = field(factory=list)

    @property
    def code(self) -> int:
        """Return the exit code that says it."""
        if self.carried.is_away:
            return UNREACHABLE
        return 1 if self.refused or self.problems else 0


@click.command()
@click.option(
    "--journal",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Carry the journals in DIR too, such as a copy from another machine.",
)
@click.option("--force", is_flag=True, help="Carry them even if they are for another diary, or may be damaged.")
@as_json
@click.pass_context
def recover(context: click.Context, folder: Path | None, force: bool, is_json: bool) -> None:
    """Carry the points that killed processes left behind to the diary, each exactly once."""
    tracker = opened(context)
    report = _recovered(tracker, [] if folder is None else list(_folders(folder)), force=force)
    if is_json:
        print_json({"version": 1, **_as_json(report)})
    else:
        for line in _lines(report):
            click.echo(line)
    context.exit(report.code)


def _folders(folder: Path) -> Iterator[str]:
    """Yield a folder and those right in it, as far as there are journals in them."""
    found = [one for one in (folder, *sorted(folder.iterdir())) if one.is_dir() and _has_journals(one)]
    if not found:
        click.echo(f"there are no journals in {folder}", err=True)
    yield from map(os.path.realpath, found)


def _has_journals(folder: Path) -> bool:
    return any(one.name.endswith((owners.OWNER, owners.REFUSED, SUFFIX)) for one in folder.iterdir())


def _recovered(tracker: Tracker, others: list[str], *, force: bool) -> Report:
    """Carry all that waits for a diary, and return what became of it."""
    recorder = recorder_of(tracker)
    recorder.recover()
    report = Report(recorder.recovered or Recovered())
    report.problems += report.carried.problems
    own = [] if recorder.folder is None else [os.path.realpath(recorder.folder)]
    for folder in others:
        if folder not in own:
            found = carried_from(folder, recorder.store, url=None if force else tracker.url)
            report.problems += found.problems
            found.alive += report.carried.alive
            found.is_away |= report.carried.is_away
            report.carried = report.carried.and_then(found)
    for folder in dict.fromkeys([*own, *others]):
        _place(folder, tracker, report, force=force)
    return report


def _place(folder: str, tracker: Tracker, report: Report, *, force: bool) -> None:
    """Try again to place what was refused, and note what is left in a folder."""
    try:
        report.placed += place_refused(folder, tracker.store, force=force)[0]
    except Unavailable as error:
        report.carried.is_away = True
        report.problems.append(str(error))
    except DearDiaryError as error:
        report.problems.append(str(error))
    for path, kept in refused_in(folder).items():
        report.refused += [
            {"run": one.run, "points": len(one.points), "error": one.error, "file": path} for one in kept
        ]
    alone = owners.leftovers(folder)
    if alone:
        names = ", ".join(sorted({os.path.basename(one).split(".")[0] + owners.OWNER for one in alone}))
        report.problems.append(f"{folder} has journals without {names}, which say whose they are")


def _as_json(report: Report) -> dict[str, Any]:
    carried = report.carried
    return {
        "journals": carried.journals,
        "points": carried.points,
        "placed": report.placed,
        "alive": carried.alive,
        "refused": report.refused,
        "problems": report.problems,
    }


def _lines(report: Report) -> Iterator[str]:
    """Yield what became of it, in words."""
    carried = report.carried
    if carried.journals or carried.points:
        who = "a process" if carried.journals == 1 else "processes"
        yield f"carried {counted(carried.journals, 'journal')} that {who} left: {counted(carried.points, 'point')}"
    if carried.alive:
        which = "process lives and carries its" if carried.alive == 1 else "processes live and carry their"
        yield f"{carried.alive} {which} own points"
    if report.placed:
        yield f"{counted(report.placed, 'point')} that had been refused are in the diary now"
    for one in report.refused:
        yield f"refused: {counted(one['points'], 'point')} of run {one['run']}, kept in {one['file']}: {one['error']}"
    for problem in report.problems:
        yield f"problem: {problem}"
    if not report.refused and not report.problems:
        yield "nothing else is left waiting" if carried.alive else "nothing is left waiting"


ENDINGS = [one.name.lower() for one in IterationStatus if one is not IterationStatus.RUNNING]


@click.command()
@click.argument("run", shell_complete=complete_runs)
@click.option("--status", type=click.Choice(ENDINGS), default="killed", show_default=True, help="How it ended.")
@click.option("--message", metavar="TEXT", default="", help="What is known of why.")
@click.option("--force", is_flag=True, help="End it even if it seems to live.")
@click.pass_context
def end(context: click.Context, run: str, status: str, message: str, force: bool) -> None:
    """End the RUN that nobody ends, such as one killed by `kill -9`, as of when it was last heard of."""
    tracker = opened(context)
    iteration = find_run(tracker, run)
    recorder_of(tracker).recover()  # or what is waiting would come too late
    if not force:
        _check_gone(tracker, iteration)
    project = tracker.get(Project, iteration.project_id).name
    row = tracker.end_iteration(iteration, IterationStatus[status.upper()], message, force=force)
    assert row.end_date is not None
    name = run_id(project, row.id)
    click.echo(f"run {name} {status}, as of {row.end_date:%Y-%m-%d %H:%M:%S} UTC", err=True)


def _check_gone(tracker: Tracker, run: Iteration) -> None:
    """Refuse to end a run whose process holds a journal still, however long it has been silent."""
    folder = recorder_of(tracker).folder
    if folder is None or run.writer_id is None or run.end_date is not None:
        return
    for one in tracker.find(Writer, asked("id").among([run.writer_id])):
        if os.path.exists(os.path.join(folder, one.uid + owners.OWNER)):
            raise Unprocessable(
                f"run {run.id} seems to live: its process {one.pid} on {one.host} has a journal in {folder}; end it "
                f"where it runs, or all the same with `deardiary end {run.id} --force`",
                kind="Iteration",
                id=run.id,
            )
