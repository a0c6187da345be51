"""Words that ask for the newest: "latest", "last time", "current", "now", "so far", and what only looks like them.

"Recently", "recent" and "lately" count as well, for they name no period. "New" is weaker: it counts only where it is
asked for ("what new …", "who is the new …"; not "how deep is the new berth"), and only in a question that names no
period; "now" counts beside a period only with the verb that asks.
"""

import re

ENGLISH = r"""
    \blatest\b(?<!at\ the\ latest(?=\s*(?:[?.,;!]|$|by\b|on\b|in\b)))(?!\ (?:technolog|equipment|fashion|generation))
    | \b(?:most\s+recent(?:ly)?|newest|recently|(?<!\ba\ )recent|lately|nowadays|presently|currently)\b
    | \b(?:at\ present|at\ the\ moment|right\ now|these\ days|up[\ -]to[\ -]date|up\ to\ now|until\ now)\b
    | \b(?:as\ things\ (?:now\ )?stand|at\ last\ count|still\ in\ (?:force|effect|place))\b
    | \b(?:does|do|is|are|has|have)\ [^?.;,]{1,60}\bstill\b(?!\ to\b)
    | \b(?:to\ this\ day|of\ late|any\ news|(?:any|some)thing\ new|what(?:['’]s|\ is)\ new)\b
    | (?<!ocean\ )(?<!direct\ )(?<!alternating\ )(?<!electric\ )\bcurrent\b(?!\ accounts?|\ affairs|\ of\b)
    | \bfinal\ (?:\w+\ )?(?:release|tranche|batch|instal{1,2}ment|package|drawdown|shipment|call|visit|trip|meeting)\b
    | \b(?:any|an|what|status|are\ there|is\ there|the)\ updates?\b(?=\ on|\ about|\ from|\ to|[?.]|$)"""
RUSSIAN = r"""
    \b(?:новейш|недавн|актуальн|нынешн)\w+ | \b(?:сейчас|теперь|что\ нового|какие\ новости|до\ сих\ пор)\b
    | \bтекущ\w+\b(?!\ сч[её]т|\ операци) | \b(?:в\ настоящее|к\ настоящему)\ врем\w+
    | \bна\ (?:сегодня(?:шний\ день)?|данный\ момент|текущий\ момент)\b | \bсвежи[ех]\ (?:данны|новост|сведени)\w+
    | \bпоследн(?:ий|яя|ее|ие|его|ей|их|им|ими|юю|ем|ему)\b
      (?!\ из\b|\ (?:(?:\w+\ )?(?:минут|секунд)|очередь|глав|капл|слов|инстанци|звон|день|дн|путь)\w*)"""
KAZAKH = r"""
    \bсоңғы\b(?!\ (?:қоңырау|сөз|күн|нүкте)\w*) | \b(?:ең|ең\ соңғы)\ жаңа\b | \bқазір(?:гі)?\b
    | \bбүгінгі\ (?:таңда|күнге|күні)\b | \b(?:осы\ уақытқа|осы\ күнге)\ дейін\b
    | \bағымдағы\b(?!\ (?:шот|операция)\w*) | \b(?:жақында|таяуда|не\ жаңалық)\b"""
ALWAYS = re.compile(f"{ENGLISH} | {RUSSIAN} | {KAZAKH}", re.VERBOSE | re.IGNORECASE)

NOW = re.compile(
    r"(?<!\bfor )(?<!\bit is )(?<!\bhe is )(?<!\bthey are )(?<!\bthe )\bnow\b"
    r"(?! that\b| and then| on\b|-| (?:(?:in)?famous|retired|defunct|former|disused|abandoned|closed|legendary)\b)",
    re.IGNORECASE,
)
ASKED_NOW = re.compile(r"\b(?:do|does|is|are|has|have)\b[^?,;]*\bnow\b", re.IGNORECASE)
"""Beside a period "now" counts where it goes with what is asked ("what does it now expect for 2025?"), not where it
tells somebody apart ("which of those honoured in May now works there?")."""

NOWADAYS = re.compile(
    r"""\b(?:how\ (?:big|large|old|strong|high|many|much)\b
       (?:(?!\b(?:did|was|were|had|will)\b)[^.?!;]){0,80}?\b(?:is|are|does|do)
    |who\ (?:is|are)\ (?:the|its|his|her|their)|where\ (?:is|are)|what\ (?:is|are)\ (?:it|they))\b
    (?![^.?!;]{0,200}\b(?:there|new|news|headlines?|agenda|events?|releases?|statements?|out|on|held|due|(?!during)\w+ing
       |say|tell|report|announce|publish|receive|meet|decide|(?:publish|releas|announc|report|sign|plann|schedul)ed|said)\b)
    [^.?!;]{0,200}?\b(?P<today>today)\b(?=\s*(?:[?.!,;]|$))""",
    re.VERBOSE | re.IGNORECASE,
)
"""How things are "today", by now: not what is published or done this very day."""

CUMULATIVE = re.compile(
    r"""\b(?:so|thus)\ far\b | \bto\ date\b | \byear-to-date\b | \bas\ (?:of|at)\ (?:now|today)\b
    | \bsince\ the\ (?:start|beginning)\ of\ (?:the|this)\ year\b
    | \bс\ начала\ (?:(?:этого|текущего|нынешнего)\ )?года\b | \bжыл\ басынан\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Read in the whole question: these may be part of the words of a window as well."""

LAST = re.compile(
    r"""(?<![-–])\blast\b
    (?!-|\ (?:of|but|till|until|for|longer|forever|long|from|into|through|names?|resort|mile|words?|rites|stage|phase)\b
       |\ (?:line|chance|paragraph|sentence|supper|century|centuries|days?|weeks?|months?|years?|decades?|quarter)\b
       |\ (?:\w+\ )?(?:seconds|minutes?|hours?)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
BEFORE_VERB = re.compile(
    r"(?:\b(?:at|long|second|to|will|would|can|could|should|must|may|might|not)|n['’]t)\s$", re.IGNORECASE
)
"""Before these words "last" is the verb, or part of "at last" and "second last"."""

LONG_AGO = re.compile(
    r"\bhad (?:(?!(?:which|that|who|whom|when|where|for|just|already)\b)[\w.’'-]+ ){1,9}(?<!\bthe )$", re.IGNORECASE
)
"""Before "last" it asks what came before something else, which no newest release need tell: "when had he last come".
"""

ENDURES = re.compile(
    r"\bhow\s+(?:long|many\s+(?:\w+\s+)?(?:minutes|hours|days|weeks|months|years))\b"
    r"|\b(?:will|would|can|could|should|might)\b",
    re.IGNORECASE,
)
"""In these questions a "last" at the end of a clause is the verb: "how long did the call last?"."""

CLAUSE_END = re.compile(r"\s*(?:[?.,;!]|$)")

NEW = re.compile(
    r"""(?:\b(?:(?:who|what)(?:['’]s|\ (?:is|are|was|were))|who\ (?:becomes?|became|will\ be))
            \ (?:the|its|their|his|her|our|your|[\w.-]+['’]s)
        |\btell\ me\ about\ (?:the|its|their|his|her)|\bany|\bwhat|\bwhose)\s+(?P<new>new)\b
        (?!-|\ (?:years?|york|zealand|delhi|jersey|mexico|orleans|guinea|caledonia|england|testament)\b
           |[^?.!,;]{0,80}\b(?:expected|going|supposed|planned|due|meant|made|to\ be)\b)
    | \b(?:какой|какая|какое|какие|каков\w*|кто|что)\s+(?:\w+\s+)?(?P<neu>нов(?:ый|ая|ое|ые|ого|ой|ых|ую))\b(?!\ год)
    | \b(?:қандай|қай|кім|не)\s+(?:\w+\s+)?(?P<jana>жаңа)\b(?!\ жыл)
    | \b(?P<zhana>жаңа)(?=\s+[а-яәіңғүұқөһ]+\s+(?:кім|қандай|не)\b)(?!\ жыл)""",
    re.VERBOSE,
)


def nowadays(text: str) -> list[tuple[int, int]]:
    """The spans of "today" where it means by now."""
    return [match.span("today") for match in NOWADAYS.finditer(text)]


def latest_words(text: str, whole: str, dated: bool) -> list[tuple[int, int]]:
    """Spans of the words that ask for the newest.

    `text` has blanks where a window or a quotation was, `whole` only where a quotation was; `dated`: a window was read.
    """
    spans = [match.span() for match in ALWAYS.finditer(text) if not _is_name(match)]
    spans += [match.span() for match in CUMULATIVE.finditer(whole)]
    spans += [match.span() for match in LAST.finditer(text) if not _is_name(match) and not _is_verb(match)]
    if not dated or ASKED_NOW.search(text):
        spans += [match.span() for match in NOW.finditer(text) if not _is_name(match)]
    if not dated:
        lowered = text[:1].lower() + text[1:]
        spans += [match.span(match.lastgroup or 0) for match in NEW.finditer(lowered)]
    return sorted(set(spans))


def _is_name(match: re.Match[str]) -> bool:
    """A capital inside a sentence: "The Last Supper", "Current Affairs"."""
    before = match.string[: match.start()].rstrip()
    return match[0][0].isupper() and bool(before) and before[-1] not in '.?!:;«“"'


def _is_verb(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.end()
    if BEFORE_VERB.search(before) or LONG_AGO.search(before):
        return True
    return bool(CLAUSE_END.match(match.string, after) and ENDURES.search(match.string))
