"""Text becomes the terms that lexical search compares: case, accents and inflection folded, in three languages.

English and Russian words are stemmed by the Snowball stemmers. No kept library stems Kazakh, so a word of a Kazakh text
is cut to its first five letters, the truncation that serves agglutinative languages about as well as a morphological
analyser (Can et al., "Information retrieval on Turkish texts", JASIST 2008).
"""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Protocol

KAZAKH_LETTERS = frozenset("әғқңөұүһі")
TRUNCATED = 5
"""Letters kept of a Kazakh word (Can et al. call it F5)."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_UNITED_STATES = re.compile(r"\bU\.?\s?S\.?(?:A\.?)?(?![\w])")
_POSSESSIVE = re.compile(r"['’ʼ]s\b")

STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been before being between both but by can could did do does doing
    during each for from had has have having he her here hers him his how i if in into is it its itself may me might
    more most much many my no nor not of off on once only or other our ours out over own same shall she should so some
    such than that the their theirs them then there these they this those through to too under until up upon us very
    was we were what when where which while who whom whose why will with would you your yours say says said tell
    а без был была были было быть в вам вас весь во вот все всего всех вы где да для до его ее если есть еще же за и из
    или им их к как какая какие какой каком какую кем ко когда кого кому кто ли между мне мы на над нас не него нее нет
    ни них но о об он она они оно от перед по под после при про с сколько со так также там тем то тоже того той только
    том тот тут ты у уже чем что чтобы чье чья эта эти это этого этой этом этот я почему зачем куда откуда
    және мен бен пен да де та те үшін туралы бойынша кейін дейін бұл сол осы ол олар біз сіз мен сен не кім қай қандай
    қанша неше қашан қайда неге неліктен ма ме ба бе па пе бар жоқ еді болды болып болған деп деген дегеніміз емес
    ретінде арқылы
    """.split()
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


def terms(text: str) -> list[str]:
    """The terms of a text in order, repeats kept: "The Kazakh diplomats' visits" gives `kazakh diplomat visit`."""
    folded = fold(text)
    kazakh = not KAZAKH_LETTERS.isdisjoint(folded)
    words = (token for token in _TOKEN.findall(folded) if token not in STOP_WORDS)
    return [token if token[0].isdigit() else _stem(token, kazakh) for token in words]


def fold(text: str) -> str:
    """Lower case; dotted acronyms joined, accents and thousands separators removed, ё as е; "US" becomes "usa"."""
    text = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", _UNITED_STATES.sub("usa ", text))
    text = _POSSESSIVE.sub("", text.lower())
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_BASES)
    return _THOUSANDS.sub("", text)


class _Bases(dict[int, str]):
    """Letters without their accents by code point, worked out when first met; Cyrillic ones but ё are kept."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter == "ё":
            base = "е"
        elif _CYRILLIC.match(letter):
            base = letter
        else:
            base = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
        self[code] = base
        return base


_BASES = _Bases()
_STEMMING = threading.Lock()
"""A stemmer holds the word it is at work on, so two threads would spoil each other's."""


@lru_cache(maxsize=50_000)
def _stem(token: str, kazakh: bool) -> str:
    language = "russian" if _CYRILLIC.match(token) else "english"
    if kazakh and language == "russian":
        return token[:TRUNCATED]
    with _STEMMING:
        return _stemmer(language).stemWord(token)


@lru_cache(maxsize=2)
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer

    stemmer: _Stemmer = snowballstemmer.stemmer(language)
    return stemmer
