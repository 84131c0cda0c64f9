"""Where a value of the configuration comes from, so that an error can say it."""

from attrs import field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import ConfigError


@frozen(kw_only=True, eq=False, repr=False)
class Origin(Alike):
    """Where a value comes from."""

    where: str = field(kw_only=False)
    """A file's path, `environment DEARDIARY_STORE`, `argument url`, or `default`."""
    line: int = field(default=0, kw_only=False)

    @property
    def tail(self) -> str:
        """Return what the end of an error says of it: nothing of what stands in the call itself."""
        return "" if self == DEFAULT or self.where.startswith(ARGUMENT) else f" ({self})"

    def __str__(self) -> str:
        return f"{self.where}, line {self.line}" if self.line else self.where


ARGUMENT = "argument "
DEFAULT = Origin("default")


def wrong(origin: Origin, message: str) -> ConfigError:
    """Return the error that something is wrong with a value, and where the value is."""
    return ConfigError(f"{message}{origin.tail}")
