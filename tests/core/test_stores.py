"""The two seams are protocols that a store need not inherit from."""

from datetime import UTC

import pytest

from core.samples import DIGEST, NOON
from deardiary.backends.memory import MemoryStore
from deardiary.core.stores import Store, Stored


def test_a_store_is_known_by_its_four_verbs() -> None:
    verbs = {name for name in vars(Store) if not name.startswith("_")}

    assert verbs == {"apply", "find", "series", "close"}


def test_a_store_is_one_without_inheriting() -> None:
    assert isinstance(MemoryStore(), Store)
    assert Store not in MemoryStore.__mro__


def test_what_lacks_a_verb_is_no_store() -> None:
    class HalfAStore:
        """Applies and closes."""

        def apply(self) -> None:
            """Do nothing."""

        def close(self) -> None:
            """Do nothing."""

    assert not isinstance(HalfAStore(), Store)


def test_bytes_that_are_held_are_a_value() -> None:
    stored = Stored(digest=DIGEST, size=7, written_at=NOON)

    assert stored == Stored(digest=DIGEST, size=7, written_at=NOON.astimezone(UTC))
    with pytest.raises(AttributeError):
        stored.size = 8  # type: ignore[misc]  # as someone might try
