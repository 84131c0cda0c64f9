"""A diary is opened where it is configured, and what stands in the way is said."""

import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary import default, opening
from deardiary.artifacts.folder import Folder
from deardiary.backends.memory import MemoryStore
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, Unavailable
from places import alone, importable, installed, run, written

SMALL, LARGE = b"small", bytes(100_000)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(monkeypatch, tmp_path)


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    with importable(tmp_path / "plugins") as folder:
        yield folder


MINE = """
    from deardiary.backends.memory import MemoryStore
    from deardiary.plugin import Scheme, plugin


    def open_mine(url, timeout=3, password="", more=None):
        if password != "geheim":
            raise ConnectionError("nobody is let in")
        return MemoryStore()


    @plugin
    def deardiary_stores():
        return [Scheme("mine", "deardiary_mine:open_mine", summary="mine")]
"""


def refused(*given: Any, kind: type[DearDiaryError] = ConfigError, **named: Any) -> str:
    with pytest.raises(kind) as refusal:
        deardiary.open(*given, **named)
    return str(refusal.value)


def kept(tracker: deardiary.Tracker) -> dict[str, str]:
    """Return which artifact stores took something small and something large, and where the large one is."""
    experiment = tracker.create_experiment(tracker.create_project("Iris"), "Depth")
    rows = [tracker.create_resource(experiment, "small", SMALL), tracker.create_resource(experiment, "large", LARGE)]
    assert [tracker.read_resource_data(row) for row in rows] == [SMALL, LARGE]
    return {"small": rows[0].backend, "large": rows[1].backend, "uri": rows[1].uri}


# Without a word.


@pytest.mark.parametrize("mark", [".deardiary", "deardiary.toml", "pyproject.toml", ".git"])
def test_a_diary_that_nobody_configured_lives_at_the_root_of_its_project(
    mark: str, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / mark).touch() if "." in mark[1:] else (work / mark).mkdir()
    inner = work / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)

    with deardiary.open() as tracker:
        assert tracker.url == f"sqlite:///{work}/.deardiary/diary.db"
        assert kept(tracker)["uri"].startswith(f"file://{work}/.deardiary/artifacts/")

    assert {path.name for path in (work / ".deardiary").iterdir()} >= {"diary.db", "artifacts", ".gitignore"}
    assert (work / ".deardiary" / ".gitignore").read_text() == "*\n"
    assert list(inner.iterdir()) == []


def test_without_any_root_it_lives_in_the_working_directory(work: Path) -> None:
    with deardiary.open() as tracker:
        assert tracker.url == f"sqlite:///{work}/.deardiary/diary.db"


def test_what_git_ignores_there_is_ones_own_to_say(work: Path) -> None:
    ignore = written(work / ".deardiary" / ".gitignore", "artifacts\n")

    deardiary.open().close()

    assert ignore.read_text() == "artifacts\n"


def test_a_folder_that_may_not_be_made_is_told(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "makedirs", refuse)

    assert refused(kind=Unavailable) == (
        f"a diary cannot be made in {work}/.deardiary: Permission denied; "
        "name another place: DEARDIARY_STORE=sqlite:///..."
    )


def test_a_file_in_the_place_of_the_folder_is_told(work: Path) -> None:
    (work / ".deardiary").touch()

    assert f"a diary cannot be made in {work}/.deardiary: File exists" in refused(kind=Unavailable)


def test_little_is_imported_to_open_a_diary_that_is_there(work: Path, tmp_path: Path) -> None:
    deardiary.open().close()
    late = ["tomllib", "difflib", "importlib.metadata", "pluggy", "logging", "cattrs", "sqlalchemy", "numpy", "queue"]

    said = run(
        f"""
        import sys
        import deardiary

        deardiary.open().close()
        print([name for name in {late} if name in sys.modules])
        print([name for name in sys.modules if name in ("deardiary.tomlfile", "deardiary.observing")])
        """,
        plugins=tmp_path / "nothing",
        folder=work,
    )

    assert said == "[]\n[]\n"


# What is given.


def test_a_url_is_relative_to_the_working_directory(work: Path) -> None:
    with deardiary.open("sqlite:///lab.db") as tracker:
        assert (tracker.url, repr(tracker)) == (f"sqlite:///{work}/lab.db", f"<Tracker sqlite:///{work}/lab.db>")

    assert (work / "lab.db").exists()


def test_a_url_may_begin_at_home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()

    with deardiary.open("sqlite:///~/lab.db") as tracker:
        assert tracker.url == f"sqlite:///{tmp_path}/home/lab.db"


def test_a_url_that_is_given_goes_before_what_is_configured(work: Path) -> None:
    written(work / "deardiary.toml", "[store]\nurl = 'nobody://'\nsize = 3")

    with deardiary.open("memory://") as tracker:
        assert tracker.url == "memory://"


def test_a_store_in_the_hand_is_kept_and_closed() -> None:
    store = MemoryStore()

    with deardiary.open(store=store) as tracker:
        assert repr(tracker) == "<Tracker store MemoryStore>"
        assert kept(tracker)["large"] == "inline"

    with pytest.raises(Unavailable):
        deardiary.open(store=store)


@pytest.mark.parametrize(("given", "named"), [(("memory://",), {}), ((), {"timeout": 3})])
def test_a_store_in_the_hand_has_no_url_and_no_options(given: tuple[str, ...], named: dict[str, Any]) -> None:
    assert refused(*given, store=MemoryStore(), **named) == (
        "a diary is opened from a URL and its options, or from a store in the hand, not from both"
    )


@pytest.mark.parametrize("store", [None, MemoryStore])
def test_artifacts_may_be_given_as_a_url(store: Any, work: Path) -> None:
    hand = {"store": store()} if store else {"url": "memory://"}

    with deardiary.open(**hand, artifacts="file:///artifacts") as tracker:
        assert (where := kept(tracker))["small"] == "inline"
        assert (where["large"], where["uri"].startswith(f"file://{work}/artifacts/")) == ("filesystem", True)


@pytest.mark.parametrize("store", [None, MemoryStore])
def test_artifacts_may_be_given_by_name_and_the_first_is_the_default(store: Any, work: Path) -> None:
    hand = {"store": store()} if store else {"url": "memory://"}

    with deardiary.open(**hand, artifacts={"fast": "file:///fast", "slow": "file:///slow"}) as tracker:
        assert kept(tracker)["large"] == "fast"
        row = tracker.create_resource(1, "there", SMALL, store="slow")
        assert row.uri.startswith(f"file://{work}/slow/")


@pytest.mark.parametrize("store", [None, MemoryStore])
def test_artifacts_may_be_given_as_an_object(store: Any, work: Path) -> None:
    hand = {"store": store()} if store else {"url": "memory://"}

    with deardiary.open(**hand, artifacts=Folder(work / "mine")) as tracker:
        assert kept(tracker)["large"] == "folder"


def test_names_of_artifact_stores_have_no_dot() -> None:
    assert refused("memory://", artifacts={"my.files": "file:///x"}).startswith("'my.files' is no name of an artifact")


def test_no_artifact_stores_by_name_keep_everything_inline() -> None:
    with deardiary.open("sqlite:///lab.db", artifacts={}) as tracker:
        assert kept(tracker)["large"] == "inline"


def test_artifacts_that_are_configured_serve_a_store_in_the_hand_too(work: Path) -> None:
    written(work / "deardiary.toml", "[artifacts.far]\nurl = 'file:///far'")

    with deardiary.open(store=MemoryStore()) as tracker:
        assert kept(tracker)["large"] == "far"


@pytest.mark.parametrize(
    ("below", "small", "large"),
    [
        (5, "filesystem", "filesystem"),
        (6, "inline", "filesystem"),
        ("1 MiB", "inline", "inline"),
        (0, *["filesystem"] * 2),
    ],
)
def test_what_is_small_is_inline(below: Any, small: str, large: str) -> None:
    with deardiary.open("memory://", artifacts="file:///artifacts", inline_below=below) as tracker:
        where = kept(tracker)

    assert (where["small"], where["large"]) == (small, large)


def test_a_profile_may_be_given(work: Path) -> None:
    written(work / "deardiary.toml", "[store]\nurl = 'sqlite:///lab.db'\n[profiles.dry.store]\nurl = 'memory://'")

    with deardiary.open(profile="dry") as tracker:
        assert tracker.url == "memory://"


def test_options_are_for_the_opener(plugins: Path, work: Path) -> None:
    installed(plugins, "mine", MINE)
    written(work / "deardiary.toml", "[store]\nurl = 'mine://'\ntimeout = 5\npassword = 'wrong'\nmore.deep = 1")

    deardiary.open(password="geheim").close()
    deardiary.open("mine://", password="geheim", more={"deep": 2}).close()


def test_secrets_are_learned_when_the_store_is_opened(
    plugins: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(plugins, "mine", MINE)
    path = written(work / "deardiary.toml", "[store]\nurl = 'mine://'\npassword = { env = 'MY_PASSWORD' }")

    assert refused() == (f"the option password cannot be learned: the variable MY_PASSWORD is not set ({path}, line 3)")
    monkeypatch.setenv("MY_PASSWORD", "geheim")
    with deardiary.open() as tracker:
        assert "geheim" not in repr(tracker) + repr(tracker.settings) + repr(tracker.again)
        again = pickle.loads(pickle.dumps(tracker))
        assert b"geheim" not in pickle.dumps(tracker)
        again.close()


# Where artifacts go if nothing is said of them.


@pytest.mark.parametrize(
    ("url", "backend", "place"),
    [
        ("sqlite:///lab.db", "filesystem", "lab.db.artifacts"),
        ("sqlite:///.deardiary/diary.db", "filesystem", ".deardiary/artifacts"),
        ("jsonl:///lab.jsonl", "filesystem", "lab.jsonl.artifacts"),
        ("memory://", "inline", ""),
    ],
)
def test_artifacts_go_beside_a_file_else_inline(url: str, backend: str, place: str, work: Path) -> None:
    (work / ".deardiary").mkdir()

    with deardiary.open(url) as tracker:
        where = kept(tracker)

    assert where["large"] == backend
    assert where["uri"].startswith(f"file://{work}/{place}/") if place else where["uri"] == ""


def test_a_store_without_a_file_keeps_artifacts_inline(plugins: Path) -> None:
    installed(plugins, "mine", MINE)

    with deardiary.open("mine://", password="geheim") as tracker:
        assert kept(tracker)["large"] == "inline"


def test_two_artifact_stores_of_one_name_are_told(work: Path) -> None:
    path = written(work / "deardiary.toml", "[artifacts]\nurl = 'file:///a'\n[artifacts.filesystem]\nurl = 'file:///b'")

    assert (
        refused("memory://") == f"two artifact stores are called filesystem; give this one a name too ({path}, line 2)"
    )


def test_a_resource_whose_store_is_not_configured_is_told_when_it_is_read(work: Path) -> None:
    with deardiary.open("sqlite:///lab.db", artifacts={"far": "file:///far"}) as tracker:
        kept(tracker)

    with deardiary.open("sqlite:///lab.db") as tracker:
        row = tracker.get_resource(2)
        assert row is not None
        assert row.uri == ""
        with pytest.raises(
            ConfigError, match="the artifact store 'far' is not configured here; there are inline, filesy"
        ):
            tracker.read_resource_data(row)


# What is said of mistakes, and where.


STORE_MISTAKES = [
    ("nobody://", ConfigError, "no store opens nobody://; there are duckdb, jsonl, memory, postgresql, sqlite"),
    (
        "sqllite:///x",
        ConfigError,
        "no store opens sqllite://; there are duckdb, jsonl, memory, postgresql, sqlite. Did you mean sqlite?",
    ),
    ("diary.db", ConfigError, "'diary.db' is no URL of a diary; one looks like sqlite:///diary.db"),
    ("file:///x", ConfigError, "file:// opens an artifact store, not a diary"),
    ("sqlite:///", ConfigError, "'sqlite:///' names no file; sqlite:///diary.db is one here"),
    ("sqlite:///nowhere/x.db", ConfigError, "there is no folder "),
    ("sqlite:///strange.db", Corrupt, "strange.db is no diary, or a damaged one"),
    ("jsonl:///lite.db", ConfigError, "lite.db is a file of SQLite, not of jsonl; try: sqlite:///"),
    ("postgresql://ada:geheim@127.0.0.1:9/x", Unavailable, "the Postgres database 'x' on 127.0.0.1:9 cannot be used"),
    ("sqlite://ada:geheim@db/x", ConfigError, "'sqlite://ada:***@db/x' names no file"),
]


@pytest.mark.parametrize(("url", "kind", "said"), STORE_MISTAKES)
def test_a_mistake_in_a_url_is_told_with_where_it_stands(
    url: str, kind: type[DearDiaryError], said: str, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "strange.db").write_bytes(b"strange" * 100)
    deardiary.open("sqlite:///lite.db").close()

    alone = refused(url, kind=kind)
    path = written(work / "deardiary.toml", f"# here\n[store]\nurl = '{url}'")
    in_file = refused(kind=kind)
    monkeypatch.setenv("DEARDIARY_STORE", url)
    in_environment = refused(kind=kind)

    assert said in alone
    assert "geheim" not in alone
    assert in_file == f"{alone} ({path}, line 3)"
    assert in_environment == f"{alone} (environment DEARDIARY_STORE)"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("fiel:///x", "no artifact store opens fiel://; there are file, inline, memory, s3, zip. Did you mean file?"),
        ("artifacts", "'artifacts' is no URL of an artifact store; one looks like file:///artifacts"),
        ("sqlite:///x", "sqlite:// opens a diary, not an artifact store"),
    ],
)
def test_a_mistake_in_the_url_of_artifacts_is_told_when_the_diary_is_opened(url: str, said: str, work: Path) -> None:
    alone = refused("memory://", artifacts=url)
    path = written(work / "deardiary.toml", f"[artifacts]\nurl = '{url}'")

    assert (alone, refused("memory://")) == (said, f"{said} ({path}, line 2)")


def test_an_unknown_option_is_told_with_its_own_line(plugins: Path, work: Path) -> None:
    installed(plugins, "mine", MINE)
    path = written(work / "deardiary.toml", "[store]\nurl = 'mine://'\npassword = 'geheim'\ntimeuot = 5")
    said = "mine:// has no option 'timeuot'; it takes timeout, password, more. Did you mean timeout?"

    assert refused() == f"{said} ({path}, line 4)"
    assert refused("mine://", timeuot=5) == said


@pytest.mark.parametrize("name", ["store", "disabled", "options", "inline_below"])
def test_no_option_is_mistaken_for_anything_else(name: str, work: Path) -> None:
    path = written(work / "deardiary.toml", f"[store]\nurl = 'memory://'\n{name} = 5")

    assert refused() == f"memory:// has no option '{name}'; it takes none ({path}, line 3)"


def test_a_store_that_does_not_answer_is_told_without_its_password(plugins: Path, work: Path) -> None:
    installed(plugins, "mine", MINE)
    path = written(work / "deardiary.toml", "[store]\nurl = 'mine://ada:geheim@db'")

    said = refused(kind=Unavailable)

    assert said == f"mine://ada:***@db cannot be opened: nobody is let in ({path}, line 2)"


def test_an_error_does_not_show_the_one_that_it_says_again(work: Path) -> None:
    written(work / "deardiary.toml", "[store]\nurl = 'nobody://'")

    with pytest.raises(ConfigError) as refusal:
        deardiary.open()

    assert (refusal.value.__cause__, refusal.value.__suppress_context__) == (None, True)


def test_a_store_that_cannot_be_read_is_closed_again(plugins: Path) -> None:
    installed(
        plugins,
        "mine",
        """
        from pathlib import Path
        from deardiary.plugin import Scheme, Unavailable, plugin

        class Mute:
            def find(self, query):
                raise Unavailable("nobody answers")
            def close(self):
                Path("closed").touch()

        def open_mine(url):
            return Mute()

        @plugin
        def deardiary_stores():
            return [Scheme("mine", "deardiary_mine:open_mine")]
        """,
    )

    assert refused("mine://", kind=Unavailable) == "nobody answers"
    assert Path("closed").exists()


# The same script over three compositions.


STORY = """
    import deardiary

    for rate in (0.1, 0.2):
        with deardiary.init(project="Iris", name=f"rate {rate}", config={"rate": rate}, snapshot=False) as run:
            for step in range(3):
                run.log({"loss": rate * step})
            run.log_artifact(b"weights", "model.bin")
    tracker = run.tracker
    best = tracker.find(deardiary.Iteration, order="-metrics.loss", limit=1)[0]
    print(best.name, tracker.get_series(best, "loss").values.tolist(), tracker.get_parameters(best)[0].value)
    print([tracker.read_resource_data(row) for row in tracker.get_resources(best)])
"""


def test_the_same_script_says_the_same_over_every_composition(
    work: Path, tmp_path: Path, fresh: Callable[[str], str]
) -> None:
    urls = {scheme: f"{scheme}:///diary" for scheme in ("sqlite", "duckdb", "jsonl")}
    urls |= {scheme: fresh(scheme) for scheme in ("memory", "postgresql")}

    said = {}
    for name, url in urls.items():
        written(work / name / "deardiary.toml", f"quiet = true\n[store]\nurl = '{url}'")
        said[name] = run(STORY, plugins=tmp_path / "nothing", folder=work / name)

    assert said["memory"] == "rate 0.2 [0.0, 0.2, 0.4] 0.2\n[b'weights']\n"
    assert len(set(said.values())) == 1


# Plugins, installed for real.


ASKING = """
    import json
    import deardiary

    said = []
    for url in %s:
        try:
            deardiary.open(url).close()
            said.append("opened")
        except deardiary.ConfigError as error:
            said.append(str(error))
    print(json.dumps(said))
"""


def test_broken_clashing_and_missing_plugins_are_told(work: Path, tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    bringing = """
        from deardiary.plugin import Scheme, plugin

        @plugin
        def deardiary_stores():
            return [Scheme("{scheme}", "{opener}", requires={requires!r}, extra={extra!r})]
    """
    memory = "deardiary.backends.memory:open_memory"
    for name, scheme, opener, requires, extra in [
        ("good", "good", memory, (), ""),
        ("red", "colour", memory, (), ""),
        ("blue", "colour", memory, (), ""),
        ("driven", "driven", "deardiary_driven_store:open", ("bson_of_nobody",), "bson"),
        ("lost", "lost", "deardiary_lost.store:open", (), ""),
    ]:
        installed(plugins, name, bringing.format(scheme=scheme, opener=opener, requires=requires, extra=extra))
    written(plugins / "deardiary_driven_store.py", "import bson_of_nobody")
    installed(plugins, "broken", "import bson_of_nobody")
    installed(plugins, "leaving", "import sys; sys.exit('it is a script')")
    asked = ["good://", "colour://", "driven://", "lost://", "broken://", "leaving://"]

    said = json.loads(run(ASKING % asked, plugins=plugins, folder=work))

    assert said == [
        "opened",
        "colour:// is brought by deardiary-blue and by deardiary-red; "
        'switch one off: disabled_plugins = ["deardiary-red"]',
        'driven:// needs the package bson_of_nobody; try: pip install "deardiary-driven[bson]"',
        "lost:// failed to import: ModuleNotFoundError: No module named 'deardiary_lost.store'; "
        "'deardiary_lost' is not a package",
        "the plugin deardiary-broken failed to import: ModuleNotFoundError: No module named 'bson_of_nobody'",
        "the plugin deardiary-leaving failed to import: SystemExit: it is a script",
    ]


def test_a_clash_is_settled_by_switching_one_off(work: Path, plugins: Path) -> None:
    for name in ("red", "blue"):
        installed(plugins, name, MINE.replace("deardiary_mine", f"deardiary_{name}"))
    path = written(work / "deardiary.toml", "store.url = 'mine://'\nstore.password = 'geheim'")

    assert refused().startswith("mine:// is brought by deardiary-blue and by deardiary-red; switch one off: ")
    written(path, f"disabled_plugins = ['deardiary_red']\n{path.read_text()}")
    deardiary.open().close()


def test_a_plugin_that_is_missing_is_told_with_the_command_and_found_when_it_is_there(
    work: Path, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deardiary.registry.ELSEWHERE", {"store": {"mine": "deardiary-mine"}, "artifacts": {}})
    path = written(work / "deardiary.toml", "store.url = 'mine://'\nstore.password = 'geheim'")

    assert refused() == f"mine:// is not installed; try: pip install deardiary-mine ({path}, line 1)"
    installed(plugins, "mine", MINE)
    deardiary.open().close()


# In another process.


def test_a_tracker_goes_to_another_process(work: Path, tmp_path: Path) -> None:
    written(work / "deardiary.toml", "[store]\nurl = 'sqlite:///lab.db'\n[artifacts.far]\nurl = 'file:///far'")
    with deardiary.open() as tracker:
        kept(tracker)
        (tmp_path / "tracker").write_bytes(pickle.dumps(tracker))

    said = run(
        f"""
        import pickle
        from pathlib import Path

        with pickle.loads(Path({str(tmp_path / "tracker")!r}).read_bytes()) as tracker:
            print(tracker, len(tracker.read_resource_data(2)), tracker.get_resource(2).backend)
        """,
        plugins=tmp_path / "nothing",
        folder=tmp_path,
    )

    assert said == f"<Tracker sqlite:///{work}/lab.db> {len(LARGE)} far\n"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"url": "memory://"}, "the diary memory:// is not to be reached from another process"),
        ({"store": MemoryStore}, "the diary store MemoryStore is not to be reached from another process"),
    ],
)
def test_a_diary_of_one_process_says_why_it_does_not(named: dict[str, Any], said: str) -> None:
    named = {name: value() if callable(value) else value for name, value in named.items()}

    with deardiary.open(**named) as tracker, pytest.raises(TypeError) as refusal:
        pickle.dumps(tracker)

    assert str(refusal.value) == said


def test_a_diary_with_artifacts_in_the_hand_stays_in_its_process(work: Path) -> None:
    with (
        deardiary.open("sqlite:///lab.db", artifacts=Folder(work / "mine")) as tracker,
        pytest.raises(TypeError, match="not to be reached from another process"),
    ):
        pickle.dumps(tracker)


# Beside what is configured.


CONFIGURED = """
    quiet = true
    observers = ["nobody"]
    [store]
    url = "nobody://"
    [artifacts]
    default = "far"
    inline_below = 10
    [artifacts.far]
    url = "file:///far"
"""


def test_the_local_diary_is_there_whatever_is_configured(work: Path) -> None:
    written(work / "deardiary.toml", CONFIGURED.replace('observers = ["nobody"]', ""))

    with opening.open_local() as tracker:
        assert tracker.url == f"sqlite:///{work}/.deardiary/diary.db"
        assert kept(tracker)["large"] == "filesystem"
        assert tracker.settings is not None
        assert (tracker.settings.quiet, tracker.settings.inline_below) == (True, 10)


def test_a_diary_that_is_nowhere_touches_nothing_that_is_configured(work: Path) -> None:
    path = written(work / "deardiary.toml", CONFIGURED)

    with opening.open_nowhere() as tracker:
        assert (tracker.url, kept(tracker)["large"]) == ("memory://", "inline")

    assert list(work.iterdir()) == [path]


# The diary of the module's functions.


@pytest.fixture
def _closed() -> Iterator[None]:
    deardiary.close_database()
    yield
    deardiary.close_database()


@pytest.mark.usefixtures("_closed")
class TestDefault:
    def test_before_it_is_opened_it_says_how(self) -> None:
        with pytest.raises(ConfigError) as refusal:
            deardiary.get_projects()

        assert str(refusal.value) == (
            "the module has no diary yet; deardiary.init() or deardiary.initialize_database() opens one, "
            "and a tracker of deardiary.open() has the verbs itself"
        )

    def test_a_file_is_opened_and_closed(self, work: Path) -> None:
        deardiary.initialize_database()
        deardiary.create_project("Iris")
        deardiary.close_database()
        deardiary.close_database()

        assert (work / "deardiary.db").exists()
        with pytest.raises(ConfigError, match="the module has no diary yet"):
            deardiary.get_projects()

    @pytest.mark.parametrize("given", ["lab.db", Path("lab.db"), "~/../lab/lab.db", "sqlite:///lab.db"])
    def test_a_name_a_path_and_a_url_mean_the_same(self, given: Any, work: Path, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir()

        deardiary.initialize_database(given)

        assert (work / "lab.db").exists()

    def test_a_second_one_takes_the_place_of_the_first(self) -> None:
        first = deardiary.initialize_database("first.db")
        deardiary.create_project("Iris")
        second = deardiary.initialize_database("second.db")

        assert deardiary.get_projects() == []
        assert default.default_tracker() is second
        with pytest.raises(Unavailable, match="the diary is closed"):
            first.get_projects()

    def test_a_diary_may_be_opened_again_over_itself(self) -> None:
        deardiary.initialize_database("lab.db")
        deardiary.create_project("Iris")
        deardiary.initialize_database("lab.db")

        assert [project.name for project in deardiary.get_projects()] == ["Iris"]

    @pytest.mark.parametrize(
        ("given", "kind", "said"),
        [
            ("nowhere/lab.db", ConfigError, "there is no folder "),
            ("strange.db", Corrupt, "strange.db is no diary, or a damaged one"),
            (".", ConfigError, "/lab is a folder; sqlite:// names a file: sqlite:///"),
            ("nobody://", ConfigError, "no store opens nobody://"),
        ],
    )
    def test_what_cannot_be_opened_leaves_the_one_before(
        self, given: str, kind: type[DearDiaryError], said: str, work: Path
    ) -> None:
        (work / "strange.db").write_bytes(b"strange" * 100)
        first = deardiary.initialize_database("first.db")

        with pytest.raises(kind, match=said):
            deardiary.initialize_database(given)

        assert default.default_tracker() is first

    def test_an_option_that_nobody_takes_is_told(self) -> None:
        with pytest.raises(ConfigError, match="sqlite:// has no option 'timeout'; it takes none"):
            deardiary.initialize_database("lab.db", timeout=3)


def test_the_diary_of_the_module_is_open_until_its_runs_have_ended(work: Path, tmp_path: Path) -> None:
    run(
        """
        import deardiary

        with deardiary.open("memory://") as tracker:
            experiment = tracker.create_experiment(tracker.create_project("Iris"), "Depth")
            with tracker.iteration(experiment):
                pass
        deardiary.init(project="Iris", snapshot=False, quiet=True)
        """,
        plugins=tmp_path / "nothing",
        folder=work,
    )

    with deardiary.open() as tracker:
        assert [row.status_id for row in tracker.find(deardiary.Iteration)] == [deardiary.SUCCEEDED]
