"""The other of two things that a question joins, told by another release than the one that answers the first."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag.generation import Prompt
from rag.probe import Glance, Held, Verdict
from tests.fakes import FakeGenerator, built, opened, release

FIRST, SECOND = "Eva Berg drew the oil coin.", "Nils Lund drew the gas coin."
ASKED = "Which artists drew the oil coin and the gas coin?"


class Single(FakeGenerator):
    """Sees in what it reads the artist of one coin; of the second alone as plainly as it is told to."""

    def __init__(self, second: Held) -> None:
        super().__init__()
        self.verdict, self._second = Verdict(-30.0, Held(-30.0, -9.0)), second

    def glance(self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]) -> Glance | None:
        is_first = any(FIRST in part for part in parts)
        answers = FIRST if is_first else SECOND
        held = [Held(3.0 if answers in part else -9.0, -9.0) for part in parts]
        return Glance(held, Held(9.0, -9.0) if is_first else self._second)


@pytest.mark.parametrize(("second", "expected"), [(Held(9.0, -9.0), [FIRST, SECOND]), (Held(0.0, 0.0), [FIRST])])
def test_of_two_things_the_one_that_no_cited_release_tells_is_looked_for_apart(
    tmp_path: Path, second: Held, expected: list[str]
) -> None:
    releases = release("first", FIRST, "2024-03-07"), release("second", SECOND, "2024-04-08")
    built(tmp_path / "index", *releases)
    answer = opened(tmp_path / "index", Single(second), 0.6).ask(ASKED)
    assert [citation.quote for citation in answer.citations] == expected


def test_what_a_cited_release_tells_itself_is_not_looked_for(tmp_path: Path) -> None:
    both = release("first", f"{FIRST} The gas coin shows a lamp.", "2024-03-07")
    built(tmp_path / "index", both, release("second", SECOND, "2024-04-08"))
    answer = opened(tmp_path / "index", Single(Held(9.0, -9.0)), 0.6).ask(ASKED)
    assert SECOND not in [citation.quote for citation in answer.citations]
