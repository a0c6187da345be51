"""Days read from values, file names and datelines."""

from datetime import UTC, date, datetime

import pytest

from index.published import dateline_day, name_day, read_day

DAY = date(2024, 3, 7)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2024, 3, 7, 23, 0, tzinfo=UTC),
        "2024-03-07",
        "2024-03-07T23:20:00+06:00",
        "2024-03-07 16:47:19-05:00",
        "07.03.2024",
        "7 March 2024",
        "March 7, 2024",
        "7th Mar. 2024",
        "7 марта 2024 года",
        "2024 жылғы 7 наурыз",
    ],
)
def test_a_day_is_read_as_it_is_written(value: object) -> None:
    assert read_day(value) == DAY


@pytest.mark.parametrize("value", ["2024-13-01", "30.02.2024", "soon", "20240307", "7 Marble 2024", 20240307, ["2024"]])
def test_what_states_no_day_is_an_error_with_the_value(value: object) -> None:
    with pytest.raises(ValueError, match=r"its date, .*(soon|2024).*, is not a day"):
        read_day(value)


@pytest.mark.parametrize(
    ("stem", "day"),
    [
        ("2024-03-07-visit", DAY),
        ("visit_20240307", DAY),
        ("visit 2024.03.07", DAY),
        ("2024-13-07-visit", None),
        ("120240307", None),
        ("000_0253f663826b375a", None),
        ("2024-0307", None),
    ],
)
def test_a_file_name_may_state_the_day(stem: str, day: date | None) -> None:
    assert name_day(stem) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ASTANA, 7 March 2024 – The minister met", DAY),
        ("Astana, March 7, 2024 - The minister met", DAY),
        ("г. Астана, 7 марта 2024 года. Министр", DAY),
        ("(Nur-Sultan, 7 March 2024) The minister", DAY),
        ("7 March 2024\n\nThe minister met", DAY),
        ("On 15 January 1998 Kazakhstan joined", None),
        ("The minister said that by 7 March 2024: nothing", None),
        ("Astana, 31 February 2024 – The minister", None),
    ],
)
def test_only_a_dateline_states_the_day_of_a_text(text: str, day: date | None) -> None:
    assert dateline_day(text) == day
