"""Digests: sha256 of texts and bytes, and of a batch as its sender made it."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs

from deardiary.core.errors import Invalid
from deardiary.core.shapes import check_time, micros


def digest_of(data: bytes) -> str:
    """Return the sha256 of bytes in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of_text(text: str) -> str:
    """Return the sha256 of a text in UTF-8."""
    return digest_of(text.encode())


_spells_a_digest = re.compile("[0-9a-f]{64}").fullmatch


def is_digest(value: object) -> bool:
    """Return whether something is a sha256 in lower-case hexadecimal digits."""
    return isinstance(value, str) and _spells_a_digest(value) is not None


def check_digest(value: object) -> None:
    """Refuse what is no digest, before it becomes part of a path or a name."""
    if not is_digest(value):
        raise Invalid(f"{value!r:.80} is no digest; one is a sha256 in 64 lower-case hexadecimal digits")


def batch_digest(elements: Iterable[Any]) -> str:
    """Return the digest of what a batch says, whoever computes it and wherever."""
    try:
        return digest_of_text(_ENCODER.encode([_flat(element) for element in elements]))
    except RecursionError:
        raise Invalid("a condition in the batch is nested too deep") from None


def _flat(element: Any) -> Any:
    """Return an insert with its row in one list, which is told faster; anything else as it is."""
    row = getattr(element, "entity", None)
    if row is None:
        return element
    return [type(row).__name__, element.or_existing, *_getter(type(row))(row)]


def _said(value: Any) -> Any:
    """Return what JSON has no form for in a form that no other value has."""
    if isinstance(value, datetime):
        check_time(value, "a time in the batch")
        return {"time": micros(value)}
    if isinstance(value, bytes):
        return {"bytes": digest_of(value)}
    if isinstance(value, type):
        return {"class": value.__name__}
    return {type(value).__name__: _getter(type(value))(value)}


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_said, sort_keys=True)


_GETTERS: dict[type, Callable[[Any], Any]] = {}


def _getter(kind: type) -> Callable[[Any], Any]:
    if kind not in _GETTERS:
        _GETTERS[kind] = _made_getter(kind)
    return _GETTERS[kind]


def _made_getter(kind: type) -> Callable[[Any], Any]:
    """Return what reads all that values of a class say."""
    if hasattr(kind, "pack"):
        return lambda points: digest_of(points.pack())
    if not attrs.has(kind):
        raise Invalid(f"a value of {kind.__name__} cannot stand in a batch")
    names = [attribute.name for attribute in attrs.fields(kind)]
    return attrgetter(*names) if names else lambda _: None
