"""The page: masthead, conversation, question box, reader; and which event changes which part."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from rag.feedback import FeedbackBook
from rag.stored_answers import AnswerShelf
from ui import frame, period, render, stored
from ui.api.desk import Desk
from ui.network.client import Client, client_of
from ui.network.pace import Pace
from ui.page import asking, keeping, opinion, sharing
from ui.page.conversation import Conversation, Session
from ui.page.ports import Assistant
from ui.page.tools import Tools
from ui.sources import missing_release, whole_release
from ui.turn import Question, Turn
from ui.words import ENGLISH, Words, asked_for

# Finished turns are appended, never sent again; an empty value clears them.
_PAST_SCRIPT = """
watch('value', () => {
  const list = element.querySelector('.past');
  if (props.value) list.insertAdjacentHTML('beforeend', props.value);
  else list.replaceChildren();
});
"""

# Clicks anywhere in the page's own HTML reach the server through this one component.
_BRIDGE_SCRIPT = """
const events = {};
for (const name of ['ask', 'restore', 'rate', 'shelve', 'unfold']) events[name] = (said) => trigger(name, said);
window.communique.serve(server.read, events);
"""

# Each finished turn goes to the browser to be kept there.
_KEPT_SCRIPT = "watch('value', () => window.communique.keep(props.value));"

# What became of something that the reader wanted kept on this side.
_TOLD_SCRIPT = "watch('value', () => window.communique.heed(props.value));"

# The period's fields are the browser's to keep; they travel with the question.
_WITH_PERIOD = "(question, session) => window.communique.sent(question, session)"


KEPT, KEPT_WITHIN = 30, 60.0
"""Opinions and links of one tab within so many seconds: enough for any reader, too little to fill a disk by script."""


class Page:
    """Builds the Gradio page around one assistant; `blocks` is the result."""

    def __init__(self, assistant: Assistant, home: Path, name: str, desk: Desk) -> None:
        self._assistant = assistant
        self._book, self._shelf = FeedbackBook(home), AnswerShelf(home)
        self._name = name
        self._conversation, self._pace = Conversation(assistant), Pace(KEPT, KEPT_WITHIN)
        self._offering = threading.Lock()
        self._offered: tuple[str, list[str]] = ("", [])
        # Gradio sums up its own traffic with pandas after each event, for a dashboard that is switched off here.
        os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
        with gr.Blocks(title=name, analytics_enabled=False, fill_width=True) as self.blocks:
            self._place()
            self._connect()
            Tools(assistant, desk).offer()

    def _place(self) -> None:
        self._session = gr.State(Session())
        self._masthead = _html("masthead")
        self._welcome = _html("welcome")
        self._past = _html("past", html_template='<div class="past"></div>', js_on_load=_PAST_SCRIPT)
        self._current = _html("current")
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="asking"):
                self._box = gr.Textbox(
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    scale=1,
                    elem_id="question",
                )
                self._ask = gr.Button(ENGLISH.say("ask"), variant="primary", elem_id="ask", scale=0)
                self._stop = gr.Button(ENGLISH.say("stop"), elem_id="stop", scale=0, visible=False)
            self._period = _html("period")
        self._examples = _html("examples")
        self._kept = _html("kept", html_template="<div></div>", js_on_load=_KEPT_SCRIPT)
        self._told = _html("told", html_template="<div></div>", js_on_load=_TOLD_SCRIPT)
        self._bridge = _html("bridge", js_on_load=_BRIDGE_SCRIPT, server_functions=[_reader(self._assistant)])

    def _connect(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        at_once = {**quiet, "queue": False}
        page, box = self.blocks, self._box
        arrived = [self._masthead, self._welcome, self._period, box, self._ask, self._stop]
        page.load(self._arrive, None, arrived, **at_once)
        page.load(self._offer, None, self._examples, **at_once)
        page.unload(self._leave)
        # Whose turn it is with the model is the assistant's to say, so Gradio itself lets every question through.
        follow = {**quiet, "concurrency_limit": None}
        shown = [self._session, self._welcome, self._examples, self._past, self._current]
        outputs = [*shown, box, self._ask, self._stop, self._kept]
        asked = [box, self._session, self._period]
        gr.on([box.submit, self._ask.click], self._answer, asked, outputs, js=_WITH_PERIOD, **follow)
        self._bridge.ask(self._answer_again, self._session, outputs, **follow)
        self._bridge.restore(self._restore, None, shown, **at_once)
        self._bridge.unfold(self._unfold, None, [*shown, self._told], **at_once)
        self._bridge.shelve(self._share, self._session, self._told, **at_once)
        self._bridge.rate(self._rate, self._session, self._told, **at_once)
        self._stop.click(self._halt, None, None, js="() => window.communique.focusQuestion()", **at_once)

    def _arrive(self, request: gr.Request) -> list[Any]:
        coverage, words = self._assistant.coverage(), _words(request)
        return [
            frame.masthead(self._name, coverage, words, _client(request).user),
            frame.welcome(coverage, words),
            period.control(words),
            gr.update(label=words.say("box"), placeholder=words.say("placeholder")),
            gr.update(value=words.say("ask")),
            gr.update(value=words.say("stop")),
        ]

    def _offer(self, request: gr.Request) -> str:
        """The examples come by themselves: each is searched for, which the question box need not wait for."""
        coverage = self._assistant.coverage()
        with self._offering:
            if self._offered[0] != coverage.snapshot:
                self._offered = (coverage.snapshot, self._assistant.examples() if coverage.releases else [])
        return frame.examples(self._offered[1], coverage, _words(request))

    def _answer(self, text: str, session: Session, days: object, request: gr.Request) -> Iterator[dict[Any, Any]]:
        asked = days if isinstance(days, dict) else {}
        for changes in self._followed(asking.question(text, days), session, asked, request):
            # The question stands above its answer now; one that was chosen elsewhere leaves a draft in the box alone.
            yield {**changes, self._box: ""} if self._welcome in changes else changes

    def _answer_again(self, session: Session, event: gr.EventData, request: gr.Request) -> Iterator[dict[Any, Any]]:
        """A question chosen in the page, or one asked before: then `turn` is its number, and its period goes along."""
        asked = {name: getattr(event, name, None) for name in ("question", "since", "until", "turn", "shown")}
        question = asking.question(asked["question"], asked)
        yield from self._followed(question, session, asked, request)

    def _followed(
        self, question: Question, session: Session, asked: dict[str, Any], request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        if not question.text:
            yield {self._box: gr.skip()}
            return
        if not session.turns and asking.number(asked.get("shown")):
            yield {self._kept: keeping.FORGOTTEN}
            return
        again = asking.number(asked.get("turn"))
        words, first = _words(request), True
        tab, client = str(request.session_hash), _client(request)
        for turn in self._conversation.follow(question, session, tab, again, words, client):
            shown = render.turn(turn, self._assistant.release, words)
            changes = {self._current: shown}
            if first:
                changes |= self._begun(session, turn)
                first = False
            if not turn.running:
                changes |= self._ended(session.after(turn, shown), turn)
            yield changes

    def _begun(self, session: Session, turn: Turn) -> dict[Any, Any]:
        hidden, visible = gr.update(visible=False), gr.update(visible=True)
        is_new = not session.turns or turn.number > session.turns[-1].number
        return {
            self._welcome: hidden,
            self._examples: hidden,
            self._past: session.last if is_new else gr.skip(),
            self._ask: hidden,
            self._stop: visible,
        }

    def _ended(self, session: Session, turn: Turn) -> dict[Any, Any]:
        return {
            self._session: session,
            self._ask: gr.update(visible=True),
            self._stop: gr.update(visible=False),
            self._kept: keeping.kept(turn, self._shelf),
        }

    def _restore(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """The conversation that the browser kept, rendered anew: quotations are checked against today's releases."""
        words = _words(request)
        turns = keeping.recalled(getattr(event, "turns", None), self._assistant.coverage(), self._shelf)
        if not turns:
            return [gr.skip() for _ in range(5)]
        *past, last = (render.turn(turn, self._assistant.release, words) for turn in turns)
        hidden = gr.update(visible=False)
        return [Session(turns, last), hidden, hidden, "".join(past), last]

    def _unfold(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """The stored answer that the page's address names, its quotations checked against today's releases."""
        words, coverage, hidden = _words(request), self._assistant.coverage(), gr.update(visible=False)
        found = self._shelf.find(str(getattr(event, "id", "")))
        if found is None:
            return [gr.skip(), hidden, gr.skip(), "", stored.missing(words), opinion.told(0, missing=True)]
        turn = sharing.opened(found, coverage)
        shown = stored.banner(found, coverage, self._assistant.release, words)
        shown += render.turn(turn, self._assistant.release, words)
        kept = opinion.told(1, opened=keeping.kept(turn, self._shelf))
        return [Session((turn,), shown), hidden, hidden, "", shown, kept]

    def _share(self, session: Session, event: gr.EventData, request: gr.Request) -> str:
        if not self._pace.allows(str(request.session_hash)):
            return opinion.too_often(getattr(event, "turn", None))
        return sharing.shared(self._shelf, session, getattr(event, "turn", None))

    def _rate(self, session: Session, event: gr.EventData, request: gr.Request) -> str:
        if not self._pace.allows(str(request.session_hash)):
            return opinion.too_often(getattr(event, "turn", None))
        said = {name: getattr(event, name, None) for name in ("turn", "verdict", "reasons", "words")}
        return opinion.kept(self._book, session, said)

    def _halt(self, request: gr.Request) -> None:
        self._conversation.stop(str(request.session_hash))

    def _leave(self, request: gr.Request) -> None:
        self._conversation.stop(str(request.session_hash))


def _reader(assistant: Assistant) -> Callable[[dict[str, Any]], str]:
    """What the reader's script calls: `id` of a release, `start` and `end` of the sentence to light -> its HTML."""

    def read(request: dict[str, Any]) -> str:
        release_id, start, end = (request.get(name) for name in ("id", "start", "end"))
        words = asked_for(str(request.get("language", "")))
        release = assistant.release(str(release_id))
        if release is None:
            return missing_release(str(release_id), assistant.withdrawal(str(release_id)), words)
        known = assistant.coverage().link_hosts
        if isinstance(start, int) and isinstance(end, int):
            return whole_release(release, start, end, words, known)
        return whole_release(release, words=words, known=known)

    return read


def _client(request: gr.Request) -> Client:
    """Who was let in with this request; Gradio hands on the one that came."""
    return client_of(request.request.scope) if request.request else Client()


def _words(request: gr.Request) -> Words:
    """The words in the language of the reader's browser."""
    return asked_for(str(request.headers.get("accept-language", "")))


def _html(name: str, **options: object) -> gr.HTML:
    return gr.HTML(elem_id=name, apply_default_css=False, **{"js_on_load": None, **options})
