"""The distribution as someone else installs it: its types reach their checker, and its data files are in it."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

HERE = Path(__file__).parent.parent
OUTSIDE = HERE / "tests" / "outside.py"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the packages, so that nothing is left in the project."""
    source = tmp_path_factory.mktemp("source")
    for package in ("index", "rag", "ui"):
        shutil.copytree(HERE / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(HERE / name, source)
    built = tmp_path_factory.mktemp("wheel")
    command = f"from setuptools.build_meta import build_wheel; build_wheel({str(built)!r})"
    subprocess.run([sys.executable, "-c", command], cwd=source, check=True, capture_output=True, timeout=120)
    [made] = built.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the distribution, and nothing of the project's folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, with_pip=False)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    return folder


def checked(program: str, elsewhere: Path, folder: Path) -> str:
    (folder / "program.py").write_text(program, encoding="utf-8")
    python = elsewhere / "bin" / "python"
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "program.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False).stdout


def test_a_program_outside_is_checked_strictly(elsewhere: Path, tmp_path: Path) -> None:
    assert checked(OUTSIDE.read_text("utf-8"), elsewhere, tmp_path) == "Success: no issues found in 1 source file\n"


def test_what_is_wrong_outside_is_found(elsewhere: Path, tmp_path: Path) -> None:
    program = 'from rag import answer, nothing\n\nanswer("?", since=5).text.upper() + 1\n'
    found = checked(program, elsewhere, tmp_path)
    for kind in ("attr-defined", "arg-type", "operator"):
        assert f"[{kind}]" in found


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for package in ("index", "rag", "ui"):
        files = {path for path in (HERE / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        assert {path.relative_to(HERE).as_posix() for path in files} <= packed
