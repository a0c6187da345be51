"""Times that are told by another time."""

from datetime import date

import pytest

from index.dates import Window
from rag.relative_times import relative

DAY = Window(date(2020, 3, 21), date(2020, 3, 21))
MONTH = Window(date(2019, 3, 1), date(2019, 3, 31))
YEAR = Window(date(2016, 1, 1), date(2016, 12, 31))
LAST_DAY = Window(date(9999, 12, 31), date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "told", "since", "until"),
    [
        ("How many two days later?", DAY, date(2020, 3, 23), date(2020, 3, 23)),
        ("Where had they met the autumn before?", DAY, date(2019, 9, 1), date(2019, 11, 30)),
        ("Where had they met the previous March?", DAY, date(2019, 3, 1), date(2019, 3, 31)),
        ("Who came in the following May?", DAY, date(2020, 5, 1), date(2020, 5, 31)),
        ("How many were there 10 days earlier?", DAY, date(2020, 3, 11), date(2020, 3, 11)),
        ("Who came the next day?", DAY, date(2020, 3, 22), date(2020, 3, 22)),
        ("Who had come the day before?", DAY, date(2020, 3, 20), date(2020, 3, 20)),
        ("Who came the following week?", DAY, date(2020, 3, 23), date(2020, 3, 29)),
        ("What was done the following year?", DAY, date(2021, 1, 1), date(2021, 12, 31)),
        ("How much was it the year before?", DAY, date(2019, 1, 1), date(2019, 12, 31)),
        ("And seven days later?", DAY, date(2020, 3, 28), date(2020, 3, 28)),
        ("And a month later?", Window(date(2023, 2, 1), date(2023, 2, 28)), date(2023, 3, 1), date(2023, 3, 31)),
        ("Who had come that spring?", Window(date(2023, 8, 5), date(2023, 8, 5)), date(2023, 3, 1), date(2023, 5, 31)),
        ("And a year later?", DAY, date(2020, 12, 20), date(2021, 6, 20)),
        ("And a year later?", YEAR, date(2017, 1, 1), date(2017, 12, 31)),
        ("And how many two months on?", MONTH, date(2019, 5, 1), date(2019, 5, 31)),
        ("What had it come to by that August?", MONTH, date(2019, 8, 1), date(2019, 8, 31)),
        ("What had it come to that January?", MONTH, date(2019, 1, 1), date(2019, 1, 31)),
        ("How many by that March?", Window(date(2019, 12, 1), date(2019, 12, 31)), date(2020, 3, 1), date(2020, 3, 31)),
        ("What had it come to that March?", MONTH, date(2019, 3, 1), date(2019, 3, 31)),
        ("What was opened later that year?", MONTH, date(2019, 4, 1), date(2019, 12, 31)),
        ("What was opened earlier that year?", MONTH, date(2019, 1, 1), date(2019, 3, 1)),
        ("What else was opened in the same month?", DAY, date(2020, 3, 1), date(2020, 3, 31)),
    ],
)
def test_a_time_is_counted_from_the_one_that_was_told(text: str, told: Window, since: date, until: date) -> None:
    found = relative(text, told)
    assert found
    assert (found.since, found.until) == (since, until)
    assert found.words in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Who came?", DAY),
        ("What are the measures that may follow?", DAY),
        ("Which areas are those that fall under it?", DAY),
        ("Who came the day before the vote?", DAY),
        ("Who came the autumn before the vote?", DAY),
        ("Who came two weeks before the vote?", DAY),
        ("How many spent two weeks on the island?", DAY),
        ("How many came two days later?", Window()),
        ("How many came two days later?", Window(since=date(2020, 3, 21))),
        ("How many came two days later?", LAST_DAY),
        ("How many came a year later?", LAST_DAY),
    ],
)
def test_what_counts_from_something_else_is_no_time(text: str, told: Window) -> None:
    assert relative(text, told) is None


def test_where_nobody_says_how_many_a_time_has_no_end() -> None:
    later, earlier = relative("How many weeks later?", MONTH), relative("Who had come months earlier?", MONTH)
    assert later
    assert earlier
    assert (later.since, later.until) == (MONTH.since, None)
    assert (earlier.since, earlier.until) == (None, MONTH.until)
