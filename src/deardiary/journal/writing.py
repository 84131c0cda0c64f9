"""A journal that is being written: its segments, one after another, and what of it is on the disk for certain."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from attrs import define, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import new_batch_id
from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable
from deardiary.journal import owners
from deardiary.journal.hot import Hot, hot_of
from deardiary.journal.owners import Lock, Owner
from deardiary.journal.records import (
    DEFINE,
    END_BYTES,
    FIRST_SHAPE,
    FRAME,
    HEAD,
    SEAL,
    WORD,
    Seal,
    Shape,
    framed,
    told,
)
from deardiary.journal.segments import Form, Segment, created

FIRST_BYTES = 2**20
SEGMENT_BYTES = 2**23
GREAT_BYTES = 2**26
"""How long the first segment is, those after it, and those of a journal that has grown."""
SMALL_BYTES = 2**25
"""Up to which size a journal grows whatever the disk has left."""
SYNC_SECONDS = 0.3
"""How often it is looked for what no diary has had since the last look, to flush it to the disk."""
AGAIN_SECONDS = 0.2
"""How long a full disk is not tried again."""


@frozen(kw_only=True, eq=False, repr=False)
class Room(Alike):
    """How much a journal may take."""

    most_bytes: int = 10 * 2**30
    leave_bytes: int = 2**30
    """How much of the disk it leaves free."""


@define(eq=False)
class Journal:
    """The journal of one process for one diary; it is made at the first point."""

    folder: str | None = None
    """Where it is; none for one in memory."""
    url: str = ""
    room: Room = field(factory=Room)
    form: Form | None = None
    """By default the one that the folder's file system is good for."""
    writer: str = field(factory=new_batch_id)
    segments: "deque[Segment]" = field(factory=deque)
    """Those that hold something that the diary may not have, the one that is written last."""
    shapes: dict[int, Shape] = field(factory=dict)
    is_sound: bool = True
    """Whether all that is read of it was written to its end."""
    hot: Hot | None = None
    _alive: dict[int, bytes] = field(factory=dict)
    """What defines the shapes that may be logged still."""
    _lock: Any = field(factory=threading.RLock)
    _owner: Lock | None = None
    _spare: Segment | None = None
    _spare_end: int = 0
    _refused_at: float = -1.0
    _refusal: DearDiaryError | None = None
    _drained: int = 0
    """The place up to which the diary has everything."""
    _passed: int = 0
    """The place up to which it lacks no points: what follows to it are records of our own."""
    _sealed: int = 0
    """The place up to which everything is on the disk for certain."""
    _after_seal: int = 0
    """Where the journal ended when it was sealed last: a seal alone is nothing to seal."""
    _seen: int = 0
    """Where it ended when it was looked at last: what is younger, the diary may take before it needs a flush."""
    _keeper: threading.Thread | None = None
    _wake: threading.Event = field(factory=threading.Event)
    _is_closed: bool = False
    _sync_lock: Any = field(factory=threading.RLock)
    tell: Callable[[str], None] = field(default=lambda _: None)
    """What is told when something is wrong with the disk."""

    # Writing.

    def begin(self) -> Hot:
        """Return what writes the journal; the files are made if they are not there.

        Raises:
            StorageFull: there is no room for it.
            Unavailable: it cannot be made.
        """
        with self._lock:
            if self.hot is None:
                self._check_patience()
                try:
                    self._begin()
                except DearDiaryError as error:
                    self._refuse(error)
                    raise
            assert self.hot is not None
            return self.hot

    def _begin(self) -> None:
        if self.folder is None:
            self.form = "memory"
        else:
            owners.made(self.folder)
            self.form = self.form or owners.form_of(self.folder)
            if self._owner is None:
                self._owner = owners.owned(self.folder, Owner(writer=self.writer, url=self.url))
        first = self._created(0, 0, FIRST_BYTES)
        self.segments.append(first)
        self.hot = hot_of(first)
        self._keep()

    def place(self) -> int:
        """Return where the journal ends."""
        return 0 if self.hot is None else self.hot.place()

    def define(self, run: int, keys: tuple[str, ...]) -> Shape:
        """Return a new shape, defined in the journal."""
        hot = self.begin()
        with self._lock:
            shape = Shape(FIRST_SHAPE + len(self.shapes), run, keys)
            body = told(shape.defined())
            self._put(hot, DEFINE, body)
            self.shapes[shape.number] = shape
            self._alive[shape.number] = body
            if self._spare is not None:
                self._define_in_spare(body)
            return shape

    def forget(self, shapes: "list[int]") -> None:
        """Know that some shapes are logged no longer."""
        with self._lock:
            for number in shapes:
                self._alive.pop(number, None)

    def put(self, sign: int, body: bytes) -> None:
        """Write a record with a body.

        Raises:
            StorageFull: there is no room.
        """
        hot = self.begin()
        if not hot.put(sign, body):
            with self._lock:
                self._put(hot, sign, body)

    def _put(self, hot: Hot, sign: int, body: bytes) -> None:
        while not hot.put(sign, body):
            self.turn(len(body) + FRAME * WORD)

    def turn(self, needed: int) -> None:
        """Go on in the next segment, which has room for so many bytes.

        Raises:
            StorageFull: there is no room for another segment.
        """
        hot = self.begin()
        with self._lock:
            if self._spare is None or self._spare.size - self._spare_end - END_BYTES < needed:
                self._check_patience()
                try:
                    self._make_spare(needed)
                except DearDiaryError as error:
                    self._refuse(error)
                    raise
            spare, end = self._spare, self._spare_end
            assert spare is not None
            self._spare, self._refusal = None, None
            hot.turn(spare, end)
            self.segments.append(spare)
        self._wake.set()

    def _check_patience(self) -> None:
        if self._refusal is not None and time.monotonic() - self._refused_at < AGAIN_SECONDS:
            raise self._refusal.with_traceback(None)  # else it grows each time

    def _refuse(self, error: DearDiaryError) -> None:
        self._refusal, self._refused_at = error, time.monotonic()

    # Segments.

    def _make_spare(self, needed: int = 0) -> None:
        """Make the next segment, with every shape that may be logged defined in it."""
        if self._spare is not None:
            self._spare.remove()
            self._spare = None
        bodies = list(self._alive.values())
        defined = sum(len(body) + 3 * WORD for body in bodies)
        held = sum(one.size for one in list(self.segments))
        least = GREAT_BYTES if held > 8 * GREAT_BYTES else SEGMENT_BYTES
        size = max(least, _rounded(HEAD.size + needed + 2 * defined + END_BYTES))
        last = self.segments[-1]
        try:
            self._spare = self._created(last.number + 1, last.stop, size)
        except StorageFull:
            size = max(FIRST_BYTES, _rounded(HEAD.size + needed + defined + END_BYTES))
            if size >= least:
                raise
            self._spare = self._created(last.number + 1, last.stop, size)
        self._spare_end = HEAD.size
        for body in bodies:
            self._define_in_spare(body)

    def _define_in_spare(self, body: bytes) -> None:
        assert self._spare is not None
        record = framed(DEFINE, body, self._spare_end)
        if self._spare_end + len(record) > self._spare.size - END_BYTES:
            self._spare.remove()
            self._spare = None
            return
        self._spare.write(record, self._spare_end)
        self._spare_end += len(record)

    def _created(self, number: int, start: int, size: int) -> Segment:
        form = self.form or "memory"
        held = 0 if self._passed >= self.place() else sum(one.size for one in list(self.segments))
        if held + size > max(self.room.most_bytes, size):
            raise StorageFull(
                f"the journal {self.folder or 'in memory'} has {held:,} bytes that the diary has not taken, and may "
                f"have {self.room.most_bytes:,}"
            )
        if self.folder is not None and held + size > SMALL_BYTES:
            free = _free(self.folder)
            if free - size < self.room.leave_bytes:
                raise StorageFull(
                    f"the disk of {self.folder} has {free:,} bytes free, and the journal leaves "
                    f"{self.room.leave_bytes:,} to others"
                )
        return created(self.folder or "", self.writer, number=number, start=start, size=size, form=form)

    # What the diary has.

    def read(self, start: int, most: int) -> "tuple[Segment, int, bytes] | None":
        """Return a segment, an offset in it and bytes from a place on; none if nothing stands there."""
        end = self.place()
        found = next((one for one in list(self.segments) if start < one.stop), None)
        if found is None or start >= end:
            return None
        at = max(start - found.start, HEAD.size)
        return found, at, found.read(at, min(at + most, end - found.start, found.size))

    def learn(self, place: int) -> None:
        """Know the shapes that were defined before a place: all are known where they are defined."""

    def drained(self, place: int, *, passed: int = 0) -> None:
        """Know that the diary has everything before a place, and forget it; no points stand between it and another."""
        self._drained, self._passed = place, max(place, passed)
        while len(self.segments) > 1 and self.segments[0].stop <= place:
            with self._sync_lock, self._lock:
                self.segments.popleft().remove()

    # What is on the disk.

    def sync(self) -> None:
        """Return when everything that was written before is on the disk, with a seal that says so."""
        if self.hot is None or self.form == "memory":
            return
        end = self.hot.place()
        with self._sync_lock:
            if self._sealed >= end or self._after_seal == end:
                return
            start = max(self._sealed, self._drained)
            expected = end
            try:
                for one in [one for one in list(self.segments) if one.stop > start]:
                    first, last = max(start - one.start, HEAD.size), min(end - one.start, one.size)
                    if first < last:
                        # What was never written of a segment counts as zeros, so that the seals of the next one follow.
                        body = Seal(one.number, first, last, one.checksum(first, last)).body()
                        self.put(SEAL, body)
                        expected += len(body) + FRAME * WORD
                after = self.hot.place()
            finally:
                for one in [one for one in list(self.segments) if one.stop > start]:
                    one.sync()
            # What others have written meanwhile is no mere seal.
            self._sealed, self._after_seal = end, after if after == expected else -1

    def _keep(self) -> None:
        thread = threading.Thread(target=self._kept, name="deardiary-journal", daemon=True)
        with suppress(RuntimeError):  # the interpreter is ending
            thread.start()
            self._keeper = thread

    def _kept(self) -> None:
        """Have the next segment at hand, and flush what no diary has, until the journal is closed."""
        told: set[str] = set()
        while not self._is_closed:
            try:
                self._tend()
            except StorageFull:  # whoever logs tells it
                pass
            except DearDiaryError as error:
                if str(error) not in told:
                    told.add(str(error))
                    self.tell(f"warning: {error}")
            self._wake.wait(SYNC_SECONDS)
            self._wake.clear()

    def _tend(self) -> None:
        for one in list(self.segments)[:-1]:
            if one.memory is not None and self.form != "memory":
                with self._sync_lock:
                    one.release()
        if len(self.segments) > 1 or self.place() > self.segments[-1].start + self.segments[-1].size // 2:
            with self._lock:
                spare = self._spare
                if spare is None and not self._is_closed:
                    with suppress(StorageFull, Unavailable):
                        self._make_spare()
                        spare = self._spare
            if spare is not None:
                spare.prepare()
        seen, self._seen = self._seen, self.place()
        if seen > max(self._drained, self._sealed):
            self.sync()

    # Its end.

    def close(self, *, is_drained: bool) -> None:
        """Let go of everything; what the diary has not taken stays for whoever opens it next."""
        self._is_closed = True
        self._wake.set()
        if self._keeper is not None and self._keeper is not threading.current_thread():
            self._keeper.join(SYNC_SECONDS * 10)
        if not is_drained:
            with suppress(DearDiaryError):
                self.sync()  # with a seal, without which nothing is trusted after a power cut
        if self.hot is not None:
            self.hot.stop()
        if not is_drained:
            with suppress(DearDiaryError):
                self._sync_at_end()
        with self._sync_lock, self._lock:
            for one in (*self.segments, *([self._spare] if self._spare else [])):
                if is_drained or one is self._spare:
                    one.remove()
                else:
                    one.release()
            self._spare = None
            if self._owner is not None:
                if is_drained:
                    self._owner.remove()
                else:
                    self._owner.release()
                self._owner = None

    def _sync_at_end(self) -> None:
        for one in list(self.segments):
            one.sync()

    def disown(self) -> None:
        """Leave it to the process that forked this one."""
        if self.hot is not None:
            self.hot.stop()
        if self._owner is not None:
            self._owner.leave()
        self._lock, self._sync_lock = threading.RLock(), threading.RLock()
        self._is_closed, self._keeper = True, None


def _rounded(size: int) -> int:
    return -(-size // 2**20) * 2**20


def _free(folder: str) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
