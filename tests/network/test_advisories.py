"""What was ever published against Gradio, tried on the running page: one test for each advisory.

Most are mended in the versions that pyproject.toml admits; here none of their ways in is there at all. Advisories about
what a program like this cannot have (share links, `gr.load`, OAuth, Dataframe, its own continuous integration, Windows)
are held by the version's floor alone, and named in `HELD_BY_VERSION`.
"""

import json
import socket
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.network.conftest import CANARY, Target, was_called

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[2]

# A path to a file of ours: FILE is the canary, DIR its folder; URL leads to the decoy.
READS = {
    "CVE-2021-43831 (files of the working folder)": "/file/pyproject.toml",
    "CVE-2023-34239 (files by traversal)": "/file=/tmp/gradio/../../..FILE",
    "CVE-2023-34239 (any host through the proxy)": "/proxy=URL",
    "CVE-2023-51449 (traversal and SSRF in /file)": "/file=/tmp/../FILE",
    "CVE-2023-51449 (with the prefix of today)": "/gradio_api/file=FILE",
    "CVE-2024-1183 (SSRF: whether a host answers)": "/gradio_api/file=URL",
    "CVE-2024-2206 (SSRF through X-Direct-Url and the proxy)": "/gradio_api/proxy=URL",
    "CVE-2024-1728 (files beside the uploads)": "/gradio_api/file/FILE",
    "CVE-2024-4940 (open redirect in /file)": "/gradio_api/file=URL/a",
    "CVE-2024-8021 (open redirect by a slash)": "/gradio_api/file=//URL",
    "CVE-2024-47164 (a folder's name as a prefix)": "/gradio_api/file=DIR/../homely/FILE",
    "CVE-2024-47166 (one step up in custom components)": "/gradio_api/custom_component/a/client/component/../../x",
    "CVE-2024-47168 (monitoring that was switched off)": "/monitoring",
    "CVE-2024-47168 (its figures)": "/monitoring/summary",
    "CVE-2024-47869 (its key, by time)": "/monitoring/guess",
    "CVE-2025-23042 (a blocked file in capitals)": "/gradio_api/file=UPPER",
    "CVE-2026-27167 (mocked OAuth)": "/login/huggingface",
    "CVE-2026-28414 (absolute paths under /static)": "/static//windows/win.ini",
    "CVE-2026-28415 (open redirect after OAuth)": "/login/callback?_target_url=URL",
    "CVE-2026-48545 (cookies through the shared proxy)": "/gradio_api/proxy=URL/set-cookie",
}
HELD_BY_VERSION = {
    "CVE-2022-24770": "2.8.11",
    "CVE-2023-25823": "3.13.1",
    "CVE-2024-12217": "5.0.2",
    "CVE-2024-10569": "5.0.1",
    "CVE-2024-10624": "5.5.0",
    "CVE-2024-47867": "5.0.0",
    "CVE-2024-47870": "5.0.0",
    "CVE-2024-47871": "5.0.0",
    "CVE-2025-48889": "5.31.0",
    "CVE-2026-28416": "6.6.0",
    "GHSA-j36p-7w88-g82j": "6.16.0",
}


def led(text: str, target: Target, decoy: socket.socket) -> str:
    """An attack's text with the places of this run in it."""
    url = f"http://127.0.0.1:{decoy.getsockname()[1]}"
    filled = text.replace("URL", url).replace("UPPER", str(target.secret).upper())
    return filled.replace("FILE", str(target.secret)).replace("DIR", str(target.secret.parent))


@pytest.mark.parametrize("advisory", READS)
def test_nothing_is_read_and_nobody_is_called(advisory: str, target: Target, decoy: socket.socket) -> None:
    path = led(READS[advisory], target, decoy)
    with target.asker as asker:
        for method in ("GET", "HEAD", "POST"):
            answer = asker.http.request(method, path, headers={"X-Direct-Url": led("URL", target, decoy)})
            assert (answer.status_code, "location" in answer.headers) == (404, False)
            assert CANARY not in answer.text
    assert not was_called(decoy)


FILE = {"path": "FILE", "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
FETCHED = {"path": "URL/a.png", "url": "URL/a.png", "meta": {"_type": "gradio.FileData"}}
SENDS = {
    "CVE-2024-0964 (files named in the data of an event)": FILE,
    "CVE-2024-4941 (files named in a JSON component)": {"value": FILE, "name": "FILE", "is_file": True},
    "CVE-2024-47868 (files that a component handles afterwards)": [FILE, "FILE"],
    "CVE-2024-51751 (files given to upload components)": {**FILE, "url": "file://FILE"},
    "CVE-2024-4325 (SSRF by a path that is an address)": FETCHED,
    "CVE-2024-47167 (SSRF in the queue)": [FETCHED, {"video": FETCHED}],
    "CVE-2024-48052 (SSRF by a download button)": {**FETCHED, "size": 1, "mime_type": "text/plain"},
}


@pytest.mark.parametrize("advisory", SENDS)
def test_data_is_never_taken_for_a_file(advisory: str, target: Target, decoy: socket.socket) -> None:
    data = json.loads(led(json.dumps(SENDS[advisory]), target, decoy))
    with target.asker as asker:
        for name in ("_share", "_rate", "_restore", "_unfold"):
            body = asker.event(name, [data], event_data={"turns": [data], "id": data})
            assert asker.http.post("/gradio_api/run/predict", json=body).status_code == 400
        for name in ("_answer", "_answer_again"):
            body = asker.event(name, [data, None, data])
            assert asker.http.post("/gradio_api/queue/join", json=body).status_code == 400
    assert not was_called(decoy)
    copies = [path for path in target.cache.rglob("*") if path.is_file() and CANARY in path.read_text(errors="ignore")]
    assert copies == []


UPLOADS = {
    "CVE-2023-41626 (any file uploaded)": ("/upload", "a.txt"),
    "CVE-2024-1727 (uploads from another site)": ("/gradio_api/upload", "a.txt"),
    "CVE-2024-47872 (scripts in uploaded pages)": ("/gradio_api/upload", "a.html"),
    "CVE-2024-8966 (an endless boundary)": ("/gradio_api/upload", "a" * 60),
    "CVE-2025-0187 (uploads without end)": ("/gradio_api/upload?upload_id=1", "a.txt"),
    "CVE-2024-10648 (names that lead elsewhere)": ("/gradio_api/upload", "../../../tmp/a.txt"),
}


@pytest.mark.parametrize("advisory", UPLOADS)
def test_no_upload_is_taken(advisory: str, target: Target) -> None:
    path, name = UPLOADS[advisory]
    with target.asker as asker:
        answer = asker.http.post(path, files={"files": (name, b"<script>alert(1)</script>")})
    assert answer.status_code == 404
    assert not [path for path in target.cache.rglob("*") if path.is_file() and b"alert(1)" in path.read_bytes()]


@pytest.mark.parametrize("name", ["make_temp_copy_if_needed", "move_resource_to_block_cache", "__init__"])
def test_cve_2024_1561_and_34511_no_method_of_a_component_is_called(name: str, target: Target) -> None:
    with target.asker as asker:
        config = asker.config()
        bridge = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "bridge")
        call = {"component_id": bridge, "fn_name": name, "data": str(target.secret), "session_hash": "a"}
        answer = asker.http.post("/gradio_api/component_server/", json=call)
    assert (answer.status_code, CANARY in answer.text) == (404, False)


def test_cve_2024_47084_47165_and_2025_5320_no_other_origin_reads(target: Target) -> None:
    with target.asker as asker:
        for origin in ("null", "http://evil.example", "http://localhost:3000", "http://127.0.0.1.evil.example"):
            answer = asker.http.get("/", headers={"origin": origin, "cookie": "a=b"})
            assert answer.status_code == 403
            assert not [name for name in answer.headers if name.startswith("access-control")]


def test_cve_2024_1729_and_34510_gradio_has_no_login_of_its_own(target: Target) -> None:
    with target.asker as asker:
        for path in ("/login", "/login/", "/logout", "/token", "/user", "/gradio_api/login_check"):
            assert {asker.http.request(way, path).status_code for way in ("GET", "POST")} == {404}


@pytest.mark.parametrize("path", ["/config", "/gradio_api/info"])
def test_what_programs_are_told_of_the_page_names_no_place_of_this_machine(path: str, target: Target) -> None:
    with target.asker as asker:
        told = asker.http.get(path)
    assert told.status_code == 200
    for place in (target.secret.parent, Path.cwd(), Path.home(), Path(sys.prefix)):
        assert str(place) not in told.text


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/openapi.json", "/gradio_api/startup-events", "/robots.txt", "/svelte/x", "/manifest.json",
      "/gradio_api/dev/reload", "/gradio_api/vibe-code", "/gradio_api/runs", "/docs", "/openapi.json",
     "/gradio_api/mcp/sse", "/gradio_api/call/_answer", "/gradio_api/deep_link", "/gradio_api/queue/status",
     "/gradio_api/profiling/traces", "/gradio_api/stream/a/1/1/playlist.m3u8"],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(path: str, target: Target) -> None:
    with target.asker as asker:
        assert {asker.http.request(way, path).status_code for way in ("GET", "POST")} == {404}


def test_every_version_that_is_admitted_holds_what_was_mended() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [floor] = [wanted.partition(">=")[2] for wanted in project["dependencies"] if wanted.startswith("gradio>=")]
    newest = max(map(numbers, HELD_BY_VERSION.values()))
    assert newest <= numbers(floor) <= numbers(version("gradio"))


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
