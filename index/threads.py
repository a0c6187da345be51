"""How threads of the number-crunching libraries wait for one another."""

import os


def wait_passively() -> None:
    """Let OpenMP threads sleep while they wait; to be called before the first library that uses OpenMP is imported.

    Threads that wait by spinning starve each other, and those of the other library, where cores are shared: the model
    answers ten times slower, and the encoder half as fast beside another program. Whoever set a policy keeps it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
