"""What values have in common, written once: attrs would make it anew for each class, each time a program starts."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import attrs

_SAID: dict[type, Callable[[Any], Any]] = {}
"""What reads all fields of a value at once, by its class."""


class Alike:
    """A value that equals another of its class if all their fields do, and that says its fields."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        said = _SAID.get(self.__class__) or _noted(self.__class__)
        return bool(said(self) == said(other))

    def __hash__(self) -> int:
        said = _SAID.get(self.__class__) or _noted(self.__class__)
        return hash((self.__class__, said(self)))

    def __repr__(self) -> str:
        names = (one.name for one in _fields(self.__class__) if one.repr)
        return f"{self.__class__.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


def _fields(kind: Any) -> "tuple[attrs.Attribute[Any], ...]":
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(kind)
    return fields


def _noted(kind: type) -> Callable[[Any], Any]:
    names = [one.name for one in _fields(kind) if one.eq]
    _SAID[kind] = said = attrgetter(*names) if names else bool
    return said
