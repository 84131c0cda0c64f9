"""What goes wrong with Postgres: what passes, what is given up, and which error of ours says it."""

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolTimeout

from deardiary.backends.sql.engine import Again
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, StorageFull, Unavailable


def described(url: str) -> str:
    """Return what a database is called, without its password."""
    try:
        said = conninfo_to_dict(url)
    except psycopg.Error:
        return "the Postgres database"
    host, name = said.get("host") or "localhost", said.get("dbname") or said.get("user") or ""
    port = f":{said['port']}" if said.get("port") else ""
    return f"the Postgres database {name!r} on {host}{port}"


PASSING = (Again, errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation, errors.LockNotAvailable)
"""What comes of other transactions, and passes."""

LOST = ("08", "57P01", "57P02", "57P03", "53300", "25P03")
"""The states of SQL that say that a connection was lost or cannot be had now."""


def is_passing(error: Exception) -> bool:
    """Return whether it helps to try again."""
    if isinstance(error, (PoolTimeout, *PASSING)):
        return True
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(LOST)


def given_up(error: Exception, name: str, seconds: float) -> DearDiaryError:
    """Return our error for what was tried until there was no more time."""
    if isinstance(error, PASSING):
        return Unavailable(f"{name} is so busy that nothing could be written for {seconds:.0f} seconds")
    return Unavailable(f"{name} cannot be reached: {sentence(error)}")


HINTS = {
    "28": '; check the user and the password: password = { env = "..." } in deardiary.toml, or libpq\'s ~/.pgpass',
    "3D": "; name another one, or make it: createdb",
    "42501": "; ask its owner for the rights that docs/stores.md lists",
}
"""What to do about an error, by its state."""


def ours(error: Exception, name: str, state: str = "") -> DearDiaryError:
    """Return our error for one of Postgres, told apart by its state."""
    state = state or getattr(error, "sqlstate", None) or ""
    match state[:2], state:
        case _, "53100" | "53200":
            return StorageFull(f"there is no room left in {name}: {sentence(error)}")
        case "28", _:
            return ConfigError(f"{name} lets nobody in: {sentence(error)}{HINTS['28']}")
        case "3D" | "3F", _:
            return ConfigError(f"{name} is not there: {sentence(error)}{HINTS['3D']}")
        case _, "42501":
            return ConfigError(f"{name} does not permit it: {sentence(error)}{HINTS['42501']}")
        case "XX", _:
            return Corrupt(f"{name} is damaged: {sentence(error)}")
        case _, "25006":
            return Unavailable(f"{name} can only be read now, as a replica can: {sentence(error)}")
        case _:
            return Unavailable(f"{name} cannot be used: {sentence(error)}")


def sentence(error: Exception) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split())
