"""What is configured: every key and variable, what wins, where it comes from, and what is said of mistakes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deardiary.core.errors import ConfigError
from deardiary.keys import KEYS, VARIABLES
from deardiary.settings import Place, Settings, read_settings, root_of, shown, user_file
from places import alone, written


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(monkeypatch, tmp_path)


@pytest.fixture
def project(work: Path) -> Callable[[str], Path]:
    """Return what writes the project's file."""
    return lambda text: written(work / "deardiary.toml", text)


@pytest.fixture
def user(tmp_path: Path) -> Callable[[str], Path]:
    """Return what writes the user's file."""
    return lambda text: written(tmp_path / "home" / ".config" / "deardiary" / "deardiary.toml", text)


def origins(settings: Settings) -> dict[str, str]:
    return {name: str(one.origin) for name, one in settings.entries.items()}


def values(settings: Settings) -> dict[str, Any]:
    return {name: one.value for name, one in settings.entries.items()}


def refused(**more: Any) -> str:
    with pytest.raises(ConfigError) as refusal:
        read_settings(**more)
    return str(refusal.value)


# Keys.


def test_nothing_is_configured_at_first(work: Path) -> None:
    settings = read_settings()

    assert (settings.store, settings.artifacts, settings.entries, settings.root) == (None, {}, {}, str(work))
    assert (settings.inline_below, settings.default_artifacts) == (65536, None)
    assert (settings.project, settings.mode, settings.quiet) == ("", "", False)
    assert (settings.disabled_plugins, settings.required_plugins, settings.observers) == (frozenset(), (), ())


def test_every_key_is_read(project: Callable[[str], Path], work: Path) -> None:
    project("""
        project = "Iris"
        mode = "offline"
        quiet = true
        profile = "laptop"
        disabled_plugins = ["jsonl"]
        required_plugins = ["deardiary-zip>=0.1"]
        observers = ["slack"]

        [store]
        url = "postgresql://db/diary"

        [artifacts]
        url = "s3://bucket"
        inline_below = "1 MiB"
        default = "files"
        endpoint_url = "http://minio:9000"

        [artifacts.files]
        url = "file:///files"

        [journal]
        folder = "~/journals"
        most = "2 GiB"
        leave = 1000

        [profiles.laptop.store]
        url = "sqlite:///diary.db"
    """)

    settings = read_settings()

    assert {name.partition(".")[0] for name in settings.entries} == set(KEYS) - {"profiles"}
    assert (settings.project, settings.mode, settings.quiet) == ("Iris", "offline", True)
    assert settings.disabled_plugins == {"jsonl"}
    assert (settings.required_plugins, settings.observers) == (("deardiary-zip>=0.1",), ("slack",))
    assert (settings.inline_below, settings.default_artifacts) == (2**20, "files")
    journal = {name: one for name, one in values(settings).items() if name.startswith("journal.")}
    assert journal == {"journal.folder": "~/journals", "journal.most": 2 * 2**30, "journal.leave": 1000}
    assert settings.store is not None
    assert (settings.store.url, settings.store.folder) == ("sqlite:///diary.db", str(work))
    assert settings.artifacts[""].options == {"endpoint_url": "http://minio:9000"}
    assert {name: place.url for name, place in settings.artifacts.items()} == {
        "": "s3://bucket",
        "files": "file:///files",
    }


def test_options_are_what_is_said_beside_the_url_and_may_be_tables(project: Callable[[str], Path]) -> None:
    project("""
        [store]
        url = "mine://"
        timeout = 3
        more = { deep = { size = 1.5, on = true }, names = ["a", "b"], none = {} }

        [artifacts]
        url = "s3://bucket"
        client.region = "eu"

        [artifacts.far]
        url = "far://"
        client.region = "us"
    """)

    settings = read_settings()

    assert settings.store is not None
    assert settings.store.options == {
        "timeout": 3,
        "more": {"deep": {"size": 1.5, "on": True}, "names": ["a", "b"], "none": {}},
    }
    assert settings.artifacts[""].options == {"client": {"region": "eu"}}
    assert settings.artifacts["far"].options == {"client": {"region": "us"}}


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("0", 0),
        ("65536", 65536),
        ('"65536"', 65536),
        ('"64 KiB"', 65536),
        ('"64kib"', 65536),
        ('" 2 MB "', 2_000_000),
        ('"1GiB"', 2**30),
        ('"7 B"', 7),
    ],
)
def test_sizes_are_numbers_with_units(said: str, size: int, project: Callable[[str], Path]) -> None:
    project(f"artifacts.inline_below = {said}")

    assert read_settings().inline_below == size


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('journal = "here"', """journal is 'here'; it must be a table: [journal] with folder = "...\""""),
        ("journal.folder = 3", "journal.folder is 3; it must be a text: the folder that journals are in"),
        ('journal.folder = ""', "journal.folder is ''; it must be a text: the folder that journals are in"),
        ('journal.most = "much"', """journal.most is 'much'; it must be a size, such as 65536 or "64 KiB\""""),
        ("journal.leave = -1", """journal.leave is -1; it must be a size, such as 65536 or "64 KiB\""""),
        ("journal.fodler = 'x'", "journal.fodler means nothing here. Did you mean folder?"),
        ("journal.folder.deep = 'x'", "journal.folder.deep means nothing here. Did you mean folder?"),
    ],
)
def test_what_journals_are_not_told_so_is_refused(text: str, said: str, project: Callable[[str], Path]) -> None:
    path = project(text)

    assert refused() == f"{said} ({path}, line 1)"


def test_a_profile_may_have_journals_of_its_own(project: Callable[[str], Path]) -> None:
    project("""
        [journal]
        folder = "slow"
        most = "1 GiB"

        [profiles.node.journal]
        folder = "/scratch"
    """)

    found = values(read_settings(profile="node"))

    assert (found["journal.folder"], found["journal.most"]) == ("/scratch", 2**30)


@pytest.mark.parametrize("said", ['"many"', '"64 KiX"', "-1", '"-1"', "1.5", "true", '""', '"KiB"', "[1]", '"٣ KiB"'])
def test_what_is_no_size_is_told(said: str, project: Callable[[str], Path]) -> None:
    path = project(f"[artifacts]\ninline_below = {said}")

    message = refused()

    assert message.startswith("artifacts.inline_below is ")
    assert message.endswith(f'; it must be a size, such as 65536 or "64 KiB" ({path}, line 2)')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "colour means nothing here"),
        (
            "[store]\nurl = 'postgresql:///x'\npassword = { envv = 'A' }",
            "store.password is kept in 'envv', which is no place for a secret. Did you mean env?",
        ),
        ("[stor]\nurl = 'x'", "stor.url means nothing here. Did you mean store?"),
        ("Mode = 'online'", "Mode means nothing here. Did you mean mode?"),
        ("require_plugins = []", "require_plugins means nothing here. Did you mean required_plugins?"),
        ("[profiles.a.stor]\nurl = 'x'", "stor.url means nothing here. Did you mean store?"),
        ("[profiles.a]\nprofile = 'b'", "profiles.a.profile means nothing here; a profile does not choose another"),
        ("'a.b' = 1", "'a.b' is no key; a key is not empty, and has no dot in it"),
        ("store.'' = 1", "'store'.'' is no key; a key is not empty, and has no dot in it"),
        ("[artifacts.'my.files']\nurl = 'x'", "'artifacts'.'my.files'.'url' is no key"),
        ("mode = 'onlin'", "mode is 'onlin'; it must be one of online, auto, offline, disabled. Did you mean online?"),
        ("mode = 1", "mode is 1; it must be a text"),
        ("mode.x = 1", "mode is a table; it must be a text"),
        ("project = {}", "project is {}; it must be a text"),
        ("project = 1979-05-27", "project is datetime.date(1979, 5, 27); it must be a text"),
        ("profile = ['a']", "profile is ['a']; it must be a text"),
        ("quiet = 1", "quiet is 1; it must be true or false"),
        ("quiet = 'yes'", "quiet is 'yes'; it must be true or false"),
        ("observers = 'slack'", "observers is 'slack'; it must be a list of texts"),
        ("required_plugins = [1]", "required_plugins is [1]; it must be a list of texts"),
        ("disabled_plugins = true", "disabled_plugins is true; it must be a list of texts"),
        ("store = 'sqlite:///x'", """store is 'sqlite:///x'; it must be a table: [store] with url = "...\""""),
        ("[[store]]\nurl = 'x'", "store is [{url = 'x'}]; it must be a table"),
        ("artifacts = 3", "artifacts is 3; it must be a table: [artifacts]"),
        ("store.url = 3", "store.url is 3; it must be a text"),
        ("store.url.x = 3", "store.url is a table; it must be a text"),
        ("store.url = { env = 'URL' }", "store.url is { env = 'URL' }; it must be a text"),
        ("[artifacts]\ndefault = 3", "artifacts.default is 3; it must be a text"),
        ("[artifacts.far]\nurl = 3", "artifacts.far.url is 3; it must be a text"),
        ("profiles = 3", "profiles is 3; it must be a table, such as [profiles.laptop.store]"),
        ("profiles.a = 3", "profiles.a is 3; it must be a table, such as [profiles.laptop.store]"),
        ("profiles.a.mode = 3", "mode is 3; it must be a text"),
        ("[artifacts.inline]\nurl = 'x://'", "artifacts.inline is what the rows of the diary are called; choose"),
        (
            "[store]\nuri = 'x'",
            """[store] has no url; add one, such as url = "sqlite:///diary.db". Did you mean url?""",
        ),
        ("[artifacts]\nendpoint = 'x'", """[artifacts] has no url; add one, such as url = "file:///artifacts\""""),
        ("[artifacts.far]\nendpoint = 'x'", "[artifacts.far] has no url; add one"),
        ("[artifacts.far]", "[artifacts.far] has no url; add one"),
        ("[artifacts]\ndefault = 'fra'\nfar.url = 'x'", "no artifact store is named 'fra'; there are inline, far. Did"),
        ("artifacts.a.url = 'a'\nartifacts.b.url = 'b'", "several artifact stores are configured; say which one new"),
        ("profile = 'a'", "there is no profile 'a'; no profile is configured in any deardiary.toml"),
        ("profile = 'lap'\nprofiles.lab.mode='auto'", "there is no profile 'lap'; there are lab. Did you mean lab?"),
    ],
)
def test_mistakes_are_told_with_file_and_line(text: str, said: str, project: Callable[[str], Path]) -> None:
    path = project(text)

    message = refused()

    assert message.startswith(said)
    assert f" ({path}, line " in message
    assert message.endswith(")")


# What wins.


def test_what_is_nearer_wins(
    project: Callable[[str], Path], user: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def mode() -> tuple[str, str]:
        settings = read_settings()
        return settings.mode, origins(settings)["mode"]

    first = user("mode = 'online'\nproject = 'Iris'")
    assert mode() == ("online", f"{first}, line 1")

    second = project("# here\nmode = 'auto'\n[profiles.away]\nmode = 'offline'")
    assert mode() == ("auto", f"{second}, line 2")

    monkeypatch.setenv("DEARDIARY_PROFILE", "away")
    assert mode() == ("offline", f"{second}, line 4")

    monkeypatch.setenv("DEARDIARY_MODE", "disabled")
    assert mode() == ("disabled", "environment DEARDIARY_MODE")

    settings = read_settings(arguments={"mode": "online"})
    assert (settings.mode, settings.project) == ("online", "Iris")
    assert origins(settings)["mode"] == "argument mode"


def test_tables_of_two_files_are_one(project: Callable[[str], Path], user: Callable[[str], Path]) -> None:
    user("[artifacts]\ninline_below = 10\n[artifacts.far]\nurl = 'far://'")
    project("[artifacts.near]\nurl = 'near://'\n[artifacts]\ndefault = 'near'")

    settings = read_settings()

    assert {*settings.artifacts} == {"far", "near"}
    assert (settings.inline_below, settings.default_artifacts) == (10, "near")


def test_a_profile_is_chosen_by_argument_before_the_environment_before_files(
    project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project("profile = 'a'\nprofiles.a.mode = 'auto'\nprofiles.b.mode = 'offline'\nprofiles.c.mode = 'disabled'")

    assert read_settings().mode == "auto"
    monkeypatch.setenv("DEARDIARY_PROFILE", "b")
    assert read_settings().mode == "offline"
    assert read_settings(profile="c").mode == "disabled"


def test_a_profile_that_says_nothing_is_a_profile(project: Callable[[str], Path]) -> None:
    project("mode = 'auto'\n[profiles.plain]")

    assert read_settings(profile="plain").mode == "auto"


def test_a_profile_may_stand_in_the_users_file(project: Callable[[str], Path], user: Callable[[str], Path]) -> None:
    user("[profiles.laptop.store]\nurl = 'sqlite:///mine.db'")
    project("[store]\nurl = 'postgresql://db/diary'")

    store = read_settings(profile="laptop").store

    assert store is not None
    assert store.url == "sqlite:///mine.db"


def test_another_url_takes_the_options_of_the_former_one_with_it(project: Callable[[str], Path]) -> None:
    project("""
        [store]
        url = "postgresql://db/diary"
        password = { env = "DIARY_PASSWORD" }
        more.deep = 3
        [artifacts]
        url = "s3://bucket"
        endpoint_url = "http://minio:9000"
        inline_below = 10
        [artifacts.far]
        url = "far://"
        size = 3
        [profiles.laptop]
        store = { url = "sqlite:///diary.db" }
        artifacts.url = "file:///artifacts"
        [profiles.patient.store]
        timeout = 3
    """)

    laptop, patient = read_settings(profile="laptop"), read_settings(profile="patient")

    assert laptop.store is not None
    assert (laptop.store.options, laptop.artifacts[""].options) == ({}, {})
    assert (laptop.artifacts["far"].options, laptop.inline_below) == ({"size": 3}, 10)
    assert patient.store is not None
    assert patient.store.url == "postgresql://db/diary"
    assert {*patient.store.options} == {"password", "more", "timeout"}


def test_a_diary_has_one_url_however_its_scheme_is_spelled(project: Callable[[str], Path]) -> None:
    project("store.url = 'postgres://ada@db/diary'")

    settings = read_settings()

    assert settings.store is not None
    assert settings.store.url == "postgresql://ada@db/diary"
    assert values(settings) == {"store.url": "postgres://ada@db/diary"}


def test_arguments_replace_what_stands_in_files(project: Callable[[str], Path]) -> None:
    project("[store]\nurl = 'mine://'\nmore.deep = 3\nmore.wide = 4\nsize = 1")

    kept = read_settings(arguments={"store.more": {"deep": 5}}).store
    other = read_settings(arguments={"store.url": "memory://"}).store

    assert kept is not None
    assert kept.options == {"more": {"deep": 5}, "size": 1}
    assert other is not None
    assert (other.url, other.options) == ("memory://", {})


def test_an_option_that_becomes_a_table_and_one_that_was_one(
    project: Callable[[str], Path], user: Callable[[str], Path]
) -> None:
    user("[store]\nurl = 'mine://'\nplain = 1\ndeep.size = 2")
    project("[store]\nplain.size = 3\ndeep = 4")

    store = read_settings().store

    assert store is not None
    assert store.options == {"plain": {"size": 3}, "deep": 4}


def test_artifacts_that_the_environment_names_are_where_new_ones_go(
    project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project("[artifacts]\ndefault = 'far'\n[artifacts.far]\nurl = 'far://'")
    monkeypatch.setenv("DEARDIARY_ARTIFACTS", "file:///here")

    settings = read_settings()

    assert ({*settings.artifacts}, settings.default_artifacts) == ({"", "far"}, None)


def test_one_artifact_store_needs_no_default_and_an_unnamed_one_is_it(project: Callable[[str], Path]) -> None:
    project("[artifacts]\nurl = 'file:///here'\n[artifacts.a]\nurl = 'a://'\n[artifacts.b]\nurl = 'b://'")

    settings = read_settings()

    assert ({*settings.artifacts}, settings.default_artifacts) == ({"", "a", "b"}, None)


def test_inline_may_be_the_default(project: Callable[[str], Path]) -> None:
    project("[artifacts]\ndefault = 'inline'\n[artifacts.a]\nurl = 'a://'\n[artifacts.b]\nurl = 'b://'")

    assert read_settings().default_artifacts == "inline"


# The environment.


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, project: Callable[[str], Path]) -> None:
    project("[profiles.laptop]")
    said = {
        "DEARDIARY_STORE": "memory://",
        "DEARDIARY_ARTIFACTS": "inline://",
        "DEARDIARY_INLINE_BELOW": "1 KiB",
        "DEARDIARY_JOURNAL": "journals",
        "DEARDIARY_PROFILE": "laptop",
        "DEARDIARY_PROJECT": "Iris",
        "DEARDIARY_MODE": "auto",
        "DEARDIARY_QUIET": "1",
        "DEARDIARY_DISABLED_PLUGINS": "jsonl, zip,",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    settings = read_settings()

    assert {*said} == {*VARIABLES}
    assert values(settings) == {
        "store.url": "memory://",
        "artifacts.url": "inline://",
        "artifacts.inline_below": 1024,
        "journal.folder": "journals",
        "profile": "laptop",
        "project": "Iris",
        "mode": "auto",
        "quiet": True,
        "disabled_plugins": ["jsonl", "zip"],
    }
    assert origins(settings) == {name: f"environment {variable}" for variable, name in VARIABLES.items()}


@pytest.mark.parametrize("name", VARIABLES)
def test_an_empty_variable_says_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")

    assert read_settings().entries == {}


@pytest.mark.parametrize(("said", "quiet"), [("1", True), ("yes", True), ("ON", True), ("0", False), ("False", False)])
def test_a_variable_may_say_yes_or_no(said: str, quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARDIARY_QUIET", said)

    assert read_settings().quiet is quiet


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEARDIARY_MODE", "onlin", "mode is 'onlin'; it must be one of online, auto, offline, disabled. Did you mean"),
        ("DEARDIARY_QUIET", "maybe", "quiet is 'maybe'; it must be true or false"),
        ("DEARDIARY_INLINE_BELOW", "many", "artifacts.inline_below is 'many'; it must be a size"),
        ("DEARDIARY_PROFILE", "laptop", "there is no profile 'laptop'; no profile is configured"),
    ],
)
def test_mistakes_in_variables_are_told_with_their_names(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    message = refused()

    assert message.startswith(said)
    assert message.endswith(f" (environment {name})")


def test_mistakes_in_arguments_need_no_place() -> None:
    assert refused(profile="laptop") == ("there is no profile 'laptop'; no profile is configured in any deardiary.toml")


# Files.


def test_the_nearest_file_above_is_the_projects(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    above = written(work / "deardiary.toml", "project = 'above'\nmode = 'auto'")
    inner = work / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)

    assert origins(read_settings())["project"] == f"{above}, line 1"

    written(work / "a" / "deardiary.toml", "project = 'near'")
    settings = read_settings()
    assert (settings.project, settings.mode, settings.root) == ("near", "", str(work / "a"))


def test_another_folder_may_be_asked_about(work: Path) -> None:
    written(work / "a" / "deardiary.toml", "project = 'a'")

    assert (read_settings(folder=work / "a").project, read_settings().project) == ("a", "")


def test_a_file_that_is_named_is_the_only_one(
    tmp_path: Path, user: Callable[[str], Path], project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    user("mode = 'auto'")
    project("quiet = true")
    written(tmp_path / "elsewhere" / "my.toml", "project = 'named'\n[store]\nurl = 'sqlite:///diary.db'")
    monkeypatch.setenv("DEARDIARY_CONFIG", "../elsewhere/my.toml")

    settings = read_settings()

    assert {*values(settings)} == {"project", "store.url"}
    assert settings.store is not None
    assert Path(settings.store.folder).resolve() == tmp_path / "elsewhere"


def test_a_file_that_is_named_and_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARDIARY_CONFIG", "/nowhere/my.toml")

    assert refused() == "there is no file /nowhere/my.toml, which DEARDIARY_CONFIG names"


def test_what_a_path_is_relative_to_is_the_folder_of_its_file(
    project: Callable[[str], Path], user: Callable[[str], Path], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = user("[store]\nurl = 'sqlite:///diary.db'\npassword = { file = 'password' }")
    written(path.parent / "password", "geheim\n")
    project("[artifacts]\nurl = 'file:///artifacts'\nmore.token = { file = 'token' }")
    written(work / "token", "heimlich")
    (work / "inner").mkdir()
    monkeypatch.chdir(work / "inner")

    settings = read_settings()

    assert settings.store is not None
    assert (settings.store.folder, settings.store.opened_with()) == (str(path.parent), {"password": "geheim"})
    assert (settings.artifacts[""].folder, settings.artifacts[""].opened_with()) == (
        str(work),
        {"more": {"token": "heimlich"}},
    )


def test_a_secret_is_relative_to_its_own_file_and_told_with_its_own_line(
    project: Callable[[str], Path], user: Callable[[str], Path]
) -> None:
    path = user("[store]\npassword = { file = 'password' }")
    project("[store]\nurl = 'mine://'")

    store = read_settings().store

    assert store is not None
    with pytest.raises(ConfigError) as refusal:
        store.opened_with()
    assert str(refusal.value) == (
        f"the option password cannot be learned: {path.parent}/password cannot be read: No such file or directory "
        f"({path}, line 2)"
    )


def test_a_folder_of_the_users_that_may_not_be_seen_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.stat", refuse)

    assert user_file() is not None
    assert read_settings().entries == {}


def test_a_working_directory_that_is_gone_is_told(work: Path) -> None:
    work.rmdir()

    assert refused() == "the working directory is gone; change to one that is there"


@pytest.mark.parametrize(
    ("platform", "environ", "wanted"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/deardiary/deardiary.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/deardiary/deardiary.toml"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/deardiary/deardiary.toml"),
        ("linux", {}, None),
        ("darwin", {}, None),
    ],
)
def test_the_users_file_is_where_the_platform_keeps_such(
    platform: str, environ: dict[str, str], wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)

    assert user_file(environ) == wanted


@pytest.mark.parametrize("mark", [".deardiary", "deardiary.toml", "pyproject.toml", ".git"])
def test_a_project_has_its_root_where_something_marks_it(mark: str, work: Path) -> None:
    inner = work / "a" / "b"
    inner.mkdir(parents=True)
    assert root_of(inner) == str(inner)

    (work / mark).mkdir()
    assert (root_of(inner), root_of(work)) == (str(work), str(work))


def test_nothing_is_imported_where_there_is_no_file(work: Path) -> None:
    code = (
        "import sys; from deardiary.settings import read_settings; read_settings(); "
        "late = {'tomllib', 'deardiary.tomlfile', 'difflib', 'importlib.metadata', 'pluggy', 'logging'}; "
        "print(late & {*sys.modules})"
    )

    ended = subprocess.run([sys.executable, "-c", code], cwd=work, capture_output=True, text=True, check=True)

    assert ended.stdout == "set()\n"


# Secrets are not shown.


SECRETS = """
    [store]
    url = "postgresql://ada:geheim@db/diary?sslpassword=geheim"
    password = "geheim"
    token = { env = "DIARY_PASSWORD" }
    more = { api_key = "geheim", hosts = ["http://ada:geheim@a"] }
    [artifacts.far]
    url = "s3://ada:geheim@bucket"
    secret = { file = "secret" }
"""


def test_everything_is_shown_with_its_origin_and_secrets_masked(project: Callable[[str], Path]) -> None:
    path = project(SECRETS)

    assert shown(read_settings(arguments={"artifacts.inline_below": "1 KiB"})) == [
        ("artifacts.far.secret", "********", f"{path}, line 9"),
        ("artifacts.far.url", "s3://ada:***@bucket", f"{path}, line 8"),
        ("artifacts.inline_below", "1024", "argument inline_below"),
        ("store.more.api_key", "********", f"{path}, line 6"),
        ("store.more.hosts", "['http://ada:***@a']", f"{path}, line 6"),
        ("store.password", "********", f"{path}, line 4"),
        ("store.token", "********", f"{path}, line 5"),
        ("store.url", "postgresql://ada:***@db/diary?sslpassword=***", f"{path}, line 3"),
    ]


def test_no_representation_shows_a_secret(project: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARY_PASSWORD", "geheim")
    project(SECRETS)

    settings = read_settings()

    everything = [settings, settings.store, settings.artifacts, *settings.entries.values(), settings.entries]
    assert "geheim" not in repr(everything) + str(everything)
    assert repr(settings.artifacts["far"]) == "<Place s3://ada:***@bucket {secret = ********}>"
    assert settings.store is not None
    assert settings.store.opened_with()["token"] == "geheim"


@pytest.mark.parametrize(
    "text",
    [
        "store = 'postgresql://ada:geheim@db/diary'",
        "mode = 'postgresql://ada:geheim@db/diary'",
        "quiet = 'postgresql://ada:geheim@db/diary'",
        "observers = [1, 'postgresql://ada:geheim@db/diary']",
        "profile = 'postgresql://ada:geheim@db/diary'",
        "[artifacts]\ndefault = 'postgresql://ada:geheim@db/diary'",
        "[[store]]\npassword = 'geheim'",
        "password = 'geheim'",
        "[store]\npassword = 'geheim'",
        "store.url = { password = 'geheim', url = 'x' }",
        "[artifacts]\ninline_below = 'http://ada:geheim@db'",
    ],
)
def test_no_error_shows_a_secret(text: str, project: Callable[[str], Path]) -> None:
    project(text)

    assert "geheim" not in refused()


def test_a_place_equals_another_that_says_the_same(work: Path) -> None:
    assert Place(url="memory://", folder=work) == Place(url="memory://", folder=work)
    assert Place(url="memory://", folder=work) != Place(url="memory://", options={"a": 1}, folder=work)


# The variables of DearDiary.jl.


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"BACKEND": "inline"}, {"artifacts.url": "inline://"}),
        ({"BACKEND": "filesystem"}, {"artifacts.url": "file:///deardiary_artifacts"}),
        ({"BACKEND": "filesystem", "FS_ROOT": "/srv/lab"}, {"artifacts.url": "file:////srv/lab"}),
        (
            {
                "BACKEND": "s3",
                "S3_BUCKET": "lab",
                "S3_ENDPOINT": "http://minio:9000",
                "S3_REGION": "eu-west-1",
                "S3_ACCESS_KEY": "k",
                "S3_SECRET_KEY": "s",
                "FS_ROOT": "/unused",
            },
            {
                "artifacts.url": "s3://lab",
                "artifacts.endpoint_url": "http://minio:9000",
                "artifacts.region": "eu-west-1",
                "artifacts.key": "k",
                "artifacts.secret": "s",
            },
        ),
        ({"S3_BUCKET": "lab", "FS_ROOT": "/unused"}, {}),
    ],
)
def test_the_variables_of_the_reference_say_where_artifacts_go(
    said: dict[str, str], found: dict[str, str], monkeypatch: pytest.MonkeyPatch, project: Callable[[str], Path]
) -> None:
    project("")
    for name, value in said.items():
        monkeypatch.setenv(f"DEARDIARY_ARTIFACT_{name}", value)

    assert values(read_settings()) == found


def test_our_variable_goes_before_those_of_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARDIARY_ARTIFACT_BACKEND", "filesystem")
    monkeypatch.setenv("DEARDIARY_ARTIFACTS", "inline://")

    assert values(read_settings()) == {"artifacts.url": "inline://"}


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("S3", "is 'S3'; it is one of inline, filesystem, s3. Did you mean s3?"),
        ("s3", "DEARDIARY_ARTIFACT_S3_BUCKET does not say into which bucket"),
    ],
)
def test_a_backend_of_the_reference_that_makes_no_sense_is_refused(
    backend: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEARDIARY_ARTIFACT_BACKEND", backend)

    with pytest.raises(ConfigError) as refusal:
        read_settings()

    assert said in str(refusal.value)
    assert "(environment DEARDIARY_ARTIFACT_BACKEND)" in str(refusal.value)
