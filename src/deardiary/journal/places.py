"""Where the journals of a diary are: beside its file, in the user's own folder, or where it is configured."""

import hashlib
import os
import sys
from collections.abc import Mapping

from deardiary.journal.writing import Room
from deardiary.keys import Setting
from deardiary.schemes import Scheme
from deardiary.secrets import masked
from deardiary.settings import Place

SUFFIX = ".journals"


def journals_of(store: Place, scheme: Scheme, entries: Mapping[str, Setting]) -> str | None:
    """Return the folder of a diary's journals; none if they need not outlive their process."""
    if scheme.traits.durable == "none":
        return None
    named = entries.get("journal.folder")
    if named is not None:
        # One folder may serve many diaries, whose journals must not be mixed up.
        return os.path.join(named.folder or os.getcwd(), os.path.expanduser(named.value), _short(store.url))
    if scheme.path:
        return store.url.partition(":///")[2] + SUFFIX
    return os.path.join(_state(), "deardiary", "journals", _short(store.url))


def room_of(entries: Mapping[str, Setting]) -> Room:
    """Return how much a journal may take."""
    named = {"most_bytes": "journal.most", "leave_bytes": "journal.leave"}
    return Room(**{name: entries[key].value for name, key in named.items() if key in entries})


def _short(url: str) -> str:
    """Return what tells a diary from others, without its password."""
    return hashlib.sha256(masked(url).encode()).hexdigest()[:16]


def _state() -> str:
    """Return the folder for what programs of the user leave for next time."""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support")
    return os.environ.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
