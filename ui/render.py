"""A question and its answer, finished or still arriving, as safe HTML: progress, sentences, refusal, sources beside.

Pure functions over a `Turn`: no state, no Gradio, nothing read as markup.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rag.answers import Answer, AnswerSentence, Citation, NearRelease, Progress, SentenceKind
from rag.overview import LISTED
from ui.actions import actions, edit_fields
from ui.markup import escape, isolate, with_code
from ui.period import chip
from ui.sources import Releases, near_list, source_id, source_list
from ui.timeline import timeline
from ui.turn import Coverage, Turn
from ui.words import ENGLISH, MESSAGES, Words

_STAGES = ("searching", "reading", "writing")


def turn(turn: Turn, releases: Releases, words: Words = ENGLISH) -> str:
    """A question and its answer as far as it has come, the sources beside it."""
    beside = _beside(turn, releases, words)
    busy = "true" if turn.running else "false"
    answer = f'<div class="answer" aria-busy="{busy}">{_body(turn, words)}</div>'
    return (
        f'<article class="turn{"" if beside else " alone"}" id="turn-{turn.number}" data-turn="{turn.number}">'
        f'<h2 class="question" dir="auto">{escape(turn.question.text)}</h2>'
        f'<div class="columns">{answer}{beside}</div></article>'
    )


def prose(
    sentences: Iterable[AnswerSentence], turn: int, citations: Sequence[Citation] = (), words: Words = ENGLISH
) -> str:
    """Stated sentences run on as paragraphs, each followed by its numbered links; notices stand apart between them."""
    cited = {citation.marker: citation for citation in citations}
    blocks: list[str] = []
    for kind, group in groupby(sentences, key=lambda sentence: sentence.kind):
        if kind is SentenceKind.NOTICE:
            blocks.extend(notice(sentence.text, words) for sentence in group)
        else:
            told = " ".join(_stated(sentence, turn, cited, words) for sentence in group)
            blocks.append(f'<p class="stated">{told}</p>')
    return "".join(blocks)


def notice(text: str, words: Words = ENGLISH) -> str:
    """A sentence of our own, visibly not one of a release."""
    label = f'<span class="aside-only">{words.say("note")}</span>'
    return f'<p class="notice" role="note" dir="auto">{label}{escape(text)}</p>'


def progress_line(progress: Progress | None, coverage: Coverage, words: Words = ENGLISH) -> str:
    """The stage, the steps before and after it, and the seconds so far (the page's script keeps them going)."""
    stage = progress.stage if progress else "searching"
    ahead = progress.ahead if progress else 0
    told = words.say(f"{stage}_now" if stage in _STAGES else "working", releases=words.releases(coverage.releases))
    if stage == "waiting":
        told = words.say("waiting", ahead, n=ahead) if ahead else words.say("waiting_next")
    seconds = progress.seconds if progress else 0.0
    return (
        f'<div class="progress" data-stage="{escape(stage)}"><span class="pulse" aria-hidden="true"></span>'
        f'<span class="stage">{told}</span>{_steps(stage, words)}'
        f'<span class="elapsed" data-seconds="{seconds:.1f}" aria-hidden="true">'
        f"{words.say('seconds', n=f'{seconds:.0f}')}</span></div>"
    )


def _found(progress: Progress | None, words: Words) -> str:
    """What a release says that is likely to answer, for whoever waits for the wording."""
    if not (progress and progress.found):
        return ""
    title = "".join(isolate(citation.title) for citation in progress.found.citations)
    told = f'<p dir="auto">{escape(progress.found.sentence.text)}</p>'
    return f'<div class="found"><span>{words.say("found")}</span>{told}<span>{title}</span></div>'


def _steps(stage: str, words: Words) -> str:
    now = _STAGES.index(stage) if stage in _STAGES else -1
    items = "".join(
        f'<li class="{"done" if place < now else "now" if place == now else "next"}">{words.say(name)}</li>'
        for place, name in enumerate(_STAGES)
    )
    return f'<ol class="steps" aria-hidden="true">{items}</ol>'


def _body(turn: Turn, words: Words) -> str:
    if turn.answer is not None and turn.answer.refused:
        return _refusal(turn.answer, turn, words)
    told = prose(turn.sentences, turn.number, turn.citations, words)
    if turn.error:
        reason = f"<h3>{words.say('failed')}</h3><p>{with_code(turn.error)}</p>"
        reason += f'<p class="detail" lang="{MESSAGES}">{with_code(turn.detail)}</p>' if turn.detail else ""
        return f'{told}<div class="trouble" role="alert">{reason}</div>{actions(turn, words)}'
    if turn.stopped:
        kept = notice(words.say("stopped_kept" if turn.sentences else "stopped"), words)
        return told + kept + actions(turn, words)
    if turn.answer is None:
        return (
            told + progress_line(turn.progress, turn.coverage, words) + ("" if told else _found(turn.progress, words))
        )
    behind = _matches(turn.answer, turn.number, words)
    return _chips(turn.answer, turn, words) + told + behind + _facts(turn.answer, words) + actions(turn, words)


def _beside(turn: Turn, releases: Releases, words: Words) -> str:
    nearest = turn.answer.nearest if turn.answer else ()
    if turn.answer is not None and turn.answer.refused:
        listed = f"<h3>{words.say('nearest')}</h3>{near_list(nearest, words)}"
        label = words.say("nearest_label", n=turn.number)
        return f'<aside class="sources near-ones" aria-label="{label}">{listed}</aside>' if nearest else ""
    if not turn.citations:
        return ""
    pane = source_list(turn.number, turn.citations, releases, words, turn.coverage.link_hosts)
    if not nearest:
        return pane
    fold = f'<details class="others"><summary>{words.say("others")}</summary>{near_list(nearest, words)}</details>'
    return f"{pane.removesuffix('</aside>')}{fold}</aside>"


def _stated(sentence: AnswerSentence, turn: int, cited: dict[int, Citation], words: Words) -> str:
    links = "".join(_cite(marker, turn, cited.get(marker), words) for marker in sentence.citations)
    return f'<span class="sentence" dir="auto">{escape(sentence.text)}{links}</span>'


def _cite(marker: int, turn: int, citation: Citation | None, words: Words) -> str:
    label, quote = words.say("source", n=marker), ""
    if citation is not None:
        title = citation.title or citation.release_id
        label = words.say("source_of", n=marker, title=title, day=words.day(citation.date))
        quote = f' aria-description="{escape(citation.quote)}"'
    return (
        f'<a class="cite" href="#{source_id(turn, marker)}" data-cite="{marker}" '
        f'aria-label="{escape(label)}"{quote}>{marker}</a>'
    )


def _chips(answer: Answer, turn: Turn, words: Words) -> str:
    differ = f'<span class="chip differ">{words.say("differ")}</span>' if answer.conflict else ""
    reread = ""
    if answer.standalone_question.strip() not in ("", answer.question.strip()):
        told = words.say("reread", question=isolate(answer.standalone_question))
        title = f'title="{words.say("edit")}"'
        fields = edit_fields(turn, answer.standalone_question)
        reread = f'<button type="button" class="chip reread" {title} {fields}>{told}</button>'
    chips = chip(answer.window, turn.question, turn.number, words) + differ + reread
    return f'<div class="chips">{chips}</div>' if chips else ""


def _matches(answer: Answer, turn: int, words: Words) -> str:
    """When the releases behind an answer were published, and for a count the list behind it, folded."""
    if not answer.matches:
        cited = [NearRelease(c.release_id, c.title, c.date, c.url) for c in answer.citations]
        found = {release.release_id: release for release in (*cited, *answer.nearest)}
        return timeline(turn, list(found.values()), words)
    count = len(answer.matches)
    are_newest = count == LISTED
    told = words.say("behind_newest" if are_newest else "behind", releases=words.releases(count))
    fold = f'<details class="others"><summary>{told}</summary>{near_list(answer.matches, words)}</details>'
    return timeline(turn, answer.matches, words, are_newest) + fold


def _facts(answer: Answer, words: Words) -> str:
    took = f"{answer.timings.total:.1f}"
    seconds = words.say("seconds", n=took) if float(took) else ""
    text = " · ".join(part for part in (seconds, escape(answer.model)) if part)
    return f'<p class="facts">{text}</p>' if text else ""


def _refusal(answer: Answer, turn: Turn, words: Words) -> str:
    """Our first sentence as the heading, what was searched below it; the nearest releases stand beside as a list."""
    told = [sentence for sentence in answer.sentences if not _only_names(sentence, answer)]
    heading = f'<h3 dir="auto">{escape(told[0].text)}</h3>' if told else ""
    rest = prose(told[1:], turn.number, answer.citations, words)
    after = _facts(answer, words) + actions(turn, words)
    return f'{_chips(answer, turn, words)}<div class="refusal">{heading}{rest}</div>{after}'


def _only_names(sentence: AnswerSentence, answer: Answer) -> bool:
    """Whether a notice says no more than the list of nearest releases shows."""
    return bool(answer.nearest) and all(near.title and near.title in sentence.text for near in answer.nearest)
