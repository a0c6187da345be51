"""Fuzz the readers and what takes questions, guided by coverage, one target after another.

    python -m tests.fuzz [TARGET ...] [--seconds N] [--seed N] [--keep FOLDER]

Prints the tries, the places of the code that were reached, what failed and what hung, for each target; what failed is
kept with its reason. `python -m tests.fuzz --again FILE TARGET` runs a target with one such input, without the fuzzer.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.parts import say, show
from tests.fuzz.targets import TARGETS, replayed

HUNG = 60
"""Seconds by the clock after which an input is said to hang; well above the limit in time of the processor."""

START = 120
"""Seconds at most for loading the libraries and running the seeds."""


@dataclass(frozen=True)
class Outcome:
    """What came of one target: tries, places of the code that were reached, files of what failed, a bad end."""

    tries: int
    places: int
    failed: tuple[Path, ...]
    trouble: str = ""

    @classmethod
    def of(cls, folder: Path) -> "Outcome":
        """What a fuzzer left in its folder."""
        log, ended = folder / "log", folder / "ended"
        told = log.read_text("utf-8", "replace") if log.exists() else ""
        failed = (path for kind in ("failed", "timeout", "oom", "crash", "leak") for path in folder.glob(f"{kind}-*"))
        code = ended.read_text("ascii") if ended.exists() else "nothing"
        return cls(
            tries=int((re.findall(r"stat::number_of_executed_units: (\d+)", told) or [0])[-1]),
            places=int((re.findall(r"\bcov: (\d+)", told) or [0])[-1]),
            failed=tuple(sorted(path for path in failed if path.suffix != ".why")),
            trouble="" if code == "0" else f"it ended with {code}: {told[-2_000:]}",
        )

    @property
    def faults(self) -> list[str]:
        """What should not have been, in words, with the reason that was kept."""
        told = [f"{path}: {_reason(path)}" for path in self.failed]
        return [*told, self.trouble] if self.trouble else told


def fuzz(names: Sequence[str], folder: Path, seconds: int, seed: int = 1) -> dict[str, Outcome]:
    """Fuzz targets for so many seconds each, one after another; what fails is kept in `folder`."""
    command = [sys.executable, "-m", "tests.fuzz.explore", str(folder), ",".join(names)]
    command += [f"-max_total_time={seconds}", f"-seed={seed}", f"-timeout={HUNG}", "-rss_limit_mb=4096"]
    environ = {**os.environ, "PYTHONHASHSEED": "0", "COMMUNIQUE_HOME": str(folder / "home")}
    folder.mkdir(parents=True, exist_ok=True)
    most = START + len(names) * (seconds + HUNG)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=most, check=False)
    if done.returncode:
        raise RuntimeError(f"the fuzzer did not run: {done.stderr[-2_000:]}")
    return {name: Outcome.of(folder / name) for name in names}


def _reason(path: Path) -> str:
    why = path.with_suffix(".why")
    return why.read_text("utf-8").strip()[-1_000:] if why.exists() else "it did not come to an end"


def main(arguments: Sequence[str] | None = None) -> int:
    """How many targets failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for all targets together")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is made up")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where inputs are kept")
    parser.add_argument("--again", type=Path, metavar="FILE", help="an input that failed")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    names = given.names or list(TARGETS)
    if given.again:
        began = time.process_time()
        replayed(names[0], given.again.read_bytes())
        say(f"{names[0]}: {time.process_time() - began:.2f} s of the processor")
        return 0
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    found = fuzz(names, folder, max(1, given.seconds // len(names)), given.seed)
    for name, one in found.items():
        for fault in one.faults:
            say(f"\n{name}: {fault}")
    rows = [(name, f"{one.tries:,}", f"{one.places:,}", len(one.faults)) for name, one in found.items()]
    show(f"Fuzzed, inputs in {folder}", rows, ("target", "tries", "places", "faults"))
    return sum(bool(one.faults) for one in found.values())


if __name__ == "__main__":
    sys.exit(main())
