"""The image and its compose file hold together with the project; nothing is built here."""

import json
import re
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from index.settings import Settings
from tests.licences import libraries

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["page"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def pins(name: str) -> dict[str, str]:
    """The versions of a file of pins, by plain name."""
    found = re.findall(r"^([\w.-]+)==([\w.+]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {library.lower().replace("_", "-"): version for library, version in found}


def test_the_lock_holds_every_library_at_the_version_that_is_tested() -> None:
    locked, tested = pins("requirements.lock"), pins("constraints.txt")
    assert {name: version for name, version in locked.items() if tested.get(name) != version} == {}
    assert {name.lower().replace("_", "-") for name in libraries()} - set(locked) == {"torch"}, "run `make lock`"


def test_every_library_of_the_lock_has_the_hash_of_its_file() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(re.findall(r"^ +--hash=sha256:[0-9a-f]{64}$", text, re.MULTILINE)) == len(pins("requirements.lock"))
    assert "--no-deps --require-hashes -r requirements.lock" in DOCKERFILE


def test_what_the_image_copies_is_there_and_is_not_kept_from_it() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert sorted(names) == sorted(let_in)
    assert all((ROOT / name).exists() for name in names)


def test_the_image_is_built_from_what_make_builds() -> None:
    [torch] = re.findall(r"^TORCH \?= (\S+)$", MAKEFILE, re.MULTILINE)
    assert f"ARG TORCH={torch}\n" in DOCKERFILE
    [own] = re.findall(r"^LLAMA_CMAKE := (.*?) \$\(LLAMA_CMAKE_ARGS\)$", MAKEFILE, re.MULTILINE | re.DOTALL)
    assert " ".join(own.replace("\\\n", " ").split()) in DOCKERFILE


def test_it_does_not_run_as_root_and_writes_in_its_volume_alone() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert (COMPOSE["user"], COMPOSE["read_only"], COMPOSE["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert [place for place in COMPOSE["volumes"] if not place.endswith(":ro")] == ["data:/data"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["ports"])


def test_it_is_given_the_time_that_answers_are_given() -> None:
    assert int(COMPOSE["stop_grace_period"].removesuffix("s")) >= Settings().limits.stop_seconds + 3
    assert COMPOSE["init"]


def test_its_settings_are_settings() -> None:
    [block] = re.findall(r"^ENV (PATH=.*?[^\\])$", DOCKERFILE.rpartition("FROM")[2], re.MULTILINE | re.DOTALL)
    environ = dict(word.split("=", 1) for word in block.replace("\\\n", " ").split())
    own = {name: value for name, value in environ.items() if name.startswith("COMMUNIQUE_")}
    settings = Settings.load(environ=own)
    assert (str(settings.home), settings.log.format) == ("/data", "json")


def test_its_health_check_is_a_program() -> None:
    [command] = re.findall(r"^HEALTHCHECK [^\n]*\n    CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    python, flag, program = json.loads(command)
    assert (python, flag) == ("python", "-c")
    compile(program, "HEALTHCHECK", "exec")
    assert "'/health'" in program
