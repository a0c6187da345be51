"""The time that counts for a question, as safe HTML: the control at the question box, the chip of an answer."""

from datetime import date

from index.dates import Window
from rag.request import EVER
from ui.markup import escape, isolate
from ui.turn import Question
from ui.words import ENGLISH, Words


def control(words: Words = ENGLISH) -> str:
    """The period for the questions to come: folded away, its state in the fold's own words (kept by the script)."""
    clear = f'<button type="button" class="clear" data-clear>{words.say("clear")}</button>'
    return (
        f'<details class="period" data-period><summary><span class="aside-only">{words.say("period")}: </span>'
        f'<span class="chosen">{words.say("any_time")}</span></summary>'
        f'<div class="days">{_days(None, None, words)}{clear}</div></details>'
    )


def chip(window: Window, question: Question, turn: int, words: Words = ENGLISH) -> str:
    """The period an answer was looked for in: opened it can be changed, and the question is asked again; beside it a
    button that takes it away. Empty where none was named."""
    label = " · ".join(part for part in (_newest(window, words), words.period(window.since, window.until)) if part)
    if question.is_of_any_time:
        label = words.say("any_time")
    if not label:
        return ""
    if not (window.since or window.until or question.is_of_any_time):
        return f'<span class="chip window">{label}{_origin(window, question, words)}</span>'
    taken = question.is_of_any_time
    again = f'data-again="{turn}" data-question="{escape(question.text)}"'
    change = f'<button type="button" class="again" {again} data-own="{EVER.isoformat()}">{words.say("again")}</button>'
    ever = f'{again} data-since="{EVER.isoformat()}"'
    drop = f'<button type="button" class="clear" {ever}>{words.say("any_time")}</button>'
    fields = f'<div class="days">{_days(window.since, window.until, words)}{change}{"" if taken else drop}</div>'
    summary = (
        f'<summary class="chip window"><span class="aside-only">{words.say("change")}: </span>'
        f"{label}{_origin(window, question, words)}</summary>"
    )
    remove = (
        f'<button type="button" class="remove" {ever} '
        f'aria-label="{words.say("remove")}" title="{words.say("remove")}"></button>'
    )
    shown = "" if taken else remove
    return f'<span class="window-chip"><details class="change" data-period>{summary}{fields}</details>{shown}</span>'


def _days(since: date | None, until: date | None, words: Words) -> str:
    return "".join(
        f'<label>{words.say(label)} <input type="date" name="{name}" max="9999-12-31" '
        f'value="{value.isoformat() if value else ""}"></label>'
        for label, name, value in (("since_day", "since", since), ("until_day", "until", until))
    )


def _newest(window: Window, words: Words) -> str:
    return words.say("newest_first") if window.latest else ""


def _origin(window: Window, question: Question, words: Words) -> str:
    """Where the period comes from: the words it was read from, or the reader."""
    if question.is_of_any_time:
        return ""
    if question.has_period:
        return f' <span class="words">{words.say("as_chosen")}</span>'
    told = words.say("as_read", words=isolate(window.words)) if window.words else ""
    return f' <span class="words">{told}</span>' if told else ""
