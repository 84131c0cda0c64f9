"""Secrets: how they are learned when a store is opened, and how they are never shown."""

import os
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import ConfigError
from deardiary.origins import Origin, wrong

WAYS = ("env", "file", "keyring")
MASK = "********"
_HIDDEN = ("passw", "pwd", "secret", "token", "key", "credential")
"""What the names of options and of parts of a URL have in them that nobody is to see."""


@frozen(kw_only=True, eq=False, repr=False)
class Secret(Alike):
    """A value that is kept elsewhere: `{ env = "DIARY_PASSWORD" }`."""

    way: str
    what: str
    origin: Origin
    folder: str = field(converter=os.fspath)
    """What the path of a file is relative to."""

    def __str__(self) -> str:
        return f"{{ {self.way} = {self.what!r} }}"

    def revealed(self, name: str) -> str:
        """Return the value, of an option of some name.

        Raises:
            ConfigError: it is not where it should be.
        """
        match self.way:
            case "env":
                return self._of_environment(name)
            case "file":
                return self._of_file(name)
            case _:
                return self._of_keyring(name)

    def _of_environment(self, name: str) -> str:
        if self.what not in os.environ:
            raise self._wrong(name, f"the variable {self.what} is not set")
        return os.environ[self.what]

    def _of_file(self, name: str) -> str:
        path = os.path.join(self.folder, os.path.expanduser(self.what))
        try:
            with open(path, encoding="utf-8", newline="") as file:
                return file.read().rstrip("\r\n")
        except OSError as error:
            raise self._wrong(name, f"{path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError:
            raise self._wrong(name, f"{path} is no text in UTF-8") from None  # the error would show it

    def _of_keyring(self, name: str) -> str:
        service, _, user = self.what.partition("/")
        try:
            import keyring  # type: ignore[import-not-found,unused-ignore]  # an extra that few have
        except ImportError:
            raise self._wrong(name, "the package keyring is not installed; try: pip install keyring") from None
        try:
            found = keyring.get_password(service, user)
        except Exception as error:  # whatever a keyring raises: each has its own
            raise self._wrong(name, f"the keyring does not answer: {error}") from error
        if found is None:
            raise self._wrong(name, f"the keyring has no {self.what}; try: keyring set {service} {user}")
        return str(found)

    def _wrong(self, name: str, why: str) -> ConfigError:
        return wrong(self.origin, f"the option {name} cannot be learned: {why}")


def is_secret(value: Any) -> bool:
    """Return whether a table says where a secret is."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in WAYS


def revealed(name: str, value: Any) -> Any:
    """Return a value as it is, with the secrets in it."""
    match value:
        case Secret():
            return value.revealed(name)
        case dict():
            return {key: revealed(f"{name}.{key}", one) for key, one in value.items()}
        case _:
            return value


def seen(name: str, value: Any) -> str:
    """Return a value of some name as one may see it."""
    if isinstance(value, Secret) or is_hidden(name):
        return MASK
    match value:
        case str():
            return masked(value)
        case bool():
            return str(value).lower()
        case Mapping():
            return f"{{{', '.join(f'{key} = {_quoted(key, one)}' for key, one in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(_quoted(name, one) for one in value)}]"
        case _:
            return repr(value)


def _quoted(name: str, value: Any) -> str:
    return repr(seen(name, value)) if isinstance(value, str) else seen(name, value)


def is_hidden(name: str) -> bool:
    """Return whether what goes by a name is likely to be a secret."""
    last = name.rpartition(".")[2].lower()
    return any(word in last for word in _HIDDEN)


def masked(url: str) -> str:
    """Return a URL without the passwords in it."""
    start, colon, rest = url.partition("://") if "://" in url else ("", "", url)
    place, at, path = rest.rpartition("@")
    if at and ":" in place and not place.startswith("/"):
        rest = f"{place.partition(':')[0]}:***@{path}"
    rest, question, query = rest.partition("?")
    return f"{start}{colon}{rest}{question}{'&'.join(map(_masked_part, query.split('&')))}"


def _masked_part(part: str) -> str:
    name, equals, _ = part.partition("=")
    return f"{name}=***" if equals and is_hidden(name) else part
