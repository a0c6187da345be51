"""Both APIs under schemathesis, which makes requests of their own descriptions, right ones and wrong ones.

Behind them stands the real assistant over a small index, without a language model.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import built, opened, release
from tests.programs import serving

pytestmark = pytest.mark.process

HELD = [
    release("oil", "The price of oil rose to 80 dollars. Nobody knew why.", "2024-03-07", title="Oil prices"),
    release("gas", "«Газ» 😀: the price of gas fell in Almaty.", "2023-09-07", title="Gas prices"),
    release("wind", "The wind blew.", title="Wind"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("fuzzed") / "home"
    built(home, *HELD)
    with serving(around=opened(home)) as programs:
        yield programs.address


@pytest.mark.parametrize(("path", "least"), [("/api/v1", 200), ("/v1", 80)])
def test_no_request_is_answered_with_an_error_of_the_server(
    address: str, path: str, least: int, tmp_path: Path
) -> None:
    # A schema cannot say what a question is (one that holds a word), so that refusing "!" is no fault.
    wishes = "--seed 1 -n 12 --phases coverage,fuzzing,stateful --checks all --exclude-checks positive_data_acceptance"
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}{path}/openapi.json", *wishes.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    made = re.search(r"(\d+) generated, \d+ passed", done.stdout)
    assert made, done.stdout
    assert int(made[1]) >= least
