"""Doors as safe HTML: the forms that ask for a password, for a reader's name too or for the administrator's alone."""

from ui.markup import escape
from ui.words import Words


def door(title: str, action: str, words: Words, failed: str = "", name: str | None = None) -> str:
    """The form that asks for the password, and why nobody was let in.

    `title` and `failed` are names of phrases; `name` is the user's as it was given, None where none is asked for.
    """
    told = f'<p role="alert" class="error">{words.say(failed)}</p>' if failed else ""
    asks_name = name is not None
    user = (
        f"<label>{words.say('user_name')} "
        f'<input name="name" value="{escape(name or "")}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" maxlength="64" required{"" if name else " autofocus"}></label>'
    )
    return (
        f'<h1>{words.say(title)}</h1>{told}<form class="door" method="post" action="{escape(action)}">'
        f"{user if asks_name else ''}<label>{words.say('password')} "
        f'<input type="password" name="password" autocomplete="current-password" maxlength="1000" required'
        f"{' autofocus' if name or not asks_name else ''}></label><button>{words.say('enter')}</button></form>"
    )


def frame(title: str, body: str, style: str, words: Words, script: str = "", root: str = "") -> str:
    """A whole page around `body`, whose addresses are relative to `root`, where a proxy serves the program."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<base href="{escape(root)}/"><title>{escape(title)} · Communiqué</title><style>{style}</style>'
    )
    ran = f"<script>{script}</script>" if script else ""
    return (
        f'<!doctype html><html lang="{words.language}"><head>{head}</head><body><main>{body}</main>{ran}</body></html>'
    )
