"""What the README and the Makefile say can be done."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.settings import Settings
from ui.cli import communique

HERE = Path(__file__).parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")
MAKEFILE = (HERE / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"communique ([a-z]+)\b(?! is)", README))))
def test_a_command_of_the_readme_exists(name: str) -> None:
    result = CliRunner().invoke(communique, [name, "--help"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, re.MULTILINE))))
def test_a_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_a_file_the_readme_links_to_exists(path: str) -> None:
    assert (HERE / path).is_file()


def test_the_python_example_runs_as_far_as_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example is real code: without an index it ends in the error that names the command, and in no other."""
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    with pytest.raises(Exception, match="communique rebuild"):
        exec(compile(example, "README", "exec"), {})


def test_the_gate_calls_the_readmes_test_command() -> None:
    gate = (HERE / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in gate
    assert "make test" in README


def test_what_the_network_page_says_can_be_done(tmp_path: Path) -> None:
    page = (HERE / "docs" / "network.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "communique.toml").write_text(example, encoding="utf-8")
    assert Settings.load(tmp_path / "communique.toml", environ={}).server.names == ("chat.example.org",)
    for name in set(re.findall(r"communique users (\w+)", page)):
        assert CliRunner().invoke(communique, ["users", name, "--help"]).exit_code == 0
