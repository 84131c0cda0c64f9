"""What one process does for others that log to a diary which it alone may have open: it carries their points too."""

import os

from attrs import define, field

from deardiary.core.errors import DearDiaryError
from deardiary.core.stores import Store
from deardiary.journal import owners
from deardiary.journal.carrying import Carrier, Refusal
from deardiary.journal.owners import OWNER
from deardiary.journal.watching import forget_taken, say_taken
from deardiary.recovery import Left, living, place_in, segments_of
from deardiary.refused import keep_refused


@define(eq=False)
class Served:
    """The journals of other processes that live."""

    folder: str
    store: Store
    _known: dict[str, tuple[Left, Carrier]] = field(factory=dict)

    def serve(self) -> bool:
        """Carry what other processes have logged, and return whether some of them are no more.

        Raises:
            Away: the diary takes nothing now.
        """
        gone, there = False, set()
        for path in owners.paths(self.folder):
            if owners.is_own(path):
                continue
            try:
                left = owners.claimed(path)
                if left is not None:
                    left[0].release()
                    gone = True
                    continue
                owner = living(path)
                if owner is not None:
                    there.add(owner.writer)
                    self._carry(owner)
            except DearDiaryError:  # of one process; `doctor` tells it
                continue
        for writer in set(self._known) - there:
            del self._known[writer]
            if not os.path.exists(os.path.join(self.folder, writer + OWNER)):
                forget_taken(self.folder, writer)
        return gone

    def _carry(self, owner: owners.Owner) -> None:
        left, carrier = self._known.get(owner.writer) or self._met(owner)
        left.segments = list(segments_of(self.folder, owner.writer))
        before = carrier.position
        try:
            carrier.carry()
        finally:
            if carrier.position > before:
                say_taken(self.folder, owner.writer, carrier.stored, carrier.position)

    def _met(self, owner: owners.Owner) -> tuple[Left, Carrier]:
        left = Left(self.folder, owner, list(segments_of(self.folder, owner.writer)))
        place = place_in(self.store, owner.writer) or 0
        left.learn(place)

        def refused(refusal: Refusal) -> None:
            keep_refused(self.folder, owner.writer, refusal)

        carrier = Carrier(left, self.store, owner.host, owner.pid, refused, position=place, stored=place)
        self._known[owner.writer] = left, carrier
        if place:
            say_taken(self.folder, owner.writer, place, place)
        return left, carrier
