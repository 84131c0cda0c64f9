"""The commands that look whether all is well: `doctor` and `check`."""

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import click

from deardiary.cli.showing import as_json, counted, opened, print_json, print_table, said_to
from deardiary.core.entities import Iteration, IterationStatus
from deardiary.core.errors import Unavailable
from deardiary.core.stores import Store
from deardiary.journal import owners
from deardiary.opening import composed
from deardiary.recorder import recorder_of
from deardiary.recovery import waiting_in
from deardiary.refused import refused_in
from deardiary.registry import each, registry
from deardiary.schemes import Check
from deardiary.settings import Settings, read_settings

SAFE_SQLITE = (3, 51, 3)
"""Before it, several connections that checkpoint at once may, rarely, corrupt a file."""


@click.command()
@click.argument("url")
@click.pass_context
def check(context: click.Context, url: str) -> None:
    """Hold the store under URL to every promise of the contract; the diary must be new."""
    from deardiary.testing.check import check as hold

    context.exit(hold(url, sys.stdout))


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, is_json: bool) -> None:
    """Look whether all is well here; exits with 1 if something is wrong."""
    found = [_looked(one) for one in _checks(context)]
    if is_json:
        rows = [{"name": name, "ok": ok, "said": said} for name, ok, said in found]
        print_json({"version": 1, "checks": rows})
    else:
        lines = [[("[green]✓[/]" if ok else "[red]✗[/]"), name, said] for name, ok, said in found]
        print_table(["", "what", ""], lines)
    if not all(ok for _, ok, _ in found):
        context.exit(1)


def _looked(check: Check) -> tuple[str, bool, str]:
    try:
        return check.name, True, check.look()
    except Exception as error:  # whatever is wrong is told, and the next thing looked at
        return check.name, False, str(error) or type(error).__name__


def _checks(context: click.Context) -> Iterator[Check]:
    yield Check("deardiary", lambda: f"{version('deardiary')} on Python {platform.python_version()}, {sys.platform}")
    yield Check("SQLite", _sqlite)
    yield Check("configuration", lambda: _configuration(read_settings(profile=context.obj["profile"])))
    yield Check("plugins", _plugins)
    yield Check("store", lambda: _store(context))
    yield Check("artifacts", lambda: _artifacts(context))
    yield Check("journals", lambda: _journals(context))
    yield Check("git", _git)
    yield from _of_plugins()


def _sqlite() -> str:
    have = sqlite3.sqlite_version_info
    if have < SAFE_SQLITE:
        safe = ".".join(map(str, SAFE_SQLITE))
        return f"{sqlite3.sqlite_version}; from {safe} on, a rare fault with several processes is mended"
    return sqlite3.sqlite_version


def _configuration(settings: Settings) -> str:
    files = sorted({one.origin.where for one in settings.entries.values() if one.origin.line})
    return ", ".join(files) if files else f"none; the diary is in {os.path.join(settings.root, '.deardiary')}"


def _plugins() -> str:
    known = registry(read_settings().disabled_plugins)
    wrong = [f"{plugin.distribution} {plugin.problem}" for plugin in known.problems]
    wrong += [f"{name}:// is brought by {' and by '.join(both)}" for (_, name), both in known.clashes.items()]
    if wrong:
        raise RuntimeError("; ".join(wrong))
    there = [f"{plugin.distribution} {plugin.version}" for plugin in known.plugins if not plugin.disabled]
    return ", ".join(there) if there else "none is installed"


def _store(context: click.Context) -> str:
    tracker = opened(context)
    runs = tracker.count(Iteration)
    running = tracker.count(Iteration, status_id=IterationStatus.RUNNING)
    return f"{tracker.url}: {runs:,} runs, {running:,} of them running"


def _artifacts(context: click.Context) -> str:
    """Open every artifact store, and say which takes what is large."""
    depot = opened(context).depot
    for name in depot.openers:
        depot.store(name).missing(["0" * 64])
    names = [f"{name} (default)" if name == depot.default else name for name in depot.openers]
    return f"{', '.join(names)}; below {depot.inline_below:,} bytes inline"


def _journals(context: click.Context) -> str:
    """Say where points are on their way to the diary; whatever cannot get there by itself is a problem."""
    try:
        recorder = recorder_of(opened(context))
        folder, store = recorder.folder, recorder.store
        problems = list(recorder.recovered.problems) if recorder.recovered is not None else []
    except Unavailable:
        folder, store, problems = composed(read_settings(**said_to(context))).journals, None, []
    if folder is None:
        return "in memory, as the diary"
    if not owners.can_own():
        return "in memory; this system does not tell whether a process lives, so a killed one loses what is not sent"
    said = [f"{folder}: {_form(folder)}", *_waiting(folder, store)]
    problems += _left_over(folder)
    if problems:
        raise RuntimeError("; ".join([*said, *problems]))
    return "; ".join(said)


def _form(folder: str) -> str:
    if owners.form_of(folder) == "mapped":
        return "mapped into memory"
    if owners.is_remote(folder):
        return f"single writes instead of mapped memory, since it is on {owners.file_system(folder)}"
    return f"single writes instead of mapped memory, as on every {sys.platform}"


def _waiting(folder: str, store: Store | None) -> Iterator[str]:
    """Yield how many points wait there, of processes that live and of those that do not."""
    found = list(waiting_in(folder, store))
    for is_alive, which, more in (
        (True, "lives", ""),
        (False, "is no more", "; `deardiary recover` sends them"),
    ):
        of_these = [one for one in found if one.is_alive is is_alive]
        count = sum(one.points for one in of_these)
        if of_these:
            least = "" if store is not None else "at most "
            least = least if all(one.is_all for one in of_these) else "more than "
            who = f"a process that {which}" if len(of_these) == 1 else f"{len(of_these)} processes"
            who += "" if len(of_these) == 1 else " that live" if is_alive else " that are no more"
            yield f"{least}{counted(count, 'point')} of {who} wait{more if count else ''}"


def _left_over(folder: str) -> Iterator[str]:
    """Yield what is wrong in a folder of journals."""
    there = folder
    while not os.path.lexists(there):
        there = os.path.dirname(there) or os.curdir
    if not os.path.isdir(there):
        yield f"{there} is no folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"nothing can be written to {there}, so that a killed process loses what is not sent"
    kept = [one for each_file in refused_in(folder).values() for one in each_file]
    if kept:
        count = sum(len(one.points) for one in kept)
        runs = ", ".join(map(str, sorted({one.run for one in kept})))
        are = "is" if count == 1 else "are"
        yield f"{counted(count, 'point')} {are} kept for `deardiary recover` (runs: {runs}): {kept[0].error}"
    alone = owners.leftovers(folder)
    if alone:
        yield f"nobody comes for {', '.join(map(os.path.basename, sorted(alone)))}, whose owner is not there"


def _git() -> str:
    from shutil import which

    return which("git") or "not found; snapshots do not say whether the tree was dirty"


def _of_plugins() -> Iterator[Check]:
    for plugin, hook in each(read_settings().disabled_plugins):
        yield from _asked(plugin.distribution, hook.deardiary_health_checks)


def _asked(name: str, ask: Callable[[], Any]) -> list[Check]:
    try:
        return [check for checks in ask() for check in checks]
    except Exception as error:  # a stranger's code
        return [Check(name, _raising(error))]


def _raising(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look
