"""What processes left in their journals when they were killed, carried to the diary by whoever opens it next."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import cast

from attrs import define, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.conditions import all_of
from deardiary.core.entities import Writer
from deardiary.core.errors import Corrupt, DearDiaryError, Invalid, Unavailable
from deardiary.core.points import Points
from deardiary.core.queries import Query
from deardiary.core.shapes import instant, micros, now
from deardiary.core.stores import Store
from deardiary.journal import owners, segments
from deardiary.journal.carrying import Away, Carrier, Refusal
from deardiary.journal.owners import OWNER, Owner
from deardiary.journal.reading import Cut, cut
from deardiary.journal.records import FIRST_WORD, FRAME, HEAD, SEAL, WORD, Seal, Shape
from deardiary.journal.segments import Segment
from deardiary.journal.watching import forget_taken
from deardiary.refused import keep_refused

UNSURE = Corrupt(
    "the machine went down before they were on the disk for certain, so that some may be damaged; "
    "`deardiary recover --force` takes them as they are"
)


@define(eq=False)
class Recovered:
    """What became of the journals in a folder."""

    journals: int = 0
    """How many were carried to their end."""
    points: int = 0
    refused: int = 0
    unsure: int = 0
    """How many were not on the disk for certain when the machine went down, and are kept for a person to judge."""
    alive: int = 0
    """How many belong to processes that live."""
    problems: list[str] = field(factory=list)
    """What keeps others from being carried."""
    is_away: bool = False
    """Whether the diary could not be reached."""

    def and_then(self, later: "Recovered") -> "Recovered":
        """Return what became of them in all, after they were looked at again."""
        return Recovered(
            self.journals + later.journals,
            self.points + later.points,
            self.refused + later.refused,
            self.unsure + later.unsure,
            later.alive,
            later.problems,
            later.is_away,
        )


@define(eq=False)
class Left:
    """A journal that its process left."""

    folder: str
    owner: Owner
    segments: list[Segment]
    shapes: dict[int, Shape] = field(factory=dict)
    is_sound: bool = False
    end: int | None = None
    """The place from which on nothing can be trusted, after a power cut; none if all can."""

    @property
    def writer(self) -> str:
        """Return by what the diary knows its process."""
        return self.owner.writer

    def read(self, start: int, most: int) -> tuple[Segment, int, bytes] | None:
        """Return a segment, an offset in it and bytes from a place on; none if nothing stands there."""
        found = next((one for one in self.segments if one.start <= start < one.stop), None)
        if found is None:
            return None
        at = max(start - found.start, HEAD.size)
        stop = found.size if self.end is None else min(found.size, self.end - found.start)
        data = found.read(at, min(at + most, stop)) if at < stop else b""
        return (found, at, data) if data else None

    def learn(self, place: int) -> None:
        """Learn the shapes that were defined before a place, in its segment."""
        found = next((one for one in self.segments if one.start <= place < one.stop), None)
        if found is not None and place - found.start > HEAD.size:
            for _ in _parts(found, self.shapes, place - found.start):
                pass

    def trust(self, place: int) -> None:
        """Trust no more than what was on the disk for certain, from a place on."""
        seals = [seal for one in self.segments for seal in _seals(one)]
        by_number = {one.number: one for one in self.segments}
        for seal in sorted(seals, key=lambda seal: (seal.segment, seal.start, -seal.stop)):
            one = by_number.get(seal.segment)
            if one is None or not HEAD.size <= seal.start < seal.stop <= one.size:
                continue
            if not self._follows(place, one, seal):
                continue
            if one.checksum(seal.start, seal.stop) == seal.crc:
                place = max(place, one.start + seal.stop)
        self.end = place

    def _follows(self, place: int, one: Segment, seal: Seal) -> bool:
        start = one.start + seal.start
        return start <= place or (seal.start == HEAD.size and place >= one.start) or place == 0

    def unsure(self) -> Iterator[tuple[int, Mapping[int, Points]]]:
        """Yield the points of runs, and where they stand, that cannot be trusted and look whole all the same."""
        for one in self.segments if self.end is not None else []:
            begin = max((self.end or 0) - one.start, HEAD.size)
            with suppress(Corrupt):
                shapes: dict[int, Shape] = {}
                for _ in _parts(one, shapes, begin):
                    pass
                for part in _parts(one, shapes, one.size, at=begin):
                    yield one.start + part.stop, part.runs

    def check_end(self, place: int) -> None:
        """Refuse to forget what stands after a place at which it seems to end.

        Raises:
            Corrupt: there are points, and a part before them is missing or damaged.
        """
        for one in self.segments if self.end is None else []:
            if one.start > place and any(part.runs or part.note for part in _parts(one, {}, one.size)):
                raise Corrupt(f"from its byte {place:,} on it cannot be read; what follows in {one.path} is kept")

    def remove(self) -> None:
        """Remove its segments, those that were made and never begun, and what is said of it."""
        forget_taken(self.folder, self.writer)
        for one in self.segments:
            one.remove()
        for number in segments.numbers(self.folder, self.writer):
            if segments.found(self.folder, self.writer, number) is None:
                with suppress(OSError):
                    os.unlink(segments.path_of(self.folder, self.writer, number))


def _parts(segment: Segment, shapes: dict[int, Shape], stop: int, at: int = HEAD.size) -> Iterator[Cut]:
    """Yield what stands in a segment from one offset to another, and learn its shapes."""
    most = 2**22
    while at < stop:
        data = segment.read(at, min(at + most, stop))
        part = cut(data, at, shapes)
        yield part
        if part.stop == at:
            if part.needed <= most or len(data) < most:
                return
            most = part.needed
        at = part.stop
        if part.is_turned:
            return


def _seals(segment: Segment) -> Iterator[Seal]:
    """Yield the seals in a segment, and look at nothing else: what is not on the disk for certain may be torn."""
    data, at = segment.read(HEAD.size, segment.size), 0
    while at + FRAME * WORD <= len(data):
        sign, words = FIRST_WORD.unpack_from(data, at)
        end = at + words * WORD
        if words < FRAME or int.from_bytes(data[end - WORD : end], "little") != HEAD.size + end:
            return
        if sign == SEAL:
            yield Seal.read(data[at + WORD : end - WORD])
        at = end


def recover(
    folder: str,
    store: Store,
    *,
    tell: Callable[[str], None] = lambda _: None,
    until: float | None = None,
    url: str | None = None,
) -> Recovered:
    """Carry the journals in a folder whose processes are no more to their diary.

    Args:
        url: the diary that a journal must name whose process is not known there; none if all are known to belong to it.
    """
    result = Recovered()
    for path in owners.paths(folder):
        if owners.is_own(path):
            result.alive += 1
            continue
        try:
            found = owners.claimed(path)
        except DearDiaryError as error:
            result.problems.append(str(error))
            continue
        if found is None:
            result.alive += os.path.exists(path)
            continue
        lock, owner = found
        try:
            if _is_carried(folder, owner, store, result, until, url):
                lock.remove()
                result.journals += 1
            else:
                lock.release()
        except (DearDiaryError, Away) as error:
            lock.release()
            result.is_away |= _is_away(error)
            result.problems.append(f"{path.removesuffix(OWNER)}: {error}")
        except BaseException:
            lock.release()
            raise
        if result.is_away or (until is not None and time.monotonic() >= until):
            break
    if result.points:
        tell(f"{_are(result.points)} in the diary now")
    if result.unsure:
        tell(f"{_are(result.unsure)} kept: {UNSURE}")
    return result


def _are(count: int) -> str:
    return "1 point that a process left behind is" if count == 1 else f"{count:,} points that a process left behind are"


def _is_away(error: BaseException) -> bool:
    """Return whether an error says that a diary cannot be reached; a full one can."""
    is_ours = isinstance(error, Away) and isinstance(error.error, DearDiaryError)
    return isinstance(error, Away) and (not is_ours or isinstance(error.error, Unavailable))


def place_in(store: Store, writer: str) -> int | None:
    """Return how far the diary has the journal of a writer; none if it does not know it.

    Raises:
        Away: the diary does not say.
    """
    try:
        rows = store.find(Query(Writer, all_of(uid=writer))).rows
    except DearDiaryError as error:
        raise Away(error) from error
    return rows[0].position if rows else None


def _is_carried(
    folder: str, owner: Owner, store: Store, result: Recovered, until: float | None, url: str | None
) -> bool:
    """Carry a journal, and return whether nothing of it is left."""
    left = Left(folder, owner, list(segments_of(folder, owner.writer)))
    known = place_in(store, owner.writer)
    if known is None and url is not None and owner.url != url:
        raise Invalid(f"it is for the diary {owner.url}, and {url} does not know its process; --force carries it")
    position = known or 0
    left.learn(position)
    if owner.host == owners.host() and owner.boot and owners.boot() and owner.boot != owners.boot():
        left.trust(position)

    def refused(refusal: Refusal) -> None:
        keep_refused(folder, owner.writer, refusal)
        result.refused += len(refusal.points)

    carrier = Carrier(left, store, owner.host, owner.pid, refused, clock=_latest_of, position=position, stored=position)
    try:
        is_done = carrier.carry(until=until)
    finally:
        result.points += carrier.carried
    if is_done:
        left.check_end(carrier.position)
        _keep_unsure(left, result)
        left.remove()
    return is_done


def _keep_unsure(left: Left, result: Recovered) -> None:
    """Keep what was not on the disk for certain when the machine went down: an orderly end has lost nothing of it."""
    for place, runs in left.unsure():
        for run, points in runs.items():
            name = f"unsure {left.writer} {place} {run}"
            keep_refused(left.folder, left.writer, Refusal(run, points, UNSURE, name), is_unsure=True)
            result.unsure += len(points)


def _latest_of(runs: Mapping[int, Points]) -> datetime:
    """Return when the last of some points was recorded: that is when their writer was seen."""
    latest = max((points.latest or 0 for points in runs.values()), default=0)
    return instant(min(latest, micros(now())))


def segments_of(folder: str, writer: str) -> Iterator[Segment]:
    """Yield the segments of a writer that were begun."""
    for number in segments.numbers(folder, writer):
        one = segments.found(folder, writer, number)
        if one is not None:
            yield one


# What waits.


@frozen(kw_only=True, eq=False, repr=False)
class Waiting(Alike):
    """A journal, and how much of it the diary lacks."""

    owner: Owner
    is_alive: bool
    points: int
    is_all: bool
    """Whether these are all; great journals are not counted whole."""


def waiting_in(folder: str, store: Store | None) -> Iterator[Waiting]:
    """Yield the journals of other processes in a folder; all their points, if the diary cannot be asked what it has.

    Raises:
        Corrupt: one cannot be read.
        Away: the diary cannot be reached.
    """
    for path in owners.paths(folder):
        if owners.is_own(path):
            continue
        found = owners.claimed(path)
        if found is not None:
            found[0].release()
        owner = found[1] if found is not None else living(path)
        if owner is not None:
            count, is_all = _count(folder, owner, store)
            yield Waiting(owner=owner, is_alive=found is None, points=count, is_all=is_all)


def living(path: str) -> Owner | None:
    """Return the owner of a journal of another process that lives; none if it has just gone."""
    try:
        with open(path, "rb") as file:
            return owners.read_owner(path, file.read())
    except OSError:
        return None


def _count(folder: str, owner: Owner, store: Store | None) -> tuple[int, bool]:
    left = Left(folder, owner, list(segments_of(folder, owner.writer)))
    if not left.segments:
        return 0, True
    position = left.segments[0].start if store is None else place_in(store, owner.writer) or 0
    try:
        left.learn(position)
        nowhere = cast(Store, None)  # nothing is carried
        return Carrier(left, nowhere, owner.host, owner.pid, lambda _: None, position=position).count()
    except Unavailable:  # it is carried meanwhile, by its own process
        return 0, True
