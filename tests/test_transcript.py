"""Every store tells the hand-written story word for word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deardiary.registry import open_store
from renumbered import Renumbered
from transcript import Narrator, calls

TEXT = (Path(__file__).parent / "transcript.txt").read_text()


@pytest.mark.parametrize("scheme", ["memory", "sqlite", "duckdb", "postgresql", "jsonl"])
def test_a_store_answers_as_the_transcript_says(scheme: str, fresh: Callable[[str], str]) -> None:
    store = open_store(fresh(scheme))
    narrator = Narrator(store, numbers=Renumbered(store, store) if scheme == "postgresql" else None)

    wrong = [
        f"line {call.line}: {call.said}\nwanted: {call.answer}\n   got: {answer}"
        for call in calls(TEXT)
        if (answer := narrator.answer(call.said)) != call.answer
    ]
    store.close()

    assert not wrong, "\n\n".join(wrong)


def test_the_transcript_is_long_enough() -> None:
    assert len([*calls(TEXT)]) >= 150
