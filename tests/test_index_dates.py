"""Words about time: what they mean, what only looks like them, and the dates that releases state."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import LONGEST, Window, find_window, outside_words
from index.stated_dates import StatedDate, stated_dates

MONDAY = date(2024, 7, 1)
SET = Path(__file__).parent / "data" / "time_expressions.jsonl"
FLOOR = 0.97


def _days(text: str, now: date = MONDAY) -> tuple[str | None, str | None]:
    window = find_window(text, now).to_dict()
    return window["since"], window["until"]


def _stated(text: str, published: date | None = MONDAY) -> list[tuple[str, str, str]]:
    found = stated_dates(text, published)
    return [(text[d.start : d.end], d.since.isoformat(), d.until.isoformat()) for d in found]


def test_the_set_of_time_expressions_is_read_right() -> None:
    items = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    wrong = []
    for item in items:
        window = find_window(item["text"], date.fromisoformat(item["now"])).to_dict()
        if any(window[key] != item[key] for key in ("since", "until", "latest")):
            wrong.append((item, window))
    assert len(items) >= 280
    assert 1 - len(wrong) / len(items) >= FLOOR, wrong


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What was said on 31 May 2024?", "2024-05-31", "2024-05-31"),
        ("What was said last week?", "2024-06-24", "2024-06-30"),
        ("What was said in the last week?", "2024-06-24", "2024-07-01"),
        ("What was said last month?", "2024-06-01", "2024-06-30"),
        ("What was said since 5 May?", "2024-05-05", None),
        ("What was said after 5 May?", "2024-05-06", None),
        ("What was said before 5 May?", None, "2024-05-04"),
        ("What was said until 5 May?", None, "2024-05-05"),
        ("What was said by mid-November 2023?", None, "2023-11-20"),
        ("What was said in early 2024?", "2024-01-01", "2024-04-30"),
        ("What was said last spring?", "2024-03-01", "2024-05-31"),
        ("What was said in December?", "2023-12-01", "2023-12-31"),
        ("Что сказали в прошлом месяце?", "2024-06-01", "2024-06-30"),
        ("2023 жылғы қыркүйекте не айтылды?", "2023-09-01", "2023-09-30"),
    ],
)
def test_words_mean_what_people_mean(text: str, since: str | None, until: str | None) -> None:
    assert _days(text) == (since, until)


@pytest.mark.parametrize(
    "text",
    [
        "What is the 2030 programme?",
        "What does the 2015 Paris Agreement say?",
        "Who joined “Making Cities Resilient by 2030”?",
        "Did 2024 people sign?",
        "May the envoy vote?",
        "How many tourists are expected by 2030?",
        "Who owns the New York Times?",
        "How long did the call last?",
        "How big is the current account deficit?",
        "Who led the delegation to the 2020 Summer Games?",
        "Which port did he say he would travel to in May?",
    ],
)
def test_what_only_looks_like_time_is_no_window(text: str) -> None:
    assert find_window(text, MONDAY) == Window()


@pytest.mark.parametrize("word", ["latest", "most recent", "last", "current", "newest"])
def test_the_newest_can_be_asked_for(word: str) -> None:
    window = find_window(f"What was the {word} statement on visas?", MONDAY)
    assert window == Window(latest=True, words=word)


@pytest.mark.parametrize(
    ("text", "latest"),
    [
        ("Which of those honoured in March 2024 now works as a lawyer?", False),
        ("What growth does the panel now expect in 2024?", True),
        ("Who runs it now?", True),
        ("How large was the final shipment of 2023?", True),
        ("What did the final act say?", False),
        ("How much was promised at the latest donors' meeting?", True),
        ("Who must leave by then at the latest?", False),
    ],
)
def test_now_asks_for_the_newest_with_the_verb_that_asks(text: str, latest: bool) -> None:
    assert find_window(text, MONDAY).latest is latest


@pytest.mark.parametrize(
    ("text", "by_now"),
    [
        ("How big is its staff today?", True),
        ("Who is the ambassador in Oslo today?", True),
        ("How many people does it employ today?", True),
        ("What did Lund say today?", False),
        ("How many press releases are out today?", False),
        ("What are the main headlines today?", False),
        ("Who does the minister receive today?", False),
        ("Whom is the minister meeting today?", False),
        ("What is published today?", False),
        ("What are today's releases?", False),
    ],
)
def test_how_things_are_today_is_by_now(text: str, by_now: bool) -> None:
    found = find_window(text, MONDAY)
    assert (found.since, found.latest) == ((None, True) if by_now else (MONDAY, False))


def test_several_periods_give_their_hull_and_each_part() -> None:
    window = find_window("What was said in March 2024 and again in April?", MONDAY)
    assert (window.since, window.until) == (date(2024, 3, 1), date(2024, 4, 30))
    assert [part.words for part in window.parts] == ["in March 2024", "in April"]
    assert window.parts[1].since == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("What headway was made over August and September 2023, by all accounts?", 1),
        ("What was agreed throughout 2022 and 2023 with Chile?", 1),
        ("What was agreed over August and October 2023?", 2),
        ("Who came to Bern in August and September 2023?", 2),
    ],
)
def test_what_went_on_through_two_periods_is_asked_of_both_as_one(text: str, count: int) -> None:
    window = find_window(text, MONDAY)
    assert len(window.parts or (window,)) == count
    assert window.words.count("and") == (1 if count == 1 else 0)


def test_a_month_within_a_year_narrows_it() -> None:
    window = find_window("In 2023, who came in March?", MONDAY)
    assert (window.since, window.until, window.parts) == (date(2023, 3, 1), date(2023, 3, 31), ())


def test_the_clock_decides_what_last_year_is() -> None:
    assert _days("Who came last year?", date(2024, 1, 1)) == ("2023-01-01", "2023-12-31")
    assert _days("Who came last year?", date(2023, 12, 31)) == ("2022-01-01", "2022-12-31")


def test_a_day_that_does_not_exist_is_not_read() -> None:
    assert _days("What happened on 31.02.2024?") == (None, None)
    assert _days("What happened on 29 February?", date(2023, 7, 1)) == ("2020-02-29", "2020-02-29")


def test_a_day_in_another_language_is_read_by_the_library() -> None:
    assert _days("Was geschah am 7. März 2024?") == ("2024-03-07", "2024-03-07")


def test_the_words_read_are_kept_and_can_be_left_out() -> None:
    question = "In September 2023, what was the latest draft about?"
    window = find_window(question, MONDAY)
    assert window.words == "In September 2023; latest"
    assert outside_words(question, window) == "what was the draft about?"


def test_of_a_text_that_is_no_question_the_beginning_is_read() -> None:
    """An earlier turn may be as long as its caller likes; sixty thousand characters took four seconds."""
    window = find_window(f"In May 2023? {'x ' * (LONGEST // 2)} in June 2024", date(2024, 7, 1))
    assert (window.since, window.until, window.words) == (date(2023, 5, 1), date(2023, 5, 31), "In May 2023")


def test_a_release_states_days_relative_to_its_own() -> None:
    text = "Yesterday they spoke. They will meet on Thursday, after talks on June 12 and in September 2023."
    assert _stated(text) == [
        ("Yesterday", "2024-06-30", "2024-06-30"),
        ("Thursday", "2024-07-04", "2024-07-04"),
        ("June 12", "2024-06-12", "2024-06-12"),
        ("September 2023", "2023-09-01", "2023-09-30"),
    ]


def test_a_day_without_year_is_the_nearest_to_its_release() -> None:
    assert _stated("The talks begin on January 5.", date(2023, 12, 28)) == [("January 5", "2024-01-05", "2024-01-05")]
    assert _stated("The talks ended on December 28.", date(2024, 1, 5)) == [("December 28", "2023-12-28", "2023-12-28")]


def test_spans_point_into_the_text() -> None:
    text = "Тараптар 🙂 2024 жылғы 7 наурызда кездесті.\n\nВстреча прошла 8 марта 2024 года."
    assert _stated(text, None) == [
        ("2024 жылғы 7 наурызда", "2024-03-07", "2024-03-07"),
        ("8 марта 2024 года", "2024-03-08", "2024-03-08"),
    ]


def test_without_a_day_of_publication_only_whole_dates_are_read() -> None:
    found = stated_dates("Today we recall May 23 and 5 May 2020.", None)
    assert found == [StatedDate(27, 37, date(2020, 5, 5), date(2020, 5, 5))]


WORDS = st.sampled_from(
    "last next this the first week of May March 2024 5 31 until since by before and to - year ago вчера мая года"
    " с по 2023 жылғы наурыз дейін соңғы үш аптада days 12/31/2023 end mid Friday now".split()
)


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join)), now=st.dates())
def test_any_text_gives_an_orderly_window(text: str, now: date) -> None:
    window = find_window(text, now)
    assert window.since is None or window.until is None or window.since <= window.until
    assert all(words in text for words in window.words.split("; "))
    assert isinstance(outside_words(text, window), str)


@settings(max_examples=100, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join)), day=st.none() | st.dates())
def test_any_release_gives_dates_inside_it(text: str, day: date | None) -> None:
    for stated in stated_dates(text, day):
        assert 0 <= stated.start < stated.end <= len(text)
        assert stated.since <= stated.until
