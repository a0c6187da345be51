"""JSON Lines and JSON documents."""

import io
import json
from datetime import date

import pytest

from index.draft import Draft, SetAside, Source
from index.errors import ReadingError
from index.records import MANY, read_json, read_lines
from index.release import Origin

SOURCE = Source("a.jsonl", "a")


def lines(*rows: object, limit: int = 20_000_000) -> list[Draft | SetAside]:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return list(read_lines(io.BytesIO(text.encode()), SOURCE, limit))


def test_a_record_is_kept_exactly() -> None:
    text = "  Kept \r\n\n\n\nas it is.\u00a0 "
    (found,) = lines({"id": "x-1", "date": "2024-03-07", "title": "T", "url": "https://e.org", "text": text, "more": 1})
    assert found == Draft(text, "x-1", "T", date(2024, 3, 7), Origin.GIVEN, "https://e.org", "line 1", named=True)


def test_all_but_the_text_may_be_missing_null_or_empty() -> None:
    first, second = lines({"text": "Hello"}, {"id": None, "date": "", "title": None, "url": "", "text": "Hello"})
    assert first == Draft("Hello", place="line 1")
    assert second == Draft("Hello", place="line 2")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nope", "line 2: not JSON: expecting value at character 1"),
        ([1], "line 2: a list, not an object"),
        ({"id": "a"}, 'line 2: it holds no text: its "text" is missing or empty'),
        ({"text": 5}, 'line 2: its "text" is a number, not a string'),
        ({"id": 7, "text": "a"}, 'line 2: its "id" is a number, not a string'),
        ({"date": "soon", "text": "a"}, "line 2: its date, 'soon', is not a day"),
        ({"text": "ab\ud800"}, 'line 2: its "text" holds half a character (a lone surrogate) at character 3'),
        ({"id": "a\nb", "text": "a"}, 'line 2: its "id" is longer than 200 characters or holds control characters'),
        ({"text": "long" * 50}, "line 2: over the limit of 0.0001 MB for one release"),
    ],
)
def test_a_bad_line_is_set_aside_by_its_number(row: object, reason: str) -> None:
    before, bad, after = lines({"text": "One"}, row, {"text": "Two"}, limit=100)
    assert isinstance(bad, SetAside)
    assert bad.reason.startswith(reason)
    assert isinstance(before, Draft)
    assert isinstance(after, Draft)


def test_bad_lines_beyond_many_are_counted() -> None:
    found = lines({"text": "One"}, *["x"] * (MANY + 7), {"text": "Two"})
    assert len(found) == MANY + 3
    assert "7 more records like these" in str(found[-1])


def test_a_file_of_another_kind_is_given_up() -> None:
    found = lines(*["x"] * (MANY + 7))
    assert len(found) == MANY + 1
    assert "the rest was not read" in str(found[-1])


def test_a_byte_order_mark_and_utf16_are_understood() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        stream = io.BytesIO('{"text": "Сәлем"}\n{"text": "Two"}'.encode(encoding))
        first, second = read_lines(stream, SOURCE, 1000)
        assert first == Draft("Сәлем", place="line 1")
        assert second == Draft("Two", place="line 2")


def test_a_document_holds_one_record_or_a_list() -> None:
    assert list(read_json('{"text": "One"}', SOURCE)) == [Draft("One")]
    first, second = read_json('[{"text": "One"}, 5]', SOURCE)
    assert first == Draft("One", place="item 1")
    assert second == SetAside("a.jsonl", "item 2: a number, not an object with id, date, title, url and text")


def test_json_lines_under_the_wrong_name_gets_a_hint() -> None:
    with pytest.raises(ReadingError, match=r"a file with one record a line is named \.jsonl"):
        read_json('{"text": "One"}\n{"text": "Two"}', SOURCE)
