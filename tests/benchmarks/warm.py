"""Imported by the process that the killed ones are forked from: a rebuild, so that what it loads is loaded before.

Else a good part of the moments would fall into loading libraries and word lists, where nothing can go wrong.
"""

import tempfile
from pathlib import Path

from index.rebuilding import Rebuilder
from tests.benchmarks.editions import Edition
from tests.benchmarks.parts import Hashing

with tempfile.TemporaryDirectory() as folder:
    Rebuilder(Path(folder) / "home", Hashing(), 800).run([Edition(1, 2).shelve(Path(folder) / "shelf")])
