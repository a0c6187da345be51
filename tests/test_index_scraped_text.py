"""Plain and scraped text: its header lines, titles and days."""

from datetime import date

import pytest

from index.draft import Draft, SetAside, Source
from index.release import Origin
from index.scraped_text import read_text, split_title

PARAGRAPH = "The minister met the envoy in Astana. They agreed on a plan."


def read(content: str, stem: str = "visit") -> list[Draft | SetAside]:
    return list(read_text(content, Source(f"{stem}.txt", stem)))


def draft(content: str, stem: str = "visit") -> Draft:
    (only,) = read(content, stem)
    assert isinstance(only, Draft)
    return only


@pytest.mark.parametrize("beside", ["", " Images | Kazakh MFA", " Tell a friend"])
def test_the_date_line_dates_and_is_no_title(beside: str) -> None:
    found = draft(f" date 2024-03-07{beside}\r\n\r\n{PARAGRAPH}\r\n")
    assert found == Draft(PARAGRAPH, "visit", "", date(2024, 3, 7), Origin.GIVEN)


def test_text_behind_the_date_on_one_line_is_not_lost() -> None:
    found = draft(f" date 2024-03-07 {PARAGRAPH} {PARAGRAPH}")
    assert found.text == f"{PARAGRAPH} {PARAGRAPH}"
    assert found.date == date(2024, 3, 7)


def test_stamps_split_and_date_the_releases_of_one_file() -> None:
    first, second = read(
        f" date 2024-05-01 Tell a friend\n\n07.03.2024, 15:20 1 248\n\n{PARAGRAPH}\n06.03.2024, 09:05 12\n{PARAGRAPH}"
    )
    assert first == Draft(PARAGRAPH, "visit", "", date(2024, 3, 7), Origin.GIVEN, place="part 1")
    assert second == Draft(PARAGRAPH, "visit-2", "", date(2024, 3, 6), Origin.GIVEN, place="part 2")


def test_one_stamp_keeps_the_plain_id() -> None:
    found = draft(f"07.03.2024, 15:20 1\u00a0248 Images | Kazakh MFA\n{PARAGRAPH}")
    assert (found.id, found.text, found.title) == ("visit", PARAGRAPH, "")


def test_the_title_may_stand_directly_under_a_stamp() -> None:
    found = draft(f"07.03.2024, 15:20 1 248\nKazakhstan and Norway agree on water\n\n{PARAGRAPH}")
    assert (found.title, found.text) == ("Kazakhstan and Norway agree on water", PARAGRAPH)


@pytest.mark.parametrize(
    "line",
    ["07.03.2024, 15:20 the minister met", "07.03.2024, 15:20 12 delegations met.", "At 07.03.2024, 15:20 1 248"],
)
def test_a_sentence_that_begins_like_a_stamp_opens_nothing(line: str) -> None:
    assert draft(f"{PARAGRAPH}\n{line}").text.endswith(line)


def test_a_heading_above_the_first_stamp_is_listed_and_a_text_there_is_a_release() -> None:
    heading, _ = read(f"News\n\n07.03.2024, 15:20 1 248\n{PARAGRAPH}")
    assert isinstance(heading, SetAside)
    assert '"News", above the first stamp' in heading.reason
    above, below = read(f" date 2024-05-01\n{PARAGRAPH * 4}\n07.03.2024, 15:20 1 248\n{PARAGRAPH}")
    assert isinstance(above, Draft)
    assert isinstance(below, Draft)
    assert (above.date, below.id) == (date(2024, 5, 1), "visit-2")


def test_a_stamp_that_is_no_day_loses_its_part_only() -> None:
    first, second = read(f"31.02.2024, 15:20 1 248\n{PARAGRAPH}\n06.03.2024, 09:05 12\n{PARAGRAPH}")
    assert isinstance(first, SetAside)
    assert "part 1: its date, '31.02.2024', is not a day of the calendar" in first.reason
    assert isinstance(second, Draft)


@pytest.mark.parametrize("title", ["Ministry opens office in Oslo", "Министр открыл офис в Осло", "Will it rain?"])
def test_a_short_first_line_set_apart_is_the_title(title: str) -> None:
    assert split_title(f"{title}\n\n{PARAGRAPH}") == (title, PARAGRAPH)


@pytest.mark.parametrize(
    "line",
    [
        "The office opened.",
        "ASTANA, 7 March 2024",
        "Oslo",
        "and so they met again",
        "https://press.example.org/a b",
        "- first of the points",
        "Norway | Press service",
        "Dear Mr. Speaker: (Dear Madam President:)",
        "OSLO – Today the minister met the envoy",
    ],
)
def test_other_first_lines_stay_in_the_text(line: str) -> None:
    body = f"{line}\n\n{PARAGRAPH}"
    assert split_title(body) == ("", body)


def test_the_first_line_of_a_wrapped_paragraph_is_no_title() -> None:
    body = f"The minister of foreign affairs of\nKazakhstan met the envoy.\n\n{PARAGRAPH}"
    assert split_title(body) == ("", body)


def test_page_furniture_is_dropped_above_a_title() -> None:
    body = f"Images | Kazakh MFA\n\nTell a friend\nMinistry opens office\n\n{PARAGRAPH}"
    assert split_title(body) == ("Ministry opens office", PARAGRAPH)


def test_the_day_of_plain_text_comes_from_the_name_then_the_dateline() -> None:
    line = f"ASTANA, 8 March 2024 – {PARAGRAPH}"
    assert (draft(line, "2024-03-07-visit").date, draft(line).date) == (date(2024, 3, 7), date(2024, 3, 8))
    assert draft(line).date_origin is Origin.DERIVED
    assert (draft(PARAGRAPH).date, draft(PARAGRAPH).date_origin) == (None, Origin.UNKNOWN)
