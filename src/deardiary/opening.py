"""How a diary is opened: from what is configured, from a URL, or from a store in the hand."""

import builtins
import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import define, evolve, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import Batch, Insert, Receipt
from deardiary.core.conditions import all_of
from deardiary.core.declared import E
from deardiary.core.entities import User
from deardiary.core.errors import ConfigError, Corrupt, Held, Unavailable
from deardiary.core.guard import Guarded
from deardiary.core.principals import Principal
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.rules import DEFAULT_USER
from deardiary.core.stores import ArtifactStore, Store
from deardiary.drained import Drained
from deardiary.endings import Undisturbed
from deardiary.journal.places import journals_of, room_of
from deardiary.journal.writing import Room
from deardiary.keys import Setting
from deardiary.origins import wrong
from deardiary.recorder import Recorder
from deardiary.registry import check_opener, open_artifacts, open_store, scheme_of
from deardiary.saying import say
from deardiary.secrets import masked
from deardiary.settings import DEFAULT, FOLDER, Place, Settings, read_settings
from deardiary.tracker import Tracker
from deardiary.verbs.depot import INLINE, Depot

RECOVERY_SECONDS = 5.0
"""How long at most opening a diary waits for what killed processes left; the rest comes at the next time."""


@frozen(kw_only=True, eq=False, repr=False)
class Composition(Alike):
    """The parts that a tracker is made of, as URLs, so that it can be made again elsewhere."""

    store: Place | Store
    """A store in the hand stays in its process."""
    artifacts: Mapping[str, Place]
    default: str
    inline_below: int
    disabled: frozenset[str] = frozenset()
    observers: Setting | None = None
    journals: str | None = None
    """Where its journals are; none where a journal is in memory."""
    room: Room = field(factory=Room)
    settings: Settings | None = field(default=None, eq=False)


def open(
    url: str | None = None,
    *,
    store: Store | None = None,
    artifacts: "str | Mapping[str, str] | ArtifactStore | None" = None,
    inline_below: "int | str | None" = None,
    profile: str | None = None,
    **options: Any,
) -> Tracker:
    """Return a diary, seen as its administrator `default`; a new one is made with that user.

    Args:
        url: where the diary is; otherwise what `deardiary.toml` says, else `.deardiary/` at the project's root.
        store: a store in the hand, instead of a URL; the tracker closes it.
        artifacts: where large artifacts go: a URL, URLs by name (the first is the default), or a store in the hand.
        inline_below: below what size artifacts are rows of the diary itself, such as `"64 KiB"`.
        profile: the profile of `deardiary.toml` to use.
        options: what the opener of the URL is told beside it.

    Raises:
        ConfigError: what is asked for is not there; the sentence says what to do.
    """
    if store is not None and (url is not None or options):
        raise ConfigError("a diary is opened from a URL and its options, or from a store in the hand, not from both")
    if isinstance(store, str | os.PathLike):
        said = masked(os.fspath(store))
        raise ConfigError(f"{said!r} is no store, but where one may be; a URL comes first: deardiary.open({said!r})")
    arguments: dict[str, Any] = {f"store.{name}": value for name, value in options.items()}
    if url is not None:
        arguments["store.url"] = os.fspath(url) if isinstance(url, os.PathLike) else url
    if isinstance(artifacts, str):
        arguments["artifacts.url"] = artifacts
    elif isinstance(artifacts, Mapping):
        arguments |= _named(artifacts)
    if inline_below is not None:
        arguments["artifacts.inline_below"] = inline_below
    settings = read_settings(profile=profile, arguments=arguments)
    if settings.required_plugins:
        from deardiary.requirements import check_required

        check_required(settings)
    tracker = compose(composed(settings, store))
    if artifacts is not None and not isinstance(artifacts, str | Mapping):
        tracker.depot = _with(tracker.depot, artifacts)
        tracker.again = None
    return tracker


def _named(artifacts: Mapping[str, str]) -> dict[str, str]:
    """Return what settings call artifact stores that are given by name."""
    for name in artifacts:
        if not name or "." in name:
            raise ConfigError(f"{name!r} is no name of an artifact store; a name is not empty, and has no dot in it")
    urls = {f"artifacts.{name}.url": url for name, url in artifacts.items()}
    return {**urls, "artifacts.default": next(iter(artifacts), INLINE)}


def file_of(url: str | None = None, *, profile: str | None = None) -> str | None:
    """Return the file in which a diary is, there or not; none if it is in no file."""
    arguments = {} if url is None else {"store.url": url}
    settings = read_settings(profile=profile, arguments=arguments)
    if settings.store is None:
        return os.path.join(settings.root, FOLDER, "diary.db")
    place = _store_place(settings, settings.disabled_plugins)
    is_path = scheme_of(place.url, "store", settings.disabled_plugins).path
    with told(place):
        check_opener(place.url, "store", options=place.options, disabled=settings.disabled_plugins)
    return place.url.partition(":///")[2] if is_path else None


def open_local() -> Tracker:
    """Return the diary that lives at the root of the project, whatever else is configured."""
    return compose(composed(_without_places(read_settings())))


def open_nowhere() -> Tracker:
    """Return a diary in memory that nobody learns of, with its artifacts, for runs that are not kept."""
    settings = _without_places(read_settings())
    entries = {name: one for name, one in settings.entries.items() if name != "observers"}
    place = Place(url="memory://", folder=settings.root)
    return compose(composed(evolve(settings, entries=entries, store=place)))


def _without_places(settings: Settings) -> Settings:
    """Return settings without the stores that they configure."""
    kept = {
        name: one
        for name, one in settings.entries.items()
        if name == "artifacts.inline_below" or not name.startswith(("store.", "artifacts."))
    }
    return evolve(settings, entries=kept, store=None, artifacts={})


def _with(depot: Depot, artifacts: ArtifactStore) -> Depot:
    """Return a depot whose default is an artifact store in the hand, called by its class."""
    name = type(artifacts).__name__.lower()
    return Depot(openers={**depot.openers, name: lambda: artifacts}, default=name, inline_below=depot.inline_below)


# Composing.


def composed(settings: Settings, in_hand: Store | None = None) -> Composition:
    """Return the parts of a tracker that settings ask for; a store in the hand stands for the one they name."""
    disabled = settings.disabled_plugins
    store: Place | Store = _store_place(settings, disabled) if in_hand is None else in_hand
    artifacts = {name: _artifacts_place(place, disabled) for name, place in settings.artifacts.items()}
    unnamed = artifacts.pop("", None)
    default = settings.default_artifacts
    if unnamed is not None:
        name = _kind(unnamed, disabled)
        if name in artifacts:
            raise wrong(unnamed.origin, f"two artifact stores are called {name}; give this one a name too")
        artifacts = {name: unnamed, **artifacts}
        default = default or name
    elif not artifacts and isinstance(store, Place):
        artifacts = _beside(store, disabled)
    return Composition(
        store=store,
        artifacts=artifacts,
        default=default or next(iter(artifacts), INLINE),
        inline_below=settings.inline_below,
        disabled=disabled,
        observers=settings.entries.get("observers"),
        journals=_journals(store, settings),
        room=room_of(settings.entries),
        settings=settings,
    )


def compose(parts: Composition) -> Tracker:
    """Return the tracker that is made of some parts."""
    hooks = _hooks(parts)
    url = _url_of(parts)
    try:
        bare, guarded = _opened(parts, hooks)
    except Held as error:
        error.guest = functools.partial(_guest, parts, error)
        raise
    inner: Store = Undisturbed(bare)
    openers: dict[str, Callable[[], ArtifactStore]] = {INLINE: lambda: open_artifacts("inline://", store=inner)}
    for name, place in parts.artifacts.items():
        openers[name] = functools.partial(_opened_artifacts, place, inner, parts.disabled)
    recorder = Recorder(store=guarded, folder=parts.journals, url=url, room=parts.room, tell=say)
    recorder.recover(seconds=RECOVERY_SECONDS)
    if _is_for_one(parts):
        recorder.serve()
    return Tracker(
        store=Drained(guarded, recorder),
        recorder=recorder,
        depot=Depot(openers=openers, default=parts.default, inline_below=parts.inline_below),
        url=url,
        settings=parts.settings,
        again=_again(parts),
    )


def _again(parts: Composition) -> Callable[[], Tracker] | None:
    """Return what opens the same diary in another process, if another process may."""
    if not isinstance(parts.store, Place):
        return None
    if scheme_of(parts.store.url, "store", parts.disabled).traits.durable == "none":
        return None
    return functools.partial(_anew, evolve(parts, settings=None))


def _anew(parts: Composition) -> Tracker:
    """Return the tracker that is made of some parts, in another process: a guest's, if only one may have the diary."""
    try:
        return compose(parts)
    except Held as error:
        return _guest(parts, error)


def _is_for_one(parts: Composition) -> bool:
    """Return whether one process at a time may have the diary open, and others may log to it."""
    return (
        parts.journals is not None
        and isinstance(parts.store, Place)
        and scheme_of(parts.store.url, "store", parts.disabled).traits.processes == "one"
    )


def _url_of(parts: Composition) -> str:
    return masked(parts.store.url) if isinstance(parts.store, Place) else f"store {type(parts.store).__name__}"


@define(eq=False)
class Elsewhere:
    """A store that another process has: everything but logging is refused, with what to do about it."""

    error: Held

    def apply(self, batch: Batch, /) -> Receipt:  # noqa: ARG002
        """Refuse."""
        raise Held(self.error.message)

    def find(self, query: Query[E], /) -> Page[E]:  # noqa: ARG002
        """Refuse."""
        raise Held(self.error.message)

    def series(self, query: SeriesQuery, /) -> list[Series]:  # noqa: ARG002
        """Refuse."""
        raise Held(self.error.message)

    def close(self) -> None:
        """Have nothing to close."""


def _guest(parts: Composition, error: Held) -> Tracker:
    """Return a tracker by which one can only log to runs of the process that has the diary open."""
    store, url = Elsewhere(error), _url_of(parts)
    recorder = Recorder(store=store, folder=parts.journals, url=url, room=parts.room, tell=say, is_guest=True)
    openers: dict[str, Callable[[], ArtifactStore]] = {INLINE: lambda: open_artifacts("inline://", store=store)}
    return Tracker(
        store=Drained(store, recorder),
        recorder=recorder,
        depot=Depot(openers=openers, default=INLINE, inline_below=parts.inline_below),
        url=url,
        settings=parts.settings,
        again=_again(parts),
    )


def _opened(parts: Composition, hooks: Mapping[str, Any]) -> tuple[Store, Store]:
    """Return a store as it is, and with its rules; one that does not answer is closed again."""
    if not isinstance(parts.store, Place):
        return parts.store, _guarded(parts.store, hooks)
    options = parts.store.opened_with()
    with told(parts.store):
        bare = open_store(parts.store.url, options=options, disabled=parts.disabled)
        try:
            return bare, _guarded(bare, hooks)
        except BaseException:
            bare.close()
            raise


def _opened_artifacts(place: Place, store: Store, disabled: frozenset[str]) -> ArtifactStore:
    options = place.opened_with()
    with told(place):
        return open_artifacts(place.url, store=store, options=options, disabled=disabled)


def _hooks(parts: Composition) -> dict[str, Any]:
    """Return the hooks of the plugins that are to learn of what is written."""
    if parts.observers is None or not parts.observers.value:
        return {}
    from deardiary.observing import observers

    return observers(parts.observers, parts.disabled)


def _guarded(bare: Store, hooks: Mapping[str, Any]) -> Store:
    """Return a store with its rules, as the user `default` sees it, who is made if need be."""
    default = all_of(username=DEFAULT_USER)
    rows = bare.find(Query(User, default)).rows
    if not rows:
        seed = User(id=-1, username=DEFAULT_USER, first_name="Default User", is_admin=True)
        bare.apply(Batch([Insert(seed, or_existing=True)]))
        rows = bare.find(Query(User, default)).rows
    store: Store = Guarded(bare, Principal(user_id=rows[0].id, is_admin=True))
    if hooks:
        from deardiary.observing import Observed

        store = Observed(store, hooks, DEFAULT_USER)
    return Undisturbed(store)


# Places.


def _journals(store: Place | Store, settings: Settings) -> str | None:
    """Return where the journals of a diary are."""
    if not isinstance(store, Place):
        return None
    return journals_of(store, scheme_of(store.url, "store", settings.disabled_plugins), settings.entries)


def _default_place(root: str) -> Place:
    """Return where a diary lives that nobody configured, with its folder made."""
    folder = os.path.join(root, FOLDER)
    ignore = os.path.join(folder, ".gitignore")
    try:
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(ignore):
            with builtins.open(ignore, "w") as file:
                file.write("*\n")
    except OSError as error:
        raise Unavailable(
            f"a diary cannot be made in {folder}: {error.strerror}; name another place: DEARDIARY_STORE=sqlite:///..."
        ) from error
    return Place(url=f"sqlite:///{os.path.join(folder, 'diary.db')}", origin=DEFAULT, folder=root)


def _beside(store: Place, disabled: frozenset[str]) -> dict[str, Place]:
    """Return where the artifacts of a diary go if nothing is said of them: beside its file, else inline."""
    if not scheme_of(store.url, "store", disabled).path:
        return {}
    path = store.url.partition(":///")[2]
    above = os.path.dirname(path)
    folder = os.path.join(above, "artifacts") if os.path.basename(above) == FOLDER else f"{path}.artifacts"
    return {"filesystem": Place(url=f"file:///{folder}", origin=DEFAULT, folder=store.folder)}


def _store_place(settings: Settings, disabled: frozenset[str]) -> Place:
    place = settings.store or _default_place(settings.root)
    with told(place):
        return _absolute(place, scheme_of(place.url, "store", disabled).path)


def _artifacts_place(place: Place, disabled: frozenset[str]) -> Place:
    with told(place):
        if place.options:
            check_opener(place.url, "artifacts", options=place.options, disabled=disabled)
        return _absolute(place, scheme_of(place.url, "artifacts", disabled).path)


def _kind(place: Place, disabled: frozenset[str]) -> str:
    """Return what resources call an artifact store that has no name of its own."""
    scheme = scheme_of(place.url, "artifacts", disabled)
    return scheme.backend or scheme.name


def _absolute(place: Place, is_path: bool) -> Place:
    """Return a place whose path does not depend on where one works."""
    scheme, _, path = place.url.partition(":///")
    if not is_path or not path:
        return place
    return evolve(place, url=f"{scheme}:///{os.path.join(place.folder, os.path.expanduser(path))}")


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Say in an error where the place is configured, or the option that is wrong; and no password in its URL."""
    try:
        yield
    except (ConfigError, Corrupt, Unavailable) as error:
        origin = place.origins.get(error.option, place.origin) if isinstance(error, ConfigError) else place.origin
        said = f"{error}".replace(place.url, masked(place.url)) + origin.tail
        if said == str(error):
            raise
        raise type(error)(said, kind=error.kind, id=error.id) from error.__cause__
