"""What people ask of the index itself, answered from it without a model: greetings, coverage, counts, lists, digests.

"How many releases mention Sudan in 2023?" goes over every release of the window, not the best few; "what happened in
June?" and "summarise the last release" give the leading sentences of the newest releases. A lead is a strong summary of
news: no system of its day beat it clearly (See et al., "Get To The Point", ACL 2017).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from index.dates import Window, outside_words
from index.release import Release, Sentence
from index.terms import terms
from rag import notices
from rag.answers import AnswerSentence, NearRelease, SentenceKind, SentenceReady
from rag.citations import Numbering
from rag.drafting import quotation_of
from rag.library import Reader

SHOWN = 5
"""Releases that a list or a digest quotes; the rest are named behind the count."""

LEAD = 3
"""Sentences that sum up one release."""

FULL = 8
"""Words that make a leading sentence; headings and salutations have fewer."""

COMMON = 0.2
"""Share of all chunks in which a word names the publisher rather than a topic."""

MANY = 20
"""Releases from which on a common word is told from a topic."""

_RELEASES = r"(?:press[- ]?)?(?:releases?|statements|readouts|communiqu[eé]s)"
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day)|привет|здравствуйте|добрый (?:день|вечер)"
    r"|доброе утро|с[әа]лем|с[әа]леметсі[зң] бе)(?: there| all| everyone)?\W*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\W*(?:thanks?(?: you)?(?: (?:so|very) much| a lot)?|спасибо(?: большое)?|ра[хқ]мет)\W*", re.IGNORECASE
)
_ABILITIES = re.compile(
    r"\W*(?:what (?:can|do) you (?:do|answer|know|tell me)|what can i ask(?: you)?|who are you|what are you|help"
    r"|how (?:do|does) (?:you|this|it) work|что (?:ты|вы) (?:умеешь|умеете|можешь|можете)|кто (?:ты|вы)|помощь"
    r"|(?:сен |сіз )?не істей ала(?:сың|сыз)|көмек)(?: about| here)?\W*",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"\b(?:what|which) (?:period|dates?|years?|months?|time ?(?:span|frame)?|range) (?:of \w+ )?(?:do|does|are|is) "
    rf"(?:you|this|it|the (?:index|archive|collection|{_RELEASES}))\b.*"
    rf"\b(?:cover|include|span|hold|have|covered|indexed)"
    rf"|\bhow (?:far back|recent|up[- ]to[- ]date)\b.*\b(?:you|index|archive|{_RELEASES}|go)\b"
    rf"|\bwhat is (?:the|your) (?:date of the )?(?:oldest|earliest|newest|latest|last|most recent) {_RELEASES}\W*$"
    r"|\b(?:какой|за какой) период\b|\bқай кезең",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"^\W*(?:and )?(?:how many|сколько|қанша|неше) (?:\w+ )?(?:{_RELEASES}|(?:пресс-)?релиз\w*)\b"
    rf"(?! of\b)(?P<topic>.*)"
    rf"|^\W*(?:please )?(?:list|show|find|give)(?: me)?(?: all)?(?: of)?(?: the)? {_RELEASES}\b(?! of\b)(?P<listed>.*)"
    rf"|^\W*(?:which|what) {_RELEASES} (?=mention|name|are about|were about|concern|speak|deal|refer|talk)(?P<which>.*)"
    rf"|^\W*(?:перечисли(?:те)?|покажи(?:те)?) (?:мне )?(?:все )?(?:пресс-)?релизы\b(?P<listed_ru>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FILLER = frozenset(
    terms(
        "mention mentioning name about concern concerning regarding speak deal refer talk say total altogether "
        "publish published issue issued release released appear exist index indexed hold cover please contain word "
        "search archive dated ministry ago упоминают упоминается есть опубликовано опубликованы всего про министерство"
    )
)
_DIGEST = re.compile(
    r"\b(?:summari[sz]e|summary|digest|overview|recap|sum up)\b"
    r"|\bwhat(?:['’]s| is| was)? (?:the )?(?:new|news|latest)\b"
    r"|\bwhat (?:did|has|have|was|were|is|are)\b.*"
    r"\b(?:do|done|doing|happen|happened|publish(?:ed)?|announced?|up to|on)\b"
    r"|\bwhat (?:happened|is happening|was published|was announced|was going on)\b|\bany news\b"
    r"|\b(?:что нового|что произошло|что (?:с)?делало|чем занималось|кратко|резюме|не жаңалық|не болды)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:release|statement|readout|communiqu[eé]|релиз\w*)\b", re.IGNORECASE)
_GENERAL = frozenset(
    terms(
        "ministry foreign affairs office government do did done happen publish announce news new latest last newest "
        "recent current most press release statement readout summarise summarize summary digest overview recap give "
        "sum tell please main going go world today activities activity work this week month year happening short brief "
        "министерство мид делало сделало произошло нового последний релиз кратко занималось"
    )
)


@dataclass(frozen=True)
class Overview:
    """An answer from the index itself; `matches` are all releases behind a count, the newest first."""

    sentences: Sequence[SentenceReady]
    matches: Sequence[NearRelease] = ()


def overview(question: str, window: Window, reader: Reader, examples: Iterable[str] = ()) -> Overview | None:
    """The answer where the question is about the index itself, else None. `examples` are questions to offer."""
    if _GREETING.fullmatch(question) or _ABILITIES.fullmatch(question):
        return _told(notices.abilities(reader.coverage, list(examples)))
    if _THANKS.fullmatch(question):
        return _told(["You are welcome."])
    if _PERIOD.search(question):
        return _period(reader)
    if counted := _COUNT.match(question):
        return _count(next(filter(None, counted.groups()), ""), window, reader)
    return _digest(question, window, reader) if _DIGEST.search(question) else None


def _told(lines: Iterable[str]) -> Overview:
    return Overview([SentenceReady(AnswerSentence(line, SentenceKind.NOTICE), ()) for line in lines if line])


def _period(reader: Reader) -> Overview:
    newest = next(reader.snapshot.catalog.releases(newest_first=True), None)
    lines = [notices.holdings(reader.coverage)]
    if newest and newest.date:
        lines.append(f"The newest is {notices.named([_near(newest)])}.")
    return _told(lines)


def _count(rest: str, window: Window, reader: Reader) -> Overview:
    """How many releases were published in the window, or hold all words of a topic, and the newest of them."""
    topic = [term for term in terms(outside_words(rest, window)) if term not in _FILLER]
    words = " ".join(word for word in outside_words(rest, window).split() if set(terms(word)) & set(topic))
    found = reader.searcher.published(window, topic)
    matches = [_near(release) for release in found]
    told = _told([notices.count(len(found), window, words.strip(" ?.!,;:«»“”\"'"))])
    numbered = Numbering()
    quoted = [_quoted(release, _holding(topic, reader, release), numbered) for release in found[:SHOWN]]
    return Overview([*told.sentences, *(ready for ready in quoted if ready)], matches)


def _digest(question: str, window: Window, reader: Reader) -> Overview | None:
    """The leading sentences of one release, or of the newest in the window; None where a topic is asked about."""
    asked = [term for term in terms(outside_words(question, window)) if term not in _GENERAL]
    if any(not _is_publisher(term, reader) for term in asked):
        return None
    found = reader.searcher.published(window)
    if not found:
        return None
    if _ONE.search(question) and window.latest:
        return Overview(_lead(found[0], LEAD, reader, Numbering()))
    numbered = Numbering()
    sentences = [ready for release in found[:SHOWN] for ready in _lead(release, 1, reader, numbered)]
    told = _told([notices.digest(len(found), min(SHOWN, len(found)), window)])
    return Overview([*told.sentences, *sentences], [_near(release) for release in found])


def _is_publisher(term: str, reader: Reader) -> bool:
    """Whether a word stands in so many releases that it names who publishes them; few releases cannot tell."""
    return reader.coverage.releases >= MANY and reader.snapshot.lexicon.share(term) >= COMMON


def _lead(release: Release, count: int, reader: Reader, numbered: Numbering) -> list[SentenceReady]:
    full = (part for part in reader.snapshot.catalog.sentences(release) if len(part.text.split()) >= FULL)
    leading = list(islice(full, count)) or reader.snapshot.catalog.sentences(release)[:1]
    return [ready for part in leading if (ready := _quoted(release, part, numbered))]


def _holding(topic: Sequence[str], reader: Reader, release: Release) -> Sentence | None:
    """The first sentence with the most of the topic's words."""
    parts = reader.snapshot.catalog.sentences(release)
    if not topic:
        return next((part for part in parts if len(part.text.split()) >= FULL), parts[0] if parts else None)
    return max(parts, key=lambda part: len(set(topic) & set(terms(part.text))), default=None)


def _quoted(release: Release, part: Sentence | None, numbered: Numbering) -> SentenceReady | None:
    return numbered.ready(quotation_of(part, release), [(part, release)]) if part else None


def _near(release: Release) -> NearRelease:
    return NearRelease(release.id, release.title, release.date, release.url)
