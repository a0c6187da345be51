"""Writes requirements.lock: every library of the image, exactly, with the SHA-256 of its file. `make lock`.

For the system and Python that it is run on, as pip chooses files for those. torch is left out: its builds differ, and
the image takes the CPU one from torch's own index.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.licences import libraries

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
_HEAD = """# Written by `make lock` for Linux on x86-64 and Python 3.11: what the image is made of, besides torch.
"""


def chosen(names: list[str]) -> list[dict[str, Any]]:
    """What pip would install of these libraries under our constraints, each with the file it took."""
    wanted = [*names, "-c", str(ROOT / "constraints.txt")]
    options = ["--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-"]
    command = [sys.executable, "-m", "pip", "install", *options, *wanted]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return list(report["install"])


def line(item: dict[str, Any]) -> str:
    """A library as pip reads it: name, version and the digest of the file."""
    name, version = item["metadata"]["name"], item["metadata"]["version"]
    return f"{name}=={version} \\\n    --hash=sha256:{item['download_info']['archive_info']['hashes']['sha256']}"


if __name__ == "__main__":
    found = chosen([name for name in libraries() if name != "torch"])
    lines = sorted((line(item) for item in found), key=str.lower)
    LOCK.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
