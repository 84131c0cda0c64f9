"""What a plugin says of a store that it brings, before any of it is imported."""

from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class Traits:
    """What a store promises beyond the contract; for what it lacks, the suite asserts the refusal."""

    processes: Literal["one", "many"] = "many"
    """How many processes may hold one diary at once."""
    durable: Literal["none", "process", "power"] = "power"
    """What an acknowledged batch survives: nothing, `kill -9`, a power cut."""
    guarded: bool = False
    """Whether rules and permissions are applied behind the seam."""


@frozen(kw_only=True)
class Scheme:
    """A kind of store, known by the scheme of its URLs."""

    name: str = field(kw_only=False)
    opener: str = field(kw_only=False)
    """Where its opener is, `package.module:function`; imported when a URL is opened."""
    summary: str = ""
    requires: tuple[str, ...] = ()
    """The modules that its opener imports."""
    extra: str = ""
    """The extra of its distribution that brings them."""
    api: int = 1
    traits: Traits = Traits()
