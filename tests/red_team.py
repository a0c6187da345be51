"""The poisoned releases under `tests/hostile`, and what each of them wants: read by the tests that show it in vain."""

import json
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

from index.readers import read_paths
from index.release import Release

FOLDER = Path(__file__).parent / "hostile"
RELEASES = FOLDER / "releases"
COPY = RELEASES / "copy.jsonl"
"""The shipped release again with another number in it: it holds all that the other holds."""

HARMLESS = frozenset(
    "a article aside bdi blockquote button div h2 h3 h4 header li mark ol p section span summary time ul".split()
)


@dataclass(frozen=True)
class Attack:
    """A poisoned release by its id: `sign` stands in what it wants to be said; `holds` are words of the questions that
    it really speaks to, be it with a lie.
    """

    id: str
    kind: str
    sign: str
    holds: str = ""


@lru_cache(maxsize=1)
def attacks() -> list[Attack]:
    """All of them."""
    return [Attack(**row) for row in json.loads((FOLDER / "attacks.json").read_text(encoding="utf-8"))]


@lru_cache(maxsize=1)
def poisoned() -> dict[str, Release]:
    """The releases by their ids."""
    reading = read_paths([RELEASES])
    assert not reading.set_aside
    return {release.id: release for release in reading.releases}


def prompts() -> list[str]:
    """What the program tells its model."""
    return [path.read_text(encoding="utf-8").strip() for path in sorted(Path(str(files("rag") / "prompts")).iterdir())]


class Markup(HTMLParser):
    """What a browser would make of a page: `faults` are elements and attributes that no text may bring in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.shown = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS:
            self.faults.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "style", "srcdoc", "action", "formaction"):
                self.faults.append(f"{tag} {name}")
            if name == "href" and not str(value).startswith("#"):
                self.links.append(str(value))

    def handle_data(self, data: str) -> None:
        self.shown += data
