"""The house rules that a machine can keep: one direction of imports, heavy libraries in one place, short modules."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {"index": {"index"}, "rag": {"rag", "index"}, "ui": {"ui", "rag", "index"}}
ONE_PLACE = {
    "sentence_transformers": "index/embedding.py",
    "faiss": "index/vector_store.py",
    "openvino": "index/acceleration.py",
    "llama_cpp": "rag/generation.py",
    "gradio": "ui/page/",
    "pymilvus": "index/vector_server.py",
}
HEAVY = {*ONE_PLACE, "torch", "transformers", "sklearn"}
SOURCES = sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in ALLOWED))
LONGEST = 300


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level packages that a tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute, so that they can be read here"
            yield str(node.module).partition(".")[0]


def loaded(path: Path) -> Iterator[str]:
    """What a module imports as soon as it is imported itself: outside functions and `if TYPE_CHECKING`."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imported(node)
        waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_imports_run_one_way(path: Path) -> None:
    ours = {name for name in imported(ast.parse(path.read_text("utf-8"))) if name in {*ALLOWED, "tests"}}
    assert ours <= ALLOWED[path.relative_to(ROOT).parts[0]]


@pytest.mark.parametrize("library", ONE_PLACE)
def test_a_heavy_library_is_imported_in_one_place(library: str) -> None:
    users = {place(path) for path in SOURCES if library in imported(ast.parse(path.read_text("utf-8")))}
    assert users
    assert all(user.startswith(ONE_PLACE[library]) for user in users)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_no_module_loads_a_heavy_library(path: Path) -> None:
    is_page = place(path).startswith("ui/page/") and path.name not in ("__init__.py", "address.py", "ports.py")
    assert set(loaded(path)) & HEAVY <= ({"gradio"} if is_page else set())


def test_no_module_is_named_after_a_library_or_after_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {name.split(">")[0].split("=")[0] for name in project["dependencies"]}
    libraries = {name for name, owners in packages_distributions().items() if wanted & {o.lower() for o in owners}}
    assert {"faiss", "gradio", "click"} <= libraries
    taken = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert not taken & {*libraries, "utils", "util", "helpers", "helper", "common", "misc"}


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize(
    "program",
    [
        "import index, rag",
        "import rag.assistant, rag.library, rag.drafting, index.rebuilding, index.search, index.opening, ui.page",
        "import ui.cli as c, click.testing as t; assert not t.CliRunner().invoke(c.communique, ['--help']).exit_code",
        "import ui.cli as c, click.testing as t; assert not t.CliRunner().invoke(c.communique, ['status']).exit_code",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str) -> None:
    report = f"import sys; print([name for name in {sorted(HEAVY)} if name in sys.modules])"
    run = [sys.executable, "-c", f"{program}\n{report}"]
    assert subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout == "[]\n"


def test_no_public_function_has_the_name_of_a_module_beside_it() -> None:
    """Importing the module would hide the function: `rag.answer` would turn into something that cannot be called."""
    for package in ("index", "rag", "ui"):
        modules = {path.stem for path in (ROOT / package).glob("*.py")}
        tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
        named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert modules.isdisjoint(named)
