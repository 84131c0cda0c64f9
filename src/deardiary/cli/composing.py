"""The commands that compose a diary: `init`, `config` and `completion`."""

from pathlib import Path

import click

from deardiary.cli.showing import as_json, print_json, print_table, said_to
from deardiary.core.errors import ConfigError
from deardiary.registry import scheme_of
from deardiary.settings import DEFAULT, FILE, FOLDER, Settings, read_settings, shown

TEMPLATE = """# What this project's diary is composed of. Paths are relative to this file.
# `deardiary config show --origin` tells what holds, and why.

[store]
url = "{url}"                # or memory://, or that of a plugin: deardiary plugins

# [artifacts]                             # where large artifacts go; by default beside the store's file
# url = "file:///artifacts"
# inline_below = "64 KiB"                 # smaller ones are rows of the diary itself

# [profiles.scratch.store]                # another composition: DEARDIARY_PROFILE=scratch python train.py
# url = "sqlite:////tmp/scratch.db"

# required_plugins = ["deardiary-jsonl>=0.1"]
# disabled_plugins = []
"""


@click.command()
@click.option(
    "--store", "url", default="sqlite:///.deardiary/diary.db", show_default=True, help="The URL of the diary."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(url: str, force: bool) -> None:
    """Write a commented deardiary.toml here."""
    path = Path(FILE)
    scheme = scheme_of(url)
    if path.exists() and not force:
        raise ConfigError(f"{path.absolute()} is there already; --force writes over it")
    path.write_text(TEMPLATE.format(url=url), encoding="utf-8")
    if scheme.path:
        _make_folder(Path(url.partition(":///")[2]).parent)
    click.echo(f"wrote {path.absolute()}", err=True)


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name == ".deardiary":
        (folder / ".gitignore").write_text("*\n")


@click.group()
def config() -> None:
    """Show what is configured, and where it comes from."""


@config.command("show")
@click.option("--origin", "is_origin", is_flag=True, help="Show where each value comes from.")
@as_json
@click.pass_context
def show(context: click.Context, is_origin: bool, is_json: bool) -> None:
    """Show every value that holds here; secrets are masked."""
    settings = read_settings(**said_to(context))
    rows = sorted([*shown(settings), *_defaults(settings)])
    if is_json:
        values = {name: {"value": value, "origin": origin} for name, value, origin in rows}
        print_json({"version": 1, "settings": values})
    else:
        head = ["setting", "value", *(["origin"] if is_origin else [])]
        print_table(head, [list(row[: len(head)]) for row in rows])


def _defaults(settings: Settings) -> list[tuple[str, str, str]]:
    """Return what holds although nobody says it."""
    there = {
        "store.url": f"sqlite:///{Path(settings.root, FOLDER, 'diary.db')}",
        "artifacts.inline_below": str(settings.inline_below),
        "mode": "online",
        "quiet": "false",
    }
    return [(name, value, str(DEFAULT)) for name, value in there.items() if name not in settings.entries]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what lets a SHELL complete our commands: eval "$(deardiary completion bash)"."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"{shell} cannot be completed here")
    root = context.find_root()
    click.echo(made(root.command, {}, "deardiary", "_DEARDIARY_COMPLETE").source())
