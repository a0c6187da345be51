"""What people ask of the index itself, answered from it without a model: greetings, coverage, counts, lists, digests.

"How many releases mention Sudan in 2023?" goes over every release of the window, not the best few; "what happened in
June?" and "summarise the last release" give the leading sentences of the newest releases. A lead is a strong summary of
news: no system of its day beat it clearly (See et al., "Get To The Point", ACL 2017).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.dates import Window, outside_words
from index.release import Release, Sentence
from index.terms import terms
from rag.answers import AnswerSentence, NearRelease, SentenceKind, SentenceReady
from rag.library import Reader
from rag.notices import Notices, speaking
from rag.quoting import Draft

SHOWN = 5
"""Releases that a list or a digest quotes; the rest are named behind the count."""

LISTED = 500
"""Releases behind a count that can be opened, the newest; a page of more helps nobody."""

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
    """An answer from the index itself; `matches` are the releases behind a count, the newest first, at most LISTED."""

    sentences: Sequence[SentenceReady]
    matches: Sequence[NearRelease] = ()


def overview(question: str, window: Window, reader: Reader, examples: Iterable[str] = ()) -> Overview | None:
    """The answer where the question is about the index itself, else None. `examples` are questions to offer."""
    own = speaking(question)
    if _GREETING.fullmatch(question) or _ABILITIES.fullmatch(question):
        return _told(own.abilities(reader.coverage, list(examples)))
    if _THANKS.fullmatch(question):
        return _told([own.welcome()])
    if _PERIOD.search(question):
        return _period(reader, own)
    if counted := _COUNT.match(question):
        return _count(next(filter(None, counted.groups()), ""), window, reader, own)
    return _digest(question, window, reader, own) if _DIGEST.search(question) else None


def _told(lines: Iterable[str]) -> Overview:
    return Overview([SentenceReady(AnswerSentence(line, SentenceKind.NOTICE), ()) for line in lines if line])


def _period(reader: Reader, own: Notices) -> Overview:
    newest = next(reader.snapshot.catalog.releases(newest_first=True), None)
    return _told([own.holdings(reader.coverage), own.newest(NearRelease.of(newest)) if newest and newest.date else ""])


def _count(rest: str, window: Window, reader: Reader, own: Notices) -> Overview:
    """How many releases were published in the window, or hold all words of a topic, and the newest of them."""
    about = outside_words(rest, window)
    topic = [term for term in terms(about) if term not in _FILLER]
    words = " ".join(word for word in about.split() if set(terms(word)) & set(topic)).strip(" ?.!,;:«»“”\"'")
    found = reader.searcher.published(window, topic)
    draft = Draft(own=own)
    quoted = [draft.quoted(_holding(topic, reader, release), release) for release in _releases(found[:SHOWN], reader)]
    told = _told([own.count(len(found), window, words, len(quoted))])
    return Overview([*told.sentences, *quoted], _matches(found, reader))


def _digest(question: str, window: Window, reader: Reader, own: Notices) -> Overview | None:
    """The leading sentences of one release, or of the newest in the window; None where a topic is asked about."""
    asked = [term for term in terms(outside_words(question, window)) if term not in _GENERAL]
    if any(not _is_publisher(term, reader) for term in asked):
        return None
    found = reader.searcher.published(window)
    if not found:
        return None
    draft = Draft(own=own)
    if _ONE.search(question) and window.latest:
        [newest] = _releases(found[:1], reader)
        return Overview([draft.quoted(part, newest) for part in _lead(newest, LEAD, reader)])
    leads = [(release, part) for release in _releases(found[:SHOWN], reader) for part in _lead(release, 1, reader)]
    sentences = [draft.quoted(part, release) for release, part in leads]
    told = _told([own.count(len(found), window, "", min(SHOWN, len(found)))])
    return Overview([*told.sentences, *sentences], _matches(found, reader))


def _releases(numbers: Sequence[int], reader: Reader) -> Iterator[Release]:
    return (reader.snapshot.catalog.release_at(number) for number in numbers)


def _matches(numbers: Sequence[int], reader: Reader) -> list[NearRelease]:
    return [NearRelease.of(release) for release in _releases(numbers[:LISTED], reader)]


def _is_publisher(term: str, reader: Reader) -> bool:
    """Whether a word stands in so many releases that it names who publishes them; few releases cannot tell."""
    return reader.coverage.releases >= MANY and reader.snapshot.lexicon.share(term) >= COMMON


def _lead(release: Release, count: int, reader: Reader) -> list[Sentence]:
    parts = reader.snapshot.catalog.sentences(release)
    return list(islice((part for part in parts if len(part.text.split()) >= FULL), count)) or parts[:1]


def _holding(topic: Sequence[str], reader: Reader, release: Release) -> Sentence:
    """The first sentence with the most of the topic's words; without a topic the one that leads."""
    if not topic:
        return _lead(release, 1, reader)[0]
    parts = reader.snapshot.catalog.sentences(release)
    return max(parts, key=lambda part: len(set(topic) & set(terms(part.text))))
