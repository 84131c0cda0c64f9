"""One thing at a time in each thread: what a handler of a signal begins amid another waits for its end."""

import threading
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
            self._catch_up(thread, late)

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
