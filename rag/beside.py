"""Words that an answer has beside it: how many died is told by a text that speaks of the dead, until when by one that
speaks of an end. A count or a day of something else is no answer.
"""

import re

_DEAD = (
    r"di(?:e[ds]?|ing)|dead|deaths?|kill(?:ed|s|ing)?|lives|life|loss|lost|perish\w*|victims?|fatal\w*|casualt\w+|toll"
    r"|murder\w*|execut\w+"
)
_BESIDE = tuple(
    (re.compile(rf"\bhow many\b.*\b(?:{asked})\b", re.IGNORECASE), rf"\b(?:{told})\b")
    for asked, told in (
        (r"votes", r"vot(?:e|es|ed|ing)|ballots?|\d+ (?:of|to|out of|against) \d+|favou?r"),
        (r"seats", r"seats?|mandates?"),
        (r"die[ds]?|dead|deaths?|kill(?:ed)?|los(?:t|e) their li(?:fe|ves)|lives\b.*\b(?:lost|cost|claim\w*)", _DEAD),
        (r"injured|wounded|hurt", r"injur\w+|wound\w*|hurt"),
        (
            r"(?<=many )(?:(?!\w*[^s\W]s\b)[\w’'-]+ ){0,3}?(?:soldiers|troops|servicemen|service ?members)",
            r"soldiers?|troops?|forces|personnel|service ?(?:wo)?m[ae]n|service ?members?|militar\w+|army|contingent"
            r"|peacekeepers?|members|marines",
        ),
    )
)
_OF_ITS_NATURE = tuple(
    (re.compile(rf"\b(?:what|which) (?:[\w-]+ )?(?:{asked})\b(?! of\b)", re.IGNORECASE), told)
    for asked, told in (
        (
            r"crimes?|offen[cs]es?|charges?|felon(?:y|ies)",
            r"\b(?:murder|kill|manslaught|homicid|robb|theft|thie|st[eo]l|fraud|corrupt|brib|launder|embezzl|treason|terror"
            r"|drugs?\b|traffick|smuggl|spying|spies|espionage|assault|rape|abduct|kidnap|tortur|hack|sanctions|perjur|forg"
            r"|protest|demonstrat|convict\w* (?:of|for|on)|charge[sd]? (?:with|of)|accus\w+ of|guilty"
            r"|indict\w* (?:for|on)"
            r"|(?:jailed|sentenced|arrested|detained|imprisoned|executed|held)\b[^.]*\b(?:for|on charges|because|after)"
            r" (?!the\b))",
        ),
        (
            r"languages?|tongues?",
            r"\b(?:English|French|German|Italian|Romansh|Spanish|Portuguese|Russian|Kazakh|Arabic|Chinese|Mandarin|Farsi"
            r"|Persian|Turkish|Ukrainian|Polish|Dutch|Japanese|Korean|Hindi|Urdu|Pashto|Dari|Swahili|Greek|Hebrew|Serbian"
            r"|Albanian|Uzbek|Kyrgyz|Tajik|Vietnamese|Thai|Indonesian|Malay|Bengali|Tamil|Latin|\w+-language"
            r"|languages?|bilingual|multilingual|translat\w+)\b",
        ),
        (
            r"mottos?|mottoes|slogans?|watchwords?",
            r"[\"“”«»‘]|\b(?:entitled|titled|called|themed?|motto|slogan|heading|banner|under the (?:title|sign))\b",
        ),
    )
)
"""What answers a question for something else than a name or a number: no text without a deed tells for what crime."""

_OFFICE = re.compile(
    r"\bwho (?:is|was|are|were) (?:(?!deputy\b|vice\b|by\b|with\b|to\b)[\w’'-]+ ){0,4}?"
    r"(?P<office>minister|president|ambassador)\b(?!['’])",
    re.IGNORECASE,
)
"""Who holds an office: neither a deputy nor whoever holds another is."""

_END = re.compile(
    r"\b(?:until|till|by) (?:when|(?:what|which) (?:day|date|time|month|year))\b|\bdeadline\b", re.IGNORECASE
)
_ENDS = (
    r"\b(?:until|till|by|before|deadline|expir\w*|end(?:s|ed|ing)?|clos(?:e|es|ed|ing)|latest|through|to"
    r"|extend\w*|date)\b"
)


def beside(question: str) -> str:
    """A pattern of the words that must stand in a text which answers; "" where none must."""
    if _END.search(question):
        return _ENDS
    if office := _OFFICE.search(question):
        return rf"(?<!deputy[- ])(?<!vice[- ])\b{office['office']}s?\b"
    return next((told for asked, told in (*_BESIDE, *_OF_ITS_NATURE) if asked.search(question)), "")
