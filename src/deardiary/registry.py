"""Schemes and their openers: which stores there are, who brought them, and what is wrong with some."""

import importlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from attrs import frozen

from deardiary.core.errors import ConfigError, DearDiaryError, Unavailable
from deardiary.core.stores import Store
from deardiary.schemes import Scheme, Traits

BUILT_IN = {
    scheme.name: scheme
    for scheme in (
        Scheme(
            "memory",
            "deardiary.backends.memory:open_memory",
            summary="in memory, gone with the process",
            traits=Traits(processes="one", durable="none"),
        ),
        Scheme("sqlite", "deardiary.backends.sql.sqlite:open_sqlite", summary="one file, many processes"),
    )
}
"""The stores that are simply known, without a look at what is installed."""

API = 1
"""The version of the plugin interface."""


@frozen(kw_only=True)
class Problem:
    """A plugin that cannot be used, and why."""

    plugin: str
    why: str


@frozen(kw_only=True)
class Registry:
    """The stores that can be opened here, and the plugins that cannot be used."""

    schemes: Mapping[str, Scheme]
    problems: tuple[Problem, ...] = ()


@cache
def registry() -> Registry:
    """Return what is built in and what plugins bring; looked up once per process."""
    schemes, problems = dict(BUILT_IN), list[Problem]()
    brought: dict[str, str] = {}
    for entry in sorted(entry_points(group="deardiary"), key=lambda entry: entry.name):
        whose = entry.dist.name if entry.dist is not None else entry.value
        try:
            offered = _offered(entry)
        except Exception as error:  # whatever a stranger's module raises: it is told, and stops nobody else
            problems.append(Problem(plugin=whose, why=f"failed to import: {type(error).__name__}: {error}"))
            continue
        for scheme in offered:
            if scheme.api != API:
                problems.append(Problem(plugin=whose, why=f"speaks plugin API {scheme.api}; this is {API}"))
            elif scheme.name in schemes:
                holder = brought.get(scheme.name, "deardiary")
                problems.append(Problem(plugin=whose, why=f"brings {scheme.name}://, which {holder} brings already"))
            else:
                schemes[scheme.name], brought[scheme.name] = scheme, whose
    return Registry(schemes=MappingProxyType(schemes), problems=tuple(problems))


def _offered(entry: EntryPoint) -> list[Scheme]:
    """Return the stores that a plugin offers through its hooks."""
    import pluggy

    from deardiary import hooks

    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(entry.load())
    manager.check_pending()
    return [scheme for schemes in manager.hook.deardiary_stores() for scheme in schemes]


def scheme_of(url: str) -> Scheme:
    """Return the scheme of a URL, or say what is wrong with it."""
    name, colon, _ = url.partition("://")
    if not colon:
        raise ConfigError(f"{url!r} is no URL of a diary; one looks like sqlite:///diary.db")
    if name in BUILT_IN:
        return BUILT_IN[name]
    known = registry()
    if name not in known.schemes:
        told = "".join(f"; the plugin {problem.plugin} {problem.why}" for problem in known.problems)
        raise ConfigError(f"no store opens {name}://; there are {', '.join(sorted(known.schemes))}{told}")
    return known.schemes[name]


def open_store(url: str, **options: Any) -> Store:
    """Return the store that a URL names, opened, without rules or permissions."""
    scheme = scheme_of(url)
    module, _, name = scheme.opener.partition(":")
    try:
        opener = getattr(importlib.import_module(module), name)
    except ImportError as error:
        missing = error.name or str(error)
        extra = f'; try: pip install "deardiary[{scheme.extra}]"' if scheme.extra else ""
        raise ConfigError(f"{scheme.name}:// needs the package {missing}{extra}") from error
    try:
        store: Store = opener(url, **options)
    except OSError as error:
        if isinstance(error, DearDiaryError):
            raise
        raise Unavailable(f"{url} cannot be opened: {error}") from error
    return store
