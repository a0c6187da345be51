"""What can be done with a turn that has ended, as safe HTML: copied, asked in other words, asked again, judged."""

from rag.feedback import REASONS, Verdict
from ui.clip import as_markdown, as_text
from ui.markup import escape
from ui.turn import Turn
from ui.words import ENGLISH, Words


def actions(turn: Turn, words: Words = ENGLISH) -> str:
    """The buttons; what they copy and ask is in their attributes, for the script."""
    asked = turn.question.text
    copies, known = "", turn.coverage.link_hosts
    if turn.answer is not None:
        text, markdown = as_text(asked, turn.answer, words), as_markdown(asked, turn.answer, words, known)
        copies = _button(words.say("copy"), f'data-copy="{escape(text)}"')
        copies += _button(words.say("link"), "data-link")
        copies += _button(words.say("copy_markdown"), f'data-copy-markdown data-copy="{escape(markdown)}"')
    edit = _button(words.say("edit"), edit_fields(turn, asked))
    again = f'data-again="{turn.number}" data-question="{escape(asked)}" {_days(turn)}'
    judged = _thumbs(words) if turn.answer is not None else ""
    return f'<p class="actions">{copies}{edit}{_button(words.say("again"), again)}</p>{judged}'


def _thumbs(words: Words) -> str:
    """Two buttons, each with the reasons that the script offers once it was pressed."""
    buttons = "".join(
        f'<button type="button" class="thumb {verdict}" data-rate="{verdict}" aria-pressed="false" '
        f'data-reasons="{" ".join(REASONS[verdict])}" aria-label="{words.say(verdict)}" '
        f'title="{words.say(verdict)}"></button>'
        for verdict in (Verdict.GOOD, Verdict.BAD)
    )
    group = f'<span role="group" aria-label="{words.say("rate")}">{buttons}</span>'
    return f'<div class="feedback">{group}<span class="thanks" role="status"></span></div>'


def edit_fields(turn: Turn, text: str) -> str:
    """The attributes of a button that opens `text` as the question of a turn, to be changed and asked again."""
    return f'data-edit="{escape(text)}" data-turn="{turn.number}" {_days(turn)}'


def _button(label: str, attributes: str) -> str:
    return f'<button type="button" class="act" {attributes}>{label}</button>'


def _days(turn: Turn) -> str:
    """The period that the reader had set for the question goes along."""
    since, until = turn.question.since, turn.question.until
    days = {"since": since, "until": until}
    return " ".join(f'data-{name}="{value.isoformat() if value else ""}"' for name, value in days.items())
