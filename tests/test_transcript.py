"""Every store tells the hand-written story word for word."""

from pathlib import Path

import pytest

from deardiary.registry import open_store
from transcript import Narrator, calls

TEXT = (Path(__file__).parent / "transcript.txt").read_text()


@pytest.mark.parametrize("scheme", ["memory", "sqlite", "jsonl"])
def test_a_store_answers_as_the_transcript_says(scheme: str, tmp_path: Path) -> None:
    store = open_store("memory://" if scheme == "memory" else f"{scheme}:///{tmp_path}/diary")
    narrator = Narrator(store)

    wrong = [
        f"line {call.line}: {call.said}\nwanted: {call.answer}\n   got: {answer}"
        for call in calls(TEXT)
        if (answer := narrator.answer(call.said)) != call.answer
    ]
    store.close()

    assert not wrong, "\n\n".join(wrong)


def test_the_transcript_is_long_enough() -> None:
    assert len([*calls(TEXT)]) >= 150
