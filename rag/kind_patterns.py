"""The forms of a question that tell the kind of answer it asks for, the likeliest first."""

import re

from rag.answer_nouns import Kind, nouns

_LENGTH = re.compile(
    r"\bhow long (?:is|are|was|were) (?:the|its|this|that|their) (?:[\w-]+ ){0,3}?(?:line|cable|road|tunnel|bridge"
    r"|motorway|pipeline|railway|track|route|border|river|wall|fence|canal|runway|trail)s?\b(?! to (?:last|stay|be)\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow (?:long|soon|fast|quickly|much time)\b"
    r"|\bhow many (?:\w+ )?(?:minutes|hours|days|weeks|months|years)\b"
    r"|\bwhat (?:is|was|would be) the (?:longest|shortest) (?:[\w-]+ )?(?:term|sentence|stay)\b"
    r"|\bкак (?:долго|быстро|скоро)\b",
    re.IGNORECASE,
)
_CURRENCY = r"(?:dollars|euros|pounds|francs|rou?bles|tenge|yen|yuan|kron[ae]|kroner|rupees|crowns)"
_MONEY = re.compile(
    rf"\bhow many (?:\w+ )?(?:[mb]illions? )?(?:of )?(?:\w+ )?{_CURRENCY}\b"
    r"|\bhow much (?:\w+ ){0,2}?(?:money|cash|funding)\b"
    r"|\bhow much\b.*\b(?:costs?|pay|paid|pays|spend|spends|spent|worth)\b"
    r"|^\W*(?:and |so |but )?what (?:do|does|did|has|have|had|is|are|was|were)\b.*"
    r"\b(?:chip(?:s|ped|ping)? in|(?:fork|shell)(?:s|ed|ing)? out"
    r"|spen(?:ds?|t|ding(?= (?:on|for|there)\b|\W*$))|paid|pay(?:ing)?"
    r"(?! (?:tribute|respects?|attention|homage|heed|a visit)))\b(?! (?:for|on)\W*$)"
    r"|^\W*(?:and |so |but )?what (?:will|would|must) "
    r"(?:(?!(?:who|that|which|before|after|for|about|do|change|happen|be)\b)[\w.’'-]+ ){1,5}?"
    r"(?:have to |need to |has to )?(?:pay|spend)\b(?! (?:tribute|respects?|attention|homage|heed|a visit))"
    r"|^\W*what (?:do|does|did|has|have|had|is|are|was|were)\b.*"
    r"\b(?:set aside|earmark\w*|allocat\w*|invest(?:ed|ing)?)\b"
    r"|\bwhat (?:is|was|are|were)\b.*\b(?:worth|(?:budgeted|priced|valued|insured) (?:at|for))\W*$"
    r"|\bwhat (?:is|was|are|were)\b.*\bto cost\b"
    r"|\bhow (?:much|big|large|high) (?:is|was|were|are|(?:will|would) be) (?:the|its|his|her|their|that|this|each) "
    r"(?:[\w-]+ ){0,3}?(?:fine|loan|grant|credit|contribution|budget|bill|fee|price|reward|prize money|ransom|penalty"
    r"|donation|pledge|deficit|debt)s?\b"
    r"|\bwhat (?:do|does|did|will|would|can|could|might|may)\b.*\b(?:cost|fetch|bid|bring in)\b"
    r"|\bwhat (?:is|was) .*\btrading at\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\bhow much (?:(?!of\b)[\w.'’-]+ ){0,3}?"
    r"(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|may|might)\b[^,;]*\b"
    r"(?:(?:approv|pledg|promis|allocat|earmark|contribut|donat|provid|offer|commit|award|financ|receiv|borrow)\w*"
    r"|(?:grant|invest|fund|lend)(?:s|ed|ing)?|lent|g[ai]ves?|given|giving|set(?:ting|s)? aside|owe[sd]?|owing"
    r"|fin(?:ed|ing)|put(?:ting|s)? (?:in|up|into|towards?)|chip(?:s|ped|ping)? in)\b",
    re.IGNORECASE,
)
"""How much somebody gives is a sum."""

_COUNT = re.compile(rf"\bhow (?:many|few)\b(?! (?:\w+ )?(?:{_CURRENCY}|per ?cent|[mb]illions?)\b)", re.IGNORECASE)
WHAT_IS = re.compile(
    r"\bwhat (?:is|was|are|were|(?:will|would|might|could) be) (?:the (?:[\w-]+ ){0,3}?"
    r"|(?-i:[A-Z])[\w.-]*['’]s (?:(?!(?:of|on|to|for|in|about|with|the|next|first|last)\b)[\w-]+ ){0,3}?)"
    rf"(?P<noun>{nouns(Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.TIME)})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|old|big|large|often|high|low|far(?! along\b)|tall|deep|wide|heavy|hot|cold|strong|powerful"
    r"|thick|steep|loud|bright)\b"
    r"|\b(?:сколько|қанша|неше)\b"
    r"|\bwhere (?:do|does|did)\b.*\b(?:index|indices|rates?|levels?|totals?|tally|toll|share|price|debt)\b.*\bstand\b"
    r"|\bwhat (?:do|does|did|will|would|can)\b.*\b(?:(?:weigh|measure)\b|(?:come|amount) to(?: in \d{4})?\W*$)"
    r"|\bwhat (?:is|was|are|were) the (?:most|least) (?!recent)[^?]*\b(?:can|could|may|might|would)\b",
    re.IGNORECASE,
)
GIVE = re.compile(
    r"[.?!] give (?:me )?(?:the|their) (?:figure|sum|number|total|amount|attendance|count)s?\b", re.IGNORECASE
)
_PORTION = re.compile(r"\b(?:which|what) (?:share|slice|portion|part) of\b", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"\b(?:which|what) (?:share|percentage|proportion|fraction) of (?:the |its |their |all )?(?:[\w’'-]+ ){0,2}?"
    r"(?:voters|votes?|vote|electorate|ballots|population|people|citizens|residents|women|men|girls|boys|children"
    r"|pupils|students|workers|employees|staff|households|members|emissions|gdp|energy|electricity|exports|imports)\b",
    re.IGNORECASE,
)
"""So many in a hundred, where a portion of money may be a sum."""

TIME = re.compile(
    r"^\W*(and |so |but )?(?:(?:until|till|since|by|from) )?when\b"
    r"|\bwhen (did|was|were|will|is|are|does|do|has|have|had)\b"
    r"|\b(what|which) (day|date|week|year|month|time|hour)\b|\b(когда|в каком году|қашан)\b",
    re.IGNORECASE,
)
EXACT = re.compile(r"\b(?:what|which)(?: exact)? (?:day(?! of the week)|date|month(?! and year))\b", re.IGNORECASE)
ON_DAY = re.compile(r"\bon (?:the )?$", re.IGNORECASE)
NO_DAY = re.compile(r"\bor\b|\bwhat time\b", re.IGNORECASE)
"""Then a day may be told again: "was it on 6 or on 7 May 2024?", "at what time on 6 May 2024?"."""

NOT_FUTURE = re.compile(r"\b(?:what time|when (?:did|was|were|has|have|had))\b", re.IGNORECASE)
FUTURE = re.compile(
    r"\b(will|planned|plans?|going to|due|scheduled|is .* to be|does .* (open|start|begin))\b|будет|откроется",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"(?:^\W*|^\W*(?:at|in|on|during|after|before|of|under|according)\b[^,]*,\s*"
    r"|[.:;?–—]\s+|,\s+(?=who\W*$)|\b(?:and|but|so|exactly|with|to|by|for|from|of|on|about|against)\s+)(?-i:[Ww]ho)\b"
    r"|\bby whom\b|\b(?:кто|кем)\b",
    re.IGNORECASE,
)
"""Not "the soldiers who went": there "who" asks nothing."""

_PERSON = re.compile(
    r"\b(?:(?<!\bby )whom|whose(?! flags?\b)|кого|кому|кім)\b"
    r"|\bwhich (?-i:[A-Z])\w+(?:an|ss|sh|ese|ch|er)(?:,| (?:is|was|will|has|had|became)\b)"
    r"|\bwhich members? of (?:\w+ ){1,4}?(?:house|senate|commission|government|cabinet|parliament|council|board"
    r"|congress|team|family|delegation|household)\b"
    r"|\bwho (?:did|was|is|will|does|has|had) (?:(?-i:[A-Z])[\w.’'-]*|he|she|they|the \w+) (?:[\w.’'-]+ ){0,4}?"
    r"(?:see|seen|meet|met|visit|visited|receive|received|host|hosted|greet|greeted)\b"
    r"|\bwho (?:is|was|has been|will be) (?:chosen|picked|named|appointed|nominated) to"
    r" (?:succeed|replace|lead|head|serve|become|be|represent|chair)\b"
    r"|\bwho (?:is |was |will )?(?:succe(?:ed|eds|eded|eding)|replac(?:e|es|ed|ing)|tak(?:e|es|ing) over|took over)\b",
    re.IGNORECASE,
)
"""Somebody: whom, which American, which member of the government."""
STATE = re.compile(
    r"\b(?:which|what) (?:(?P<count>two|three|four|five|other) )?(?:[\w-]+ )?"
    r"(?:foreign|other|neighbou?ring|island|member|signatory|eu|african|asian|european|american|arab|gulf|baltic|balkan|nordic)"
    r" (?:governments?|monarch(?:y|ies)|states?)\b(?! (?:department|secretary|senator|governor|visit|bank))"
    r"|\b(?:which|what|whose) (?:flag|nationality|nationalitie|citizenship)s?\b"
    r"|\bwhich governments?\b(?! (?:[a-z]+er|[a-z]+or|body|agency|department|office|programme?|official|building|scheme"
    r"|bonds?|data|fund|aid|money)s?\b)",
    re.IGNORECASE,
)
"""A country, though its noun alone is none: "which African state"; islands have governments that are of no country."""

_OFFICE = re.compile(
    r"\bwho (?:is|was|will be|became|are|were|has been)(?: going to be| to be| named| appointed)? "
    rf"(?:(?!(?:by|with|to|for|at|in|on|of|that|who|\w+ing)\b)[\w’'-]+ ){{0,4}}?(?!hosts?\b)"
    rf"(?:members?|{nouns(Kind.PERSON)})\b",
    re.IGNORECASE,
)
"""Who holds an office is somebody, not a country: "who is going to be the first ambassador"."""

LEADS = re.compile(
    r"\b(?:who|(?:which|what)(?: [a-z-]+){1,3})\b.*"
    r"\b(?:led|leads?|leading|head(?:s|ed|ing)?|chair(?:s|ed|ing)?|at the (?:head|helm) of|in charge of)\b.*"
    r"\b(?:delegations?|missions?|part(?:y|ies)|teams?|groups?|panels?|committees?|commissions?|talks|negotiations"
    r"|(?-i:[A-Z])\w+ans(?= sent)|those (?:at|to))\b", re.IGNORECASE,
)  # fmt: skip
"""Whoever announces a delegation, and those who travel with it, do not lead it."""

BY_OFFICE = re.compile(
    r"\b(?i:whom|who|which|what)\b.*?\b(?:did|does|do|has|have|will) (?:(?!and\b)[\w.'’-]+ ){0,6}?"
    r"(?:minister|president|advis[eo]r|envoy|aide|secretary|ambassador|chief|director|head|premier|chancellor)"
    r" (?!of\b|and\b|to\b|for\b|in\b)[a-z]+\b",
)
"""Before the verb stands an office: "whom did Norway's foreign minister see"."""

_PLACE = re.compile(
    r"^\W*(?:and |so |but )?where\b|\bwhere (?:did|was|were|will|is|are|does|do|has|have|had)\b"
    r"|^\W*(?:где|куда|откуда|қайда)\b",
    re.IGNORECASE,
)
REASON = re.compile(r"^\W*(?:and |so |but )?(?:why|how come|почему|зачем|неге)\b", re.IGNORECASE)
WORDS = (
    (_LENGTH, Kind.NUMBER),
    (_DURATION, Kind.DURATION),
    (_SHARE_OF, Kind.SHARE),
    (_PORTION, Kind.NUMBER),
    (_MONEY, Kind.MONEY),
    (_GIVEN, Kind.MONEY),
    (_COUNT, Kind.COUNT),
    (_NUMBER, Kind.NUMBER),
    (TIME, Kind.TIME),
    (_PERSON, Kind.PERSON),
    (_OFFICE, Kind.PERSON),
    (_ACTOR, Kind.ACTOR),
    (_PLACE, Kind.PLACE),
)
