"""Run the benchmarks, all or those that are named, one after another, each in a process of its own.

    python -m tests.benchmarks [NAME ...] [--eval FOLDER] [--small]

Each prints what was asked beside what was found; those that need the release archives are skipped without them.
"""

import subprocess
import sys
from collections.abc import Sequence

from tests.benchmarks.parts import options, say

NAMES = (
    "killed",
    "power_cut",
    "hostile",
    "poisoned",
    "arrivals",
    "build_speed",
    "memory",
    "arrival_time",
    "page_cost",
    "soak",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """How many of them failed."""
    parser = options(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    failed = 0
    for name in given.names or NAMES:
        say(f"\n== {name}")
        command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
        command += ["--eval", str(given.eval)] if given.eval else []
        command += ["--small"] if given.small else []
        failed += subprocess.run(command).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
