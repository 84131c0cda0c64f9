"""The command that makes or changes a diary which others may be using: `migrate`."""

import click

from deardiary.cli.showing import said_to
from deardiary.opening import composed, told
from deardiary.registry import migrate_store
from deardiary.secrets import masked
from deardiary.settings import Place, read_settings


@click.command()
@click.argument("url", required=False)
@click.pass_context
def migrate(context: click.Context, url: str | None) -> None:
    """Bring the diary under URL, or the configured one, to the present schema; one that is not there is made.

    Opening does that for a diary in a file. One on a server is changed by nothing else than this command.
    """
    said = said_to(context)
    settings = read_settings(**({**said, "arguments": {"store.url": url}} if url else said))
    if settings.store is None:
        click.echo(
            "no diary is configured, and the one of a project needs no migrating: opening it is enough", err=True
        )
        return
    place = composed(settings).store
    assert isinstance(place, Place)
    with told(place):
        versions = migrate_store(place.url, options=place.opened_with(), disabled=settings.disabled_plugins)
    click.echo(_said(masked(place.url), versions), err=True)


def _said(diary: str, versions: tuple[int, int] | None) -> str:
    """Return what became of a diary, in words."""
    if versions is None:
        return f"the diary {diary} needs no migrating: opening it is enough"
    before, after = versions
    if before == after:
        return f"the diary {diary} is at schema {after} already"
    return f"the diary {diary} has schema {after} now; it had {f'schema {before}' if before else 'none'}"
