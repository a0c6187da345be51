"""Targets under the fuzzer: what they need is loaded once, then each runs in a process of its own and ends with it.

    python -m tests.fuzz.explore FOLDER TARGET[,TARGET …] [OPTION OF LIBFUZZER ...]

What fails is kept in FOLDER/TARGET as `failed-…`, each kind once, and the fuzzer goes on; an input on which it hangs
ends the process and is kept as `timeout-…`.
"""

import os
import sys
import time
import traceback
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index", "rag", "ui"]):
    from tests.fuzz.targets import TARGETS, Target

from tests.fuzz.inputs import REPEATED, Input, dictionary

KINDS = 20
"""Kinds of failures after which it is clear that something is wrong."""


STRETCHED = 200
"""Tries after which one is made again with its input repeated to the greatest length: seldom, as that takes longer."""


class SlowError(Exception):
    """An input took longer than any may."""


class Explorer:
    """Runs the target with what the fuzzer makes, and keeps what fails."""

    def __init__(self, target: Target, folder: Path) -> None:
        self._target, self._folder = target, folder
        self._met: set[str] = set()
        self._tries = 0

    def __call__(self, data: bytes) -> None:
        """One try, of what the fuzzer made."""
        self._tries += 1
        # What is repeated is ours to choose: its length alone reaches more, and the fuzzer would make little else.
        self._try(bytes([data[0] % REPEATED]) + data[1:] if data else data)
        if self._tries % STRETCHED == 0:
            self._try(Input.stretched(data))

    def _try(self, data: bytes) -> None:
        given, began = Input.of(data, self._target.longest), time.process_time()
        try:
            self._target.run(given)
            took = time.process_time() - began
            if took > self._target.seconds:
                raise SlowError(f"{took:.1f} s")
        except Exception as error:
            self._keep(data, error)

    def _keep(self, data: bytes, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {frame.filename}:{frame.lineno}"
        if kind in self._met:
            return
        self._met.add(kind)
        path = self._folder / f"failed-{sha256(data).hexdigest()[:12]}"
        path.write_bytes(data)
        why = "".join(traceback.format_exception(error))
        path.with_suffix(".why").write_text(why, encoding="utf-8", errors="replace")
        if len(self._met) >= KINDS:
            raise error


def load(targets: Sequence[Target]) -> None:
    """Run the seeds, so that what is loaded where it is first needed is followed too."""
    with atheris.instrument_imports(include=[name for target in targets for name in target.libraries]):
        for target in targets:
            for data in target.seeds():
                target.run(Input.of(data, target.longest))


def explore(target: Target, folder: Path, options: Sequence[str]) -> None:
    """Fuzz a target; does not return."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for data in target.seeds():
        (corpus / sha256(data).hexdigest()).write_bytes(data)
    words = folder / "words"
    words.write_text(dictionary(target.words), encoding="ascii")
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    given = [f"-dict={words}", f"-artifact_prefix={folder}/", f"-max_len={target.longest + 1}"]
    atheris.Setup([sys.argv[0], *given, "-print_final_stats=1", *options, str(corpus)], Explorer(target, folder))
    atheris.Fuzz()


def main(folder: Path, names: Sequence[str], options: Sequence[str]) -> None:
    """Fuzz the targets one after another; how each process ended is left in its file `ended`."""
    load([TARGETS[name] for name in names])
    for name in names:
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        child = os.fork()
        if not child:
            explore(TARGETS[name], place, options)
        _, status = os.waitpid(child, 0)
        (place / "ended").write_text(str(os.waitstatus_to_exitcode(status)), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:])
