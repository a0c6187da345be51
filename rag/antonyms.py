"""Words that exclude each other, from `antonyms.json`: deeds, qualities, and what undoes or outlasts a deed."""

import json
from functools import lru_cache
from importlib.resources import files

from index.terms import terms


@lru_cache(maxsize=4)
def antonyms(groups: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Stem -> stems of its opposites, of the groups named: pairs of words that exclude each other."""
    found: dict[str, set[str]] = {}
    data = json.loads((files("rag") / "antonyms.json").read_text(encoding="utf-8"))
    for pair in (pair for group in groups for pair in data[group]):
        one, other = (set(terms(side)) for side in pair)
        for left, right in ((one, other), (other, one)):
            for stem in left:
                found.setdefault(stem, set()).update(right - left)
    return {stem: frozenset(against) for stem, against in found.items()}
