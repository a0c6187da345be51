"""What can be done with a turn that has ended, as safe HTML: copied, asked in other words, asked again."""

from ui.clip import as_markdown, as_text
from ui.markup import escape
from ui.turn import Turn
from ui.words import ENGLISH, Words


def actions(turn: Turn, words: Words = ENGLISH) -> str:
    """The buttons; what they copy and ask is in their attributes, for the script."""
    asked = turn.question.text
    copies = ""
    if turn.answer is not None:
        text, markdown = as_text(asked, turn.answer, words), as_markdown(asked, turn.answer, words)
        copies = _button(words.say("copy"), f'data-copy="{escape(text)}"')
        copies += _button(words.say("copy_markdown"), f'data-copy-markdown data-copy="{escape(markdown)}"')
    edit = _button(words.say("edit"), edit_fields(turn, asked))
    again = f'data-again="{turn.number}" data-question="{escape(asked)}" {_days(turn)}'
    return f'<p class="actions">{copies}{edit}{_button(words.say("again"), again)}</p>'


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
