"""Lock files: which there are, what tells one from another, and how one is made of what is installed."""

import os
import re
import sys
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from deardiary.core.errors import Invalid

if TYPE_CHECKING:
    from importlib.metadata import Distribution

LOCKS = (
    "uv.lock",
    "pylock.toml",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "conda-lock.yml",
    "pixi.lock",
    "requirements.txt",
)
"""Names of files that say which packages a project runs with, the most telling first."""

IN_THE_HEAD = (
    ("Pipfile.lock", r"\A\s*\{"),
    ("pylock.toml", r"(?m)^lock-version\s*=\s*[\"']"),
    ("uv.lock", r"(?m)^version\s*=\s*\d"),
)
ANYWHERE = (
    ("pdm.lock", r"(?m)^lock_version\s*=\s*[\"']"),
    ("poetry.lock", r"(?m)^(content-hash|python-versions)\s*=\s*[\"']"),
    ("pixi.lock", r"(?m)^environments:"),
    ("conda-lock.yml", r"(?m)^package:"),
)
"""What tells a lock from the others, before its first table or on any line; `lock-version==1.0` is a requirement."""

NAME = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
VERSION = (
    r"v?(\d+!)?\d+(\.\d+)*([-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?"
    r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?"
)
"""A version by PEP 440; others are asked for with `===`, as `pip freeze` does."""

HASHES = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")
"""The hashes that an installer knows in an address, the usual one first."""

_IMPORTING = threading.RLock()

os.register_at_fork(before=_IMPORTING.acquire, after_in_parent=_IMPORTING.release, after_in_child=_IMPORTING.release)


def importing() -> AbstractContextManager[bool]:
    """Return what a thread holds while it imports, so that nobody forks meanwhile.

    A child forked in the midst of it would wait for ever for the module that is half there.
    """
    return _IMPORTING


def tell(what: str, error: BaseException) -> None:
    """Say at DEBUG what a snapshot lacks, and why."""
    with importing():
        import logging

    logging.getLogger("deardiary").debug("the snapshot lacks %s: %s: %s", what, type(error).__name__, error)


def lock_name(text: str) -> str:
    """Return the name of the file that a lock came from, as its text tells."""
    text = text.removeprefix("\ufeff")
    head = re.split(r"(?m)^\[", text, maxsplit=1)[0]
    places = ((head, IN_THE_HEAD), (text, ANYWHERE))
    return next((name for place, signs in places for name, sign in signs if re.search(sign, place)), LOCKS[-1])


def made_lock() -> str:
    """Return requirements that install again what is installed: names, versions, and origins other than an index."""
    with importing():
        import importlib.metadata
        import platform

    lines: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        try:
            name, line = _required(distribution)
        except Exception as error:  # one that is half installed, or that another's finder found
            tell("an installed package", error)
        else:
            lines.setdefault(name, line)  # the first on the path is the one that is imported
    here = f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}"
    return f"# Installed for {here}; noted by deardiary\n" + "".join(f"{lines[name]}\n" for name in sorted(lines))


def _required(distribution: "Distribution") -> tuple[str, str]:
    """Return the normal name of an installed package, and the line that installs it again."""
    # By hand, since `distribution.metadata` parses the whole text, which takes twenty times as long.
    texts = (distribution.read_text(name) for name in ("METADATA", "PKG-INFO", ""))
    headers = next(filter(None, texts), "").partition("\n\n")[0]
    name, version = (re.search(rf"(?mi)^{header}:[ \t]*(.*?)[ \t\r]*$", headers) for header in ("name", "version"))
    if name is None or not re.fullmatch(NAME, name[1]):
        raise Invalid("its metadata has no name that fits on a line")
    if version is None or not re.fullmatch(r"[A-Za-z0-9._!+-]+", version[1]):
        raise Invalid(f"the metadata of {name[1]} has no version that fits on a line")
    normal = re.sub(r"[-_.]+", "-", name[1]).lower()
    equals = "==" if re.fullmatch(VERSION, version[1], re.IGNORECASE | re.ASCII) else "==="
    pinned = f"{normal}{equals}{version[1]}"
    try:
        address, is_editable = _origin(distribution.read_text("direct_url.json"))
    except (RecursionError, ValueError, Invalid) as error:
        tell(f"the origin of {normal}", error)
        return normal, pinned
    if is_editable:
        return normal, f"# {pinned}\n-e {address}"
    return normal, f"{normal} @ {address}" if address else pinned


def _origin(text: str | None) -> tuple[str, bool]:
    """Return the address that a package was installed from, empty if its index has it, and whether it is editable."""
    if not text:
        return "", False
    with importing():
        import json

    said = json.loads(text)
    match said:
        case {"url": str(url), "vcs_info": {"vcs": "git" | "hg" | "svn" | "bzr" as vcs, "commit_id": str(commit)}}:
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", commit):
                raise Invalid("its commit does not fit on a line")
            address = _address(url.removeprefix(f"{vcs}+"), said, commit=commit)
            return f"{vcs}+{address}", False
        case {"url": str(url), "archive_info": dict(info)}:
            return _address(url, said, hashed=_hash(info)), False
        case {"url": str(url), "dir_info": dict(info)} if url.startswith("file:"):
            return _address(url, said), info.get("editable") is True
    raise Invalid("it is told in no known way")


def _address(url: str, said: Mapping[str, Any], *, commit: str = "", hashed: str = "") -> str:
    """Return an address as a line can hold it, without the password or token that may stand in it."""
    with importing():
        from urllib.parse import quote, urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:
        raise Invalid("its address is no URL") from None  # whose message may show the password
    if not parts.path.startswith("/") or not (parts.netloc or parts.scheme == "file"):
        raise Invalid("its address is no URL")
    who, _, host = parts.netloc.rpartition("@")
    place = host if ":" in who or parts.scheme in ("http", "https") else parts.netloc
    at, query = f"@{commit}" if commit else "", f"?{parts.query}" if parts.query else ""
    folder = said.get("subdirectory")
    below = f"subdirectory={quote(folder)}" if isinstance(folder, str) and folder else ""
    # What ends an address, begins a marker, an extra or a quotation, or names a variable is escaped.
    way = quote(f"{parts.path}{at}{query}", safe="%/:?&=~+!$,@()*")
    whole = f"{parts.scheme}://{quote(place, safe='%:@[]')}{way}"
    return "#".join(filter(None, (whole, "&".join(filter(None, (hashed, below))))))


def _hash(info: Mapping[str, Any]) -> str:
    """Return the hash of an archive as its address has it; older installers noted it as one text."""
    name, _, value = str(info.get("hash")).partition("=")
    hashes = info.get("hashes")
    known = {name: value} | (hashes if isinstance(hashes, dict) else {})
    return next((f"{name}={known[name]}" for name in HASHES if re.fullmatch("[0-9a-fA-F]+", str(known.get(name)))), "")
