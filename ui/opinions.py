"""`communique feedback`: what readers thought of answers, listed, exported, and made into questions for the gate."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.settings import Settings

if TYPE_CHECKING:
    from rag.feedback import Feedback

_SHOWN = 70
"""Characters of a question in the table."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print every opinion with its whole answer as JSON.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write JSON Lines.")
@click.option("--to-gate", is_flag=True, help="Make questions for gate.jsonl of the answers that were called good.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only this opinion; with --to-gate whatever it says.")
def feedback(as_json: bool, export: Path | None, to_gate: bool, ids: tuple[str, ...]) -> None:
    """List what readers of the chat page thought of its answers."""
    from rag.feedback import FeedbackBook

    if as_json + bool(export) + to_gate > 1:
        raise UsageError("--json, --export and --to-gate are three different things; give one of them")
    home = Settings.load().home
    found = _chosen(FeedbackBook(home).read(), ids)
    if as_json:
        click.echo(json.dumps([item.to_dict() for item in found], ensure_ascii=False, indent=2))
    elif export:
        _export(found, export)
    elif to_gate:
        _extend(home, found, bool(ids))
    else:
        _list(found)


def _chosen(found: "list[Feedback]", ids: Sequence[str]) -> "list[Feedback]":
    unknown = set(ids) - {item.id for item in found}
    if unknown:
        raise UsageError(f"there is no opinion {min(unknown)!r}; `communique feedback` lists them")
    return [item for item in found if not ids or item.id in ids]


def _list(found: "Sequence[Feedback]") -> None:
    from ui.terminal import harmless

    if not found:
        click.echo("No answer has been judged yet.")
    for item in found:
        question = " ".join(item.question.split())
        question = question if len(question) <= _SHOWN else question[: _SHOWN - 1] + "…"
        click.echo(harmless(f"{item.id}  {item.time:%Y-%m-%d %H:%M}  {item.verdict.value:4}  {question}"))
        why = ". ".join(part for part in (", ".join(item.reasons), " ".join(item.words.split())) if part)
        if why:
            click.echo(harmless(f"    {why}"))


def _export(found: "Sequence[Feedback]", target: Path) -> None:
    from index.inbox import put

    lines = [json.dumps(item.to_dict(), ensure_ascii=False) + "\n" for item in found]
    put("".join(lines).encode(), target, 0o600)
    click.echo(f"{_counted(len(lines), 'opinion')} written to {target}")


def _extend(home: Path, found: "Sequence[Feedback]", any_verdict: bool) -> None:
    from index.gate import NAME, extend_gate
    from rag.feedback import Verdict

    wanted = []
    for item in found:
        if not (any_verdict or item.verdict is Verdict.GOOD):
            continue
        try:
            wanted.append(item.expectation())
        except UsageError as reason:
            click.echo(f"{item.id} is left out: {reason}", err=True)
    added = extend_gate(home / NAME, wanted)
    known = len(wanted) - len(added)
    also = f"; {_counted(known, 'question')} stood there already" if known else ""
    click.echo(f"{_counted(len(added), 'question')} added to {home / NAME}{also}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
