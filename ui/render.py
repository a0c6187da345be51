"""An answer, finished or still arriving, as safe HTML, and what stands around it: masthead, welcome, progress, refusal.

Pure functions over the records of `rag.answers`: no state, no Gradio, nothing read as markup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol

from index.dates import Window
from rag.answers import Answer, AnswerSentence, Citation, Progress, SentenceKind
from ui.markup import day, escape, isolate, period, plural, with_code
from ui.sources import Releases, near_list, source_id, source_list


class Coverage(Protocol):
    """What is indexed: how many releases, the period they cover, and by what they are answered."""

    @property
    def releases(self) -> int: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class Turn:
    """One question and what has become of it so far; `answer` is set once it is whole, `error` where it failed."""

    number: int
    question: str
    coverage: Coverage
    progress: Progress | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    stopped: bool = False
    error: str = ""

    @property
    def running(self) -> bool:
        return self.answer is None and not self.stopped and not self.error


_STAGES = {
    "searching": ("Searching", "Searching the releases"),
    "reading": ("Reading", "Reading the sentences found"),
    "writing": ("Writing", "Writing, and checking each sentence"),
}


def masthead(name: str, coverage: Coverage) -> str:
    """Name, what is indexed, for which period, and the note on the model where there is one."""
    note = f'<p class="model-note" role="note">{with_code(coverage.note)}</p>' if coverage.note else ""
    return f'<header class="masthead"><h1>{escape(name)}</h1><p class="indexed">{_indexed(coverage)}</p></header>{note}'


def welcome(coverage: Coverage) -> str:
    """What stands above the question box before the first question."""
    if not coverage.releases:
        return (
            '<section class="welcome"><h2>Nothing is indexed yet</h2>'
            "<p>Run <code>communique rebuild FOLDER</code> with a folder of press releases, then reload this page.</p>"
            "</section>"
        )
    return (
        '<section class="welcome"><h2>What would you like to know?</h2>'
        "<p>Every sentence of an answer leads to the sentence of the release it came from.</p></section>"
    )


def examples(questions: Sequence[str]) -> str:
    """Questions made from the releases at hand, each a button that asks it."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{shown}" dir="auto">{shown}</button></li>'
        for shown in map(escape, questions)
    )
    return f'<nav class="examples" aria-label="Example questions"><p>For example</p><ul>{buttons}</ul></nav>'


def turn(turn: Turn, releases: Releases) -> str:
    """A question and its answer as far as it has come, the sources beside it."""
    beside = _beside(turn, releases)
    busy = "true" if turn.running else "false"
    answer = f'<div class="answer" aria-live="polite" aria-busy="{busy}">{_body(turn)}</div>'
    return (
        f'<article class="turn{"" if beside else " alone"}" id="turn-{turn.number}" data-turn="{turn.number}">'
        f'<h2 class="question" dir="auto">{escape(turn.question)}</h2>'
        f'<div class="columns">{answer}{beside}</div></article>'
    )


def prose(sentences: Iterable[AnswerSentence], turn: int, citations: Sequence[Citation] = ()) -> str:
    """Stated sentences run on as paragraphs, each followed by its numbered links; notices stand apart between them."""
    cited = {citation.marker: citation for citation in citations}
    blocks: list[str] = []
    for kind, group in groupby(sentences, key=lambda sentence: sentence.kind):
        if kind is SentenceKind.NOTICE:
            blocks.extend(notice(sentence.text) for sentence in group)
        else:
            blocks.append(f'<p class="stated">{" ".join(_stated(sentence, turn, cited) for sentence in group)}</p>')
    return "".join(blocks)


def notice(text: str) -> str:
    """A sentence of our own, visibly not one of a release."""
    return f'<p class="notice" role="note" dir="auto"><span class="aside-only">Note: </span>{escape(text)}</p>'


def window_chip(window: Window) -> str:
    """The period read from the question; empty where it named none."""
    days = period(window.since, window.until)
    label = " · ".join(part for part in ("newest first" if window.latest else "", days) if part)
    if not label:
        return ""
    words = f' <span class="words">from {isolate(f"“{window.words}”")}</span>' if window.words else ""
    return f'<span class="chip window"><span class="aside-only">Period: </span>{label}{words}</span>'


def progress_line(progress: Progress | None, coverage: Coverage) -> str:
    """The stage, the steps before and after it, and the seconds so far (the page's script keeps them going)."""
    stage = progress.stage if progress else "searching"
    ahead = progress.ahead if progress else 0
    words = _STAGES.get(stage, ("", "Working"))[1]
    if stage == "waiting":
        words = f"Waiting: {plural(ahead, 'question')} before yours" if ahead else "Waiting: yours is next"
    elif stage == "searching":
        words = f"Searching {plural(coverage.releases, 'release')}"
    seconds = progress.seconds if progress else 0.0
    return (
        f'<div class="progress" data-stage="{escape(stage)}"><span class="pulse" aria-hidden="true"></span>'
        f'<span class="stage" role="status">{words}</span>{_steps(stage)}'
        f'<span class="elapsed" data-seconds="{seconds:.1f}" aria-hidden="true">{seconds:.0f} s</span></div>'
    )


def _indexed(coverage: Coverage) -> str:
    if not coverage.releases:
        return "no releases indexed"
    days = period(coverage.since, coverage.until)
    return f"<strong>{plural(coverage.releases, 'release')}</strong>" + (f" <span>{days}</span>" if days else "")


def _steps(stage: str) -> str:
    names = list(_STAGES)
    now = names.index(stage) if stage in names else -1
    items = "".join(
        f'<li class="{"done" if place < now else "now" if place == now else "next"}">{_STAGES[name][0]}</li>'
        for place, name in enumerate(names)
    )
    return f'<ol class="steps" aria-hidden="true">{items}</ol>'


def _body(turn: Turn) -> str:
    if turn.answer is not None and turn.answer.refused:
        return _refusal(turn.answer, turn)
    told = prose(turn.sentences, turn.number, turn.citations)
    if turn.error:
        reason = f"<h3>This could not be answered</h3><p>{with_code(turn.error)}</p>"
        return f'{told}<div class="trouble" role="alert">{reason}</div>'
    if turn.stopped:
        kept = "The sentences above were verified." if turn.sentences else "Nothing had been verified yet."
        return told + notice(f"Stopped. {kept}")
    if turn.answer is None:
        return told + progress_line(turn.progress, turn.coverage)
    return _chips(turn.answer) + told + _matches(turn.answer) + _facts(turn.answer)


def _beside(turn: Turn, releases: Releases) -> str:
    nearest = turn.answer.nearest if turn.answer else ()
    if turn.answer is not None and turn.answer.refused:
        listed = f"<h3>Nearest releases</h3>{near_list(nearest)}"
        label = f"Releases nearest to question {turn.number}"
        return f'<aside class="sources near-ones" aria-label="{label}">{listed}</aside>' if nearest else ""
    if not turn.citations:
        return ""
    pane = source_list(turn.number, turn.citations, releases)
    if not nearest:
        return pane
    fold = f'<details class="others"><summary>Other releases searched</summary>{near_list(nearest)}</details></aside>'
    return pane.removesuffix("</aside>") + fold


def _stated(sentence: AnswerSentence, turn: int, cited: dict[int, Citation]) -> str:
    links = "".join(_cite(marker, turn, cited.get(marker)) for marker in sentence.citations)
    return f'<span class="sentence" dir="auto">{escape(sentence.text)}{links}</span>'


def _cite(marker: int, turn: int, citation: Citation | None) -> str:
    label, quote = f"Source {marker}", ""
    if citation is not None:
        label += f": {citation.title or citation.release_id}, {day(citation.date)}"
        quote = f' aria-description="{escape(citation.quote)}"'
    return (
        f'<a class="cite" href="#{source_id(turn, marker)}" data-cite="{marker}" '
        f'aria-label="{escape(label)}"{quote}>{marker}</a>'
    )


def _chips(answer: Answer) -> str:
    differ = '<span class="chip differ">Releases differ</span>' if answer.conflict else ""
    reread = ""
    if answer.standalone_question.strip() not in ("", answer.question.strip()):
        reread = f'<span class="chip reread">Read as {isolate(f"“{answer.standalone_question}”")}</span>'
    chips = window_chip(answer.window) + differ + reread
    return f'<p class="chips">{chips}</p>' if chips else ""


def _matches(answer: Answer) -> str:
    """The list behind a count, folded; each opens its release."""
    if not answer.matches:
        return ""
    listed = near_list(answer.matches)
    return f'<details class="others"><summary>Show {plural(len(answer.matches), "release")}</summary>{listed}</details>'


def _facts(answer: Answer) -> str:
    parts = [f"{answer.timings.total:.1f} s" if answer.timings.total else "", escape(answer.model)]
    text = " · ".join(part for part in parts if part)
    return f'<p class="facts">{text}</p>' if text else ""


def _refusal(answer: Answer, turn: Turn) -> str:
    """Our first sentence as the heading, what was searched below it; the nearest releases stand beside as a list."""
    told = [sentence for sentence in answer.sentences if not _only_names(sentence, answer)]
    heading = f'<h3 dir="auto">{escape(told[0].text)}</h3>' if told else ""
    rest = prose(told[1:], turn.number, answer.citations)
    return f'{_chips(answer)}<div class="refusal">{heading}{rest}</div>{_facts(answer)}'


def _only_names(sentence: AnswerSentence, answer: Answer) -> bool:
    """Whether a notice says no more than the list of nearest releases shows."""
    return bool(answer.nearest) and all(near.title and near.title in sentence.text for near in answer.nearest)
