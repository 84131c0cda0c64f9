"""What may be configured: the keys of `deardiary.toml`, the variables of the environment, and what each must be."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import ConfigError
from deardiary.core.sentences import did_you_mean
from deardiary.origins import Origin, wrong
from deardiary.secrets import WAYS, Secret, is_hidden, is_secret, seen

MODES = ("online", "auto", "offline", "disabled")

KEYS: Mapping[str, type] = {
    "store": dict,
    "artifacts": dict,
    "profiles": dict,
    "profile": str,
    "project": str,
    "mode": str,
    "quiet": bool,
    "disabled_plugins": list,
    "required_plugins": list,
    "observers": list,
    "journal": dict,
}
"""The keys at the top of a file, and what each must be."""

OF_STORES: Mapping[str, tuple[str, ...]] = {"store": ("url",), "artifacts": ("url", "default", "inline_below")}
"""The keys of stores that are ours; all others are what the opener of the URL is told."""

OF_JOURNALS = ("folder", "most", "leave")
"""The keys of journals: where they are, how much one may take, how much of the disk it leaves."""

VARIABLES = {
    "DEARDIARY_STORE": "store.url",
    "DEARDIARY_ARTIFACTS": "artifacts.url",
    "DEARDIARY_INLINE_BELOW": "artifacts.inline_below",
    "DEARDIARY_JOURNAL": "journal.folder",
    "DEARDIARY_PROFILE": "profile",
    "DEARDIARY_PROJECT": "project",
    "DEARDIARY_MODE": "mode",
    "DEARDIARY_QUIET": "quiet",
    "DEARDIARY_DISABLED_PLUGINS": "disabled_plugins",
}
"""The variables of the environment that say something, and what; `DEARDIARY_CONFIG` names the file to read."""

_SORTS = {str: "a text", bool: "true or false", list: "a list of texts"}
_ROWS = ("inline", "sqlite")
"""What resources call the rows of the diary itself."""
_UNITS = {"": 1, "B": 1, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@frozen(kw_only=True, eq=False, repr=False)
class Setting(Alike):
    """One value, and where it comes from."""

    value: Any = field(kw_only=False, repr=False)
    origin: Origin = field(kw_only=False)
    folder: str | None = None
    """What relative paths in it are relative to; none for the working directory."""


def flat(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Yield every value of a table by the keys that lead to it; where a secret is, is one value."""
    for key, value in table.items():
        path = (*above, key)
        if isinstance(value, dict) and not is_secret(value) and (value or path in _MAY_BE_EMPTY):
            yield from flat(value, path)
        else:
            yield path, value


_MAY_BE_EMPTY = {("store",), ("artifacts",), ("profiles",), ("journal",)}


def checked(path: tuple[str, ...], one: Setting) -> Setting:
    """Return a setting as it is kept, or refuse a key that means nothing, or a value that is not what its key asks for.

    Raises:
        ConfigError: it is refused; the sentence says where it stands.
    """
    if not all(path) or any("." in key for key in path):
        raise wrong(one.origin, f"{'.'.join(map(repr, path))} is no key; a key is not empty, and has no dot in it")
    if is_secret(one.value):
        ((way, what),) = one.value.items()
        secret = Secret(way=way, what=str(what), origin=one.origin, folder=one.folder or os.getcwd())
        one = evolve(one, value=secret)
    if len(path) > 2 and is_hidden(path[-2]) and (near := did_you_mean(path[-1], WAYS)):
        raise wrong(one.origin, f"{'.'.join(path[:-1])} is kept in {path[-1]!r}, which is no place for a secret{near}")
    match path:
        case ("profiles", _, "profile" | "profiles", *_):
            raise wrong(one.origin, f"{'.'.join(path)} means nothing here; a profile does not choose another")
        case ("profiles", name, "url"):
            raise wrong(one.origin, f"{'.'.join(path)} means nothing here; a profile has it in [profiles.{name}.store]")
        case ("profiles", _, inner, *rest):
            return checked((inner, *rest), one)
        case ("profiles", _) if one.value == {}:
            return one
        case ("profiles", *_):
            raise _is_no(path, one, "a table, such as [profiles.laptop.store]")
        case ("store" | "artifacts", *_):
            return _checked_store(path, one)
        case ("journal", *rest):
            return _checked_journal(rest, path, one)
        case (name,) if name in KEYS:
            return _checked_top(name, one)
        case (name, *_) if name in KEYS:
            raise wrong(one.origin, f"{name} is a table; it must be {_SORTS[KEYS[name]]}")
    raise wrong(one.origin, f"{'.'.join(path)} means nothing here{did_you_mean(path[0], list(KEYS))}")


def _checked_top(name: str, one: Setting) -> Setting:
    sort, texts = KEYS[name], one.value if isinstance(one.value, list) else ()
    if not isinstance(one.value, sort) or not all(isinstance(text, str) for text in texts):
        raise _is_no((name,), one, _SORTS[sort])
    if name == "mode" and one.value not in MODES:
        raise _is_no((name,), one, f"one of {', '.join(MODES)}{did_you_mean(str(one.value), list(MODES))}")
    return one


def _checked_journal(rest: list[str], path: tuple[str, ...], one: Setting) -> Setting:
    match rest:
        case []:
            raise _is_no(path, one, 'a table: [journal] with folder = "..."')
        case ["folder"] if not isinstance(one.value, str) or not one.value:
            raise _is_no(path, one, "a text: the folder that journals are in")
        case ["folder"]:
            return one
        case [name] if name in OF_JOURNALS:
            return evolve(one, value=_size(path, one))
    raise wrong(one.origin, f"{'.'.join(path)} means nothing here{did_you_mean(rest[0], list(OF_JOURNALS))}")


def _checked_store(path: tuple[str, ...], one: Setting) -> Setting:
    """Check a key of a store; the options among them are checked by the opener."""
    table, *rest = path
    match rest:
        case []:
            raise _is_no(path, one, f'a table: [{table}] with url = "..."')
        case [key, _, *_] if key in OF_STORES[table]:
            raise wrong(one.origin, f"{table}.{key} is a table; it must be a text")
        case ["inline_below"] if table == "artifacts":
            return evolve(one, value=_size(path, one))
        case ["url"] | ["default"] | [_, "url"] if rest[-1] in OF_STORES[table] and not isinstance(one.value, str):
            raise _is_no(path, one, "a text")
        case [name, "url"] if table == "artifacts" and name in _ROWS and not one.value.startswith("inline://"):
            raise wrong(one.origin, f"artifacts.{name} is what the rows of the diary are called; choose another name")
    return one


def _size(path: tuple[str, ...], one: Setting) -> int:
    """Return a number of bytes given as `65536` or `"64 KiB"`."""
    said = str(one.value).strip()
    digits = said.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    unit = said[len(digits) :].strip().upper()
    if isinstance(one.value, bool) or not (digits.isascii() and digits.isdigit()) or unit not in _UNITS:
        raise _is_no(path, one, 'a size, such as 65536 or "64 KiB"')
    return int(digits) * _UNITS[unit]


def _is_no(path: tuple[str, ...], one: Setting, sort: str) -> ConfigError:
    name = ".".join(path)
    shown = str(one.value) if isinstance(one.value, Secret) else seen(name, one.value)
    text = repr(shown[:60]) if isinstance(one.value, str) else shown[:60]
    return wrong(one.origin, f"{name} is {text}; it must be {sort}")


def meant(name: str, said: str) -> Any:
    """Return what a variable of the environment means for a key; what it cannot mean is returned as it is."""
    if KEYS.get(name) is list:
        return [part.strip() for part in said.split(",") if part.strip()]
    if KEYS.get(name) is bool:
        return _TRUTHS.get(said.strip().lower(), said)
    return said
