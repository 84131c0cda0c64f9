"""The commands that look whether all is well: `doctor` and `check`."""

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import click

from deardiary.cli.showing import as_json, opened, print_json, print_table
from deardiary.core.entities import Iteration, IterationStatus
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
