"""A single written-out day in a language beyond English, Russian and Kazakh, read by dateparser."""

import warnings
from functools import lru_cache

from index.periods import Period, one_day

LANGUAGES = ["de", "fr", "it", "es", "pt", "tr", "uk", "pl", "nl"]
"""Named, so that nothing is guessed."""


@lru_cache(maxsize=1024)
def read_day(text: str) -> Period | None:
    """ "7 mars 2024" -> that day; None where the middle word is no month of `LANGUAGES`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dateparser warns of its own use of deprecated calls
        import dateparser

        found = dateparser.parse(
            text,
            languages=LANGUAGES,
            settings={"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"},
        )
    return one_day(found.date()) if found else None
