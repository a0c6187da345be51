"""What stands around the conversation, as safe HTML: the masthead, the welcome, the example questions."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

from ui.markup import escape, with_code
from ui.turn import Coverage
from ui.words import ENGLISH, MESSAGES, Words

GENERAL = ("ask_count", "ask_period")
"""Phrases that are questions, answered from the index itself in each language."""


def masthead(name: str, coverage: Coverage, words: Words = ENGLISH, user: str = "") -> str:
    """Name, what is indexed, for which period, and the note on the model where there is one.

    It also carries the language and the phrases that the page's script says itself. `user` is who logged in, if any.
    """
    out = f'<form method="post" action="leave"><button class="tool" title="{escape(user)}">{words.say("log_out")}'
    note = f'<p class="model-note" role="note">{_noted(coverage, words)}</p>' if coverage.note else ""
    return (
        f'<header class="masthead" data-language="{words.language}" data-words="{escape(words.for_script())}">'
        f'<h1>{escape(name)}</h1><p class="indexed">{indexed(coverage, words)}</p>'
        f'<p class="tools"><button type="button" class="tool" data-new>{words.say("new")}</button>'
        f'<button type="button" class="tool" data-history>{words.say("history")}</button></p>'
        f"{f'{out}</button></form>' if user else ''}</header>{note}"
    )


def welcome(coverage: Coverage, words: Words = ENGLISH) -> str:
    """What stands above the question box before the first question."""
    title, text = ("welcome_title", "welcome_text") if coverage.releases else ("empty_title", "empty_text")
    return f'<section class="welcome"><h2>{words.say(title)}</h2><p>{with_code(words.say(text))}</p></section>'


def examples(questions: Sequence[str], coverage: Coverage, words: Words = ENGLISH) -> str:
    """Questions made from the releases at hand, each a button that asks it; below them by what they are answered.

    Where none could be made, questions that the index of any releases answers.
    """
    if not coverage.releases:
        return ""
    questions = questions or [words.say(name) for name in GENERAL]
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{shown}" dir="auto">{shown}</button></li>'
        for shown in map(escape, questions)
    )
    return (
        f'<nav class="examples" aria-label="{words.say("examples_label")}"><p>{words.say("examples")}</p>'
        f"<ul>{buttons}</ul></nav>{_made_by(coverage, words)}"
    )


def indexed(coverage: Coverage, words: Words) -> str:
    """How many releases there are, and their period."""
    if not coverage.releases:
        return words.say("none_indexed")
    days = words.period(coverage.since, coverage.until)
    return f"<strong>{words.releases(coverage.releases)}</strong>" + (f" <span>{days}</span>" if days else "")


def _noted(coverage: Coverage, words: Words) -> str:
    """The note on the model, which is in English; to a reader of another language first what it is about."""
    if words.language == MESSAGES:
        return with_code(coverage.note)
    plain = words.say("other_model", model=escape(coverage.model)) if coverage.model else words.say("quoted_only")
    return f'{plain} <span lang="{MESSAGES}">{with_code(coverage.note)}</span>'


def _made_by(coverage: Coverage, words: Words) -> str:
    """Which model answers, and when the index was built."""
    told = [words.say("answered_by", model=coverage.model) if coverage.model else words.say("quoted_only")]
    with contextlib.suppress(ValueError):
        told.append(words.say("rebuilt", moment=words.moment(datetime.fromisoformat(coverage.built).astimezone())))
    return f'<p class="made-by">{escape(" ".join(told))}</p>'
