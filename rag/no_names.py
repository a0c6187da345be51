"""Words of names that are no person's, no place's or no firm's."""

SIDES = frozenset("north south east west northern southern eastern western central".split())
"""Of a country they are no place with a name of its own."""

BODIES = frozenset(
    "department ministry office canton tribunal chamber directorate government administration embassy congress summit"
    " parliament senate council commission house cabinet court committee state federal national head"
    " confederation".split()
)
"""Alone or with a country they name what somebody works for, and nobody."""

ACRONYM = 5
"""Letters at most of a name in capitals that is no person's."""

NOBODY = frozenset(
    "organization organisation nations union forum community alliance association federation society group corps"
    " guard army navy force forces coalition republic kingdom fund bank company corporation inc ltd institute"
    " university college school academy center centre agency authority bureau board foundation party league act"
    " law treaty agreement accord charter declaration award prize medal plan program programme initiative strategy"
    " partnership framework process project mission conference meeting assembly games olympics cup day week month"
    " war street avenue square hall airport island islands river sea ocean gulf province region airlines city bank"
    " strip service services police intelligence unit division pool laboratory panel mechanism secretariat directorate"
    " code constitution brigade command museum library hospital church station tower palace radio television".split()
)
"""Words of names that are no person's."""

NO_FIRM = BODIES - {"house", "court", "state", "national", "federal"} | frozenset(
    "treaty treaties agreement accord accords charter declaration act protocol protocols convention law initiative plan"
    " strategy partnership force forces summit kingdom nations affairs agency instruments ratification".split()
)
VAGUE = frozenset("europe africa asia america people republic union".split())
"""Words of names that are no house's of its own, but of a state, a department or a treaty."""

FIELDS = frozenset(
    "affairs education research development cooperation finance finances energy defence defense security health front"
    " migration environment transport transports communications culture statistics trade commerce movement".split()
)
"""Words that end what a department or a movement is called; ahead of somebody's name they only tell what he does."""
