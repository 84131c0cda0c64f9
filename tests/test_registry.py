"""Which stores there are, and what is said of those that are not."""

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from deardiary import hooks, registry
from deardiary.core.errors import ConfigError, Unavailable
from deardiary.registry import open_store, plugin_named, scheme_of
from deardiary.schemes import Scheme


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what makes plugins known by name and what they are."""

    def install(**plugins: Any) -> None:
        def entry(name: str) -> EntryPoint:
            return EntryPoint(name=name, value=f"{name}_plugin", group="deardiary")

        def load(self: EntryPoint) -> Any:
            plugin = plugins[self.name]
            if isinstance(plugin, BaseException):
                raise plugin
            return plugin

        monkeypatch.setattr(registry, "entries", lambda: [entry(name) for name in plugins])
        monkeypatch.setattr(EntryPoint, "load", load)
        registry._registry.cache_clear()

    yield install
    registry._registry.cache_clear()


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
        open_store("broken://")
    with pytest.raises(ConfigError, match=r"no store opens other://.*; the plugin broken_plugin failed to import"):
        open_store("other://")


def test_two_that_bring_one_scheme_are_both_named(installed: Any) -> None:
    scheme = Scheme("mine", "deardiary.backends.memory:open_memory")
    installed(first=bringing(scheme), second=bringing(scheme))

    with pytest.raises(ConfigError) as refusal:
        open_store("mine://")

    assert str(refusal.value) == (
        'mine:// is brought by first_plugin and by second_plugin; switch one off: disabled_plugins = ["second_plugin"]'
    )
    open_store("mine://", disabled=frozenset({"second"})).close()


def test_postgres_is_another_spelling_of_postgresql(installed: Any) -> None:
    installed(mine=bringing(Scheme("postgres", "deardiary.backends.memory:open_memory")))

    assert scheme_of("postgres://db/diary").name == "postgresql"
    assert [plugin.problem for plugin in registry.registry().problems] == [
        "brings postgres://, which deardiary brings already"
    ]
    with pytest.raises(ConfigError, match="no artifact store opens postgres://"):
        scheme_of("postgres://db/diary", "artifacts")


def test_what_is_built_in_is_nobody_elses_to_bring(installed: Any) -> None:
    installed(third=bringing(Scheme("sqlite", "third:open")))

    assert [plugin.problem for plugin in registry.registry().problems] == [
        "brings sqlite://, which deardiary brings already"
    ]


def test_a_plugin_that_is_switched_off_is_not_imported(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(mine=ModuleNotFoundError("it was imported"))

    with pytest.raises(ConfigError, match="the plugin mine_plugin, which may bring mine://, is switched off"):
        open_store("mine://", disabled=frozenset({"mine_plugin"}))
    monkeypatch.setenv("DEARDIARY_DISABLED_PLUGINS", "other, mine")
    with pytest.raises(ConfigError, match="is switched off"):
        open_store("mine://")


def test_what_is_no_scheme_is_told(installed: Any) -> None:
    installed(odd=bringing("sqlite"))  # type: ignore[arg-type]  # a plugin's mistake

    assert [plugin.problem for plugin in registry.registry().problems] == ["offers 'sqlite', which is no Scheme"]


def test_an_opener_that_fails_to_import_says_why(
    installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_opener.py").write_text("raise RuntimeError('half made')\n")
    monkeypatch.syspath_prepend(tmp_path)
    installed(mine=bringing(Scheme("mine", "broken_opener:open")))

    with pytest.raises(ConfigError, match="mine:// failed to import: RuntimeError: half made"):
        open_store("mine://")


def test_a_plugin_that_we_know_of_is_told_by_the_command_that_installs_it(installed: Any) -> None:
    installed()

    with pytest.raises(ConfigError, match=r"^jsonl:// is not installed; try: pip install deardiary-jsonl$"):
        open_store("jsonl:///diary.jsonl")


def test_a_scheme_that_is_nearly_right_is_guessed(installed: Any) -> None:
    installed()

    with pytest.raises(ConfigError, match=r"there are duckdb, memory, postgresql, sqlite\. Did you mean sqlite\?"):
        open_store("sqllite:///diary.db")


def test_a_store_of_bytes_is_no_diary(installed: Any) -> None:
    installed()

    with pytest.raises(ConfigError, match="file:// opens an artifact store, not a diary"):
        open_store("file:///diary")


def test_an_option_that_the_opener_does_not_take_is_told() -> None:
    with pytest.raises(ConfigError, match="sqlite:// has no option 'timeout'; it takes none"):
        open_store("sqlite:///diary.db", options={"timeout": 3})


def test_a_file_of_another_engine_is_told_with_its_url(tmp_path: Path) -> None:
    path = tmp_path / "diary.duckdb"
    path.write_bytes(bytes(8) + b"DUCK" + bytes(100))

    with pytest.raises(ConfigError) as refusal:
        open_store(f"sqlite:///{path}")

    assert str(refusal.value) == f"{path} is a file of DuckDB, not of sqlite; try: duckdb:///{path}"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        open_store(f"sqlite:///{tmp_path}")

    assert str(refusal.value) == f"{tmp_path} is a folder; sqlite:// names a file: sqlite:///{tmp_path}/diary.db"


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "diary.db").touch()
    monkeypatch.setattr(registry, "open", refuse, raising=False)

    with pytest.raises(Unavailable, match=r"diary\.db cannot be read: Permission denied$"):
        open_store(f"sqlite:///{tmp_path}/diary.db")


def test_a_plugin_of_another_interface_is_told(installed: Any) -> None:
    installed(newer=bringing(Scheme("newer", "newer:open", api=2)))

    assert [plugin.problem for plugin in registry.registry().problems] == ["speaks plugin API 2; this is 1"]


def test_a_missing_driver_is_told_with_what_installs_it(installed: Any) -> None:
    installed(mine=bringing(Scheme("mine", "no_such_driver.store:open", extra="mine")))

    with pytest.raises(ConfigError, match=r'needs the package no_such_driver; try: pip install "mine_plugin\[mine\]"'):
        open_store("mine://")


def test_a_unknown_scheme_is_told_with_those_there_are(installed: Any) -> None:
    installed()

    with pytest.raises(ConfigError, match="no store opens redis://; there are duckdb, memory, postgresql, sqlite"):
        open_store("redis://localhost")
    with pytest.raises(ConfigError, match="is no URL of a diary"):
        open_store("diary.db")


def test_a_plugin_that_leaves_at_once_stops_nobody(installed: Any) -> None:
    installed(leaving=SystemExit("it is a script"))

    assert [plugin.problem for plugin in registry.registry().problems] == [
        "failed to import: SystemExit: it is a script"
    ]


def test_a_plugin_is_known_by_its_name_and_every_spelling_of_its_distribution(installed: Any) -> None:
    installed(mine=bringing())

    for name in ("mine", "mine_plugin", "Mine-Plugin", "mine.plugin"):
        known, switched_off = plugin_named(name), plugin_named(name, frozenset({name}))
        assert (known is not None, switched_off is not None and switched_off.disabled) == (True, True)
    assert plugin_named("yours") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise ImportError('cannot import name new')", "failed to import: ImportError: cannot import name new"),
        ("import {name}.deeper", "failed to import: ModuleNotFoundError: No module named '{name}.deeper'"),
        ("import bson_of_nobody.deep", "needs the package bson_of_nobody; try: pip install bson_of_nobody"),
    ],
)
def test_what_is_there_and_broken_is_not_called_missing(
    text: str, said: str, installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"half_made_{len(text)}"
    (tmp_path / f"{name}.py").write_text(text.format(name=name))
    monkeypatch.syspath_prepend(tmp_path)
    installed(mine=bringing(Scheme("mine", f"{name}:open")))

    with pytest.raises(ConfigError) as refusal:
        open_store("mine://")

    assert str(refusal.value).startswith(f"mine:// {said.format(name=name)}")


def test_an_opener_that_says_itself_what_is_wrong_is_not_said_again(
    installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "away_opener.py").write_text(
        "from deardiary.plugin import Unavailable\ndef open(url): raise Unavailable('it is away')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    installed(mine=bringing(Scheme("mine", "away_opener:open")))

    with pytest.raises(Unavailable, match=r"^it is away$"):
        open_store("mine://")


def test_an_opener_may_take_any_option_but_not_its_own_first(
    installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "any_opener.py").write_text(
        "from deardiary.backends.memory import MemoryStore\n"
        "def open(url, *, size=3, **more): assert more == {'colour': 'red'}; return MemoryStore()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    installed(mine=bringing(Scheme("mine", "any_opener:open")))

    open_store("mine://", options={"colour": "red", "size": 4}).close()
    for name in ("url", "store"):
        with pytest.raises(ConfigError, match=f"mine:// has no option '{name}'; it takes size"):
            open_store("mine://", options={name: 1})
