"""Digests: sha256 of texts and bytes, and of a batch as its sender made it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
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
    said = json.dumps([_said(element) for element in elements], separators=(",", ":"), ensure_ascii=False)
    return digest_of_text(said)


def _said(value: Any) -> Any:
    """Return a value as JSON that no other value has."""
    if value is None or isinstance(value, str | bool | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return {"time": micros(value)}
    if isinstance(value, bytes):
        return {"bytes": digest_of(value)}
    if isinstance(value, dict):
        return {"map": sorted([name, _said(part)] for name, part in value.items())}
    if isinstance(value, tuple):
        return {"row": [_said(part) for part in value]}
    if isinstance(value, type):
        return {"class": value.__name__}
    if hasattr(value, "pack"):
        return {"points": digest_of(value.pack())}
    return [type(value).__name__, *(_said(getattr(value, name)) for name in _names(type(value)))]


_KNOWN: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(attribute.name for attribute in attrs.fields(kind))
    return _KNOWN[kind]
