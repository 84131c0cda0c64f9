"""Who else learns of what is written: the plugins that `observers` names, in a thread of their own."""

import logging
import os
import threading
from collections.abc import Mapping
from queue import SimpleQueue
from typing import Any, TypeAlias

from attrs import define, field

from deardiary.core.changes import Batch, Drop, Insert, Patch, Receipt
from deardiary.core.declared import E
from deardiary.core.errors import ConfigError
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.keys import Setting
from deardiary.origins import wrong
from deardiary.registry import managed, plugin_named

SECONDS = 5.0
"""How long a diary that is closed waits for its observers."""
MOST = 10_000
"""How many batches may wait to be told, and how many are remembered as told."""

_News: TypeAlias = "SimpleQueue[tuple[Batch, Receipt] | None]"

_log = logging.getLogger("deardiary")


def observers(named: Setting, disabled: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the hooks of the plugins that a setting names.

    Raises:
        ConfigError: one is not installed, switched off or broken, or does not observe.
    """
    return {name: _hook(name, named, disabled) for name in named.value}


def _hook(name: str, named: Setting, disabled: frozenset[str]) -> Any:
    plugin = plugin_named(name, disabled)
    if plugin is None:
        raise _cannot(named, name, "is not installed")
    if plugin.disabled:
        raise _cannot(named, name, "is switched off")
    if plugin.problem:
        raise _cannot(named, name, plugin.problem)
    hook = managed(plugin.module).hook
    if not hook.deardiary_applied.get_hookimpls():
        raise _cannot(named, name, "has no hook deardiary_applied")
    return hook


def _cannot(named: Setting, name: str, why: str) -> ConfigError:
    return wrong(named.origin, f"the plugin {name} is to observe, and {why}")


@define(eq=False)
class Observed:
    """A store whose observers learn of every batch that it applied, save those of points; each at most once."""

    store: Store
    hooks: Mapping[str, Any]
    """The hooks of plugins, by name."""
    who: str
    """The username of who writes."""
    _told: dict[str, None] = field(factory=dict, init=False, repr=False)
    """The ids of the batches told last."""
    _news: _News = field(factory=SimpleQueue, init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)
    _pid: int = field(factory=os.getpid, init=False, repr=False)

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, and tell the observers."""
        receipt = self.store.apply(batch)
        if batch.stream is None and any(isinstance(element, Insert | Patch | Drop) for element in batch.elements):
            self._tell(batch, receipt)
        return receipt

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        return self.store.series(query)

    def close(self) -> None:
        """Close the store, when the observers have learned of everything, or have had their time."""
        try:
            self._end()
        finally:
            self.store.close()

    def _tell(self, batch: Batch, receipt: Receipt) -> None:
        """Have a batch told, if it was not; never raise, for the batch is applied."""
        if self._pid != os.getpid():
            self._forked()
        with self._lock:
            if batch.id in self._told:
                return
            self._told[batch.id] = None
            if len(self._told) > MOST:
                del self._told[next(iter(self._told))]
            if self._news.qsize() >= MOST:
                _log.error("batch %s is not told to observers: %d others wait", batch.id, MOST)
                return
            self._news.put((batch, receipt))
            self._begin()

    def _begin(self) -> None:
        if self._thread is not None:
            return
        thread = threading.Thread(
            target=_tell_all, args=(self._news, self.hooks, self.who), name="deardiary-observers", daemon=True
        )
        try:
            thread.start()
        except RuntimeError as error:  # the interpreter is ending, or there are too many
            _log.error("observers learn of nothing for now: %s", error)
        else:
            self._thread = thread

    def _end(self) -> None:
        """Wait for the observers, but not for ever."""
        thread = self._thread
        if thread is None or self._pid != os.getpid():
            return
        self._thread = None
        self._news.put(None)
        if thread is not threading.current_thread():
            thread.join(SECONDS)
        if thread.is_alive():
            _log.warning("observers are busy for more than %.0f s; the diary is closed without them", SECONDS)

    def _forked(self) -> None:
        """Begin anew in a forked process: threads stay behind, and what they were to tell they tell."""
        self._news, self._thread, self._lock = SimpleQueue(), None, threading.Lock()
        self._pid = os.getpid()


def _tell_all(news: _News, hooks: Mapping[str, Any], who: str) -> None:
    while (one := news.get()) is not None:
        batch, receipt = one
        for name, hook in hooks.items():
            try:
                hook.deardiary_applied(batch=batch, receipt=receipt, who=who)
            except BaseException:  # whatever a stranger raises: the batch is applied, and others are to be told
                _log.exception("the observer %s failed at batch %s", name, batch.id)
