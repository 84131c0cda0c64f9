"""The commands about plugins: what there is, and a package to begin with."""

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import click

from deardiary.cli.lazy import LazyGroup
from deardiary.cli.showing import as_json, console, print_json, print_table
from deardiary.core.errors import ConfigError, NotFound
from deardiary.core.sentences import did_you_mean
from deardiary.registry import BUILT_IN, NOUNS, Plugin, Sort, is_ours, missing_modules, registry
from deardiary.schemes import Scheme
from deardiary.settings import read_settings


def _disabled() -> frozenset[str]:
    return read_settings().disabled_plugins


@click.group(invoke_without_command=True)
@as_json
@click.option("--strict", is_flag=True, help="Exit with 1 if a plugin cannot be used.")
@click.pass_context
def plugins(context: click.Context, is_json: bool, strict: bool) -> None:
    """List the stores and plugins that there are."""
    if context.invoked_subcommand is not None:
        return
    known = registry(_disabled())
    rows = _rows()
    if is_json:
        print_json({"version": 1, "plugins": rows})
    else:
        head = ["name", "kind", "from", "api", "status"]
        print_table(head, [[str(row[name]) for name in head] for row in rows])
    if strict and (known.problems or known.clashes):
        context.exit(1)


def _rows() -> list[dict[str, Any]]:
    """Return every scheme and every plugin that brings none."""
    known = registry(_disabled())
    rows = [_row(scheme, sort, "deardiary", "ok") for sort, schemes in BUILT_IN.items() for scheme in schemes.values()]
    for one in known.plugins:
        status = _status(one, known.clashes)
        whose = f"{one.distribution} {one.version}".strip()
        rows += [_row(scheme, sort, whose, status) for sort, scheme in one.brings]
        if not one.brings:
            rows.append({"name": one.name, "kind": "plugin", "from": whose, "api": "", "status": status, "summary": ""})
    return rows


def _row(scheme: Scheme, sort: Any, whose: str, status: str) -> dict[str, Any]:
    missing = missing_modules(scheme)
    if missing:
        status = f"needs {', '.join(missing)}"
    return {
        "name": scheme.name,
        "kind": NOUNS[sort],
        "from": whose,
        "api": scheme.api,
        "status": status,
        "summary": scheme.summary,
    }


def _status(plugin: Plugin, clashes: Any) -> str:
    if plugin.disabled:
        return "switched off"
    if plugin.problem:
        return plugin.problem
    both = next((whose for whose in clashes.values() if plugin.distribution in whose), ())
    return f"clashes: {' and '.join(both)}" if both else "ok"


@plugins.command("show")
@click.argument("name")
@as_json
def show(name: str, is_json: bool) -> None:
    """Show what is known of the scheme or plugin NAME."""
    rows = [row for row in _rows() if name in (row["name"], row["from"].partition(" ")[0])]
    if not rows:
        there = sorted({row["name"] for row in _rows()})
        raise NotFound(
            f"there is no scheme or plugin {name!r}; there are {', '.join(there)}{did_you_mean(name, there)}"
        )
    told = [{**row, **_traits(row)} for row in rows]
    if is_json:
        print_json({"version": 1, "plugins": told})
        return
    for row in told:
        console().print(f"[bold]{row['name']}[/]")
        for label, value in row.items():
            if label != "name" and value != "":
                console().print(f"  [dim]{label:<10}[/]{value}", markup=True)


def _traits(row: dict[str, Any]) -> dict[str, Any]:
    sort = next((sort for sort, noun in NOUNS.items() if noun == row["kind"]), None)
    scheme = registry(_disabled()).schemes[sort].get(row["name"]) if sort else None
    if scheme is None:
        return {}
    return {
        "opener": scheme.opener,
        "processes": scheme.traits.processes,
        "survives": {"none": "nothing", "process": "kill -9", "power": "a power cut"}[scheme.traits.durable],
        "url": f"{scheme.name}:///path" if scheme.path else f"{scheme.name}://",
    }


PLUGIN_COMMANDS = {"new": ("plugins:new", "Write a package that is a working plugin.")}


@click.group(cls=LazyGroup, commands_of=PLUGIN_COMMANDS)
def plugin() -> None:
    """Begin a plugin."""


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(["store", "artifacts"]), default="store", show_default=True)
@click.option("--path", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to write it.")
def new(name: str, kind: str, path: Path) -> None:
    """Write a package NAME that is a working plugin, with its tests."""
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise ConfigError(f"{name!r} is no name of a scheme; one has small letters and digits, such as redis")
    sort: Sort = "store" if kind == "store" else "artifacts"
    if is_ours(name, sort):
        raise ConfigError(f"deardiary brings {name}:// already; a plugin has a name of its own, such as my{name}")
    folder = path / f"deardiary-{name}"
    if folder.exists():
        raise ConfigError(f"{folder} is there already")
    module = f"deardiary_{name}"
    said = {"scheme": name, "module": module, "distribution": folder.name, "title": name.capitalize()}
    targets = {
        "module.py.txt": f"{module}.py",
        "pyproject.toml.txt": "pyproject.toml",
        "test.py.txt": f"tests/test_{name}.py",
        "README.md.txt": "README.md",
    }
    for source, target in targets.items():
        text = files("deardiary.cli").joinpath("templates", kind, source).read_text(encoding="utf-8")
        place = folder / target
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(Template(text).substitute(said), encoding="utf-8")
    click.echo(f'wrote {folder}; now: cd {folder} && pip install --editable ".[test]" && pytest', err=True)
