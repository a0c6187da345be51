"""Files that are no releases, kind by kind, and files that look hostile and are read all the same.

Each kind is a function that writes one file for a name without an ending; `good` is the folder of good releases.
"""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path, Path], object]

GOOD = 100
TEXT = "The Ministry received a delegation from Oslo. Both sides spoke of trade and of the new railway. "
RUSSIAN = "Министерство иностранных дел сообщает о визите делегации. "
MILLION = 1_000_000


def _bytes(ending: str, content: bytes | str) -> Maker:
    data = content.encode() if isinstance(content, str) else content
    return lambda path, good: path.with_name(path.name + ending).write_bytes(data)


def _record(**fields: object) -> Maker:
    return _bytes(".json", json.dumps({"text": TEXT, **fields}))


def _text(named: Callable[[str], str]) -> Maker:
    """A good text under a name."""
    return lambda path, good: path.with_name(named(path.name)).write_text(TEXT, encoding="utf-8")


def _sparse(ending: str, size: int) -> Maker:
    """A file of zeros that takes no room on the disk."""

    def make(path: Path, good: Path) -> None:
        with path.with_name(path.name + ending).open("wb") as file:
            file.truncate(size)

    return make


def _link(target: Callable[[Path, Path], Path | str], ending: str = ".txt") -> Maker:
    return lambda path, good: path.with_name(path.name + ending).symlink_to(target(path, good))


def _locked_file(path: Path, good: Path) -> None:
    file = path.with_name(path.name + ".txt")
    file.write_text(TEXT, encoding="utf-8")
    file.chmod(0)


def _locked_folder(path: Path, good: Path) -> None:
    path.mkdir()
    (path / "visit.txt").write_text(TEXT, encoding="utf-8")
    path.chmod(0)


def _multiplying_yaml() -> str:
    """Nine lists, each of nine times the one before: 380 million items in 400 bytes."""
    befores = ["x", *(f"*{name}" for name in "bcdefghi")]
    lists = zip("bcdefghij", befores, strict=True)
    return "".join(f"{name}: &{name} [{', '.join([before] * 9)}]\n" for name, before in lists)


def _multiplying_entities() -> str:
    """Ten entities, each ten times the one before."""
    return '<!ENTITY e0 "oslo ">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def _taken(path: Path, good: Path) -> None:
    """A second release with the id of a good one, which is read before it."""
    _record(id=f"good-{random.Random(path.name).randrange(GOOD)}")(path, good)


def _same_name(path: Path, good: Path) -> None:
    """A file without an id of its own, whose name is that of a good release."""
    path.mkdir()
    (path / f"good-{random.Random(path.name).randrange(GOOD)}.txt").write_text(TEXT, encoding="utf-8")


def _linked(path: Path, good: Path) -> None:
    """A file and a link to it."""
    path.with_name(f"{path.name}.txt").write_text(TEXT, encoding="utf-8")
    path.with_name(f"{path.name}-link.txt").symlink_to(f"{path.name}.txt")


HOSTILE: dict[str, Maker] = {
    "empty": _bytes(".txt", b""),
    "white space alone": _bytes(".md", " \n\t\n" * 100),
    "binary": _bytes(".txt", b"\x7fELF\x02\x01\x01\x00" * 1000),
    "random bytes": _bytes(".html", random.Random(1).randbytes(5000).replace(b"\0", b"\xff")),
    "a PDF": _bytes(".pdf", b"%PDF-1.7\n" + b"\x00\xff" * 1000),
    "no ending": _bytes("", TEXT),
    "200 MB": _sparse(".txt", 200 * MILLION),
    "200 MB page": _sparse(".html", 200 * MILLION),
    "a line of 21 MB": _sparse(".jsonl", 21 * MILLION),
    "just over the limit": _sparse(".md", 20 * MILLION + 1),
    "Windows-1251, not declared": _bytes(".txt", (RUSSIAN * 20).encode("cp1251")),
    "UTF-16 without its mark": _bytes(".txt", TEXT.encode("utf-16-le")),
    "says UTF-8, is not": _bytes(".html", b'<meta charset="utf-8"><p>Caf\xe9 society met.</p>'),
    "1,000 tags deep": _bytes(".html", f"<html><body>{'<div>' * 1000}{TEXT}"),
    "20,001 elements": _bytes(".html", f"<html><body><p>{TEXT}{'<i>a</i>' * 20_001}"),
    "a page of scripts": _bytes(".html", f"<html><body><script>{'var a = 1;' * 1000}</script></body></html>"),
    "lists 200 deep": _bytes(".md", "> " * 200 + TEXT),
    "Markdown of 400,000 letters": _bytes(".md", TEXT * 4_000),
    "brackets": _bytes(".md", "[" * 100_000),
    "front matter not closed": _bytes(".md", f'---\ntitle: "A visit\n---\n{TEXT}'),
    "YAML that multiplies": _bytes(".md", f"---\n{_multiplying_yaml()}title: *j\n---\n{TEXT}"),
    "JSON 100,000 deep": _bytes(".json", "[" * 100_000),
    "JSON cut short": _bytes(".json", '{"id": "visit", "text": "The Ministry rec'),
    "JSON without a text": _record(text=None),
    "a text that is a number": _record(text=17),
    "half a character": _record(text="\ud83d and more"),
    "a number of 100,000 digits": _bytes(".json", f'{{"text": "A", "views": {"9" * 100_000}}}'),
    "an id with line breaks": _record(id="visit\nto\noslo"),
    "a day that is none": _record(date="2024-02-31"),
    "a first line with a day that is none": _bytes(".txt", f" date 2024-13-45\n\n{TEXT}"),
    "an id taken by another release": _taken,
    "the name of another release": _same_name,
    "a line break in its name": _text(lambda name: f"{name}\nx.txt"),
    "a link out of the folder": _link(lambda path, good: "/etc/hostname"),
    "a link to nothing": _link(lambda path, good: path.with_name("nothing")),
    "a link to the folder above": _link(lambda path, good: path.parent, ""),
    "a link to itself": _link(lambda path, good: path.with_name(path.name + ".txt")),
    "a pipe": lambda path, good: os.mkfifo(path.with_name(path.name + ".txt")),
    "a file without permission": _locked_file,
    "a folder without permission": _locked_folder,
}
"""What must be set aside with a reason."""

READ: dict[str, Maker] = {
    "a day in the future": _record(date="2099-12-31"),
    "Windows-1251, declared": _bytes(".html", f'<meta charset="windows-1251"><p>{RUSSIAN * 9}</p>'.encode("cp1251")),
    "UTF-16 with its mark": _bytes(".txt", TEXT.encode("utf-16")),
    "a name in no encoding": _text(lambda name: os.fsdecode(name.encode() + b"\xe9.txt")),
    "tags not closed": _bytes(".html", f"<html><body><p><b><i>{TEXT}<table><tr><td><p>{TEXT}"),
    "entities that multiply": _bytes(
        ".xhtml",
        f'<?xml version="1.0"?><!DOCTYPE l [{_multiplying_entities()}]><html><body><p>{TEXT}&e9;</p></body></html>',
    ),
    "10,000 attributes": _bytes(".html", f"<p {' '.join(f'a{place}=1' for place in range(10_000))}>{TEXT}"),
    "one word of 1 MB": _bytes(".txt", "a" * MILLION),
    "numbers, 1 MB": _bytes(".txt", "1. " * (MILLION // 3)),
    "the text of another release": _bytes(".txt", TEXT * 3),
    "hidden": _text(lambda name: f".{name}.txt"),
    "README": _text(lambda name: f"README-{name}.txt"),
    "a link to a file that was read": _linked,
}
"""What is read, or passed over without a word because it never is a release."""


def write_good(folder: Path) -> Path:
    """A hundred good releases, a quarter of them in each format."""
    folder.mkdir(parents=True)
    for number in range(GOOD):
        text = f"{TEXT}It was visit {number} of the year. {TEXT}"
        content, ending = {
            0: (json.dumps({"id": f"good-{number}", "text": text, "date": "2024-03-07"}), ".json"),
            1: (f"---\ntitle: Visit {number}\n---\n\n{text}\n", ".md"),
            2: (f"<html><head><title>Visit {number}</title></head><body><p>{text}</p></body></html>", ".html"),
            3: (f" date 2024-03-07\n\n{text}\n", ".txt"),
        }[number % 4]
        (folder / f"good-{number}{ending}").write_text(content, encoding="utf-8")
    return folder


def write_kinds(kinds: dict[str, Maker], folder: Path, good: Path, count: int) -> Path:
    """So many files of all kinds in turn, each kind in a folder of its own: `07/file-47`."""
    names = list(kinds)
    for number in range(count):
        kind = number % len(names)
        place = folder / f"{kind:02}"
        place.mkdir(parents=True, exist_ok=True)
        kinds[names[kind]](place / f"file-{number}", good)
    return folder
