"""What the program is made of: nothing is unpickled, and every library and model stands in the list of licences."""

import ast
import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from index.embedding import SentenceEncoder
from index.errors import ModelError
from tests.licences import PAGE, libraries, listed, written

ROOT = Path(__file__).parent.parent
SOURCES = sorted(chain.from_iterable((ROOT / folder).rglob("*.py") for folder in ("index", "rag", "ui", "tests")))
PICKLING = {
    "pickle",
    "_pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "diskcache",
    "jsonpickle",
}
CHECKED = {
    "torch.load": ("weights_only", True),
    "np.load": ("allow_pickle", False),
    "numpy.load": ("allow_pickle", False),
    "pd.read_pickle": ("", None),
    "pandas.read_pickle": ("", None),
    "yaml.load": ("", None),
    "yaml.unsafe_load": ("", None),
    "yaml.full_load": ("", None),
}
"""Calls that unpickle, and the argument that keeps them from it; "" where nothing does."""


def unpickling(source: str) -> list[str]:
    """What in a source reads data that could run a program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.partition(".")[0] in PICKLING]
        elif isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in PICKLING:
            found.append(str(node.module))
        elif isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in CHECKED:
            wanted, value = CHECKED[name]
            given = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg == wanted}
            if given.get(wanted, "nothing") is not value:
                found.append(name)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            found.append("allow_pickle")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_unpickled(path: Path) -> None:
    assert unpickling(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "def later():\n    import dill.source",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "numpy.save(path, rows, allow_pickle=anything)",
        "yaml.load(text, Loader)",
    ],
)
def test_what_unpickles_is_found(source: str) -> None:
    assert unpickling(source)


def test_what_does_not_is_not() -> None:
    assert unpickling("torch.load(path, weights_only=True)\nnp.load(path, allow_pickle=False)\nyaml.safe_load(x)") == []


@pytest.mark.model
def test_an_encoder_whose_weights_are_pickled_is_refused(tmp_path: Path) -> None:
    sizes = {
        "vocab_size": 8,
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "intermediate_size": 8,
    }
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"], **sizes}))
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\n")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04N.")
    with pytest.raises(ModelError, match="safetensors"):
        SentenceEncoder("pickled", tmp_path)


def test_the_list_of_licences_holds_what_is_installed() -> None:
    """It may hold more: libraries that only another system or an older Python needs."""
    assert libraries().items() - listed().items() == set(), "run `make licences`"


def test_the_list_of_licences_holds_nothing_that_is_gone() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert {name for name in listed() if name.lower().replace("_", "-") not in {*pinned, "torch"}} == set()


def test_the_list_of_licences_names_every_model_and_font() -> None:
    page = PAGE.read_text("utf-8")
    for name, facts in json.loads((ROOT / "index" / "models.json").read_text("utf-8")).items():
        assert f"| {name} | {facts['title']} | {facts['licence']} |" in page
    assert "SIL OFL 1.1" in page


def test_no_library_may_be_used_only_under_terms_that_are_passed_on() -> None:
    strict = {name: terms for name, terms in libraries().items() if "GPL" in terms and " OR " not in terms}
    assert {name for name, terms in strict.items() if "LGPL" not in terms} == set()


def test_every_library_has_a_licence() -> None:
    assert [name for name, terms in libraries().items() if not terms] == []


def test_what_is_written_is_what_is_read() -> None:
    found = written(libraries())
    assert all(f"| {name} | {terms} |" in found for name, terms in libraries().items())


def test_every_library_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line]
    names = {word.split(">")[0].split("[")[0].split("<")[0].lower() for word in wanted}
    assert names - set(pins) == {"torch"}
    places = [
        (name, line.partition(";")[2])
        for name, line in zip(pins, (line for line in lines if "==" in line), strict=True)
    ]
    assert len(places) == len(set(places)), "a library is pinned twice"


def test_every_pin_is_exact() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#") and "==" not in line] == []


def test_what_the_page_on_security_names_is_there() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    named = {*re.findall(r"`((?:index|rag|ui|tests)/[\w/.*]+)`", page), *re.findall(r"\]\(([\w/.-]+)\)", page)}
    assert len(named) > 8
    assert [name for name in named if not list(ROOT.glob(name))] == []
