"""Sentences of our own: what a refusal says, worked out from the index."""

from datetime import date

import pytest

from index.catalog import Coverage
from index.dates import Window
from index.release import Sentence
from rag.answers import NearRelease, Reason
from rag.notices import notices, speaking, when
from tests.fakes import release

ENGLISH = notices("en")
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
    assert ENGLISH.period(since, until) == words


def test_a_day_in_words() -> None:
    assert (when(MARCH), when(None)) == ("7 March 2024", "undated")


def test_releases_are_named_with_their_day() -> None:
    assert ENGLISH.named([VISIT, NearRelease("x", "Other", None)]) == "“A visit” (7 March 2024); “Other” (undated)"


def test_a_refusal_says_what_was_searched_and_where_to_look() -> None:
    text = " ".join(ENGLISH.refusal(Reason.NO_EVIDENCE, COVERAGE, Window(), [VISIT]))
    assert "do not say" in text
    assert "1,200 releases from 7 September 2023 to 7 March 2024" in text
    assert "“A visit” (7 March 2024)" in text


def test_an_empty_window_is_said_with_its_days() -> None:
    window = Window(date(2024, 1, 1), date(2024, 1, 31))
    assert "from 1 January 2024 to 31 January 2024" in ENGLISH.refusal(Reason.EMPTY_WINDOW, COVERAGE, window, [])[0]


def test_a_window_after_the_releases_says_where_they_end() -> None:
    assert "7 March 2024" in ENGLISH.refusal(Reason.AFTER_COVERAGE, COVERAGE, Window(since=date(2025, 1, 1)), [])[0]


def test_a_bad_question_speaks_of_no_release() -> None:
    assert not any("release" in line for line in ENGLISH.refusal(Reason.BAD_QUESTION, COVERAGE, Window(), []))


def test_one_undated_release_is_said_as_one() -> None:
    text = " ".join(ENGLISH.refusal(Reason.NO_EVIDENCE, Coverage(1, None, None), Window(), []))
    assert "1 release." in text


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_no_line_is_empty(reason: Reason) -> None:
    window = Window(since=date(2025, 1, 1))
    assert all(ENGLISH.refusal(reason, COVERAGE, window, [VISIT]))


def test_counts_take_the_plural_of_their_language() -> None:
    assert [notices("ru").releases(n) for n in (1, 3, 5, 21)] == ["1 релиз", "3 релиза", "5 релизов", "21 релиз"]
    assert [ENGLISH.releases(n) for n in (0, 1, 1200)] == ["0 releases", "1 release", "1,200 releases"]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("When did they meet?", "en"),
        ("Когда они встретились?", "ru"),
        ("Когда?", "ru"),
        ("Олар қашан кездесті?", "kk"),
        ("Who is Д. Umarov?", "en"),
        ("Wann war das Treffen?", "en"),
    ],
)
def test_a_question_is_answered_in_its_language(question: str, language: str) -> None:
    assert speaking(question).language == language


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "7 March 2024: “Oil.”"),
        ("ru", "7 марта 2024 (английский): «Oil.»"),
        ("kk", "2024 ж. 7 наурыз (ағылшын тілі): «Oil.»"),
    ],
)
def test_a_quotation_in_another_language_is_named(language: str, expected: str) -> None:
    told = release("oil", "Oil.", "2024-03-07")
    sentence = Sentence("oil", 0, 0, 4, "Oil.")
    assert notices(language).quotation(sentence, told) == expected


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_phrase_is_there_in_every_language(language: str, reason: Reason) -> None:
    own = notices(language)
    lines = own.refusal(reason, COVERAGE, Window(MARCH, MARCH), [VISIT])
    lines += [own.missing("?"), own.differ(), own.welcome(), *own.abilities(COVERAGE, ["?"]), own.newest(VISIT)]
    lines += [own.count(n, Window(SEPTEMBER, MARCH), words, 1) for n in (0, 1, 7) for words in ("", "oil")]
    assert all("{" not in line and "release" not in line for line in lines)


def test_a_word_for_a_day_is_told_with_the_day() -> None:
    told = release("call", "They spoke yesterday.", "2024-06-27")
    assert ENGLISH.quotation(Sentence("call", 0, 0, 21, told.text), told) == (
        "27 June 2024: “They spoke yesterday.” (“yesterday”: 26 June 2024)"
    )
    assert "(" not in ENGLISH.quotation(Sentence("call", 0, 0, 17, "They spoke today."), told)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We count on it.”", "We count on it."),
        ("“We count on it, he said.", "We count on it, he said."),
        ("We count on it.”", "We count on it."),
        ("“Yes”, he said, “no”.", "“Yes”, he said, “no”."),
        ("He said “yes”", "He said “yes”"),
    ],
)
def test_quotation_marks_are_not_doubled(text: str, inside: str) -> None:
    said = release("oil", text, "2024-03-07")
    told = ENGLISH.quotation(Sentence("oil", 0, 0, len(text), text), said)
    assert told == f"7 March 2024: “{inside}”"
