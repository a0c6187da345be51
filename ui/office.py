"""The administrator's page as safe HTML: what is indexed, uploads, rebuild, rollback, what was set aside, opinions."""

from collections.abc import Sequence
from typing import Protocol

from index.draft import SetAside
from index.rebuilding import RebuildReport
from rag.feedback import Feedback
from ui.frame import indexed
from ui.markup import escape, isolate, with_code
from ui.turn import Coverage
from ui.words import Words

SHOWN = 200
"""Rows of a list; the command line has them all."""


class Progress(Protocol):
    """How far a rebuild is, or how the last one ended."""

    @property
    def running(self) -> bool: ...
    @property
    def stage(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def report(self) -> RebuildReport | None: ...
    @property
    def error(self) -> str: ...


def office(
    coverage: Coverage,
    work: Progress,
    set_aside: Sequence[SetAside],
    opinions: Sequence[Feedback],
    key: str,
    words: Words,
    error: str = "",
) -> str:
    """The whole page for one who was let in; `key` is what its forms carry."""
    alert = f'<p role="alert" class="error" lang="en">{with_code(error)}</p>' if error else ""
    return (
        f"<header><h1>{words.say('admin')}</h1>{_form('leave', words.say('leave'), key)}</header>{alert}"
        f"<section><h2>{words.say('indexed')}</h2><p>{indexed(coverage, words)}</p>"
        f'<p class="soft">{words.say("stored_index", snapshot=escape(coverage.snapshot))}</p>'
        f'<div id="work" role="status">{progress(work, words)}</div></section>'
        f"<section><h2>{words.say('add')}</h2>{_upload(key, words)}</section>"
        f"<section><h2>{words.say('rebuild')}</h2>{_form('rebuild', words.say('rebuild_now'), key)}"
        f"<details><summary>{words.say('rollback')}</summary>{_form('rollback', words.say('rollback_sure'), key)}"
        f"</details></section>{_aside(set_aside, words)}{_opinions(opinions, words)}"
    )


def progress(work: Progress, words: Words) -> str:
    """How far the rebuild is, or how the last one ended; empty where there was none."""
    if work.running:
        bar = f' value="{work.done}" max="{work.total}"' if work.total else ""
        label = words.say("rebuilding")
        stage = f'<span lang="en">{escape(work.stage)}</span> {work.done or ""}'
        return f'<p data-running>{label} {stage}</p><progress aria-label="{label}"{bar}></progress>'
    if work.error:
        return f'<p class="error" lang="en">{with_code(work.error)}</p>'
    if work.report is None:
        return ""
    counts = {name: getattr(work.report, name) for name in ("added", "changed", "withdrawn", "unchanged")}
    return f"<p>{words.say('rebuilt_now', **counts)}</p>"


def _form(action: str, label: str, key: str) -> str:
    return f'<form method="post" action="admin/{action}?key={key}"><button>{label}</button></form>'


def _upload(key: str, words: Words) -> str:
    return (
        f'<form method="post" enctype="multipart/form-data" action="admin/add?key={key}"><label>{words.say("files")} '
        f'<input type="file" name="files" multiple required></label><button>{words.say("add_now")}</button></form>'
    )


def _aside(rows: Sequence[SetAside], words: Words) -> str:
    items = "".join(
        f'<tr><th scope="row">{isolate(row.source)}</th><td lang="en">{escape(row.reason)}</td></tr>'
        for row in rows[:SHOWN]
    )
    table = f"<table><tbody>{items}</tbody></table>" if items else f"<p>{words.say('none')}</p>"
    return f"<section><h2>{words.say('set_aside')} ({len(rows):,})</h2>{table}</section>"


def _opinions(opinions: Sequence[Feedback], words: Words) -> str:
    items = "".join(_opinion(item, words) for item in reversed(opinions[-SHOWN:]))
    table = f"<table><tbody>{items}</tbody></table>" if items else f"<p>{words.say('none')}</p>"
    return f"<section><h2>{words.say('feedback')} ({len(opinions):,})</h2>{table}</section>"


def _opinion(item: Feedback, words: Words) -> str:
    why = "; ".join(
        [*(words.say(f"because_{reason}") for reason in item.reasons), *([item.words] if item.words else [])]
    )
    told = words.say(item.verdict.value) + (f": {why}" if why else "")
    moment = words.moment(item.time.astimezone())
    return f'<tr><th scope="row">{isolate(item.question)}</th><td>{isolate(told)}</td><td>{moment}</td></tr>'
