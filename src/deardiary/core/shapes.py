"""What a field may hold: converters that make one form of a value, validators that refuse the rest."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

import attrs

from deardiary.core.errors import Invalid

LEAST_INTEGER, GREATEST_INTEGER = -(2**63), 2**63 - 1
NAME, VALUE, NOTE, LARGE = 256, 64 * 1024, 1024 * 1024, 16 * 1024 * 1024
"""Greatest lengths of texts, in characters."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_TIME, LAST_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The years 1 to 9999, in microseconds since 1970."""

Validator = Callable[[Any, Any, Any], None]


def now() -> datetime:
    """Return the present instant; only writers call this, never a store."""
    return datetime.now(UTC)


def micros(instant: datetime) -> int:
    """Return an instant as microseconds since 1970 in UTC."""
    days = instant - EPOCH
    return (days.days * 86_400 + days.seconds) * 1_000_000 + days.microseconds


def instant(count: int) -> datetime:
    """Return the instant that lies so many microseconds after 1970."""
    return EPOCH + timedelta(0, 0, count)


def same_text(value: Any) -> Any:
    """Return a text in the one form in which texts are kept and compared (NFC)."""
    if isinstance(value, str) and not value.isascii():
        return unicodedata.normalize("NFC", value)
    return value


def in_utc(value: Any) -> Any:
    """Return an aware time in UTC."""
    if isinstance(value, datetime) and value.tzinfo is not None and value.tzinfo is not UTC:
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise Invalid(f"{value} lies outside the years 1 to 9999 in UTC") from None
    return value


def _what(instance: Any, attribute: Any) -> str:
    owner = instance if isinstance(instance, type) else type(instance)
    noun = getattr(getattr(owner, "declared", None), "noun", owner.__name__)
    return f"{noun} {attribute.name}"


def check_text(value: Any, what: str, *, least: int = 0, most: int = NAME) -> None:
    """Refuse what is no text, or one that not every store can keep."""
    if not isinstance(value, str):
        raise Invalid(f"{what} is {_said(value)}, not a text")
    if len(value) < least:
        raise Invalid(f"{what} is empty")
    if len(value) > most:
        raise Invalid(f"{what} has {len(value):,} characters; at most {most:,} are kept")
    if "\0" in value:
        raise Invalid(f"{what} contains the character NUL")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"{what} contains half of a character (a lone surrogate) at {error.start}") from None


def check_integer(value: Any, what: str, *, least: int = LEAST_INTEGER, most: int = GREATEST_INTEGER) -> None:
    """Refuse what is no integer of 64 bits between two bounds."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"{what} is {_said(value)}, not an integer")
    if not least <= value <= most:
        bounds = "64 bits" if (least, most) == (LEAST_INTEGER, GREATEST_INTEGER) else f"{least} to {most}"
        raise Invalid(f"{what} is {_said(value)}, outside {bounds}")


def check_time(value: Any, what: str) -> None:
    """Refuse what is no instant."""
    if not isinstance(value, datetime):
        raise Invalid(f"{what} is {_said(value)}, not a time")
    if value.tzinfo is None:
        raise Invalid(f"{what} has no time zone; datetime.now(timezone.utc) has one")


def _said(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 128:
        return f"an integer of {value.bit_length():,} bits"
    return "none" if value is None else f"{value!r:.60}"


def text(*, least: int = 0, most: int = NAME) -> Validator:
    """Return a validator for texts."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not (value.__class__ is str and least <= len(value) <= most and value.isascii() and "\0" not in value):
            check_text(value, _what(instance, attribute), least=least, most=most)

    return check


def integer(*, least: int = LEAST_INTEGER, most: int = GREATEST_INTEGER) -> Validator:
    """Return a validator for integers."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not (value.__class__ is int and least <= value <= most):
            check_integer(value, _what(instance, attribute), least=least, most=most)

    return check


def one_of(choices: type[IntEnum]) -> Validator:
    """Return a validator for the integers of an enumeration."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value not in {*choices}:
            said = ", ".join(f"{choice.value} {choice.name}" for choice in choices)
            raise Invalid(f"{_what(instance, attribute)} is {_said(value)}; it may be {said}")

    return check


def among(*choices: str) -> Validator:
    """Return a validator for a few texts."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value not in choices:
            raise Invalid(f"{_what(instance, attribute)} is {_said(value)}; it may be {', '.join(choices)}")

    return check


def flag(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        raise Invalid(f"{_what(instance, attribute)} is {_said(value)}, not true or false")


def time(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no instant."""
    if not (value.__class__ is datetime and value.tzinfo is UTC):
        check_time(value, _what(instance, attribute))


def number(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no number."""
    if not isinstance(value, float):
        raise Invalid(f"{_what(instance, attribute)} is {_said(value)}, not a number")


def octets(*, most: int) -> Validator:
    """Return a validator for bytes."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, bytes) or len(value) > most:
            raise Invalid(f"{_what(instance, attribute)} is no bytes of at most {most:,}")

    return check


def hexadecimal(length: int) -> Validator:
    """Return a validator for lower-case hexadecimal texts of one length."""
    digits = frozenset("0123456789abcdef")

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, str) or len(value) != length or not digits.issuperset(value):
            raise Invalid(f"{_what(instance, attribute)} is {_said(value)}, not {length} hexadecimal digits")

    return check


def maybe(check: Validator) -> Validator:
    """Return a validator that also lets none pass."""

    def checked(instance: Any, attribute: Any, value: Any) -> None:
        if value is not None:
            check(instance, attribute, value)

    return checked


def as_float(value: Any) -> Any:
    """Return an integer as the number that a metric keeps."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    try:
        return float(value)
    except OverflowError:
        raise Invalid(f"{_said(value)} is more than a number can hold") from None


def plain(value: Any) -> Any:
    """Return the integer behind a member of an enumeration."""
    return value.value if isinstance(value, IntEnum) else value


def shaped(kind: type[Any], name: str, value: Any) -> Any:
    """Return a value as a field of a kind keeps it, or refuse it as the kind itself would."""
    attribute = getattr(attrs.fields(kind), name)
    if attribute.converter is not None:
        value = attribute.converter(value)
    if attribute.validator is not None:
        attribute.validator(kind, attribute, value)
    return value
