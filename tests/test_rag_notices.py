"""Sentences of our own: what a refusal says, worked out from the index."""

from datetime import date

import pytest

from index.catalog import Coverage
from index.dates import Window
from rag.answers import NearRelease, Reason
from rag.notices import named, period, refusal, when

SEPTEMBER, MARCH = date(2023, 9, 7), date(2024, 3, 7)
COVERAGE = Coverage(1_200, SEPTEMBER, MARCH)
VISIT = NearRelease("visit", "A visit", MARCH)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (SEPTEMBER, MARCH, "from 7 September 2023 to 7 March 2024"),
        (MARCH, MARCH, "on 7 March 2024"),
        (SEPTEMBER, None, "since 7 September 2023"),
        (None, MARCH, "until 7 March 2024"),
        (None, None, ""),
    ],
)
def test_a_period_in_words(since: date | None, until: date | None, words: str) -> None:
    assert period(since, until) == words


def test_a_day_in_words() -> None:
    assert (when(MARCH), when(None)) == ("7 March 2024", "undated")


def test_releases_are_named_with_their_day() -> None:
    assert named([VISIT, NearRelease("x", "Other", None)]) == "“A visit” (7 March 2024); “Other” (undated)"


def test_a_refusal_says_what_was_searched_and_where_to_look() -> None:
    text = " ".join(refusal(Reason.NO_EVIDENCE, COVERAGE, Window(), [VISIT]))
    assert "do not say" in text
    assert "1,200 releases from 7 September 2023 to 7 March 2024" in text
    assert "“A visit” (7 March 2024)" in text


def test_an_empty_window_is_said_with_its_days() -> None:
    window = Window(date(2024, 1, 1), date(2024, 1, 31))
    assert "from 1 January 2024 to 31 January 2024" in refusal(Reason.EMPTY_WINDOW, COVERAGE, window, [])[0]


def test_a_window_after_the_releases_says_where_they_end() -> None:
    assert "7 March 2024" in refusal(Reason.AFTER_COVERAGE, COVERAGE, Window(since=date(2025, 1, 1)), [])[0]


def test_a_bad_question_speaks_of_no_release() -> None:
    assert not any("release" in line for line in refusal(Reason.BAD_QUESTION, COVERAGE, Window(), []))


def test_one_undated_release_is_said_as_one() -> None:
    text = " ".join(refusal(Reason.NO_EVIDENCE, Coverage(1, None, None), Window(), []))
    assert "1 release." in text


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_no_line_is_empty(reason: Reason) -> None:
    window = Window(since=date(2025, 1, 1))
    assert all(refusal(reason, COVERAGE, window, [VISIT]))
