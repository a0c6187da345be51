"""Bytes to text without guessing."""

import pytest

from index.encoding import decode
from index.errors import ReadingError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_plain_unicode_is_read(encoding: str) -> None:
    assert decode("Сәлем, Oslo".encode(encoding)) == "Сәлем, Oslo"


def test_a_declared_encoding_counts_only_where_utf8_fails() -> None:
    assert decode("Осло".encode("cp1251"), "windows-1251") == "Осло"
    assert decode("Осло".encode(), "windows-1251") == "Осло"


@pytest.mark.parametrize("declared", ["", "no-such", "unicode_escape", "utf-7", "zip", "a\x00b"])
def test_other_bytes_are_refused_with_the_first_wrong_one(declared: str) -> None:
    with pytest.raises(ReadingError, match=r"not UTF-8 text: it breaks at byte 3 \(0xE9\); save it as UTF-8"):
        decode(b"Caf\xe9!", declared)


def test_zero_bytes_are_binary() -> None:
    with pytest.raises(ReadingError, match="zero byte at byte 1"):
        decode(b"a\x00b")


def test_a_mark_of_another_encoding_does_not_make_text_of_bytes() -> None:
    with pytest.raises(ReadingError, match="binary data, not text: a zero at character 0"):
        decode(b"\xef\xbb\xbf" + "Осло Oslo".encode("utf-16-be").replace(b"\x04", b"\x00"))
