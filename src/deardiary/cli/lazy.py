"""A group of commands that are imported when they are called, so that `--help` is quick."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands are known by where they are; plugins add theirs."""

    def __init__(self, *given: Any, commands_of: Mapping[str, tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.commands_of = commands_of
        self._has_asked_plugins = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, those of plugins too."""
        self._ask_plugins()
        return sorted({*self.commands_of, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name."""
        if cmd_name in self.commands_of:
            module, _, name = self.commands_of[cmd_name][0].partition(":")
            command: click.Command = getattr(import_module(f"deardiary.cli.{module}"), name)
            return command
        self._ask_plugins()
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or say which there are."""
        from deardiary.core.sentences import did_you_mean

        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            there = self.list_commands(ctx)
            close = did_you_mean(name, there)
            raise click.UsageError(f"No such command {name!r}; there are {', '.join(there)}{close}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the commands do, without importing ours."""
        rows = [(name, self._said(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _said(self, ctx: click.Context, name: str) -> str:
        if name in self.commands_of:
            return self.commands_of[name][1]
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""

    def _ask_plugins(self) -> None:
        """Let plugins add their commands; one that cannot is told by `deardiary plugins`, and stops nobody."""
        from deardiary.registry import each, entries

        if self._has_asked_plugins:
            return
        self._has_asked_plugins = True
        if not entries():
            return
        for plugin, hook in each():
            try:
                hook.deardiary_commands(cli=self)
            except Exception as error:  # a stranger's code
                click.echo(f"deardiary: warning: the plugin {plugin.distribution} adds no commands: {error}", err=True)
