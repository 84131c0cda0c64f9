"""Digests: sha256 of texts and bytes, and of a batch as its sender made it."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs

from deardiary.core.shapes import micros


def digest_of(data: bytes) -> str:
    """Return the sha256 of bytes in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of_text(text: str) -> str:
    """Return the sha256 of a text in UTF-8."""
    return digest_of(text.encode())


def batch_digest(elements: Iterable[Any]) -> str:
    """Return the digest of what a batch says, whoever computes it and wherever."""
    return digest_of_text(json.dumps(list(elements), separators=(",", ":"), default=_said, sort_keys=True))


def _said(value: Any) -> Any:
    """Return what JSON has no form for in a form that no other value has."""
    if isinstance(value, datetime):
        return {"time": micros(value)}
    if isinstance(value, bytes):
        return {"bytes": digest_of(value)}
    if isinstance(value, type):
        return {"class": value.__name__}
    kind = type(value)
    if kind not in _GETTERS:
        _GETTERS[kind] = _getter(kind)
    return {kind.__name__: _GETTERS[kind](value)}


_GETTERS: dict[type, Callable[[Any], Any]] = {}


def _getter(kind: type) -> Callable[[Any], Any]:
    """Return what reads all that values of a class say."""
    if hasattr(kind, "pack"):
        return lambda points: digest_of(points.pack())
    names = [attribute.name for attribute in attrs.fields(kind)]
    return attrgetter(*names) if names else lambda _: None
