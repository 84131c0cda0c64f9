"""A file of TOML as settings that know their lines; imported only if there is a file."""

import os
import re
import tomllib
from collections.abc import Mapping

from attrs import define, field

from deardiary.core.errors import ConfigError
from deardiary.keys import Setting, checked, flat
from deardiary.origins import Origin

_TOKEN = re.compile(
    r"""
      (?P<text> \"{3} (?:\\.|[^\\])*? \"{3} (?!\") | '{3} .*? '{3} (?!') | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<comment> \#[^\n]* )
    | (?P<mark> [][{}=,.\n] )
    | (?P<word> [^][{}=,.\s\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


def read_file(path: str) -> dict[str, Setting]:
    """Return what a file says, by dotted name.

    Raises:
        ConfigError: it cannot be read, or says something that nobody understands; with the line.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        said = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: it is no text in UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error
    lines, settings = lines_of(text), dict[str, Setting]()
    for keys, value in flat(said):
        origin = Origin(str(path), _line(lines, keys))
        settings[".".join(keys)] = checked(keys, Setting(value, origin, folder=os.path.dirname(path)))
    return settings


def _line(lines: Mapping[tuple[str, ...], int], keys: tuple[str, ...]) -> int:
    """Return the line of a value, or of the nearest table that holds it."""
    return next((lines[keys[:count]] for count in range(len(keys), 0, -1) if keys[:count] in lines), 0)


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Return the lines on which the tables and keys of a text stand that is known to be TOML."""
    reader, number, at = _Reader(), 1, 0
    for token in _TOKEN.finditer(text):
        number, at = number + text.count("\n", at, token.start()), token.start()
        reader.take(token.lastgroup or "", token[0], number)
    return reader.lines


@define
class _Reader:
    """Where one is in a text of TOML."""

    lines: dict[tuple[str, ...], int] = field(factory=dict)
    table: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """The keys read so far, before `=` or `]`."""
    is_value: bool = False
    open: list[tuple[str, tuple[str, ...]]] = field(factory=list)
    """The brackets that are open within a value, each with the table around it."""

    def take(self, sort: str, said: str, number: int) -> None:
        """Go on by one token."""
        if sort in ("text", "word"):
            if not self.is_value:
                self.keys += (tomllib.loads(f"key = {said}")["key"] if sort == "text" else said,)
        elif sort == "mark":
            self._take_value(said) if self.is_value else self._take_key(said, number)

    def _take_key(self, said: str, number: int) -> None:
        if said == "=":
            self.keys = (*self.table, *self.keys)
            self.lines.setdefault(self.keys, number)
            self.is_value = True
        elif said == "]" and self.keys:
            self.table, self.keys = self.keys, ()
            self.lines.setdefault(self.table, number)
        elif said == "}":
            self._close()

    def _take_value(self, said: str) -> None:
        if said in "[{":
            self.open.append((said, self.table))
            if said == "{":
                self.table, self.keys, self.is_value = self.keys, (), False
        elif said in "]}":
            self._close()
        elif (said == "\n" and not self.open) or (said == "," and self.open and self.open[-1][0] == "{"):
            self.keys, self.is_value = (), False

    def _close(self) -> None:
        _, self.table = self.open.pop()
        self.is_value = True
