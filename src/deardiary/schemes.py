"""What a plugin says of a store that it brings, before any of it is imported."""

from collections.abc import Callable
from typing import Literal

from attrs import field, frozen

from deardiary.core.alike import Alike


@frozen(kw_only=True, eq=False, repr=False)
class Traits(Alike):
    """What a store promises beyond the contract; for what it lacks, the suite asserts the refusal."""

    processes: Literal["one", "many"] = "many"
    """How many processes may hold one diary at once."""
    durable: Literal["none", "process", "power"] = "power"
    """What an acknowledged batch survives: nothing, `kill -9`, a power cut."""
    guarded: bool = False
    """Whether rules and permissions are applied behind the seam."""


@frozen(kw_only=True, eq=False, repr=False)
class Scheme(Alike):
    """A kind of store, of rows or of bytes, known by the scheme of its URLs."""

    name: str = field(kw_only=False)
    opener: str = field(kw_only=False)
    """Where its opener is, `package.module:function`; imported when a URL is opened."""
    summary: str = ""
    migrator: str = ""
    """Where the function is that `deardiary migrate` calls, of a store that opening does not migrate; it takes what
    the opener takes, and returns the versions of the schema before and after."""
    requires: tuple[str, ...] = ()
    """The modules that its opener imports."""
    extra: str = ""
    """The extra of its distribution that brings them."""
    api: int = 1
    traits: Traits = Traits()
    path: bool = False
    """Whether its URLs name a file or folder: `name:///relative` or `name:////absolute`."""
    signature: tuple[int, bytes] | None = None
    """Where its files say what they are, and how: an offset, and the bytes there."""
    backend: str = ""
    """What resources call such a store of bytes if it has no other name; the scheme's name if empty."""


@frozen(eq=False, repr=False)
class Check(Alike):
    """Something that `deardiary doctor` looks at."""

    name: str
    look: Callable[[], str]
    """Return what is well, or raise what is wrong, in a sentence that says what to do."""
