"""One thing at a time in each thread: what a handler of a signal begins amid another waits for its end."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from attrs import define, field

Work: TypeAlias = Callable[[], None]


@define(eq=False)
class Once:
    """Does work, after what this thread is in the midst of."""

    _late: "dict[int, deque[Work]]" = field(factory=dict)
    """What waits in each thread that is in the midst of something."""
    _after: "dict[int, deque[Work]]" = field(factory=dict)
    """What waits in each thread until it is in the midst of nothing."""

    def is_amid(self) -> bool:
        """Return whether this thread is in the midst of something."""
        return threading.get_ident() in self._late

    def rest(self, seconds: float) -> None:
        """Sleep amid some work, as if it were done: what waits is done first, and what comes need not wait."""
        thread = threading.get_ident()
        late = self._late.pop(thread, None)
        try:
            while late:
                late.popleft()()
            self._come_to(thread)
            time.sleep(seconds)
        finally:
            if late is not None:
                self._late[thread] = late

    def do(self, work: Work) -> None:
        """Do some work now, or when this thread has done what it is in the midst of."""
        thread = threading.get_ident()
        late = self._late.get(thread)
        if late is not None:
            late.append(work)
            return
        self._late[thread] = late = deque()
        try:
            work()
        finally:
            try:
                self._catch_up(thread, late)
            finally:
                self._come_to(thread)

    def after(self, work: Work) -> None:
        """Do some work when this thread, which is in the midst of something, is in the midst of nothing."""
        self._after.setdefault(threading.get_ident(), deque()).append(work)

    def _come_to(self, thread: int) -> None:
        """Do what waited until nothing else was being done."""
        if thread in self._after:
            for work in self._after.pop(thread):
                work()

    def _catch_up(self, thread: int, late: "deque[Work]") -> None:
        """Do all that waits; what goes wrong with it is raised when everything is done."""
        errors: list[BaseException] = []
        while True:
            while late:
                try:
                    late.popleft()()
                except BaseException as error:
                    errors.append(error)
            del self._late[thread]
            if not late:  # nothing came between the last look and now
                break
            self._late[thread] = late
        if errors:
            raise errors[0]
