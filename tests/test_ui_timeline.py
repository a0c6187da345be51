from datetime import date

import pytest

from rag.answers import NearRelease
from ui.timeline import MOST, bars, timeline


def releases(*days: str) -> list[NearRelease]:
    return [
        NearRelease(f"r{place}", f"Title <{place}>", date.fromisoformat(day) if day else None)
        for place, day in enumerate(days)
    ]


def test_days_within_a_fortnight_stand_for_themselves() -> None:
    found = bars(releases("2024-03-01", "2024-03-03", "2024-03-03"))
    assert [(bar.since.day, len(bar.releases)) for bar in found] == [(1, 1), (2, 0), (3, 2)]


def test_a_year_is_cut_into_its_months() -> None:
    found = bars(releases("2023-01-31", "2023-12-01"))
    assert len(found) == 12
    assert (found[0].since, found[0].until) == (date(2023, 1, 1), date(2023, 1, 31))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2024-03-06", "2024-05-30", 7),
        ("2024-01-01", "2026-05-01", 91),
        ("1990-05-05", "2024-01-01", 1826),
        ("0001-01-01", "9000-12-31", 365242),
    ],
)
def test_every_span_fits_a_phone_and_nothing_is_lost(first: str, last: str, days: int) -> None:
    found = bars(releases(first, last))
    assert len(found) <= MOST
    assert (len(found[0].releases), len(found[-1].releases)) == (1, 1)
    assert abs((found[1].until - found[1].since).days + 1 - days) <= 1


def test_a_bar_opens_its_only_release_or_lists_its_several() -> None:
    shown = timeline(2, releases("2024-01-05", "2024-05-01", "2024-05-02"))
    assert 'data-read="r0" aria-label="5 January 2024: Title &lt;0&gt;"' in shown
    assert 'data-list="turn-2-bar-4" aria-expanded="false"' in shown
    assert '<div class="bar-list" id="turn-2-bar-4" hidden><p>May 2024</p>' in shown
    assert shown.index('data-read="r2"') < shown.index('data-read="r1"')  # the newest first


def test_of_the_newest_alone_it_is_said_that_there_are_more() -> None:
    days = ("2021-07-05", "2022-05-01", "2024-05-02")
    shown = timeline(1, releases(*days), are_newest=True)
    assert 'aria-label="The newest 3 releases over time"' in shown
    assert '<p class="caption" aria-hidden="true">The newest 3 releases over time</p>' in shown
    assert "caption" not in timeline(1, releases(*days))


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (("2021-07-05", "2022-05-01", "2024-05-02"), ("1 July 2021", "30 June 2024")),
        (("2023-01-31", "2023-06-01", "2023-12-01"), ("January 2023", "December 2023")),
        (("2024-03-01", "2024-03-02", "2024-03-03"), ("1 March 2024", "3 March 2024")),
        (("2011-03-01", "2012-03-02", "2023-03-03"), ("2011", "2023")),
    ],
)
def test_below_the_bars_stand_the_ends_of_the_time(days: tuple[str, ...], ends: tuple[str, str]) -> None:
    assert "<span>{}</span><span>{}</span></p>".format(*ends) in timeline(1, releases(*days))


def test_few_or_undated_releases_need_no_picture() -> None:
    assert timeline(1, releases("2024-01-05", "2024-05-01", "", "")) == ""
    assert timeline(1, releases("2024-01-05", "2024-01-05", "2024-01-05")) == ""
    assert timeline(1, []) == ""
    assert bars(releases("9999-12-31", "9999-12-31")) == []
