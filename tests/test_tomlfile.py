"""Every value of a file knows its line."""

from pathlib import Path
from textwrap import dedent

import pytest

from deardiary.core.errors import ConfigError
from deardiary.tomlfile import lines_of, read_file


def lines(text: str) -> dict[str, int]:
    return {".".join(keys): number for keys, number in lines_of(dedent(text)).items()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\n\n# b = 2\nc = 3 # d = 4\n", {"a": 1, "c": 4}),
        ("[store]\nurl = 'x'\n[ artifacts . far ]\nurl='y'", {"store": 1, "store.url": 2, "artifacts.far": 3}),
        ("store.url = 1\nartifacts . far . url = 2", {"store.url": 1, "artifacts.far.url": 2}),
        ('"store".\'url\' = 1\n["artifacts"]\n\'a b\' = 2\n"\\u0063" = 3', {"store.url": 1, "artifacts.a b": 3}),
        (
            "store = { url = 'x', more = { deep = 1 }, last = 2 }\nb = 1",
            {"store.more.deep": 1, "store.last": 1, "b": 2},
        ),
        ("a = [\n  'x = 1', # y = 2\n  [1, 2],\n]\nb = 1\n", {"a": 1, "b": 5}),
        ("a = [\n { b = 1 },\n { c = 2 } ]\nd = 1\n", {"a": 1, "d": 4}),
        ('a = """\nb = 1\n[c]\nd = "x" \\""" \n""""\ne = 1\n', {"a": 1, "e": 6}),
        ("a = '''\nb = 1 \\'''\nc = 1\n", {"a": 1, "c": 3}),
        ("a = '''x''''\nb = \"\"\nc = ''\nd = 1\n", {"a": 1, "b": 2, "c": 3, "d": 4}),
        ('a = "x = \\" # y"\nb = \'# = "\'\nc = 1', {"a": 1, "b": 2, "c": 3}),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n[c]\nd = 1", {"a": 1, "c": 5, "c.d": 6}),
        ("a = 1979-05-27T07:32:00.5Z\nb = -1.5e3\nc = +inf\n", {"a": 1, "b": 2, "c": 3}),
        ("a = {}\nb = []\n[c]\n[d]\n", {"a": 1, "b": 2, "c": 3, "d": 4}),
    ],
)
def test_lines_of_keys_are_found(text: str, wanted: dict[str, int]) -> None:
    found = lines(text)

    assert {name: found.get(name) for name in wanted} == wanted


def test_what_only_looks_like_a_key_has_no_line() -> None:
    found = lines("""
        a = '''
        b = 1
        [c]
        '''
        d = ["e = 1", "[f]"]  # g = 1
        h = { i = "j = 1" }
    """)

    assert sorted(found) == ["a", "d", "h", "h.i"]


@pytest.mark.parametrize("text", ["\ufeff[store]\n\nurl = 3\n", "[store]\r\n\r\nurl = 3\r\n", '[store]\n\n"url" = 3'])
def test_marks_and_ends_of_lines_do_not_shift_lines(text: str, tmp_path: Path) -> None:
    path = tmp_path / "deardiary.toml"
    path.write_bytes(text.encode())

    with pytest.raises(ConfigError) as refusal:
        read_file(path)

    assert str(refusal.value) == f"store.url is 3; it must be a text ({path}, line 3)"


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "deardiary.toml"
    path.write_text("[store]\nurl = sqlite:///diary.db\n")

    with pytest.raises(ConfigError, match=r"deardiary\.toml is no TOML: Invalid value \(at line 2, column 7\)$"):
        read_file(path)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deardiary.toml"
    path.write_bytes("project = 'Züri'".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"deardiary\.toml cannot be read: it is no text in UTF-8 \(byte 12\)$"):
        read_file(path)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(ConfigError, match=r"deardiary\.toml cannot be read: Permission denied$"):
        read_file(tmp_path / "deardiary.toml")
