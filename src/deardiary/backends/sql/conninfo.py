"""What a URL of Postgres and the options beside it say: some of it is for us, the rest is libpq's."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import psycopg
from attrs import frozen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from deardiary.core.errors import ConfigError
from deardiary.core.sentences import did_you_mean

MOST_CONNECTIONS = 8
"""How many connections one process has at most, if nothing else is said."""

MOST_PARTITIONS = 1024
"""How many parts a table may have: a statement looks at those of its runs, but its plan knows of all."""

OURS = ("schema", "connections", "partitions")
"""The options that are for us."""

SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@frozen
class Asked:
    """What is asked for."""

    conninfo: str
    """What is for libpq."""
    schema: str
    connections: int
    partitions: int


def understood(url: str, options: Mapping[str, Any]) -> Asked:
    """Return what a URL and options ask for; an option goes before the same one of the URL.

    Raises:
        ConfigError: they make no sense; the sentence shows no password.
    """
    _check_spelling(url)
    start, _, query = url.partition("?")
    said = dict[str, Any]()
    theirs = []
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        if name in OURS:
            said[name] = unquote(value)
        else:
            _check_known(name)
            theirs.append(part)
    said |= {name: value for name, value in options.items() if name in OURS}
    more = {name: value for name, value in options.items() if name not in OURS}
    for name, value in more.items():
        _check_known(name, option=name)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ConfigError(f"{name} is a {type(value).__name__}; libpq takes texts and numbers", option=name)
    return Asked(
        _conninfo("?".join([start, *filter(None, ["&".join(theirs)])]), more),
        _schema(said.get("schema", "deardiary")),
        _count("connections", said.get("connections", MOST_CONNECTIONS), "how many one process has at most", least=1),
        _count("partitions", said.get("partitions", 0), "into how many parts points go", most=MOST_PARTITIONS),
    )


def _check_spelling(url: str) -> None:
    """Refuse a URL in which something is written plainly that must be escaped, before anyone reads it otherwise."""
    authority = re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0]
    if _STRAY.match(url):
        raise ConfigError("the URL has an @ after a / ? or #; in its password write %2F for /, %3F for ?, %23 for #")
    if authority.count("@") > 1:
        raise ConfigError("the URL has more than one @ before its host; in a name or a password write %40 for @")
    if re.search(r"\s", url):
        raise ConfigError("the URL has a blank in it; write %20 instead")
    if re.search("%(?![0-9A-Fa-f]{2})", url):
        raise ConfigError("the URL has a % after which no two hexadecimal digits come; for the sign itself write %25")


_STRAY = re.compile(r"\w+://[^/?#@]*:[^/?#@]*[/?#].*@")
"""A URL with a password in which something is written plainly that ends the part of a URL where passwords are."""


@cache
def _known() -> tuple[str, ...]:
    """Return the names of libpq's options."""
    return tuple(one.keyword.decode() for one in Conninfo.get_defaults())


def _check_known(name: str, *, option: str = "") -> None:
    if name not in _known():
        near = did_you_mean(name, [*OURS, *_known()])
        raise ConfigError(
            f"postgresql:// has no option {name!r}; it takes {', '.join(OURS)}, and what libpq knows{near}",
            option=option,
        )


def _conninfo(url: str, more: Mapping[str, Any]) -> str:
    try:
        whole = make_conninfo(url, **more)
        said = conninfo_to_dict(whole)
    except psycopg.Error as error:
        told = _SHOWN.sub("***", " ".join(str(error).split()))
        raise ConfigError(f"Postgres does not understand the URL or its options: {told}") from None
    for port in str(said.get("port") or "5432").split(","):
        if port and not (port.isdecimal() and 0 < int(port) < 2**16):
            raise ConfigError(f"port is {port!r}; it is a number from 1 to 65535", option="port")
    mode = str(said.get("sslmode") or "prefer")
    if mode not in SSLMODES:
        near = did_you_mean(mode, SSLMODES)
        raise ConfigError(f"sslmode is {mode!r}; it is one of {', '.join(SSLMODES)}{near}", option="sslmode")
    return whole


_SHOWN = re.compile(r'(?<=: ").*(?="$)|(?<=found in ").*(?=")')
"""What libpq quotes of a URL that it does not understand, maybe with a password."""


def _schema(said: Any) -> str:
    if not isinstance(said, str) or not said or '"' in said or "\0" in said:
        raise ConfigError(f"schema is {said!r}; it is the name of a schema of the database", option="schema")
    return said


def _count(name: str, said: Any, what: str, *, least: int = 0, most: int = 0) -> int:
    is_count = not isinstance(said, bool) and str(said).isdecimal()
    if not is_count or int(said) < least or (most and int(said) > most):
        bound = f"{least} to {most:,}" if most else f"{least} or more"
        raise ConfigError(f"{name} is {said!r}; it is {what}, {bound}", option=name)
    return int(said)
