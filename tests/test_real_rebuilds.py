"""Rebuilds of real processes that are killed, lose their power and meet hostile files; benchmarks at a small size."""

import tempfile
from pathlib import Path

import pytest

from tests.benchmarks import hostile, killed, power_cut
from tests.benchmarks.hostile_files import GOOD, HOSTILE

pytestmark = pytest.mark.process


def test_killed_at_a_dozen_moments_a_reader_notices_nothing(tmp_path: Path) -> None:
    tally = killed.run(tmp_path, 12, 20)
    assert tally.faults == []
    assert tally.killed.total() >= 8  # On a busy machine some end before their moment.
    assert tally.reads.count > 12


@pytest.mark.parametrize("kind", ["first", "incremental", "addition"])
def test_the_power_cut_at_any_step_leaves_the_old_index_or_the_new_one(kind: str, tmp_path: Path) -> None:
    result = power_cut.run(tmp_path, 3, [kind])[kind]
    assert result.states > 20
    assert result.faults == []


def test_hostile_files_are_listed_and_the_others_indexed() -> None:
    with tempfile.TemporaryDirectory() as folder:  # The user nobody may not enter pytest's.
        result = hostile.run(Path(folder), len(HOSTILE))
    assert result.releases == GOOD
    assert result.listed == dict.fromkeys(HOSTILE, 1)
