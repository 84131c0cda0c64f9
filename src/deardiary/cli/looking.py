"""The commands that look at runs: `ls` and `show`."""

from datetime import datetime
from typing import Any

import click

from deardiary.beginning import find_run, run_id
from deardiary.cli.showing import (
    ago,
    as_json,
    console,
    number,
    opened,
    print_json,
    print_table,
    sparkline,
    status_text,
)
from deardiary.core.conditions import EVERY, Condition, asked, tagged
from deardiary.core.entities import Experiment, Iteration, IterationStatus, Project, Resource
from deardiary.core.errors import NotFound
from deardiary.core.sentences import did_you_mean
from deardiary.tracker import Tracker
from deardiary.verbs.iterations import is_lost
from deardiary.verbs.tables import TableRow

MOST_COLUMNS = 6
"""How many parameters and metrics a table shows unless they are named."""


@click.command()
@click.argument("project", required=False)
@click.option("--experiment", metavar="NAME", help="Only runs of this experiment.")
@click.option("--status", type=click.Choice([one.name.lower() for one in IterationStatus]), help="Only these runs.")
@click.option("--tag", metavar="TAG", help="Only runs that carry this tag.")
@click.option(
    "--order", metavar="TERM", default="-id", show_default=True, help="Such as -metrics.accuracy or params.lr."
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--all", "is_all", is_flag=True, help="All of them.")
@as_json
@click.pass_context
def ls(
    context: click.Context,
    project: str | None,
    experiment: str | None,
    status: str | None,
    tag: str | None,
    order: str,
    limit: int,
    is_all: bool,
    is_json: bool,
) -> None:
    """List runs, the newest first: all, or those of a PROJECT."""
    tracker = opened(context)
    where = _where(tracker, project, experiment, status, tag)
    rows = tracker.get_table(where=where, order=order, limit=None if is_all else limit)
    total = len(rows) if is_all else tracker.count(Iteration, where)
    names, seen = _names(tracker, rows), _seen(tracker, [row.iteration for row in rows])
    if is_json:
        print_json({"version": 1, "total": total, "runs": [_told(row, names, seen) for row in rows]})
    elif not rows:
        click.echo(f"no runs in {tracker.url} yet" if where is EVERY else "no run is like that", err=True)
    else:
        _print_runs(rows, names, seen)
        if total > len(rows):
            click.echo(f"{len(rows)} of {total} runs; --all shows the rest", err=True)


def _where(
    tracker: Tracker, project: str | None, experiment: str | None, status: str | None, tag: str | None
) -> Condition:
    parts = list[Condition]()
    if project is not None:
        _check_there(tracker, project)
        parts.append(asked("project.name") == project)
    if experiment is not None:
        parts.append(asked("experiment.name") == experiment)
    if status is not None:
        parts.append(asked("status_id") == IterationStatus[status.upper()])
    if tag is not None:
        parts.append(tagged(tag))
    where: Condition = EVERY
    for part in parts:
        where = part if where is EVERY else where & part
    return where


def _check_there(tracker: Tracker, project: str) -> None:
    names = sorted({row.name for row in tracker.get_projects()})
    if project not in names:
        said = f"there are {', '.join(names)}" if names else "there is none yet"
        raise NotFound(f"there is no project {project!r}; {said}{did_you_mean(project, names)}")


Names = tuple[dict[int, str], dict[int, str]]
"""The names of projects and of experiments, by id."""


def _names(tracker: Tracker, rows: list[TableRow]) -> Names:
    projects = {row.iteration.project_id for row in rows}
    experiments = {row.iteration.experiment_id for row in rows}
    if not rows:
        return {}, {}
    return (
        {row.id: row.name for row in tracker.find(Project, asked("id").among(projects))},
        {row.id: row.name for row in tracker.find(Experiment, asked("id").among(experiments))},
    )


Seen = dict[int, datetime]
"""When what writes runs that go on was last heard of, by the ids of the runs."""


def _seen(tracker: Tracker, runs: list[Iteration]) -> Seen:
    return tracker.get_last_seen(run for run in runs if run.status_id == IterationStatus.RUNNING)


def _status(run: Iteration, seen: Seen) -> str:
    """Return where a run stands, in its colour; silence is shown, and stored nowhere."""
    name = "LOST" if is_lost(run, seen.get(run.id)) else IterationStatus(run.status_id).name
    return status_text(name)


def _print_runs(rows: list[TableRow], names: Names, seen: Seen) -> None:
    """Print runs with the parameters in which they differ, and their metrics."""
    keys = _differing(rows)
    metrics = _common({key for row in rows for key in row.summaries}, rows)
    head = ["run", "name", "project", "status", "began", *keys, *metrics]
    lines = [_line(row, names, seen, keys, metrics) for row in rows]
    left_out = print_table(head, lines, right=[*keys, *metrics], less=["began", *metrics[1:], *keys[1:]])
    if left_out:
        click.echo(f"no room for {', '.join(reversed(left_out))}; a wider terminal or --json shows all", err=True)


def _line(row: TableRow, names: Names, seen: Seen, keys: list[str], metrics: list[str]) -> list[str]:
    run = row.iteration
    project = names[0][run.project_id]
    return [
        run_id(project, run.id),
        f"  {run.name}" if run.parent_iteration_id else run.name,
        f"{project}/{names[1][run.experiment_id]}",
        _status(run, seen) + (" incomplete" if run.lost_points else ""),
        ago(run.created_date),
        *(_brief(row.parameters.get(key, "")) for key in keys),
        *(number(row.summaries[key].last) if key in row.summaries else "" for key in metrics),
    ]


def _brief(value: Any) -> str:
    text = number(value) if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else f"{text[:23]}…"


def _differing(rows: list[TableRow]) -> list[str]:
    """Return the parameters that tell the runs apart, as far as there is room for them."""
    keys = dict.fromkeys(key for row in rows for key in row.parameters)
    differing = [key for key in keys if len({repr(row.parameters.get(key)) for row in rows}) > 1]
    return (differing if len(rows) > 1 else list(keys))[:MOST_COLUMNS]


def _common(keys: set[str], rows: list[TableRow]) -> list[str]:
    """Return the metrics that most runs have, as far as there is room for them."""
    return sorted(keys, key=lambda key: (-sum(key in row.summaries for row in rows), key))[:MOST_COLUMNS]


def _told(row: TableRow, names: Names, seen: Seen) -> dict[str, Any]:
    """Return a run as JSON has it."""
    run = row.iteration
    return {
        "run_id": run_id(names[0][run.project_id], run.id),
        "id": run.id,
        "uid": run.uid,
        "name": run.name,
        "project": names[0][run.project_id],
        "experiment": names[1][run.experiment_id],
        "parent_id": run.parent_iteration_id,
        "status": IterationStatus(run.status_id).name,
        "created_date": run.created_date,
        "end_date": run.end_date,
        "error_message": run.error_message,
        "lost_points": run.lost_points,
        "lost": is_lost(run, seen.get(run.id)),
        "seen_at": seen.get(run.id),
        "parameters": dict(row.parameters),
        "metrics": {
            key: {"last": one.last, "min": one.min, "max": one.max, "count": one.count, "last_step": one.last_step}
            for key, one in row.summaries.items()
        },
    }


def complete_runs(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of recent runs that begin as what was typed."""
    try:
        tracker = opened(context)
        rows = tracker.get_table(order="-id", limit=200)
        names = _names(tracker, rows)
        found = [run_id(names[0][row.iteration.project_id], row.iteration.id) for row in rows]
    except Exception:  # a shell that completes wants no error
        return []
    return [one for one in found if one.lower().startswith(incomplete.lower())]


@click.command()
@click.argument("run", shell_complete=complete_runs)
@as_json
@click.pass_context
def show(context: click.Context, run: str, is_json: bool) -> None:
    """Show the RUN with a run id (such as IRI-7), an id or a uid."""
    tracker = opened(context)
    iteration = tracker.get(Iteration, find_run(tracker, run).id)
    (row,) = tracker.get_table(where=asked("id") == iteration.id)
    names, seen = _names(tracker, [row]), _seen(tracker, [iteration])
    more = _more(tracker, iteration)
    if is_json:
        print_json({"version": 1, **_told(row, names, seen), **more})
    else:
        _print_run(tracker, iteration, row, names, seen, more)


def _more(tracker: Tracker, run: Iteration) -> dict[str, Any]:
    """Return what a table does not show of a run."""
    snapshot = tracker.get_snapshot(run)
    return {
        "notes": run.notes,
        "tags": [tag.value for tag in tracker.get_tags(run)],
        "artifacts": [_artifact(one) for one in tracker.find(Resource, iteration_id=run.id)],
        "children": [child.id for child in tracker.get_child_iterations(run)],
        "traceback": run.traceback or "",
        "environment": None
        if snapshot is None
        else {
            "python_version": snapshot.python_version,
            "git_sha": snapshot.git_sha,
            "git_dirty": snapshot.git_dirty,
            "entrypoint": snapshot.entrypoint,
            "has_lock": bool(snapshot.manifest_toml),
        },
    }


def _artifact(row: Resource) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "size_bytes": row.size_bytes,
        "sha256": row.content_hash,
        "store": row.backend,
        "uri": row.uri,
    }


def _print_run(tracker: Tracker, run: Iteration, row: TableRow, names: Names, seen: Seen, more: dict[str, Any]) -> None:
    out = console()
    told = _told(row, names, seen)
    out.print(f"[bold]{told['run_id']}[/] {_plain(run.name)}  {_status(run, seen)}")
    for label, text in _facts(run, told, more):
        out.print(f"  [dim]{label:<12}[/]{_plain(text)}")
    if row.parameters:
        print_table(["parameter", "value"], [[key, _brief(value)] for key, value in row.parameters.items()])
    if row.summaries:
        _print_metrics(tracker, row)
    if more["artifacts"]:
        lines = [[one["name"], f"{one['size_bytes']:,}", one["store"], one["sha256"][:12]] for one in more["artifacts"]]
        print_table(["artifact", "bytes", "store", "sha256"], lines, right=["bytes"])
    if more["traceback"]:
        out.print(_plain(more["traceback"]), style="red")


def _facts(run: Iteration, told: dict[str, Any], more: dict[str, Any]) -> list[tuple[str, str]]:
    environment = more["environment"] or {}
    commit = environment.get("git_sha", "")[:12] + (" (dirty)" if environment.get("git_dirty") else "")
    facts = [
        ("project", f"{told['project']}/{told['experiment']}"),
        ("began", f"{run.created_date:%Y-%m-%d %H:%M:%S} UTC ({ago(run.created_date)})"),
        ("last seen", _last_seen(told)),
        ("ended", f"{run.end_date:%Y-%m-%d %H:%M:%S} UTC" if run.end_date else ""),
        ("error", run.error_message),
        ("incomplete", f"{run.lost_points:,} points could not be written" if run.lost_points else ""),
        ("tags", ", ".join(more["tags"])),
        ("notes", run.notes),
        ("parent", run_id(told["project"], run.parent_iteration_id) if run.parent_iteration_id else ""),
        ("children", ", ".join(run_id(told["project"], one) for one in more["children"])),
        ("python", environment.get("python_version", "")),
        ("commit", commit),
        ("entry point", environment.get("entrypoint", "")),
    ]
    return [(label, text) for label, text in facts if text]


def _last_seen(told: dict[str, Any]) -> str:
    """Return when a run that goes on was last heard of, and what to do about it if it is lost."""
    if told["seen_at"] is None:
        return ""
    said = f"{told['seen_at']:%Y-%m-%d %H:%M:%S} UTC ({ago(told['seen_at'])})"
    if not told["lost"]:
        return said
    return f"{said}; if it was killed: deardiary end {told['run_id']}; if it comes back, its points are welcome"


def _print_metrics(tracker: Tracker, row: TableRow) -> None:
    room = min(40, max(8, console().width - 60))
    series = tracker.get_all_series(row.iteration.id, max_points=room)
    lines = [
        [
            key,
            f"{one.count:,}",
            number(one.last),
            "" if one.min is None else number(one.min),
            "" if one.max is None else number(one.max),
            sparkline(series[key].values) if key in series else "",
        ]
        for key, one in sorted(row.summaries.items())
    ]
    print_table(["metric", "points", "last", "min", "max", ""], lines, right=["points", "last", "min", "max"])


def _plain(text: str) -> str:
    """Return a text that rich takes as it stands."""
    from rich.markup import escape

    return escape(text)
