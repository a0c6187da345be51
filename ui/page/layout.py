"""The page: masthead, conversation, question box, reader; and which event changes which part."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from ui import render
from ui.page.conversation import Conversation, Session
from ui.page.ports import Assistant
from ui.sources import missing_release, whole_release

# Examples live in HTML so that there can be any number of them; a click comes back as the event `ask`.
_ASK_SCRIPT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-ask]');
  if (button) trigger('ask', {question: button.dataset.ask});
});
"""

# Finished turns are appended, never sent again; an empty value clears them.
_PAST_SCRIPT = """
watch('value', () => {
  const list = element.querySelector('.past');
  if (props.value) list.insertAdjacentHTML('beforeend', props.value);
  else list.replaceChildren();
});
"""

_READER_SCRIPT = "window.communique.serve(server.read);"


class Page:
    """Builds the Gradio page around one assistant; `blocks` is the result."""

    def __init__(self, assistant: Assistant, name: str) -> None:
        self._assistant = assistant
        self._name = name
        self._conversation = Conversation(assistant)
        # Gradio sums up its own traffic with pandas after each event, for a dashboard that is switched off here.
        os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
        with gr.Blocks(title=name, analytics_enabled=False, fill_width=True) as self.blocks:
            self._place()
            self._connect()

    def _place(self) -> None:
        self._session = gr.State(Session())
        self._masthead = _html("masthead")
        self._welcome = _html("welcome")
        self._past = _html("past", html_template='<div class="past"></div>', js_on_load=_PAST_SCRIPT)
        self._current = _html("current")
        with gr.Row(elem_id="composer"):
            self._box = gr.Textbox(
                placeholder="Ask the releases",
                label="Your question",
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                scale=1,
                elem_id="question",
            )
            self._ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
            self._stop = gr.Button("Stop", elem_id="stop", scale=0, visible=False)
        self._examples = _html("examples", js_on_load=_ASK_SCRIPT)
        _html("reader", js_on_load=_READER_SCRIPT, server_functions=[_reader(self._assistant)])

    def _connect(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        at_once = {**quiet, "queue": False}
        page, box = self.blocks, self._box
        page.load(self._arrive, None, [self._masthead, self._welcome, self._examples], **at_once)
        page.unload(self._leave)
        # Whose turn it is with the model is the assistant's to say, so Gradio itself lets every question through.
        follow = {**quiet, "concurrency_limit": None}
        outputs = [self._session, self._welcome, self._examples, self._past, self._current, box, self._ask, self._stop]
        gr.on([box.submit, self._ask.click], self._answer, [box, self._session], outputs, **follow)
        chosen = self._examples.ask(_chosen, None, box, **at_once)
        chosen.then(self._answer, [box, self._session], outputs, **follow)
        self._stop.click(self._halt, None, None, js="() => window.communique.focusQuestion()", **at_once)

    def _arrive(self) -> tuple[str, str, str]:
        coverage = self._assistant.coverage()
        return (
            render.masthead(self._name, coverage),
            render.welcome(coverage),
            render.examples(self._assistant.examples() if coverage.releases else []),
        )

    def _answer(self, question: str, session: Session, request: gr.Request) -> Iterator[dict[Any, Any]]:
        if not question.strip():
            yield {self._box: gr.skip()}
            return
        first = True
        for turn in self._conversation.follow(question.strip(), session, str(request.session_hash)):
            shown = render.turn(turn, self._assistant.release)
            changes = {self._current: shown}
            if first:
                changes |= self._begun(session)
                first = False
            if not turn.running:
                changes |= self._ended(session.after(turn, shown))
            yield changes

    def _begun(self, session: Session) -> dict[Any, Any]:
        hidden, visible = gr.update(visible=False), gr.update(visible=True)
        return {
            self._box: "",
            self._welcome: hidden,
            self._examples: hidden,
            self._past: session.last,
            self._ask: hidden,
            self._stop: visible,
        }

    def _ended(self, session: Session) -> dict[Any, Any]:
        return {self._session: session, self._ask: gr.update(visible=True), self._stop: gr.update(visible=False)}

    def _halt(self, request: gr.Request) -> None:
        self._conversation.stop(str(request.session_hash))

    def _leave(self, request: gr.Request) -> None:
        self._conversation.stop(str(request.session_hash))


def _reader(assistant: Assistant) -> Callable[[dict[str, Any]], str]:
    """What the reader's script calls: `id` of a release, `start` and `end` of the sentence to light -> its HTML."""

    def read(request: dict[str, Any]) -> str:
        release_id, start, end = (request.get(name) for name in ("id", "start", "end"))
        release = assistant.release(str(release_id))
        if release is None:
            return missing_release(str(release_id), assistant.withdrawal(str(release_id)))
        if isinstance(start, int) and isinstance(end, int):
            return whole_release(release, start, end)
        return whole_release(release)

    return read


def _html(name: str, **options: object) -> gr.HTML:
    return gr.HTML(elem_id=name, apply_default_css=False, **{"js_on_load": None, **options})


def _chosen(event: gr.EventData) -> str:
    return str(event.question)
