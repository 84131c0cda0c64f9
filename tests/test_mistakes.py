"""Every mistake gets a good answer, and the page of mistakes shows it."""

import re
from pathlib import Path

import pytest

from mistakes import CHAPTERS, NO_MISTAKES, Mistake, answers, page

PAGE = Path(__file__).parent.parent / "docs" / "mistakes.md"
MISTAKES = [one for chapter in CHAPTERS for one in chapter.mistakes]
JARGON = re.compile(r"\b(batch|expectation|promise|patch|payload|guard|cursor)", re.IGNORECASE)
"""Words of ours that users need not know."""


def test_the_page_shows_what_is_answered() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "to write it anew: python tests/mistakes.py > docs/mistakes.md"


def test_there_are_many_mistakes_to_be_made() -> None:
    assert len(MISTAKES) >= 60
    assert len({(one.said, one.code, one.toml) for one in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.said)
def test_an_answer_says_what_was_asked_and_what_was_found(mistake: Mistake) -> None:
    told = answers()[mistake]

    assert mistake.asked
    assert mistake.found
    assert mistake.asked in told.text
    assert mistake.found in told.text


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.said)
def test_an_answer_is_for_people(mistake: Mistake) -> None:
    told = answers()[mistake]

    assert "Traceback" not in told.text
    assert not re.search(r" at 0x|<class|object>|\bNone\b", told.text)
    assert not JARGON.search(told.text)
    assert len(told.text) < 600


@pytest.mark.parametrize("mistake", [one for one in MISTAKES if one.code.startswith("$ ")], ids=lambda one: one.said)
def test_a_command_that_goes_wrong_exits_with_a_code(mistake: Mistake) -> None:
    assert answers()[mistake].code in (1, 2, 3, 4)


@pytest.mark.parametrize("mistake", NO_MISTAKES.mistakes, ids=lambda one: one.said)
def test_what_is_no_mistake_is_not_refused(mistake: Mistake) -> None:
    assert answers()[mistake].error is None
