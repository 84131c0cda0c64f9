"""Secrets are learned when they are needed, and never shown."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deardiary.core.errors import ConfigError
from deardiary.origins import Origin
from deardiary.secrets import Secret, is_secret, masked, revealed, seen


def secret(way: str, what: str, folder: Path = Path("/nowhere")) -> Secret:
    return Secret(way=way, what=what, origin=Origin("/lab/deardiary.toml", 7), folder=folder)


def refused(one: Secret) -> str:
    with pytest.raises(ConfigError) as refusal:
        one.revealed("password")
    return str(refusal.value)


def test_a_secret_of_the_environment_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = secret("env", "DIARY_PASSWORD")
    monkeypatch.setenv("DIARY_PASSWORD", " ge heim ")

    assert one.revealed("password") == " ge heim "


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIARY_PASSWORD", raising=False)

    assert refused(secret("env", "DIARY_PASSWORD")) == (
        "the option password cannot be learned: the variable DIARY_PASSWORD is not set (/lab/deardiary.toml, line 7)"
    )


def test_a_secret_in_a_file_is_its_text_without_the_end_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("geheim \r\n")

    assert secret("file", "password", tmp_path).revealed("password") == "geheim "


def test_a_secret_in_a_file_may_be_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "password").write_text("geheim")

    assert secret("file", "~/password").revealed("password") == "geheim"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refused(secret("file", "password", tmp_path)) == (
        f"the option password cannot be learned: {tmp_path}/password cannot be read: No such file or directory "
        "(/lab/deardiary.toml, line 7)"
    )


def test_a_file_that_is_no_text_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"geheim\xff")

    with pytest.raises(ConfigError, match="is no text in UTF-8") as refusal:
        secret("file", "password", tmp_path).revealed("password")

    assert (refusal.value.__cause__, refusal.value.__suppress_context__) == (None, True)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Any]:
    """Return what a keyring holds that is the only one there is."""
    held: dict[tuple[str, str], Any] = {}

    def get_password(service: str, user: str) -> Any:
        found = held.get((service, user))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    return held


def test_a_secret_in_the_keyring_is_asked_for(keyring: dict[tuple[str, str], Any]) -> None:
    keyring["diary", "ada"] = "geheim"

    assert secret("keyring", "diary/ada").revealed("password") == "geheim"


def test_a_secret_that_the_keyring_lacks_is_told_with_the_command(keyring: dict[tuple[str, str], Any]) -> None:
    assert "the keyring has no diary/ada; try: keyring set diary ada (" in refused(secret("keyring", "diary/ada"))


def test_a_keyring_that_is_locked_is_told(keyring: dict[tuple[str, str], Any]) -> None:
    keyring["diary", "ada"] = RuntimeError("it is locked")

    assert "the keyring does not answer: it is locked (" in refused(secret("keyring", "diary/ada"))


def test_a_keyring_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    assert "the package keyring is not installed; try: pip install keyring (" in refused(secret("keyring", "diary/ada"))


def test_secrets_within_tables_are_revealed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARY_PASSWORD", "geheim")
    table = {"deep": {"password": secret("env", "DIARY_PASSWORD")}, "size": 3}

    assert revealed("more", table) == {"deep": {"password": "geheim"}, "size": 3}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"env": "X"}, True),
        ({"file": "x"}, True),
        ({"keyring": "x/y"}, True),
        ({"env": "X", "b": 1}, False),
        ({"url": "x"}, False),
        ({}, False),
        ("env", False),
    ],
)
def test_a_table_of_one_key_may_say_where_a_secret_is(value: Any, wanted: bool) -> None:
    assert is_secret(value) is wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://ada:geheim@db/diary", "postgresql://ada:***@db/diary"),
        ("postgresql://ada:ge/he@im@db:5432/diary", "postgresql://ada:***@db:5432/diary"),
        ("postgresql://ada:ge?he#im@db/diary", "postgresql://ada:***@db/diary"),
        ("postgresql://ada:a://geheim@db/diary", "postgresql://ada:***@db/diary"),
        ("postgresql://:geheim@db/diary", "postgresql://:***@db/diary"),
        ("postgresql://ada@db/diary", "postgresql://ada@db/diary"),
        ("postgresql://db/diary?user=ada&password=geheim", "postgresql://db/diary?user=ada&password=***"),
        (
            "s3://bucket/prefix?secret=geheim&aws_access_key_id=geheim",
            "s3://bucket/prefix?secret=***&aws_access_key_id=***",
        ),
        ("ada:geheim@db/diary", "ada:***@db/diary"),
        ("postgresql:ada:geheim@db", "postgresql:***@db"),
        ("sqlite:///a@b:c.db", "sqlite:///a@b:c.db"),
        ("sqlite:////tmp/x:y@z.db", "sqlite:////tmp/x:y@z.db"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/"),
        ("memory://", "memory://"),
    ],
)
def test_passwords_in_a_url_are_not_shown(url: str, wanted: str) -> None:
    assert masked(url) == wanted


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("store.url", "postgresql://ada:geheim@db", "postgresql://ada:***@db"),
        ("store.password", "geheim", "********"),
        ("store.aws_access_key_id", "geheim", "********"),
        ("store.more.api_token", "geheim", "********"),
        ("store.endpoint_url", secret("env", "X"), "********"),
        ("store.more", {"password": "geheim", "size": 3}, "{password = '********', size = 3}"),
        ("store.hosts", ["http://ada:geheim@a", "b"], "['http://ada:***@a', 'b']"),
        ("quiet", True, "true"),
        ("artifacts.inline_below", 65536, "65536"),
    ],
)
def test_values_are_seen_without_what_is_secret(name: str, value: Any, wanted: str) -> None:
    assert seen(name, value) == wanted


def test_a_secret_says_where_it_is_and_not_what() -> None:
    assert str(secret("env", "DIARY_PASSWORD")) == "{ env = 'DIARY_PASSWORD' }"
