"""How a diary comes to the present schema: numbered steps, forward only, each whole or not at all."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from attrs import frozen

from deardiary.backends.sql.engine import Connection, Texts
from deardiary.core.alike import Alike

Step: TypeAlias = Callable[[Connection, Texts], None]


@frozen(kw_only=True, eq=False, repr=False)
class Migration(Alike):
    """One step from a schema to the next."""

    version: int
    name: str
    step: Step


def _begin(connection: Connection, texts: Texts) -> None:
    for text in texts.ddl:
        connection.run(text)


MIGRATIONS: Sequence[Migration] = (Migration(version=1, name="begin", step=_begin),)
"""Every step there ever was; those that were released are never changed."""


def latest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the version of the present schema."""
    return migrations[-1].version


def migrate(
    connection: Connection, texts: Texts, *, version: int, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring a diary from a version to the present one, in the transaction that is open."""
    for migration in migrations:
        if migration.version > version:
            migration.step(connection, texts)
            connection.run(texts.fixed["migrated"], (migration.version, migration.name))
