"""The suite that any store must pass: the contract, sentence by sentence.

Subclass `StoreSuite` in a test module and give it a `url` fixture that names a fresh, empty diary:

    class TestMyStore(StoreSuite):
        @pytest.fixture
        def url(self, tmp_path):
            return f"mine:///{tmp_path}/diary"

Every call goes to the store and to the specification, `MemoryStore`, and their answers are compared; so a test fails
also where it asserts nothing of its own. Levels say how far an author has come: 1 rows, 2 batches, 3 declarations,
4 questions, 5 points, 6 streams, 7 processes, 8 anything.
"""

from deardiary.registry import open_store, scheme_of
from deardiary.schemes import Traits
from deardiary.testing.batches import BatchPromises
from deardiary.testing.declarations import DeclaredPromises
from deardiary.testing.diary import Diary
from deardiary.testing.points import PointPromises
from deardiary.testing.processes import ProcessPromises
from deardiary.testing.questions import QuestionPromises
from deardiary.testing.rows import RowPromises
from deardiary.testing.streams import StreamPromises
from deardiary.testing.telling import level


class StoreSuite(
    RowPromises, BatchPromises, DeclaredPromises, QuestionPromises, PointPromises, StreamPromises, ProcessPromises
):
    """Everything that a store promises, as tests; a subclass gives the `url` fixture."""

    examples: int = 20
    """How many stories the machine makes up."""

    steps: int = 15
    """How many steps each has at most."""

    chance: bool = False
    """Whether it makes up others each time."""

    @level(8)
    def test_anything_is_answered_as_the_specification_does(self, diary: Diary) -> None:
        from deardiary.testing.machine import check_anything

        check_anything(diary, examples=self.examples, steps=self.steps, chance=self.chance)


def opened(url: str) -> Diary:
    """Return a diary under test, of a URL that names a fresh one."""
    traits: Traits = scheme_of(url).traits
    return Diary(lambda: open_store(url), traits, url)
