import re
from datetime import date, datetime

import pytest

from ui.words import ENGLISH, asked_for, words

FIRST, LAST = date(2023, 9, 7), date(2024, 3, 7)
LANGUAGES = ("en", "ru", "kk")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de-DE,kk;q=0.9,ru;q=0.8,en;q=0.7", "kk"),
        ("en;q=0.3,ru;q=0.5", "ru"),
        ("fr, *;q=0.1", "en"),
        ("ru;q=many,en;q=0.1", "en"),
    ],
)
def test_the_language_the_browser_likes_best_is_spoken(accepted: str, language: str) -> None:
    assert asked_for(accepted).language == language


def test_days_and_periods_in_words() -> None:
    assert ENGLISH.period(FIRST, LAST) == "7 September 2023 – 7 March 2024"
    assert (ENGLISH.period(FIRST, FIRST), ENGLISH.period(None, None)) == ("7 September 2023", "")
    assert (ENGLISH.period(FIRST, None), ENGLISH.period(None, LAST)) == ("from 7 September 2023", "until 7 March 2024")
    assert words("ru").period(FIRST, None) == "с 7 сентября 2023"
    assert words("kk").month(FIRST) == "2023 ж. Қыркүйек"
    assert words("ru").moment(datetime(2024, 3, 7, 9, 5)) == "7 марта 2024, 09:05"


def test_an_unknown_day_is_said() -> None:
    assert ENGLISH.time_tag(None) == '<span class="day">undated</span>'
    assert 'datetime="2024-03-07"' in ENGLISH.time_tag(LAST)


def test_counts_agree_with_their_noun() -> None:
    assert (ENGLISH.releases(1), ENGLISH.releases(18000)) == ("1 release", "18,000 releases")
    told = [words("ru").say("waiting", count, n=count) for count in (1, 2, 5)]
    assert [line.rpartition(" ")[2] for line in told] == ["вопрос", "вопроса", "вопросов"]


def test_every_language_has_every_phrase_with_the_same_gaps_and_no_markup() -> None:
    from ui.words import _phrases

    def gaps(phrase: str | dict[str, str]) -> set[str]:
        told = phrase if isinstance(phrase, str) else " ".join(phrase.values())
        assert not set(told) & set('<>&"')
        return set(re.findall(r"{(\w+)}", told))

    spoken = _phrases()
    assert set(spoken) == set(LANGUAGES)
    for language in LANGUAGES:
        found = {name: gaps(phrase) for name, phrase in spoken[language].items()}
        assert found == {name: gaps(phrase) for name, phrase in spoken["en"].items()}
