"""The gate: a new index that finds fewer of its questions than the live one is not swapped in."""

import json
from pathlib import Path

import pytest

from index.errors import RebuildError, UsageError
from index.gate import NAME, read_gate
from index.rebuilding import Rebuilder
from tests.fakes import FakeEncoder, built, held, release, shelved

OIL, GAS, WIND = release("oil", "Oil rose."), release("gas", "Gas fell."), release("wind", "Wind turned.")
OTHERS = [release(f"other{number}", f"Much was said on day {number}.") for number in range(5)]


def expect(home: Path, *rows: dict[str, object]) -> None:
    home.mkdir(exist_ok=True)
    (home / NAME).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_a_drop_is_refused_and_named(home: Path) -> None:
    expect(home, {"question": "Who spoke of oil?", "releases": ["oil"]}, {"question": "And gas?", "releases": ["gas"]})
    built(home, OIL, GAS, *OTHERS)
    with pytest.raises(RebuildError, match=r"finds 1 of the 2 .*the live one 2.*“Who spoke of oil\?” \(oil\)"):
        built(home, GAS, *OTHERS)
    assert "oil" in held(home)


def test_no_drop_passes(home: Path) -> None:
    expect(home, {"question": "Who spoke of oil?", "releases": ["oil", "gas"], "now": "2024-07-01"})
    built(home, OIL, GAS)
    assert built(home, GAS, WIND).withdrawn == 1


def test_the_gate_can_be_left_open(home: Path, tmp_path: Path) -> None:
    expect(home, {"question": "Who spoke of oil?", "releases": ["oil"]})
    built(home, OIL, *OTHERS)
    Rebuilder(home, FakeEncoder(), 800).run([shelved(tmp_path / "shelf", *OTHERS)], lambda *_: True, gate=False)
    assert "oil" not in held(home)


@pytest.mark.parametrize("line", ["{", "[]", '{"question": ""}', '{"question": "", "releases": [], "now": "May"}'])
def test_a_line_that_is_no_expectation_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_gate(tmp_path / NAME)
