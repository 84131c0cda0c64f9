"""How commands show what they found: as tables for people, as JSON for programs."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click

from deardiary import opening
from deardiary.core.errors import NotFound
from deardiary.core.shapes import now
from deardiary.settings import FOLDER
from deardiary.tracker import Tracker

as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON.")


def opened(context: click.Context) -> Tracker:
    """Return the diary that the command line means, which is not made; it is closed when the command ends.

    Raises:
        NotFound: it is a file that is not there.
    """
    said = context.obj or {"url": context.find_root().params.get("store"), "profile": None}  # none while completing
    where = opening.file_of(said["url"], profile=said["profile"])
    if where is not None and not os.path.exists(where) and _may_be(where):
        raise NotFound(f"there is no diary {where} yet; a run makes one: deardiary.init(...), or deardiary demo")
    tracker = opening.open(said["url"], profile=said["profile"])
    context.call_on_close(tracker.close)
    return tracker


def _may_be(where: str) -> bool:
    """Return whether a diary might come to be in a file; who opens it where it never can be is told why."""
    folder, name = os.path.split(where)
    has_folder = os.path.isdir(folder or ".") or os.path.basename(folder) == FOLDER
    return name != "" and has_folder and not {*"?:"} & {*name}


def said_to(context: click.Context) -> dict[str, Any]:
    """Return what the command line says of settings."""
    url = context.obj["url"]
    return {"profile": context.obj["profile"], "arguments": {} if url is None else {"store.url": url}}


def print_json(value: Any) -> None:
    """Print a value as JSON: numbers that JSON lacks as texts, times in UTC."""
    click.echo(json.dumps(_jsonable(value), indent=2, ensure_ascii=False))


def _jsonable(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _jsonable(one) for key, one in value.items()}
        case list() | tuple():
            return [_jsonable(one) for one in value]
        case float() if value != value:
            return "NaN"
        case float() if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return value


def print_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = (), less: Sequence[str] = ()
) -> list[str]:
    """Print rows below the names of their columns, and return the columns for which there was no room.

    Args:
        right: the columns that are set to the right, as numbers are.
        less: those that may be left out, the last first.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    out, lines = console(), [[_text(one) for one in row] for row in rows]
    left_out = _without_room(head, lines, list(less), out.width)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    shown = [place for place, name in enumerate(head) if name not in left_out]
    for place in shown:
        name = head[place]
        table.add_column(name, justify="right" if name in right else "left", overflow="ellipsis", no_wrap=name in right)
    for line in lines:
        table.add_row(*(line[place] for place in shown))
    out.print(table)
    return left_out


def _text(one: str) -> Any:
    from rich.text import Text

    return Text.from_markup(one) if one.startswith("[") and "[/" in one else Text(one)


def _without_room(head: Sequence[str], lines: Sequence[Sequence[Any]], less: list[str], width: int) -> list[str]:
    """Return the columns to leave out, so that the others need not be cut."""
    wide = {name: max(len(name), *(line[place].cell_len for line in lines), 0) for place, name in enumerate(head)}
    left_out = list[str]()
    while less and sum(wide[name] + 3 for name in head if name not in left_out) > width:
        left_out.append(less.pop())
    return left_out


def console() -> Any:
    """Return where tables are printed: in colour to a terminal, plain and wide to anything else."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 240, soft_wrap=False)


STATUS_STYLES = {"RUNNING": "yellow", "SUCCEEDED": "green", "FAILED": "red", "KILLED": "magenta", "LOST": "cyan"}


def status_text(name: str) -> str:
    """Return a status with its colour; a run that is lost is RUNNING, and nothing is heard of it."""
    shown = "running (lost)" if name == "LOST" else name.lower()
    return f"[{STATUS_STYLES[name]}]{shown}[/]"


def ago(time: datetime) -> str:
    """Return how long ago something was."""
    seconds = (now() - time).total_seconds()
    if seconds < 60:
        return "just now"
    for size, unit in ((3600, 60), (86_400, 3600), (7 * 86_400, 86_400)):
        if seconds < size:
            return f"{int(seconds // unit)}{ {60: 'm', 3600: 'h', 86_400: 'd'}[unit] } ago"
    return time.strftime("%Y-%m-%d")


def number(value: float) -> str:
    """Return a number as briefly as it can be read."""
    return f"{value:.5g}"


def counted(count: int, noun: str) -> str:
    """Return how many there are of something."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Iterable[float]) -> str:
    """Return numbers as a small picture; what is no number is a gap."""
    kept = list(values)
    real = [value for value in kept if value - value == 0]
    if not real:
        return ""
    low, high = min(real), max(real)
    wide = (high - low) or 1.0
    return "".join(BARS[int((value - low) / wide * 7)] if value - value == 0 else " " for value in kept)
