"""JSON -> drafts: JSON Lines with one release a line, or one document holding an object or a list of them.

Keys: `text` (needed), `id`, `date` (YYYY-MM-DD, or a moment that begins so), `title`, `url`; each a string, each but
`text` may be missing, null or empty; other keys are ignored. `text` is kept exactly as it is, as other programs' spans
point into it.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TypeVar

from index.draft import ID_LIMIT, Draft, SetAside, Source, has_words
from index.encoding import decode
from index.errors import ReadingError
from index.published import read_day
from index.release import Origin

# A file of another kind under this name must not fill the list, and memory, with a reason for each of a million lines.
MANY = 1_000
Part = TypeVar("Part")
_KEYS = ("id", "date", "title", "url", "text")
_HALF = re.compile("[\ud800-\udfff]")


def read_lines(stream: BinaryIO, source: Source, limit: int) -> Iterator[Draft | SetAside]:
    """The releases of a JSON Lines file, a line at a time; `limit`, in bytes, is for one line, not for the file.

    A line that cannot be read is set aside; after `MANY` of them the rest are counted, not listed. A file without a
    release in its first `MANY` lines is not read further.
    """

    def make(line: bytes, place: str) -> Draft:
        if len(line) > limit:
            raise ReadingError(f"over the limit of {limit / 1e6:g} MB for one release")
        return _draft(_parsed(decode(line)), place)

    return _each(_lines(stream, limit), make, source)


def read_json(content: str, source: Source) -> Iterator[Draft | SetAside]:
    """The release of a JSON document, or those of the list it holds. Raises ReadingError when it is not JSON."""
    document = _parsed(content)
    several = isinstance(document, list)
    records = document if isinstance(document, list) else [document]
    places = ((f"item {number}" if several else "", record) for number, record in enumerate(records, 1))
    return _each(places, _draft, source)


def _each(
    parts: Iterable[tuple[str, Part]], make: Callable[[Part, str], Draft], source: Source
) -> Iterator[Draft | SetAside]:
    good = bad = 0
    last = ""
    for place, part in parts:
        try:
            draft = make(part, place)
        except ReadingError as error:
            bad, last = bad + 1, place
            if bad <= MANY:
                yield source.aside(str(error), place)
            elif not good:
                yield source.aside(f"no release in the {MANY:,} records before it, so the rest was not read", place)
                return
        else:
            good += 1
            yield draft
    if bad > MANY:
        yield source.aside(f"{bad - MANY:,} more records like these could not be read, the last of them {last}")


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[str, bytes]]:
    """Lines that hold something, each with its place; of a line over the limit its beginning, one byte too long."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16, as some consoles write it
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise ReadingError(f"UTF-16 and over {limit / 1e6:g} MB; save it as UTF-8, which is read line by line")
        stream = io.BytesIO(decode(data).encode())
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(1 << 20)
        if line.strip():
            yield f"line {number}", line


def _parsed(content: str) -> object:
    try:
        document: object = json.loads(content)
    except json.JSONDecodeError as error:
        hint = "; a file with one record a line is named .jsonl" if error.msg == "Extra data" else ""
        raise ReadingError(
            f"not JSON: {error.msg.lower().removesuffix(' at')} at character {error.pos + 1}{hint}"
        ) from None
    except (RecursionError, ValueError) as error:
        raise ReadingError(f"JSON that no release needs: {_cause(error)}") from None
    return document


def _cause(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else "a number with too many digits"


def _draft(record: object, place: str) -> Draft:
    if not isinstance(record, dict):
        raise ReadingError(f"{_kind(record)}, not an object with id, date, title, url and text")
    values = {key: _string(record, key) for key in _KEYS}
    if not has_words(values["text"]):
        raise ReadingError('it holds no text: its "text" is missing or empty')
    release_id = values["id"].strip()
    if not release_id.isprintable() or len(release_id) > ID_LIMIT:
        raise ReadingError(f'its "id" is longer than {ID_LIMIT} characters or holds control characters')
    try:
        day = read_day(values["date"]) if values["date"].strip() else None
    except ValueError as error:
        raise ReadingError(str(error)) from None
    origin = Origin.GIVEN if day else Origin.UNKNOWN
    return Draft(values["text"], release_id, values["title"], day, origin, values["url"], place, bool(release_id))


def _string(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReadingError(f'its "{key}" is {_kind(value)}, not a string')
    if half := _HALF.search(value):
        raise ReadingError(f'its "{key}" holds half a character (a lone surrogate) at character {half.start() + 1}')
    if "\x00" in value:
        raise ReadingError(f'its "{key}" holds a zero character at character {value.index(chr(0)) + 1}')
    return value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a string", type(None): "null"}
    return names.get(type(value), "a number")
