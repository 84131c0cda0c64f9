"""Passwords are kept as hashes that say how they were made."""

import pytest

from deardiary.core import passwords
from deardiary.core.errors import Invalid
from deardiary.core.passwords import hashed, matches


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "LOG_COST", 4)


@pytest.mark.parametrize("password", ["secret", " ", "пароль 🔑", "$$$$$", "x" * 5000])
def test_a_password_matches_the_hash_made_of_it(password: str) -> None:
    assert matches(password, hashed(password))


def test_another_password_does_not_match() -> None:
    assert not matches("Secret", hashed("secret"))


def test_a_hash_does_not_show_the_password() -> None:
    assert "secret" not in hashed("secret")


def test_equal_passwords_have_different_hashes() -> None:
    assert hashed("secret") != hashed("secret")


def test_a_hash_names_how_it_was_made() -> None:
    name, *costs, salt, digest = hashed("secret").split("$")

    assert (name, costs) == ("scrypt", ["4", "8", "5"])
    assert (len(salt), len(digest)) == (32, 64)


def test_a_hash_made_at_another_cost_still_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hashed("secret")

    monkeypatch.setattr(passwords, "LOG_COST", 5)

    assert matches("secret", kept)


@pytest.mark.parametrize("password", ["", "secret"])
@pytest.mark.parametrize("kept", ["", "secret", "$2b$10$abcdefghijklmnopqrstuv", "md5$1$2$3$4$5"])
def test_nothing_matches_where_no_hash_of_ours_is_kept(password: str, kept: str) -> None:
    assert not matches(password, kept)


def test_an_empty_password_is_no_credential() -> None:
    assert not matches("", hashed(""))


def test_one_letter_written_in_two_ways_is_one_letter() -> None:
    assert matches("e\u0301te\u0301", hashed("\xe9t\xe9"))


def test_half_a_character_matches_nothing() -> None:
    assert not matches("\ud800", hashed("secret"))


@pytest.mark.parametrize("password", [None, 7, b"secret"])
def test_a_password_is_a_text(password: object) -> None:
    with pytest.raises(Invalid, match="not a text"):
        hashed(password)  # type: ignore[arg-type]  # that is the test


@pytest.mark.parametrize("password", ["se\0cret", "\ud800secret"])
def test_a_password_that_no_keyboard_gives_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hashed(password)

    assert "cret" not in str(refusal.value)
