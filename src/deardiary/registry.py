"""Schemes and their openers: which stores there are, who brought them, and what is wrong with some."""

import importlib
import os
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import ConfigError, DearDiaryError, Unavailable
from deardiary.core.sentences import did_you_mean
from deardiary.core.stores import ArtifactStore, Store
from deardiary.schemes import Scheme, Traits
from deardiary.secrets import masked

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Sort: TypeAlias = Literal["store", "artifacts"]
"""What a scheme opens: a store of rows, or one of bytes."""

BUILT_IN: Mapping[Sort, Mapping[str, Scheme]] = {
    "store": {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "memory",
                "deardiary.backends.memory:open_memory",
                summary="in memory, gone with the process",
                traits=Traits(processes="one", durable="none"),
            ),
            Scheme(
                "sqlite",
                "deardiary.backends.sql.sqlite:open_sqlite",
                summary="one file, many processes",
                path=True,
                signature=(0, b"SQLite format 3\0"),
            ),
            Scheme(
                "duckdb",
                "deardiary.backends.sql.duckdb:open_duckdb",
                summary="one file for SQL, one process at a time",
                requires=("duckdb",),
                extra="duckdb",
                traits=Traits(processes="one"),
                path=True,
                signature=(8, b"DUCK"),
            ),
            Scheme(
                "postgresql",
                "deardiary.backends.sql.postgres:open_postgres",
                summary="a Postgres server, many machines",
                migrator="deardiary.backends.sql.postgres:migrate_postgres",
                requires=("psycopg", "psycopg_pool"),
                extra="postgres",
            ),
        )
    },
    "artifacts": {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "inline",
                "deardiary.artifacts.inline:open_inline",
                summary="as rows of the diary itself",
            ),
            Scheme(
                "file",
                "deardiary.artifacts.folder:open_folder",
                summary="files in a folder, by their sha256",
                path=True,
                backend="filesystem",
            ),
            Scheme(
                "s3",
                "deardiary.artifacts.s3:open_s3",
                summary="a bucket of S3, or of what speaks as S3 does",
                requires=("s3fs",),
                extra="s3",
            ),
            Scheme(
                "memory",
                "deardiary.artifacts.files:open_memory",
                summary="in memory, gone with the process",
                traits=Traits(processes="one", durable="none"),
            ),
        )
    },
}
"""The stores that are simply known, without a look at what is installed."""

ELSEWHERE: Mapping[Sort, Mapping[str, str]] = {
    "store": {"jsonl": "deardiary-jsonl"},
    "artifacts": {"zip": "deardiary-zip"},
}
"""Where stores that we know of come from, when they are not installed."""

ALIASES: Mapping[Sort, Mapping[str, str]] = {"store": {"postgres": "postgresql"}, "artifacts": {}}
"""Other names of schemes that are built in, as some write them."""

API = 1
"""The version of the plugin interface."""

NOUNS: Mapping[Sort, str] = {"store": "store", "artifacts": "artifact store"}


@frozen(kw_only=True, eq=False, repr=False)
class Plugin(Alike):
    """Something installed that says it adds to deardiary."""

    name: str
    distribution: str
    version: str = ""
    problem: str = ""
    """Why it cannot be used; empty if it can."""
    disabled: bool = False
    brings: tuple[tuple[Sort, Scheme], ...] = ()
    module: Any = field(default=None, repr=False, eq=False)

    def is_called(self, name: str) -> bool:
        """Return whether a name means it: its own, or that of its distribution."""
        return name == self.name or canonical(name) == canonical(self.distribution)


@frozen(kw_only=True, eq=False, repr=False)
class Registry(Alike):
    """The stores that can be opened here, and the plugins that bring them."""

    schemes: Mapping[Sort, Mapping[str, Scheme]]
    plugins: tuple[Plugin, ...] = ()
    clashes: Mapping[tuple[Sort, str], tuple[str, ...]] = field(factory=dict)
    """The schemes that several plugins claim, and which."""

    @property
    def problems(self) -> tuple[Plugin, ...]:
        """Return the plugins that cannot be used."""
        return tuple(plugin for plugin in self.plugins if plugin.problem)


def registry(disabled: frozenset[str] = frozenset()) -> Registry:
    """Return what is built in and what plugins bring, without those that are switched off by name."""
    named = os.environ.get("DEARDIARY_DISABLED_PLUGINS", "")
    return _registry(disabled | {name.strip() for name in named.split(",") if name.strip()})


def _anew(disabled: frozenset[str]) -> Registry:
    """Look again at what is installed: a notebook may have installed something meanwhile."""
    importlib.invalidate_caches()
    _registry.cache_clear()
    return registry(disabled)


@cache
def _registry(disabled: frozenset[str]) -> Registry:
    schemes = {sort: dict(known) for sort, known in BUILT_IN.items()}
    claims: dict[tuple[Sort, str], list[str]] = {}
    plugins = [_looked_at(entry, disabled) for entry in entries()]
    for plugin in plugins:
        for sort, scheme in plugin.brings:
            claims.setdefault((sort, scheme.name), []).append(plugin.distribution)
            schemes[sort].setdefault(scheme.name, scheme)
    return Registry(
        schemes=MappingProxyType(schemes),
        plugins=tuple(plugins),
        clashes={claim: tuple(whose) for claim, whose in claims.items() if len(whose) > 1},
    )


def entries() -> "list[EntryPoint]":
    """Return the entry points of what is installed and adds to deardiary."""
    from importlib.metadata import entry_points

    return sorted(entry_points(group="deardiary"), key=lambda entry: entry.name)


def _looked_at(entry: "EntryPoint", disabled: frozenset[str]) -> Plugin:
    """Return what is behind an entry point; nothing of it is imported if it is switched off."""
    whose = entry.dist.name if entry.dist is not None else entry.value
    plugin = Plugin(name=entry.name, distribution=whose, version=entry.dist.version if entry.dist else "")
    if any(plugin.is_called(name) for name in disabled):
        return evolve(plugin, disabled=True)
    try:
        module, brings = _offered(entry)
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises: it is told, and stops nobody else
        return evolve(plugin, problem=f"failed to import: {type(error).__name__}: {error}")
    problem = next(filter(None, (_wrong(sort, scheme) for sort, scheme in brings)), "")
    if problem:
        return evolve(plugin, problem=problem)
    return evolve(plugin, brings=brings, module=module)


def _wrong(sort: Sort, scheme: Any) -> str:
    """Return why something that a plugin offers cannot be taken."""
    if not isinstance(scheme, Scheme):
        return f"offers {scheme!r:.80}, which is no Scheme"
    if scheme.api != API:
        return f"speaks plugin API {scheme.api}; this is {API}"
    if is_ours(scheme.name, sort):
        return f"brings {scheme.name}://, which deardiary brings already"
    return ""


def _offered(entry: "EntryPoint") -> tuple[Any, tuple[tuple[Sort, Scheme], ...]]:
    """Return a plugin's module, and the stores that it offers through its hooks."""
    manager = managed(module := entry.load())
    manager.check_pending()
    brings: list[tuple[Sort, Scheme]] = []
    for schemes in manager.hook.deardiary_stores():
        brings += [("store", scheme) for scheme in schemes]
    for schemes in manager.hook.deardiary_artifact_stores():
        brings += [("artifacts", scheme) for scheme in schemes]
    return module, tuple(brings)


def managed(*modules: Any) -> Any:
    """Return a host of plugins, with some of them in it."""
    import pluggy

    from deardiary import hooks

    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    for module in modules:
        manager.register(module)
    return manager


def plugin_named(name: str, disabled: frozenset[str] = frozenset()) -> Plugin | None:
    """Return the plugin that a name means, if one is installed."""
    plugins = (plugin for look in (registry, _anew) for plugin in look(disabled).plugins)
    return next((plugin for plugin in plugins if plugin.is_called(name)), None)


def canonical(name: str) -> str:
    """Return the name of a distribution as all its spellings have it."""
    return name.lower().replace("_", "-").replace(".", "-")


def each(disabled: frozenset[str] = frozenset()) -> Iterator[tuple[Plugin, Any]]:
    """Yield every plugin that can be used, with its hooks."""
    for plugin in registry(disabled).plugins:
        if plugin.module is not None:
            yield plugin, managed(plugin.module).hook


# From a URL to a store.


def scheme_of(url: str, sort: Sort = "store", disabled: frozenset[str] = frozenset()) -> Scheme:
    """Return the scheme of a URL, or say what is wrong with it."""
    name, colon, _ = spelled(url, sort).partition("://")
    if not colon:
        example = "sqlite:///diary.db" if sort == "store" else "file:///artifacts"
        raise ConfigError(f"{masked(url)!r} is no URL of {_one(sort)}; one looks like {example}")
    if name in BUILT_IN[sort]:
        return BUILT_IN[sort][name]
    known = registry(disabled)
    if name not in known.schemes[sort]:
        known = _anew(disabled)
    if (sort, name) in known.clashes:
        both = known.clashes[sort, name]
        raise ConfigError(
            f"{name}:// is brought by {' and by '.join(both)}; switch one off: disabled_plugins = [{_quoted(both[-1])}]"
        )
    if name not in known.schemes[sort]:
        scheme = _of_fsspec(name) if sort == "artifacts" else None
        if scheme is None:
            raise ConfigError(_unknown(name, sort, known))
        return scheme
    return known.schemes[sort][name]


def _of_fsspec(name: str) -> Scheme | None:
    """Return the scheme of a protocol that fsspec knows, if it does."""
    from fsspec import available_protocols  # type: ignore[import-untyped]

    if name not in available_protocols():
        return None
    return Scheme(name, "deardiary.artifacts.files:open_files", summary="a file system that fsspec knows")


def spelled(url: str, sort: Sort = "store") -> str:
    """Return a URL with its scheme as we spell it, so that a diary has one name."""
    name, colon, rest = url.partition("://")
    return f"{ALIASES[sort].get(name, name)}{colon}{rest}"


def is_ours(name: str, sort: Sort) -> bool:
    """Return whether a scheme is built in, under that name or another."""
    return name in BUILT_IN[sort] or name in ALIASES[sort]


def _unknown(name: str, sort: Sort, known: Registry) -> str:
    """Say that nothing opens a scheme, and what to do about it."""
    off = [plugin for plugin in known.plugins if plugin.disabled and _like(plugin, name)]
    if off:
        return f"the plugin {off[0].distribution}, which may bring {name}://, is switched off"
    broken = [plugin for plugin in known.problems if _like(plugin, name)]
    if broken:
        return f"the plugin {broken[0].distribution} {broken[0].problem}"
    if name in ELSEWHERE[sort]:
        return f"{name}:// is not installed; try: pip install {ELSEWHERE[sort][name]}"
    other: Sort = "artifacts" if sort == "store" else "store"
    if name in known.schemes[other]:
        return f"{name}:// opens {_one(other)}, not {_one(sort)}"
    told = "".join(f"; the plugin {plugin.distribution} {plugin.problem}" for plugin in known.problems)
    there = sorted(known.schemes[sort])
    return f"no {NOUNS[sort]} opens {name}://; there are {', '.join(there)}{told}{did_you_mean(name, there)}"


def _like(plugin: Plugin, name: str) -> bool:
    return name in (plugin.name, plugin.distribution.removeprefix("deardiary-"))


def _one(sort: Sort) -> str:
    return "a diary" if sort == "store" else "an artifact store"


def _quoted(text: str) -> str:
    return f'"{text}"'


_NONE: Mapping[str, Any] = MappingProxyType({})


def open_store(url: str, *, options: Mapping[str, Any] = _NONE, disabled: frozenset[str] = frozenset()) -> Store:
    """Return the store that a URL names, opened, without rules or permissions."""
    scheme = scheme_of(url, "store", disabled)
    if scheme.path:
        _check_signature(scheme, url)
    store: Store = _called(scheme, scheme.opener, url, options)
    if scheme.path:
        _note_file(scheme, url)
    return store


def migrate_store(
    url: str, *, options: Mapping[str, Any] = _NONE, disabled: frozenset[str] = frozenset()
) -> tuple[int, int] | None:
    """Bring the diary that a URL names to the present schema, made if there is none.

    Returns:
        The versions of its schema before and after; none if opening such a diary does as much.
    """
    scheme = scheme_of(url, "store", disabled)
    if not scheme.migrator:
        return None
    before, after = _called(scheme, scheme.migrator, url, options)
    return before, after


def open_artifacts(
    url: str, *, store: Store, options: Mapping[str, Any] = _NONE, disabled: frozenset[str] = frozenset()
) -> ArtifactStore:
    """Return the artifact store that a URL names, opened; `inline://` keeps bytes as rows of a store."""
    scheme = scheme_of(url, "artifacts", disabled)
    more = {"store": store} if scheme is BUILT_IN["artifacts"]["inline"] else {}
    artifacts: ArtifactStore = _called(scheme, scheme.opener, url, options, **more)
    return artifacts


def check_opener(url: str, sort: Sort, *, options: Mapping[str, Any], disabled: frozenset[str] = frozenset()) -> None:
    """Refuse what lacks a package to be opened with, or an option that its opener does not take, and open nothing."""
    scheme = scheme_of(url, sort, disabled)
    _check_options(scheme, _function(scheme, scheme.opener), options)


def _called(scheme: Scheme, where: str, url: str, options: Mapping[str, Any], **more: Any) -> Any:
    """Return what a function of a scheme answers for a URL."""
    function = _function(scheme, where)
    if options:
        _check_options(scheme, function, options)
    try:
        return function(url, **options, **more)
    except ImportError as error:
        raise _missing(scheme, error) from error
    except OSError as error:
        if isinstance(error, DearDiaryError):
            raise
        raise Unavailable(f"{masked(url)} cannot be opened: {error}") from error


def _function(scheme: Scheme, where: str) -> Any:
    """Return a function of a scheme, imported."""
    module, _, name = where.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise _missing(scheme, error) from error
    except Exception as error:  # whatever a stranger's module raises
        raise ConfigError(f"{scheme.name}:// failed to import: {type(error).__name__}: {error}") from error


def _missing(scheme: Scheme, error: ImportError) -> ConfigError:
    """Say that a package is missing, and what installs it."""
    missing, dot, _ = (error.name or "").partition(".")
    is_there = not isinstance(error, ModuleNotFoundError) or not missing or (dot and _is_installed(missing))
    if is_there or (scheme.requires and missing not in scheme.requires):
        return ConfigError(f"{scheme.name}:// failed to import: {type(error).__name__}: {error}")
    extra = f'"{_whose(scheme)}[{scheme.extra}]"' if scheme.extra else missing
    return ConfigError(f"{scheme.name}:// needs the package {missing}; try: pip install {extra}")


def _whose(scheme: Scheme) -> str:
    """Return the distribution that brings a scheme."""
    if scheme in (*BUILT_IN["store"].values(), *BUILT_IN["artifacts"].values()):
        return "deardiary"
    bringing = (plugin for plugin in registry().plugins for _, one in plugin.brings if one == scheme)
    return next((plugin.distribution for plugin in bringing), "deardiary")


def _is_installed(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def missing_modules(scheme: Scheme) -> list[str]:
    """Return the modules that a scheme needs and that are not installed."""
    return [name for name in scheme.requires if not _is_installed(name)]


_OURS = ("url", "inline_below")
"""What may stand beside options, and is ours."""


def _check_options(scheme: Scheme, opener: Any, options: Mapping[str, Any]) -> None:
    """Refuse an option that the opener does not take."""
    from inspect import signature

    first, *others = signature(opener).parameters.values()
    takes = [one.name for one in others if one.name != "store" and one.kind is not one.VAR_KEYWORD]
    takes_any = any(one.kind is one.VAR_KEYWORD for one in others)
    for name in options:
        if name not in takes and not (takes_any and name not in (first.name, "store")):
            there = f"it takes {', '.join(takes)}" if takes else "it takes none"
            near = did_you_mean(name, takes if name in _OURS else [*takes, *_OURS])
            raise ConfigError(f"{scheme.name}:// has no option {name!r}; {there}{near}", option=name)


def _check_signature(scheme: Scheme, url: str) -> None:
    """Refuse a folder, and a file that another engine made; say the URL that opens it."""
    path = url.removeprefix(f"{scheme.name}:///")
    if scheme.signature is None or path == url:
        return
    if os.path.isdir(path):
        raise ConfigError(f"{path} is a folder; {scheme.name}:// names a file: {scheme.name}:///{path}/diary.db")
    with _LOOKING:
        known = _OPENED.get(os.path.realpath(path))
        if not os.path.exists(path):
            _OPENED[os.path.realpath(path)] = scheme.name, _TO_BE
            return
        if known in ((scheme.name, _TO_BE), (scheme.name, _inode(path))):
            return
        try:
            with open(path, "rb") as file:
                head = file.read(64)
        except OSError as error:
            raise Unavailable(f"{path} cannot be read: {error.strerror}") from error
        if not head or _is_of(scheme, head):
            _note_file(scheme, url)
            return
    for other in (scheme for scheme in _SIGNED if _is_of(scheme, head)):
        raise ConfigError(f"{path} is a file of {other.summary}, not of {scheme.name}; try: {other.name}:///{path}")


_OPENED: dict[str, tuple[str, int]] = {}
"""The files that were opened here by their paths, with the scheme and the inode.

Who opens such a file again to read its head, and closes it, takes away the locks that SQLite and DuckDB hold on it in
this process, and others then destroy it.
"""

_TO_BE = 0
"""The inode of a file that was not there yet."""
_LOOKING = threading.Lock()


def _note_file(scheme: Scheme, url: str) -> None:
    """Remember that a file is open here, or may be soon."""
    place = os.path.realpath(url.removeprefix(f"{scheme.name}:///"))
    if os.path.exists(place):
        _OPENED[place] = scheme.name, _inode(place)


def _inode(path: str) -> int:
    return os.stat(path).st_ino


def _is_of(scheme: Scheme, head: bytes) -> bool:
    offset, said = scheme.signature or (0, b"\0nothing")
    return head[offset : offset + len(said)] == said


_SIGNED = (
    Scheme("sqlite", "", summary="SQLite", signature=(0, b"SQLite format 3\0")),
    Scheme("duckdb", "", summary="DuckDB", signature=(8, b"DUCK")),
    Scheme("jsonl", "", summary="JSON lines", signature=(0, b'{"')),
)
"""How files say what they are, of engines that need not be installed."""
