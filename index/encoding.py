"""Bytes of a file -> text, without guessing: an error beats a release full of wrong letters."""

import codecs

from index.errors import ReadingError

# A longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a page may declare; Python's other codecs (unicode_escape, utf-7, zip …) are no encodings of a page.
_DECLARABLE = ("ascii", "cp125", "cp866", "iso8859", "koi8", "mac-cyrillic", "ptcp154", "kz1048", "gb", "big5", "euc")


def decode(data: bytes, declared: str = "") -> str:
    """The text of a file: by its byte order mark, else UTF-8, else the encoding that the page itself declares.

    Raises ReadingError for binary data and for bytes that are not in that encoding, naming the first of them.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not marked and b"\x00" in data:
        raise ReadingError(f"binary data, not text: a zero byte at byte {data.index(0)}")
    try:
        text = data.decode(marked or "utf-8")
        if "\x00" in text:  # A mark of one encoding before the bytes of another.
            raise ReadingError(f"binary data, not text: a zero at character {text.index(chr(0))}")
        return text
    except UnicodeDecodeError as error:
        encoding = "" if marked else _known(declared)
        if not encoding:
            raise _wrong(error, data) from None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong(error, data) from None


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name if declared else ""
    except (LookupError, ValueError):
        return ""
    return name if name.startswith(_DECLARABLE) else ""


def _wrong(error: UnicodeDecodeError, data: bytes) -> ReadingError:
    name = error.encoding.upper().replace("UTF8", "UTF-8")
    found = f" (0x{data[error.start]:02X})" if error.start < len(data) else ""
    return ReadingError(f"not {name} text: it breaks at byte {error.start}{found}; save it as UTF-8")
