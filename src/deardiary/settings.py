"""What a diary is composed of: `deardiary.toml`, the environment and arguments, as one value that knows its origins.

What comes later wins: defaults, the user's file, the project's file, the profile, the environment, arguments.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import ConfigError
from deardiary.core.sentences import did_you_mean
from deardiary.inherited import inherited
from deardiary.keys import MODES, OF_STORES, VARIABLES, Setting, checked, meant
from deardiary.origins import ARGUMENT, DEFAULT, Origin, wrong
from deardiary.registry import spelled
from deardiary.secrets import masked, revealed, seen

__all__ = ["DEFAULT", "FILE", "FOLDER", "MODES", "Place", "Settings", "read_settings", "shown"]

FILE = "deardiary.toml"
FOLDER = ".deardiary"
"""Where a diary lives that nobody configured, at the root of its project."""

INLINE_BELOW = 64 * 1024
ROOTS = (FOLDER, FILE, "pyproject.toml", ".git")
"""What marks the root of a project."""


@frozen(kw_only=True, eq=False, repr=False)
class Place(Alike):
    """A store that is configured: its URL, and what its opener is told beside it."""

    url: str
    options: Mapping[str, Any] = field(factory=dict)
    origins: Mapping[str, Origin] = field(factory=dict)
    """Where the options come from."""
    origin: Origin = DEFAULT
    folder: str = field(factory=os.getcwd, converter=os.fspath)
    """What relative paths in it are relative to."""

    def __repr__(self) -> str:
        return f"<Place {masked(self.url)} {seen('', self.options)}>"

    def opened_with(self) -> dict[str, Any]:
        """Return what the opener is told, with secrets as they are.

        Raises:
            ConfigError: a secret is not where it should be.
        """
        return {name: revealed(name, value) for name, value in self.options.items()}


@frozen(kw_only=True, eq=False, repr=False)
class Settings(Alike):
    """What a tracker is composed of."""

    entries: Mapping[str, Setting] = field(repr=False)
    """Every value by its dotted name."""
    store: Place | None = None
    """None where nothing is configured: then a diary lives at the root of the project."""
    artifacts: Mapping[str, Place] = field(factory=dict)
    """The artifact stores by name; the empty name stands for a store's own kind."""
    root: str = field(factory=os.getcwd, converter=os.fspath)
    """The folder of the project."""

    def _get(self, name: str, otherwise: Any) -> Any:
        return self.entries[name].value if name in self.entries else otherwise

    @property
    def default_artifacts(self) -> str | None:
        """Return the name of the artifact store that takes what is large, if one is named."""
        name: str | None = self._get("artifacts.default", None)
        return name

    @property
    def inline_below(self) -> int:
        """Return below what size bytes are kept as rows of the diary."""
        size: int = self._get("artifacts.inline_below", INLINE_BELOW)
        return size

    @property
    def project(self) -> str:
        """Return the project of runs that name none."""
        return str(self._get("project", ""))

    @property
    def mode(self) -> str:
        """Return how runs are begun that do not say it; empty if nobody says it."""
        return str(self._get("mode", ""))

    @property
    def quiet(self) -> bool:
        """Return whether nothing is said on stderr when a run begins and ends."""
        return bool(self._get("quiet", False))

    @property
    def disabled_plugins(self) -> frozenset[str]:
        """Return the plugins that are switched off, by name or distribution."""
        return frozenset(self._get("disabled_plugins", ()))

    @property
    def required_plugins(self) -> tuple[str, ...]:
        """Return what must be installed, such as `deardiary-jsonl>=0.1`."""
        return tuple(self._get("required_plugins", ()))

    @property
    def observers(self) -> tuple[str, ...]:
        """Return the plugins that learn of every batch."""
        return tuple(self._get("observers", ()))


def read_settings(
    *,
    folder: "str | os.PathLike[str] | None" = None,
    profile: str | None = None,
    arguments: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return what is configured, for someone who works in a folder.

    Raises:
        ConfigError: a file or variable says something that nobody understands; with the file and line.
    """
    here = _here() if folder is None else os.fspath(folder)
    files = _files(here, environ)
    outside = [_of_environment(environ), _of_arguments(profile, arguments or {})]
    entries: dict[str, Setting] = {}
    for layer in files:
        _lay(entries, layer)
    for layer in (_of_profile(entries, outside), *outside):
        _lay(entries, layer)
    kept = {name: one for name, one in entries.items() if not name.startswith("profiles.")}
    return Settings(entries=kept, store=_place(kept, "store"), artifacts=_artifacts(kept), root=root_of(here))


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Return every value by name as one may see it, with where it comes from; secrets are masked."""
    return [(name, seen(name, one.value), str(one.origin)) for name, one in sorted(settings.entries.items())]


# Where files are.


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and every one above it."""
    above = os.path.dirname(folder)
    while above != folder:
        yield folder
        folder, above = above, os.path.dirname(above)
    yield folder


def root_of(folder: "str | os.PathLike[str]") -> str:
    """Return the nearest parent that looks like the root of a project, else the folder itself."""
    for parent in _upwards(os.fspath(folder)):
        if any(os.path.exists(os.path.join(parent, name)) for name in ROOTS):
            return parent
    return os.fspath(folder)


def user_file(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return where the user's own file is, if there is a place for one."""
    home = environ.get("HOME")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "deardiary", FILE) if home else None
    config = environ.get("XDG_CONFIG_HOME") or (os.path.join(home, ".config") if home else "")
    return os.path.join(config, "deardiary", FILE) if config else None


def _here() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise ConfigError("the working directory is gone; change to one that is there") from None


def _files(here: str, environ: Mapping[str, str]) -> list[dict[str, Setting]]:
    """Return what the files say that say something, the strongest last."""
    named = environ.get("DEARDIARY_CONFIG")
    if named:
        if not os.path.isfile(named):
            raise ConfigError(f"there is no file {named}, which DEARDIARY_CONFIG names")
        return [_of_file(os.path.abspath(named))]
    project = (os.path.join(parent, FILE) for parent in _upwards(here))
    found = [user_file(environ), next((path for path in project if os.path.isfile(path)), None)]
    return [_of_file(path) for path in found if path is not None and os.path.isfile(path)]


def _of_file(path: str) -> dict[str, Setting]:
    from deardiary.tomlfile import read_file

    return read_file(path)


# One layer over another.


def _of_environment(environ: Mapping[str, str]) -> dict[str, Setting]:
    said = {variable: environ[variable] for variable in VARIABLES if environ.get(variable)}
    given = [(name, said[one], Origin(f"environment {one}")) for one, name in VARIABLES.items() if one in said]
    return {
        name: checked(tuple(name.split(".")), Setting(meant(name, value), origin))
        for name, value, origin in (*inherited(environ), *given)
    }


def _of_arguments(profile: str | None, arguments: Mapping[str, Any]) -> dict[str, Setting]:
    given = dict(arguments) if profile is None else {**arguments, "profile": profile}
    return {
        name: checked(tuple(name.split(".")), Setting(value, Origin(f"{ARGUMENT}{name.rpartition('.')[2]}")))
        for name, value in given.items()
    }


def _of_profile(entries: Mapping[str, Setting], outside: list[dict[str, Setting]]) -> dict[str, Setting]:
    """Return what the profile says that is chosen, of those in the files."""
    chosen = next((layer["profile"] for layer in (*outside[::-1], entries) if "profile" in layer), None)
    if chosen is None:
        return {}
    there = sorted({name.split(".")[1] for name in entries if name.startswith("profiles.")})
    if chosen.value not in there:
        said = f"there are {', '.join(there)}" if there else f"no profile is configured in any {FILE}"
        raise wrong(
            chosen.origin,
            f"there is no profile {masked(chosen.value)!r:.60}; {said}{did_you_mean(chosen.value, there)}",
        )
    return _within(entries, f"profiles.{chosen.value}")


def _within(entries: Mapping[str, Setting], table: str) -> dict[str, Setting]:
    """Return what a table says, by the rest of its names."""
    start = f"{table}."
    return {name.removeprefix(start): one for name, one in entries.items() if name.startswith(start)}


def _lay(entries: dict[str, Setting], layer: Mapping[str, Setting]) -> None:
    """Put a layer over what is there; another URL takes the options of the former one with it."""
    for name in layer:
        table, _, last = name.rpartition(".")
        gone = [old for old in entries if old.startswith(f"{name}.") or name.startswith(f"{old}.")]
        if last == "url":
            gone += [f"{table}.{option}" for option in _options(entries, table)] if name in entries else []
            gone += [f"{table}.default"] if _is_table_of_artifacts(table) else []
        for old in gone:
            entries.pop(old, None)
    entries.update(layer)


# Places.


def _is_table_of_artifacts(table: str) -> bool:
    """Return whether a table is `artifacts`, of its own or in a profile, and not a store in it."""
    match table.split("."):
        case ["artifacts"] | ["profiles", _, "artifacts"]:
            return True
        case _:
            return False


def _named(entries: Mapping[str, Setting], table: str) -> list[str]:
    """Return the names of the artifact stores in a table: of the tables in it that have a URL."""
    found = [name.split(".") for name in _within(entries, table)] if _is_table_of_artifacts(table) else []
    return sorted({path[0] for path in found if path[1:] == ["url"]})


def _options(entries: Mapping[str, Setting], table: str) -> dict[str, Setting]:
    """Return what an opener is told beside the URL of a table, by dotted name."""
    ours = OF_STORES["artifacts" if _is_table_of_artifacts(table) else "store"]
    others = (*ours, *_named(entries, table))
    return {name: one for name, one in _within(entries, table).items() if name.partition(".")[0] not in others}


def _place(entries: Mapping[str, Setting], table: str) -> Place | None:
    """Return the store that a table configures, if it says a URL."""
    url = entries.get(f"{table}.url")
    options = _options(entries, table)
    if url is None:
        for name, one in options.items():
            raise wrong(one.origin, _no_url(table, name, one))
        return None
    return Place(
        url=spelled(url.value, "store" if table == "store" else "artifacts"),
        options=_nested(options),
        origins={name.partition(".")[0]: one.origin for name, one in options.items()},
        origin=url.origin,
        folder=url.folder or _here(),
    )


def _no_url(table: str, name: str, one: Setting) -> str:
    """Say that a table is no store, as it says something and no URL."""
    inner, dot, _ = name.partition(".")
    if table == "artifacts" and (dot or one.value == {}):
        table, name = f"artifacts.{inner}", name.removeprefix(f"{inner}.")
    example = "sqlite:///diary.db" if table == "store" else "file:///artifacts"
    meant = did_you_mean(name, list(OF_STORES[table.partition(".")[0]]))
    return f'[{table}] has no url; add one, such as url = "{example}"{meant}'


def _nested(options: Mapping[str, Setting]) -> dict[str, Any]:
    """Return options as tables within tables again."""
    tables: dict[str, Any] = {}
    for name, one in options.items():
        *above, last = name.split(".")
        inner = tables
        for key in above:
            inner = inner.setdefault(key, {})
        inner[last] = one.value
    return tables


def _artifacts(entries: Mapping[str, Setting]) -> dict[str, Place]:
    """Return the artifact stores that are configured, by name."""
    named = _named(entries, "artifacts")
    places = {name: _place(entries, f"artifacts.{name}") for name in named}
    places[""] = _place(entries, "artifacts")
    found = {name: place for name, place in places.items() if place is not None}
    default = entries.get("artifacts.default")
    if default is not None and default.value not in {*named, "inline"}:
        there = ["inline", *named]
        close = did_you_mean(default.value, there)
        raise wrong(
            default.origin,
            f"no artifact store is named {masked(default.value)!r:.60}; there are {', '.join(there)}{close}",
        )
    if len(named) > 1 and default is None and "" not in found:
        raise wrong(
            found[named[0]].origin,
            'several artifact stores are configured; say which one new bytes go to: default = "..."',
        )
    return found
