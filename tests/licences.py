"""Writes docs/licences.md from what is installed: `make licences`. A test compares it with the installed libraries."""

import json
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("feeds", "fast", "documents", "mcp", "milvus")
"""What is run; tools of the tests are not handed on."""

_HEAD = """# Licences

Communiqué is Apache-2.0 ([LICENSE](../LICENSE)); the fonts of its page are SIL OFL 1.1. It is handed on without what it
needs: pip fetches the libraries and `communique models` the weights, each under its own licence. `make licences` writes
this page from what is installed; versions are in constraints.txt. Builds of torch for CUDA bring libraries of NVIDIA's
under its own terms, which are not listed.

## Models

| name | what | licence |
| --- | --- | --- |
"""


@cache
def libraries() -> dict[str, str]:
    """The licence of each installed library that the program or one of its extras needs, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*(project["optional-dependencies"][extra] for extra in EXTRAS))]
    waiting = [Requirement(line) for line in asked]
    seen: set[tuple[str, str]] = set()
    found: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        try:
            held = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # an extra that is not installed here, or what only another system needs
        name = held.metadata["Name"]
        if not re.match(r"nvidia|cuda|triton", name):
            found[name] = terms(held)
        for extra in ("", *wanted.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += needed(held, extra)
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def needed(held: Distribution, extra: str) -> list[Requirement]:
    """What a library with an extra, or with none, needs here."""
    wanted = [Requirement(line) for line in held.requires or ()]
    return [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": extra})]


def terms(held: Distribution) -> str:
    """A library's licence as it names it itself."""
    about = held.metadata
    said = str(about["License-Expression"] or about["License"] or "").strip().removeprefix("OSI Approved :: ")
    if said and "\n" not in said and said != "UNKNOWN":
        return said
    kinds = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    return " AND ".join(kinds)


def written(found: dict[str, str]) -> str:
    """The page."""
    models = json.loads((ROOT / "index" / "models.json").read_text("utf-8"))
    rows = [f"| {name} | {facts['title']} | {facts['licence']} |" for name, facts in models.items()]
    owns = [f"| {name} | {said} |" for name, said in found.items()]
    table = "\n".join(["", "## Libraries", "", "| name | licence |", "| --- | --- |", *owns, ""])
    return _HEAD + "\n".join(rows) + "\n" + table


def listed() -> dict[str, str]:
    """The libraries on the page with their licences."""
    _, _, table = PAGE.read_text("utf-8").partition("## Libraries")
    return dict(re.findall(r"^\| ([^|\n]+?) \| ([^|\n]+?) \|$", table, re.MULTILINE)[2:])


if __name__ == "__main__":
    sys.stdout.write(written(libraries()))
