"""How the page looks: Gradio's theme on fonts the reader's machine has, our style sheet and our script."""

from pathlib import Path

import gradio as gr

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
_SANS = ["Communique Sans", "ui-sans-serif", "system-ui", "Segoe UI", "Noto Sans", "Helvetica Neue", "sans-serif"]
_MONO = ["ui-monospace", "SF Mono", "Cascadia Mono", "Noto Sans Mono", "monospace"]


def theme() -> gr.Theme:
    """Gradio's plain theme without its default web fonts: a plain name is a font of the machine, nothing is fetched."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal, neutral_hue=gr.themes.colors.stone, font=_SANS, font_mono=_MONO
    ).set(
        body_background_fill="var(--paper)",
        body_background_fill_dark="var(--paper)",
        body_text_color="var(--ink)",
        body_text_color_dark="var(--ink)",
    )


_SCRIPTS = (
    "words",
    "source",
    "reader",
    "period",
    "turns",
    "conversations",
    "actions",
    "feedback",
    "links",
    "reach",
    "listening",
)


def head() -> str:
    """Our style sheet and script, inline: whole before the first paint, and no further request.

    What Gradio has no way for; the parts share one scope and leave one name behind, `window.communique`.
    """
    style = (_HERE / "style.css").read_text("utf-8")
    parts = "\n".join((_HERE / "script" / f"{name}.js").read_text("utf-8") for name in _SCRIPTS)
    script = f'(() => {{\n"use strict";\n{parts}}})();'
    return f'<meta name="referrer" content="no-referrer"><style>{style}</style><script>{script}</script>'
