"""The command line: `deardiary`, a thin layer over the library.

Data goes to stdout, words for people to stderr. Exit codes: 0 fine, 1 refused or something is wrong, 2 wrong usage,
3 not found, 4 the diary cannot be reached, 130 interrupted.
"""

import sys
from collections.abc import Sequence

import click

from deardiary.cli.lazy import LazyGroup
from deardiary.core.errors import DearDiaryError, NotFound, Unavailable

COMMANDS = {
    "check": ("checking:check", "Hold a store to every promise of the contract."),
    "completion": ("composing:completion", "Print what lets a shell complete our commands."),
    "config": ("composing:config", "Show what is configured, and where it comes from."),
    "demo": ("demo:demo", "Fill a diary with a believable sweep, and look at it."),
    "doctor": ("checking:doctor", "Look whether all is well here."),
    "end": ("recovering:end", "End a run that nobody ends, such as one that was killed."),
    "init": ("composing:init", "Write a commented deardiary.toml."),
    "ls": ("looking:ls", "List runs, the newest first."),
    "migrate": ("migrating:migrate", "Make a diary in a shared database, or bring it to the present schema."),
    "plugin": ("plugins:plugin", "Begin a plugin."),
    "plugins": ("plugins:plugins", "List the stores and plugins that there are."),
    "recover": ("recovering:recover", "Carry the points that killed processes left behind."),
    "show": ("looking:show", "Show one run: state, parameters, metrics, artifacts."),
}

EPILOG = """\b
Exit codes: 0 fine · 1 refused, or something is wrong · 2 wrong usage
            3 not found · 4 the diary cannot be reached · 130 interrupted"""


@click.group(
    cls=LazyGroup,
    commands_of=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--store", metavar="URL", help="The diary, instead of the configured one.")
@click.option("--profile", metavar="NAME", help="The profile of deardiary.toml to use.")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="deardiary", prog_name="deardiary")
@click.pass_context
def cli(context: click.Context, store: str | None, profile: str | None, debug: bool) -> None:
    """The diary of your machine-learning experiments, in the store you choose."""
    context.obj = {"url": store, "profile": profile, "debug": debug}


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return int(cli.main(args=arguments, prog_name="deardiary", standalone_mode=False) or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("deardiary: interrupted", err=True)
        return 130
    except BrokenPipeError:
        sys.stdout = None  # whoever read it has gone; there is nothing to flush
        return 0
    except DearDiaryError as error:
        if "--debug" in arguments:
            raise
        click.echo(f"deardiary: {error}", err=True)
        return _code_of(error)


def _code_of(error: DearDiaryError) -> int:
    match error:
        case NotFound():
            return 3
        case Unavailable():
            return 4
        case _:
            return 1


def main() -> None:
    """Run the command line, and exit with its code."""
    sys.exit(run())
