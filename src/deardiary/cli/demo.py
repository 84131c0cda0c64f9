"""The command that shows what a diary is: a believable sweep, kept and looked at."""

import math
import os
import random
import sys
import tempfile
from pathlib import Path
from shutil import which

import click

from deardiary import opening
from deardiary.cli.looking import ls, show
from deardiary.core.entities import IterationStatus
from deardiary.fluent import Run
from deardiary.tracker import Tracker

EPOCHS = 40


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def demo(context: click.Context, folder: Path | None) -> None:
    """Fill a diary with a believable sweep, and look at it: in FOLDER, or in one that is made for it."""
    folder = folder or Path(tempfile.mkdtemp(prefix="deardiary-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    context.obj["url"] = context.obj["url"] or f"sqlite:///{(folder / 'diary.db').absolute()}"
    with opening.open(context.obj["url"]) as tracker:
        best = sweep(tracker)
    click.echo(
        "Every trial of a sweep is a run below its driver. One of them failed, and the sweep went on.\n", err=True
    )
    context.invoke(ls, order="id", limit=20)
    click.echo("\nThe one whose accuracy went highest:\n")
    context.invoke(show, run=best)
    click.echo(f"\nIt is all in {context.obj['url']}. Ask it yourself:")
    click.echo(f"    {command()} --store {context.obj['url']} ls --order -metrics.accuracy.max")
    click.echo(f"    {command()} --store {context.obj['url']} show {best}")


def command() -> str:
    """Return how the command line is called here."""
    return "deardiary" if which("deardiary") else os.path.relpath(sys.argv[0])


def sweep(tracker: Tracker) -> str:
    """Keep a sweep over learning rates, and return the run id of its best trial."""
    chance = random.Random(7)
    project = tracker.create_project("Iris", description="Which flower is it?")
    experiment = tracker.create_experiment(project, "learning-rate sweep")
    with tracker.iteration(experiment, name="sweep", tags=["demo"]) as driver:
        trials = {}
        for rate in (0.3, 0.1, 0.03, 0.01, 3.0):
            with driver.child(name=f"lr {rate:g}", parameters={"lr": rate, "hidden": 16}) as trial:
                trials[trial.id] = trial
                _train(trial, rate, chance)
        best = tracker.best_child(driver, "accuracy")
        assert best is not None
        (summary,) = (one for one in tracker.get_summaries(best) if one.key == "accuracy")
        driver.log({"best accuracy": summary.max})
        driver.note(f"{trials[best.id].run_id} did best")
    return trials[best.id].run_id


def _train(trial: Run, rate: float, chance: random.Random) -> None:
    """Pretend to train: the loss falls as fast as the rate lets it, and too great a rate blows up."""
    for epoch in range(EPOCHS):
        if rate > 1 and epoch == 5:
            trial.finish(IterationStatus.FAILED, error_message="the loss is nan at epoch 5")
            return
        loss = math.exp(-rate * epoch / 2) + 0.05 * chance.random()
        trial.log({"loss": loss if rate <= 1 else loss * 4.0**epoch, "accuracy": 1 - loss / 2 - abs(rate - 0.1) / 4})
    trial.log_artifact(f"weights of {trial.run_id}".encode(), "weights.txt")
