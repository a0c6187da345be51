"""Text becomes tokens that two wordings of one fact share: marks unified, words folded and stemmed, places kept.

`normal` rewrites what typography alone varies (quotation marks, dashes, spaces, dotted abbreviations), so that every
later comparison is between like and like. Places point into that normal text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from index.terms import terms
from index.unseen import without_unseen

_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‛ʼ′`", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_ABBREVIATIONS = (
    (re.compile(r"\bU\.\s?S\.(?:\s?A\.)?|\bUSA\b|\bUS\b(?!\$)"), "United States"),
    (re.compile(r"\bU\.\s?N\.|\bUN\b"), "United Nations"),
    (re.compile(r"\bU\.\s?K\.|\bUK\b"), "United Kingdom"),
    (re.compile(r"\bE\.\s?U\.|\bEU\b"), "European Union"),
    (re.compile(r"(?<=\d{4})\.(?=\s|$)"), " ."),
    (re.compile(r"\b([AaPp])\.\s?[Mm]\.?"), r"\1m"),
    (re.compile(r"\bUS\$"), "$"),
    (re.compile(r"\b([Cc])an't\b|\b([Cc])annot\b"), r"\1\2an not"),
    (re.compile(r"\b([Ww])on't\b"), r"\1ill not"),
    (re.compile(r"(?<=\w)n't\b"), " not"),
)
_IRREGULAR = """
    lead:led meet:met speak:spoke,spoken hold:held take:took,taken give:gave,given go:went,gone make:made
    send:sent build:built begin:began,begun bring:brought pay:paid sell:sold buy:bought win:won
    grow:grew,grown write:wrote,written tell:told sit:sat stand:stood keep:kept lose:lost hear:heard
    seek:sought think:thought run:ran draw:drew,drawn choose:chose,chosen break:broke,broken fight:fought
    shoot:shot swear:swore,sworn strike:struck spend:spent lend:lent become:became come:came fall:fell,fallen
    fly:flew,flown know:knew,known see:seen rise:risen drive:drove,driven understand:understood
    undertake:undertook,undertaken withdraw:withdrew,withdrawn
"""
"""Irregular forms of the verbs of news, which no stemmer knows: "will lead" is not "led"."""

_BASES = {form: base for base, forms in (entry.split(":") for entry in _IRREGULAR.split()) for form in forms.split(",")}

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Token:
    """A word or number: `text` as written, `low` folded to lower case, `stem` empty for a function word."""

    text: str
    low: str
    stem: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def normal(text: str) -> str:
    """The text with one form for each mark: `“U.S.–led”` becomes `"United States-led"`."""
    text = " ".join(unicodedata.normalize("NFKC", without_unseen(text)).translate(_MARKS).split())
    for pattern, replacement in _ABBREVIATIONS:
        text = pattern.sub(replacement, text)
    return text


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a normal text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        low, stem = _word(match[0])
        found.append(Token(match[0], low, stem, match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[str, str]:
    low = word.lower().removesuffix("'s")
    low = "".join(part for part in unicodedata.normalize("NFKD", low) if not unicodedata.combining(part))
    stems = terms(_BASES.get(low, word))
    return low, stems[0] if stems else ""
