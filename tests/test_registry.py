"""Which stores there are, and what is said of those that are not."""

from importlib.metadata import EntryPoint
from typing import Any

import pytest

from deardiary import hooks, registry
from deardiary.core.errors import ConfigError
from deardiary.registry import open_store, scheme_of
from deardiary.schemes import Scheme


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what makes plugins known by name and what they are."""

    def install(**plugins: Any) -> None:
        def entry(name: str) -> EntryPoint:
            return EntryPoint(name=name, value=f"{name}_plugin", group="deardiary")

        def load(self: EntryPoint) -> Any:
            plugin = plugins[self.name]
            if isinstance(plugin, Exception):
                raise plugin
            return plugin

        monkeypatch.setattr(registry, "entry_points", lambda group: [entry(name) for name in plugins])
        monkeypatch.setattr(EntryPoint, "load", load)
        registry.registry.cache_clear()

    yield install
    registry.registry.cache_clear()


def bringing(*schemes: Scheme) -> Any:
    class Plugin:
        @staticmethod
        @hooks.plugin
        def deardiary_stores() -> list[Scheme]:
            return list(schemes)

    return Plugin


def test_a_plugin_brings_a_store(installed: Any) -> None:
    installed(mine=bringing(Scheme("mine", "deardiary.backends.memory:open_memory")))

    assert scheme_of("mine://").name == "mine"
    open_store("mine://").close()


def test_a_broken_plugin_is_told_and_stops_nobody_else(installed: Any) -> None:
    installed(
        broken=ModuleNotFoundError("No module named 'bson'"),
        mine=bringing(Scheme("mine", "deardiary.backends.memory:open_memory")),
    )

    open_store("mine://").close()
    with pytest.raises(ConfigError, match="the plugin broken_plugin failed to import: ModuleNotFoundError: No module"):
        open_store("other://")


def test_two_that_bring_one_scheme_are_told_apart(installed: Any) -> None:
    scheme = Scheme("mine", "deardiary.backends.memory:open_memory")
    installed(first=bringing(scheme), second=bringing(scheme), third=bringing(Scheme("sqlite", "third:open")))

    said = [(problem.plugin, problem.why) for problem in registry.registry().problems]

    assert said == [
        ("second_plugin", "brings mine://, which first_plugin brings already"),
        ("third_plugin", "brings sqlite://, which deardiary brings already"),
    ]


def test_a_plugin_of_another_interface_is_told(installed: Any) -> None:
    installed(newer=bringing(Scheme("newer", "newer:open", api=2)))

    assert [problem.why for problem in registry.registry().problems] == ["speaks plugin API 2; this is 1"]


def test_a_missing_driver_is_told_with_what_installs_it(installed: Any) -> None:
    installed(mine=bringing(Scheme("mine", "no_such_driver.store:open", extra="mine")))

    with pytest.raises(ConfigError, match=r'needs the package no_such_driver; try: pip install "deardiary\[mine\]"'):
        open_store("mine://")


def test_a_unknown_scheme_is_told_with_those_there_are(installed: Any) -> None:
    installed()

    with pytest.raises(ConfigError, match="no store opens redis://; there are memory, sqlite"):
        open_store("redis://localhost")
    with pytest.raises(ConfigError, match="is no URL of a diary"):
        open_store("diary.db")
