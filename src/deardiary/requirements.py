"""The plugins that a configuration requires: whether they are there, and new enough."""

import operator
import re

from deardiary.origins import Origin, wrong
from deardiary.registry import canonical, plugin_named
from deardiary.settings import Settings

_RELATIONS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def check_required(settings: Settings) -> None:
    """Refuse to go on without a plugin that the configuration asks for.

    Raises:
        ConfigError: one is not installed, too old, too new, switched off or broken.
    """
    for wanted in settings.required_plugins:
        _check(wanted, settings.disabled_plugins, settings.entries["required_plugins"].origin)


def _check(wanted: str, disabled: frozenset[str], origin: Origin) -> None:
    name, bounds = _requirement(wanted, origin)
    plugin = plugin_named(name, disabled)
    install = f"try: pip install {repr(wanted) if bounds else name}"
    if plugin is None:
        raise wrong(origin, f"the plugin {name} is required, and not installed; {install}")
    if plugin.disabled:
        raise wrong(origin, f"the plugin {name} is required, and switched off")
    if plugin.problem:
        raise wrong(origin, f"the plugin {name} is required, and {plugin.problem}")
    have = _numbers(plugin.version)
    if not all(_RELATIONS[relation](have, _numbers(bound)) for relation, bound in bounds):
        raise wrong(origin, f"the plugin {wanted} is required, and {plugin.version} is installed; {install}")


def _requirement(wanted: str, origin: Origin) -> tuple[str, list[tuple[str, str]]]:
    """Return the name and the bounds of `deardiary-jsonl>=0.1,<2`."""
    found = re.fullmatch(r"\s*([A-Za-z0-9][\w.-]*)\s*(.*?)\s*", wanted)
    parts = found[2].split(",") if found and found[2] else []
    bounds = [re.fullmatch(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*", part) for part in parts]
    if found is None or None in bounds:
        raise wrong(origin, f"{wanted!r:.60} is no requirement; one looks like deardiary-jsonl>=0.1,<2")
    return canonical(found[1]), [(bound[1], bound[2]) for bound in bounds if bound]


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, without zeros at their end; what follows them is not compared."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
