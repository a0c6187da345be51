"""Draft sentences made by script from real releases: true ones, and the same with one fact changed.

A true draft is a sentence of a release, word for word or lightly reworded by rule. A false one is a true draft with one
number, name, date or negation changed. The rules here read text on their own, by plain patterns: they share nothing
with the verifier they are to test.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.chunking import sentences
from index.release import Release

WORDS = (8, 45)
RAREST = ("date", "number", "name", "negation")
NEIGHBOURS = 7

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_ORDER = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_NAME = re.compile(r"\b[A-Z][a-z]{2,}(?:[ -][A-Z][a-z]{2,}){0,2}\b|\b[A-Z]{3,6}\b")
_NOT_NAMES = frozenset(
    """
    President Vice Prime Minister Secretary The This That These Those Today Yesterday As In On We Our He She They It
    For And But With Administration State States United White House Department National Security Advisor Director
    Council Act Government During After Before Under Since Leaders Both I You To At By From Jr Americans American
    America New First Through An
    """.split()
) | {*_MONTHS, *_DAYS}
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|would|can|could|should|has|have|had|must)\b(?! not)")
_PAST = re.compile(
    r"\b(discussed|announced|met|reaffirmed|welcomed|agreed|underscored|emphasized|signed|launched|expressed|provided"
    r"|committed|spoke|highlighted|thanked|noted|condemned|reiterated|supported|approved)\b"
)
_TITLES = "President|Vice President|Prime Minister|Secretary|National Security Advisor"


@dataclass(frozen=True)
class Draft:
    """A draft sentence, its true evidence (the first is its source), and what was done to it."""

    text: str
    evidence: tuple[str, ...]
    published: date
    title: str
    release_id: str
    change: str
    true: bool


Change = Callable[[str, "Source", random.Random], str | None]


@dataclass(frozen=True)
class Source:
    """A sentence of a release with what a change may draw on."""

    text: str
    evidence: tuple[str, ...]
    release: Release
    elsewhere: tuple[str, ...]


def drafts(releases: Sequence[Release], count: int, seed: int = 7) -> tuple[list[Draft], list[Draft]]:
    """`count` false drafts, as many of each kind, and the true drafts they were made from."""
    rng = random.Random(seed)
    sources = list(_sources(releases, rng))
    rng.shuffle(sources)
    true: list[Draft] = []
    false: list[Draft] = []
    left = dict.fromkeys(CHANGES, count // len(CHANGES))
    for source in sources:
        wording, text = _reworded(source, rng)
        for kind in sorted(left, key=lambda kind: RAREST.index(kind)):
            changed = CHANGES[kind](text, source, rng) if left[kind] else None
            if changed and changed != text:
                true.append(_draft(source, text, wording, True))
                false.append(_draft(source, changed, kind, False))
                left[kind] -= 1
                break
    return true, false


def _draft(source: Source, text: str, change: str, true: bool) -> Draft:
    release = source.release
    assert release.date
    return Draft(text, source.evidence, release.date, release.title, release.id, change, true)


def _sources(releases: Sequence[Release], rng: random.Random) -> Iterator[Source]:
    pool = [name for release in releases for name in _names(release.text)[:3]]
    for release in releases:
        parts = sentences(release)
        for at in rng.sample(range(len(parts)), min(12, len(parts))):
            text = " ".join(parts[at].text.split())
            if not WORDS[0] <= len(text.split()) <= WORDS[1] or not text[0].isupper() or text[-1] not in '.”"!':
                continue
            low = max(0, min(at - NEIGHBOURS // 2, len(parts) - NEIGHBOURS - 1))
            around = [p.text for p in parts[low : low + NEIGHBOURS + 1] if p is not parts[at]]
            others = tuple(dict.fromkeys(_names(release.text)))
            yield Source(text, (parts[at].text, *around), release, (*others, *rng.sample(pool, 3)))


def _names(text: str) -> list[str]:
    found = [m[0] for m in _NAME.finditer(text) if m.start() and text[m.start() - 2 : m.start()] not in (". ", "\n\n")]
    return [name for name in found if not set(re.split("[ -]", name)) & _NOT_NAMES]


# True rewordings -----------------------------------------------------------------------------------------------------


def _reworded(source: Source, rng: random.Random) -> tuple[str, str]:
    rules = list(REWORDINGS.items())
    rng.shuffle(rules)
    if rng.random() < 0.35:
        return "verbatim", source.text
    for name, rule in rules:
        text = rule(source.text, source, rng)
        if text and text != source.text and len(text.split()) >= 6:
            return name, text
    return "verbatim", source.text


def _drop_clause(text: str, source: Source, rng: random.Random) -> str | None:
    """A closing clause that starts with a comma goes; the main clause stays true."""
    at = [m.start() for m in re.finditer(r", (?:and|which|including|as well as|where|who|while|with)\b", text)]
    return (
        text[: at[-1]] + "."
        if at and at[-1] > len(text) // 3 and text.count("“") == text[: at[-1]].count("“")
        else None
    )


def _drop_opening(text: str, source: Source, rng: random.Random) -> str | None:
    match = re.match(r"(?:Today|Yesterday|In|On|During|As|At|Last|Over|Since)\b[^,]{3,60}, (?=[A-Za-z])", text)
    rest = text[match.end() :] if match else ""
    return rest[0].upper() + rest[1:] if rest and not re.match(r"(and|which|where|who)\b", rest) else None


def _shorten_name(text: str, source: Source, rng: random.Random) -> str | None:
    text = re.sub(r"\bPresident Joseph R\. Biden,? Jr\.?", "Biden", text)
    return re.sub(rf"\b(?:{_TITLES}) (?:[A-Z][a-z]+ )?([A-Z][a-z]{{3,}})\b(?! of| to| for)", r"\1", text)


def _absolute_day(text: str, source: Source, rng: random.Random) -> str | None:
    assert source.release.date
    for word, back in (("today", 0), ("yesterday", 1)):
        day = source.release.date - timedelta(back)
        written = rng.choice(
            [f"on {day.day} {day:%B %Y}", f"on {day:%B} {day.day}, {day.year}", f"on {day:%B} {day.day}"]
        )
        changed = re.sub(rf"\b{word}\b(?!’s|'s)", written, text, count=1, flags=re.I)
        if changed != text:
            return changed[0].upper() + changed[1:]
    return None


def _respell_number(text: str, source: Source, rng: random.Random) -> str | None:
    for match in re.finditer(r"\$(\d[\d.,]*) (million|billion)", text):
        short = f"${match[1]}{'m' if match[2] == 'million' else 'bn'}"
        return text[: match.start()] + short + text[match.end() :]
    for number, word in enumerate(_SMALL, start=2):
        if re.search(rf"\b{word}\b", text):
            return re.sub(rf"\b{word}\b", str(number), text, count=1)
        digit = re.search(rf"(?<![\d.,$-]){number}(?![\d.,-])(?= [a-z])", text)
        if digit and not _dated(text, digit):
            return text[: digit.start()] + word + text[digit.end() :]
    return re.sub(r"\bpercent\b", "%", text) if "percent" in text else re.sub(r"(?<=\d)%", " percent", text)


def _pronoun(text: str, source: Source, rng: random.Random) -> str | None:
    """A pronoun at the head takes the name of the release's first person, where the title has it."""
    match = re.search(r"President (?:Joe )?Biden|Vice President (?:Kamala )?Harris|Jake Sullivan", source.release.title)
    heads = {"He": match and "Harris" not in match[0], "She": match and "Harris" in match[0]}
    head = text.split()[0]
    return match[0] + text[len(head) :] if match and heads.get(head) else None


REWORDINGS: dict[str, Change] = {
    "clause dropped": _drop_clause,
    "opening dropped": _drop_opening,
    "name shortened": _shorten_name,
    "day written out": _absolute_day,
    "number respelled": _respell_number,
    "pronoun named": _pronoun,
}


# Changes that make a draft false -------------------------------------------------------------------------------------


def _change_number(text: str, source: Source, rng: random.Random) -> str | None:
    spots = [m for m in re.finditer(r"(?<![\w.,-])\$?\d[\d,]*(?:\.\d+)?(?![\d-])", text) if not _dated(text, m)]
    spots += list(re.finditer(rf"\b(?:{'|'.join((*_SMALL, *_ORDER))})\b", text))
    spots += list(re.finditer(r"(?<=\d )(?:million|billion)\b", text))
    if not spots:
        return None
    match = rng.choice(spots)
    return text[: match.start()] + _other_number(match[0], rng) + text[match.end() :]


def _dated(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - 10) : match.end()]
    return bool(re.search("|".join(_MONTHS), around)) or bool(re.fullmatch(r"(?:19|20)\d\d", match[0]))


def _other_number(written: str, rng: random.Random) -> str:
    for words in (_SMALL, _ORDER, ["million", "billion"]):
        if written in words:
            return rng.choice([word for word in words if word != written])
    dollar = "$" if written[0] == "$" else ""
    value = float(written.strip("$").replace(",", ""))
    if "." in written:
        return f"{dollar}{value + rng.choice([0.1, 0.3, 1, 2]):.1f}"
    changed = rng.choice([value + 1, value + 10, value * 2, value * 10, max(value - 1, 0)])
    return f"{dollar}{int(changed if changed != value else value + 3):,}"


def _change_name(text: str, source: Source, rng: random.Random) -> str | None:
    spots = [m for m in _NAME.finditer(text) if m[0] in _names(" x " + text) and m.start()]
    if not spots:
        return None
    match = rng.choice(spots)
    acronym = match[0].isupper()
    others = [n for n in source.elsewhere if n not in match[0] and match[0] not in n and n.isupper() == acronym]
    others = [
        n for n in others if not set(n.split()) & set(match[0].split()) and n[:4] != match[0][:4] and n not in text
    ]
    return text[: match.start()] + rng.choice(others) + text[match.end() :] if others else None


def _change_date(text: str, source: Source, rng: random.Random) -> str | None:
    patterns = (
        rf"\b(?:{'|'.join(_MONTHS)})\b(?= \d|,|\.| of)",
        rf"\b(?:{'|'.join(_DAYS)})\b",
        r"\b20[012]\d\b(?![,\d])",
        r"(?<=(?:ry|ch|il|ne|ly|st|er) )\d\d?(?=,? |\.)",
        r"\b(?:[Tt]oday|[Yy]esterday)\b",
    )
    spots = [m for pattern in patterns for m in re.finditer(pattern, text)]
    spots = [m for m in spots if not m[0].isdigit() or len(m[0]) == 4 or _dated(text, m)]
    if not spots:
        return None
    match = rng.choice(spots)
    return text[: match.start()] + _other_day(match[0], rng) + text[match.end() :]


def _other_day(written: str, rng: random.Random) -> str:
    for words in (_MONTHS, _DAYS):
        if written in words:
            return rng.choice([word for word in words if word != written])
    if written.lower() in ("today", "yesterday"):
        return {"today": "yesterday", "Today": "Yesterday", "yesterday": "today", "Yesterday": "Today"}[written]
    if len(written) == 4:
        return str(int(written) + rng.choice([-3, -2, -1, 1, 2]))
    return str((int(written) + rng.choice([1, 3, 7, 11]) - 1) % 28 + 1)


def _change_negation(text: str, source: Source, rng: random.Random) -> str | None:
    removed = re.sub(r"\b(did|does|do) not (\w+)", r"\2", text, count=1)
    removed = (
        removed
        if removed != text
        else re.sub(r"(\b(?:is|are|was|were|will|can|has|have|should|must)) ?not\b", r"\1", text, count=1)
    )
    removed = removed if removed != text else re.sub(r"\bwithout\b", "with", text, count=1)
    if removed != text:
        return removed
    if match := _AUXILIARY.search(text):
        return f"{text[: match.end()]} not{text[match.end() :]}"
    if match := _PAST.search(text):
        return (
            f"{text[: match.start()]}{rng.choice(['did not', 'never', 'refused to'])} {match[0]}{text[match.end() :]}"
        )
    return None


CHANGES: dict[str, Change] = {
    "number": _change_number,
    "name": _change_name,
    "date": _change_date,
    "negation": _change_negation,
}
