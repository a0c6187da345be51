"""The readers and what takes questions under a fuzzer that is guided by coverage, for some seconds each."""

import importlib.util
from pathlib import Path

import pytest

from tests.fuzz.__main__ import fuzz
from tests.fuzz.inputs import Input
from tests.fuzz.targets import TARGETS, replayed

SECONDS = 3
LEAST = 50
"""Tries of the slowest target on a busy machine; far fewer would mean that nothing is tried."""


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_fuzzer_begins_with_is_read_once_and_repeated(name: str) -> None:
    for data in TARGETS[name].seeds()[:8]:
        replayed(name, data)
        replayed(name, Input.stretched(data[:200]))


@pytest.mark.process
@pytest.mark.timeout(900)
@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris has no build for this Python or system")
def test_whatever_comes_is_read_or_refused_and_soon(tmp_path: Path) -> None:
    found = fuzz(list(TARGETS), tmp_path, SECONDS)
    assert [fault for outcome in found.values() for fault in outcome.faults] == []
    assert {name for name, outcome in found.items() if outcome.tries < LEAST or not outcome.places} == set()
