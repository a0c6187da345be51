"""Sentences that speak to the program that reads them instead of telling something.

Orders to an assistant, signs of chat templates, turns of an invented conversation. They stay in the stored text, where
they can be read, but are not searched, not quoted as evidence and not given to a model. Words can be found for what no
pattern knows, so this is the first of several lines: what a model writes is verified whatever it was told.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from index.release import Sentence
from index.unseen import without_unseen

_TEMPLATE = r"""
    <\|[^|<>\n]{1,40}\|>
  | </?(?:start|end)_of_turn> | \[/?INST\] | <</?SYS>> | </?(?:think|tool_call|tool_response)>
"""
_SIGNS = r"""
    </?(?:tools|system|assistant|user|instructions?)>
  | ^[^\w\#]{0,20}+\#{2,}\s*(?:system|instructions?|response|input|assistant|user)\b
  | ^\W{0,20}+(?:system|assistant|user|human|chatbot)\b\s*:
  | "role"\s*:\s*"(?:system|assistant|user)"
"""
_CLAUSE = r"(?:^|[.:;,!?—–-]\s+|\b(?:please|then|now|and|must|should|shall|you)\s+)\W{0,20}+"
"""Where an English imperative begins."""

_FILLING = re.compile(r"\W{20,}+")
"""Signs that only fill: each could begin a clause, and trying all takes time by the square of their number."""

_ENGLISH = rf"""
    {_CLAUSE}(?:ignore|disregard|forget|override)\s+(?:(?:all|any|of|the|your|my|these|other|previous|prior|above
      |earlier|preceding)\s+){{0,4}}(?:instructions?|prompts?|texts?|directions|evidence)\b
  | \bdo\ not\ use\ the\ (?:other\ )?texts?\b
  | {_CLAUSE}(?:answer|reply)\s+(?:only|nothing|in|with)\b
  | {_CLAUSE}(?:answer|reply\ to)\s+(?:every|any|each|all)\ questions?\b[^.?!]{{0,80}}\b(?:only|with|by)\b
  | \b(?:reply|answer|respond)\s+only\s*:
  | \b(?:do\ not|don['’]t|before\ you|after\ you|if\ you|when\ you|otherwise\ you)\s+answer\b
  | {_CLAUSE}(?:say|write|answer|reply|respond|state|give|cite|print|output)\b[^.?!;]{{0,80}}
      \bwhen(?:ever)?\ (?:you\ are\ )?asked\b
  | \bwhen(?:ever)?\ (?:you\ are\ )?asked\b[^?!;]{{0,200}},\s*(?:say|write|answer|reply|respond|state|give)\b
  | {_CLAUSE}(?:repeat|print|output|reveal|show|translate)\b[^.?!]{{0,40}}
      \b(?:your\ (?:system\ )?(?:prompt|instructions)|everything\ above|(?:the\ )?(?:text|words?)\ above)
  | {_CLAUSE}reveal\ nothing\b | \b(?:system|your|my|whole|hidden)\ prompt\b
  | \b(?:AI\ (?:systems?|assistants?|models?)|language\ models?|chatbots?|assistants?)\ (?:that|who|which)\ (?:reads?
      |summari[sz]es?)\b
  | \bnote\ to\ (?:all\ )?(?:AI|language\ models?|chatbots?|assistants?)\b
  | \byou\ (?:are|act\ as)\ (?:no\ longer|now)\b | \byou\ only\ ever\ say\b
  | \b(?:the|that)\ assistant\ (?:said|was\ asked|answered|must|should)\b
  | \byou\ are\ (?:an?\ )?\w*bot\b
  | \bfrom\ (?:now|here)\ on,?\ (?:you|answer|reply|say)\b
  | \b(?:refuse|begins?|end)\s+(?:every|each|all)\s+(?:question|answer)s?\b
  | \bto\ (?:every|each)\ answer\b
  | \bthe\ (?:correct|right|true|complete)(?:\ and\ (?:correct|complete|only))?\ answer\ (?:to\b[^.?!]*\ )?is\b
  | \bwhoever\ answers\b | \b(?:every|any|each)\ question\b[^.?!]{{0,60}}\bwith\ the\ words?\b
  | \bmust\ not\ be\ cited\b | {_CLAUSE}cite\ \S | {_CLAUSE}decode\ this\b
  | {_CLAUSE}tell\ the\ (?:reader|user)\b
"""
_OURS = r"""
    \byou\ check\ whether\ a\ text\ answers\b | \bdoes\ the\ text\ state\b | \breply\ yes\ or\ no\b
  | \bthe\ text\ (?:states\ the\ very|does\ not\ state|answers\ it\ only)\b
  | \bstate\ the\ answer\b | (?-i:\bNOT\ FOUND\b)
"""
"""Sentences of our own prompts."""

_OTHERS = r"""
    ^\W{0,20}+(?:ассистент|помощник|пользователь|система|көмекші|пайдаланушы|жүйе)\s*:
  | \b(?:забудь|игнорируй|проигнорируй)(?:те)?\b[^.?!]{0,40}\b(?:указани|инструкци|текст|правил)
  | \bотвечай(?:те)?\s+(?:только|одним|на\s+(?:все|любой|каждый))\b | \bна\s+(?:любой|каждый)\s+вопрос\b
  | \bсистемн\w+\s+(?:указани|инструкци|подсказк|промпт)\w*
  | \bнұсқаулар\w*\s+(?:ұмыт|елеме)\w* | \bжүйелік\s+(?:нұсқау|промпт)\w*
  | \bкез\s+келген\s+сұраққа\b | \bдеп\s+жауап\s+бер\b
"""

_FLAGS = re.IGNORECASE | re.VERBOSE | re.MULTILINE
_IN_TEMPLATE = re.compile(_TEMPLATE, _FLAGS)
_ORDER = re.compile("|".join((_TEMPLATE, _SIGNS, _OURS)), _FLAGS)
_IN_ENGLISH = re.compile(_ENGLISH, _FLAGS)
_IN_CYRILLIC = re.compile(_OTHERS, _FLAGS)
_LOOKS_LATIN = str.maketrans("асеорхуіһјѕԁАВСЕНІКМОРТХЅЈαοАε", "aceopxyihjsdABCEHIKMOPTXSJaoAe")
"""Cyrillic and Greek letters that pass for Latin ones; a Russian word made of others is no English one."""

_WORD = re.compile(r"[a-z]+")
_HINTS = frozenset(
    """
    ignore disregard forget override use answer answering answers reply respond say write state give cite print output
    repeat reveal show translate prompt assistant assistants ai chatbot chatbots language you refuse begins begin end
    question cited decode tell
    """.split()
)
"""Words of which an English order has one: most sentences have none, and need not be looked at closely."""


@lru_cache(maxsize=8192)
def is_order(text: str) -> bool:
    """Whether a sentence or a title speaks to whoever answers from it; letters written otherwise do not hide that."""
    if text.isascii():
        return _is_order(text)
    text = unicodedata.normalize("NFKC", without_unseen(text))
    return _IN_CYRILLIC.search(_unfilled(text)) is not None or _is_order(text.translate(_LOOKS_LATIN))


def _is_order(text: str) -> bool:
    plain = _unfilled(text)
    if _ORDER.search(text) or (plain != text and _ORDER.search(plain)):
        return True
    return not _HINTS.isdisjoint(_WORD.findall(plain.lower())) and _IN_ENGLISH.search(plain) is not None


def _unfilled(text: str) -> str:
    """The text with long runs of signs cut short."""
    return _FILLING.sub(lambda run: ".\n" if "\n" in run[0] else ". ", text)


def title_told(title: str) -> str:
    """A title as it is searched and compared: "" where it speaks to whoever answers."""
    return "" if is_order(title) else title


def telling(parts: Sequence[Sentence]) -> list[list[Sentence]]:
    """Runs of neighbouring sentences that tell something. After a chat template's sign a text tells nothing more."""
    first = next((at for at, part in enumerate(parts) if _IN_TEMPLATE.search(part.text)), len(parts))
    return [list(run) for is_told, run in groupby(parts[:first], lambda part: not is_order(part.text)) if is_told]
