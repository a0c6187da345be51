"""Files and folders -> releases; what cannot become one is set aside with its reason and never stops the others.

    .txt .text         plain and scraped text, several releases a file   index/scraped_text.py
    .md .markdown      Markdown with front matter                        index/marked_text.py
    .html .htm .xhtml  web pages                                         index/web_page.py
    .jsonl .ndjson     JSON Lines; .json an object or a list             index/records.py
    .pdf .docx         PDF and Word, with the extra "documents"          index/documents.py

A file's releases are called after it (`visit`, `visit-2` …), a record by its own id, else by its digest. README files
and hidden ones are never releases. A link inside a folder is followed when it stays inside and its target was not read.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from index.documents import read_docx, read_pdf
from index.draft import Draft, SetAside, Source, finish
from index.encoding import decode
from index.errors import ReadingError, UsageError
from index.language import detect_language
from index.marked_text import read_markdown
from index.pile import Pile
from index.records import MANY, read_json, read_lines
from index.release import Known, Release
from index.scraped_text import read_text
from index.sources import Item, Sources
from index.web_page import read_page

__all__ = ["SIZE_LIMIT", "Reading", "SetAside", "detect_language", "iter_paths", "read_paths"]

SIZE_LIMIT = 20_000_000  # bytes; a release has some thousand
TEXT_LIMIT = 1_000_000  # characters; the longest communiqués have some hundred thousand
_LINES = (".jsonl", ".ndjson")
_TEXT = (".txt", ".text")
_MARKDOWN = (".md", ".markdown")
_PAGE = (".html", ".htm", ".xhtml")
_JSON = (".json",)
_DOCUMENTS = {".pdf": read_pdf, ".docx": read_docx}

OnFile = Callable[[Path], None]
Releases = list[Release] | Pile


@dataclass
class Reading:
    """What was read, in order, and what was not; `known` are releases that were held already, unchanged.

    `releases` is a list, or a `Pile` where there may be many.
    """

    releases: Releases = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def read_paths(
    paths: Iterable[Path],
    on_file: OnFile | None = None,
    size_limit: int = SIZE_LIMIT,
    sources: Sources | None = None,
    releases: Releases | None = None,
) -> Reading:
    """Read every release under `paths`, after `releases`; see `iter_paths`.

    Of releases that are held unchanged no text is kept.
    """
    reading = Reading() if releases is None else Reading(releases)
    held = sources.held if sources else {}
    for item in iter_paths(paths, on_file, size_limit, sources):
        if isinstance(item, SetAside):
            reading.set_aside.append(item)
        elif isinstance(item, Release) and held.get(item.id) != item.digest:
            reading.releases.append(item)
        else:
            reading.known.append(Known(item.id, item.digest, item.named))
    return reading


def iter_paths(
    paths: Iterable[Path],
    on_file: OnFile | None = None,
    size_limit: int = SIZE_LIMIT,
    sources: Sources | None = None,
) -> Iterator[Release | Known | SetAside]:
    """Releases and set-aside files of the given files and folders, one at a time, folders in sorted order.

    `on_file` is called with each file before it is read. `size_limit`, in bytes, holds for a file and, in JSON Lines,
    for a line. Of two releases with one id the first stays, and so it does of two files with one content. What
    `sources` recalls of a file is not read again. Raises UsageError at once for a path that does not exist.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        if not os.path.lexists(root):
            raise UsageError(f"There is no file or folder at {shown(root)}. Check the spelling, or give another path.")
    return _distinct(_read_all(roots, on_file or (lambda path: None), size_limit, sources or Sources()))


def shown(path: Path) -> str:
    """The path on one line: line breaks, control and undecodable characters are written as escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in str(path)
    )


def _distinct(found: Iterable[tuple[str, Item]]) -> Iterator[Release | Known | SetAside]:
    """What was found without what is there already: an id that is taken, a second file of the same content."""
    holders: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, (place, item) in found:
        if isinstance(item, SetAside):
            yield item
            continue
        here = f"{label}, {place}" if place else label
        first = holders.setdefault(item.id, here)
        same = here if item.named else holders.setdefault(item.digest, here)
        if first is here and same is here:
            yield item
            continue
        reason = (
            f'its id "{item.id}" is already taken by {first}; give one of them another name or id'
            if first is not here
            else f"the same release as {same}"
        )
        counts[label] += 1
        if counts[label] <= MANY:
            yield SetAside(label, f"{place}: {reason}" if place else reason, duplicate=True)
    for label, count in counts.items():
        if count > MANY:
            yield SetAside(label, f"{count - MANY:,} more releases like these are there already", duplicate=True)


def _read_all(roots: list[Path], on_file: OnFile, limit: int, sources: Sources) -> Iterator[tuple[str, Item]]:
    seen: set[str] = set()
    for root in roots:
        for path in _files(root, seen):
            if isinstance(path, SetAside):
                yield path.source, ("", path)
                continue
            real = os.path.realpath(path)
            if real in seen:
                continue  # Named twice, or in two of the folders given: read once.
            seen.add(real)
            on_file(path)
            label = shown(path)
            for item in _items(path, real, label, limit, sources):
                yield label, item


def _items(path: Path, real: str, label: str, limit: int, sources: Sources) -> Iterator[Item]:
    """What a file holds, out of `sources` where it has not changed, and noted there where it has."""
    stamp = sources.stamp(real) if _may_be_read(path, limit) else None
    recalled = sources.recall(real, stamp, label)
    if recalled is not None:
        yield from recalled
        return
    noted: list[Item] = []
    for found in _read_file(path, Source(label, path.stem), limit):
        if isinstance(found, SetAside):
            noted.append(("", found))
            yield "", found
            continue
        if len(found.text) > TEXT_LIMIT:
            reason = f"{len(found.text):,} characters, over the limit of {TEXT_LIMIT:,} for a release; split it"
            noted.append(("", Source(label, "").aside(reason, found.place)))
            yield noted[-1]
            continue
        release = finish(found, sources.release(found.id))
        noted.append((found.place, Known(release.id, release.digest, release.named)))
        yield found.place, release
    if not noted:
        noted.append(("", SetAside(label, "it holds no text")))
        yield noted[0]
    sources.note(real, stamp, noted)


def _files(root: Path, seen: set[str]) -> Iterator[Path | SetAside]:
    """The files of a folder, depth first and sorted, links after everything else; `root` itself when it is a file."""
    if not stat.S_ISDIR(_mode(Path(os.path.realpath(root)))):
        yield SetAside(shown(root), "a README is never a release") if _is_readme(root.name) else root
        return
    links: list[Path] = []
    waiting = [root]
    while waiting:
        path = waiting.pop()
        if path != root and (path.name.startswith(".") or _is_readme(path.name)):
            continue
        mode = _mode(path)
        if path != root and stat.S_ISLNK(mode):
            links.append(path)
        elif path == root or stat.S_ISDIR(mode):
            try:
                waiting += sorted(path.iterdir(), reverse=True)
            except OSError as error:
                yield SetAside(shown(path), f"the folder {_cause(error)}")
        else:
            yield path
    for link in links:
        refused = _refused_link(link, root)
        if refused or os.path.realpath(link) not in seen:
            yield refused or link


def _is_readme(name: str) -> bool:
    """`README*`, in any case, but not a word that merely begins so."""
    return name.startswith("README") or (name[:6].casefold() == "readme" and not name[6:7].isalpha())


def _mode(path: Path) -> int:
    """Kind and rights of what is at `path` itself, 0 when that cannot be told: reading it will say why."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _refused_link(link: Path, root: Path) -> SetAside | None:
    target = Path(os.path.realpath(link))
    where = shown(target)
    if not target.is_relative_to(os.path.realpath(root)):
        reason = f"a link that leads out of the folder, to {where}; copy the file in, or name it by itself"
    elif not _mode(target):
        reason = f"a link to {where}, which does not exist"
    elif stat.S_ISDIR(_mode(target)):
        reason = f"a link to the folder {where}; folders are read where they are"
    else:
        return None
    return SetAside(shown(link), reason)


def _read_file(path: Path, source: Source, limit: int) -> Iterator[Draft | SetAside]:
    try:
        _check(path, limit)
        with path.open("rb") as stream:
            yield from _read_stream(stream, path.suffix.lower(), source, limit)
    except ReadingError as error:
        yield source.aside(str(error))
    except OSError as error:
        yield source.aside(_cause(error))


def _may_be_read(path: Path, limit: int) -> bool:
    try:
        _check(path, limit)
    except (ReadingError, OSError):
        return False
    return True


def _check(path: Path, limit: int) -> None:
    """What can be refused without opening the file. Raises ReadingError, OSError."""
    suffix = path.suffix.lower()
    if not path.name.isprintable() and any(ord(character) < 32 for character in path.name):
        raise ReadingError("its name holds a line break or another control character; rename it")
    if suffix not in (*_TEXT, *_MARKDOWN, *_PAGE, *_JSON, *_LINES, *_DOCUMENTS):
        kind = f"{shown(Path(path.suffix))} files are" if path.suffix else "a file without an ending such as .txt is"
        raise ReadingError(f"{kind} not read; save it as .txt, .md, .html, .jsonl, .pdf or .docx")
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise ReadingError("not an ordinary file")
    if facts.st_size == 0:
        raise ReadingError("the file is empty")
    if facts.st_size > limit and suffix not in _LINES:
        raise ReadingError(f"{facts.st_size / 1e6:.8g} MB, over the limit of {limit / 1e6:g} MB for a file")


def _read_stream(stream: BinaryIO, suffix: str, source: Source, limit: int) -> Iterator[Draft | SetAside]:
    if suffix in _LINES:
        return read_lines(stream, source, limit)
    data = stream.read(limit + 1)
    if len(data) > limit:  # It grew since its size was looked up.
        raise ReadingError(f"over the limit of {limit / 1e6:g} MB for a file")
    if suffix in _PAGE:
        return read_page(data, source)
    if suffix in _DOCUMENTS:
        return _DOCUMENTS[suffix](data, source)
    content = decode(data)
    if suffix in _JSON:
        return read_json(content, source)
    return read_markdown(content, source) if suffix in _MARKDOWN else read_text(content, source)


def _cause(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "cannot be read: no permission; allow reading it"
    return f"cannot be read: {error.strerror or type(error).__name__}"
