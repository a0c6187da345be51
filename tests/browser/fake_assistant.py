"""An assistant with canned answers over the two seeds: what it says can be checked against the files by eye."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event as Flag
from typing import Any

from index.catalog import Withdrawal
from index.dates import Window
from index.errors import ModelError
from index.release import Origin, Release, Sentence
from rag.answers import (
    Answer,
    AnswerSentence,
    Citation,
    Event,
    NearRelease,
    Progress,
    Reason,
    SentenceKind,
    SentenceReady,
    Timings,
)
from rag.releases import Found, Listing, Passage
from rag.request import Day, Request

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True)
class FakeCoverage:
    releases: int = 2
    since: date | None = date(2023, 9, 7)
    until: date | None = date(2024, 3, 7)
    snapshot: str = "fake"
    model: str = "canned"
    note: str = ""
    built: str = "2024-04-01T09:30:00"
    link_hosts: tuple[str, ...] = ("gov.kz",)


def seed(name: str, day: date, url: str = "") -> Release:
    first_line, text = (SEEDS / name).read_text("utf-8").split("\n", 1)
    assert day.isoformat() in first_line
    text = text.strip()
    title = text[: text.index(" ", 60)] + " …"
    return Release(name.partition("_")[0], text, title, Origin.DERIVED, day, Origin.GIVEN, "en", url)


DISASTERS = seed("000_0253f663826b375a.txt", date(2024, 3, 7), "https://www.gov.kz/memleket/entities/mfa/press/1")
BRIEFING = seed("003_3bc0d45b39a66773.txt", date(2023, 9, 7))


def cite(marker: int, release: Release, quote: str) -> Citation:
    start = release.text.index(quote)
    return Citation(marker, release.id, release.title, release.date, release.url, quote, start, start + len(quote))


def hostile() -> Release:
    """A release that tries everything: markup, scripts, links, templates, overrides, an emoji before the fact."""
    text = (
        "🦠😀 <img src=https://evil.example/x.png onerror=\"document.title='owned'\"> ${document.title='owned'} {{7*7}}"
        "\n\n👩‍🔬 Before. The <script>document.title='owned'</script> plant & its 'staff' opened on Monday. \u202eAfter"
        "\n\n[click](javascript:alert(1)) ![p](https://evil.example/p.png) " + "W" * 400 + " ## Heading </article>"
    )
    title = "<b onmouseover=alert(1)>Bold</b> \u202etitle \ud800 \x07"
    address = "https://gov.kz@evil.example/"
    return Release('evil"><script>1</script>', text, title, date=date(2024, 1, 2), url=address)


LAUNCH = (
    "Umarov noted that against the backdrop of the painful aftermath of the global COVID-19 pandemic the President of "
    "Kazakhstan Kassym-Jomart Tokayev launched the initiative to establish IABS."
)
OBJECTIVE = (
    "The Agency’s objective is to strengthen the global biological safety by preventing use of biological developments "
    "for military purposes and promoting peaceful biological research."
)
PLAZA = (
    "The Center may be located in the UN Plaza - a building inaugurated by President Tokayev in 2019 in Almaty, which "
    "already houses the offices of 18 UN Agencies."
)
CITIES = (
    "To promote climate resilience in Central Asia, the UN Office is actively supporting the Astana akimat through its "
    'participation in the global initiative "Making Cities Resilient by 2030".'
)
ATTACK = "The <script>document.title='owned'</script> plant & its 'staff' opened on Monday."
MANY = [
    Release(f"many-{number}", f"Release {number} mentions Sudan.", f"Release {number}", date=date(2023, month, 3))
    for number, month in enumerate([1, 1, 2, 5, 5, 5, 9, 12], 1)
]
NOW = date(2024, 4, 1)
BOTH = tuple(NearRelease(seed.id, seed.title, seed.date, seed.url) for seed in (BRIEFING, DISASTERS))


def stated(text: str, *markers: int) -> AnswerSentence:
    return AnswerSentence(text, SentenceKind.STATED, markers)


def notice(text: str) -> AnswerSentence:
    return AnswerSentence(text, SentenceKind.NOTICE)


def whole(sentences: tuple[AnswerSentence, ...], citations: tuple[Citation, ...] = (), **fields: Any) -> Answer:  # noqa: ANN401
    timings = Timings(0.05, 1.0, 2.4)
    return Answer("question", "question", sentences, citations, model="canned", timings=timings, **fields)


AGENCIES_ANSWER = whole(
    (stated("The UN Plaza in Almaty already houses the offices of 18 UN agencies.", 1),), (cite(1, BRIEFING, PLAZA),)
)
INITIATIVE_ANSWER = whole(
    (
        stated("President Tokayev launched the initiative to establish IABS after the COVID-19 pandemic.", 1),
        stated("The agency is to prevent the use of biological developments for military purposes.", 2),
        stated("Another global initiative, on resilient cities, is supported in Astana.", 3),
        notice("Two releases speak of an initiative; the newer is of 7 March 2024."),
    ),
    (cite(1, BRIEFING, LAUNCH), cite(2, BRIEFING, OBJECTIVE), cite(3, DISASTERS, CITIES)),
    window=Window(date(2023, 9, 1), date(2024, 3, 31), words="since September 2023"),
)
REFUSAL = whole(
    (
        notice("The releases do not say."),
        notice("I searched 2 releases from 7 September 2023 to 7 March 2024."),
        notice(f"Nearest: “{BRIEFING.title}” (7 September 2023); “{DISASTERS.title}” (7 March 2024)."),
    ),
    refused=True,
    reason=Reason.NO_EVIDENCE,
    nearest=BOTH,
    window=Window(date(2024, 3, 1), date(2024, 3, 31), words="in March 2024"),
)
HOSTILE_ANSWER = whole(
    (stated("The <script>document.title='owned'</script> plant **opened** on Monday.", 1),),
    (cite(1, hostile(), ATTACK),),
    nearest=(NearRelease(hostile().id, hostile().title, hostile().date, "javascript:alert(1)"),),
)
COUNT = whole(
    (notice("8 releases hold “Sudan”, the newest first:"), stated("3 December 2023: “Release 8 mentions Sudan.”", 1)),
    (cite(1, MANY[-1], "Release 8 mentions Sudan."),),
    matches=tuple(NearRelease.of(release) for release in reversed(MANY)),
    window=Window(date(2023, 1, 1), date(2023, 12, 31), words="in 2023"),
)
ANSWERS = {
    "How many releases": COUNT,
    "agencies": AGENCIES_ANSWER,
    "initiative": INITIATIVE_ANSWER,
    "hostile": HOSTILE_ANSWER,
}
WITHDRAWN = Withdrawal("taken-back", "A visit that did not take place", date(2024, 1, 5), "", date(2024, 2, 1))
GONE = "The model file smollm2.gguf is gone. Fetch it again: `communique models pull smollm2-135m`."


class FakeStream:
    """Canned events; a question with `slow` waits before its second sentence, one with `queue` before its first."""

    def __init__(self, question: str, assistant: "FakeAssistant", since: Day = None, until: Day = None) -> None:
        self._question, self._gate, self._answers = question, assistant.gate, assistant.answers
        self._request = Request.of(question, (), since, until, NOW)
        self.closed = Flag()

    def close(self) -> None:
        self.closed.set()

    def __iter__(self) -> Iterator[Event]:
        for event in self._events():
            if self.closed.is_set():
                return
            yield event

    def _events(self) -> Iterator[Event]:
        if "queue" in self._question:
            yield from self._until_open(Progress("waiting", 0.1, 2))
        yield Progress("searching", 0.0)
        if "fail" in self._question:
            raise ModelError(GONE)
        if "break" in self._question:
            raise RuntimeError("secret detail")
        answer = next((found for word, found in self._answers.items() if word in self._question), REFUSAL)
        answer = replace(answer, window=self._request.window()) if self._request.since else answer
        yield Progress("reading", 0.1)
        for place, sentence in enumerate(answer.sentences if not answer.refused else ()):
            yield Progress("writing", 0.2)
            if "slow" in self._question and place == 1:
                yield from self._until_open(Progress("writing", 0.3))
            yield SentenceReady(sentence, tuple(c for c in answer.citations if c.marker in sentence.citations))
        yield answer

    def _until_open(self, progress: Progress) -> Iterator[Event]:
        yield progress
        while not self._gate.wait(0.02):
            yield progress


class FakeReleases:
    """The releases of the fake assistant: a search finds those whose text holds the words, as they are."""

    def __init__(self, held: dict[str, Release]) -> None:
        self._held = held

    def search(
        self, query: str, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0
    ) -> Listing:
        found = [release for release in self._within(since, until) if query.lower() in release.text.lower()]
        part = [self._found(release, query) for release in found[offset : offset + limit]]
        return Listing(part, None, offset + limit if len(found) > offset + limit else None, "fake")

    def listed(self, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0) -> Listing:
        found = sorted(self._within(since, until), key=lambda release: release.date or date.min, reverse=True)
        part = [Found(release) for release in found[offset : offset + limit]]
        return Listing(part, len(found), offset + limit if len(found) > offset + limit else None, "fake")

    def sentences(self, release: Release) -> list[Sentence]:
        ends = [*(place + 1 for place, letter in enumerate(release.text) if letter == "\n"), len(release.text)]
        pairs = zip([0, *ends], ends, strict=False)
        return [Sentence(release.id, number, *pair, release.text[slice(*pair)]) for number, pair in enumerate(pairs)]

    def _within(self, since: date | None, until: date | None) -> list[Release]:
        days = since or date.min, until or date.max
        return [release for release in self._held.values() if days[0] <= (release.date or date.min) <= days[1]]

    def _found(self, release: Release, query: str) -> Found:
        start = release.text.lower().index(query.lower())
        end = start + len(query)
        return Found(release, 0.5, Passage(release.text[start:end], start, end))


class FakeAssistant:
    """What the page needs of an assistant, without an index or a model; `streams` keeps every answer asked for."""

    def __init__(self, coverage: FakeCoverage | None = None) -> None:
        self.gate = Flag()
        self.streams: list[FakeStream] = []
        self.heard: list[Sequence[dict[str, str]]] = []
        self.periods: list[tuple[Day, Day]] = []
        self._coverage = coverage or FakeCoverage()
        self.answers = dict(ANSWERS)
        self._releases = {release.id: release for release in (DISASTERS, BRIEFING, hostile(), *MANY)}
        self.releases = FakeReleases(self._releases)

    def stream(
        self,
        question: str,
        history: Sequence[dict[str, str]] = (),
        since: Day = None,
        until: Day = None,
        now: Day = None,
    ) -> FakeStream:
        self.heard.append(history)
        self.periods.append((since, until))
        self.streams.append(FakeStream(question, self, since, until))
        return self.streams[-1]

    def hold(self, word: str, answer: Answer, releases: Sequence[Release]) -> None:
        """Answer questions that hold `word` with `answer`, out of `releases`."""
        self.answers = {word: answer, **self.answers}
        self._releases |= {release.id: release for release in releases}

    def coverage(self) -> FakeCoverage:
        return self._coverage

    def release(self, release_id: str) -> Release | None:
        return self._releases.get(release_id)

    def withdrawal(self, release_id: str) -> Withdrawal | None:
        return WITHDRAWN if release_id == WITHDRAWN.id else None

    def count_tokens(self, text: str) -> int | None:
        return len(text.split())

    def examples(self) -> list[str]:
        return [
            "How many UN agencies already sit in the UN Plaza in Almaty?",
            "Who launched the IABS initiative, and after what?",
            "What was the price of oil in March 2024?",
        ]
