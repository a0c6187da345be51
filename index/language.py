"""The language a release is written in."""

import re
from functools import lru_cache
from typing import Protocol

UNKNOWN = "und"
# What ministries around Kazakhstan and in Europe publish in: the fewer candidates, the fewer mistakes on short texts.
LANGUAGES = (
    "ar", "az", "be", "bg", "cs", "de", "en", "es", "fa", "fi", "fr", "hu", "it", "ja", "kk", "ko", "ky", "lt", "lv",
    "mn", "nl", "pl", "pt", "ro", "ru", "sr", "sv", "tr", "uk", "uz", "zh",
)  # fmt: skip
_SAMPLE = 800  # characters looked at
_LETTERS = 20  # fewer are too few to say
_SURE = 0.6  # probability below which the answer is "und"
_KAZAKH = frozenset("әғқұӘҒҚҰ")  # letters of Kazakh that neither Russian, Kyrgyz nor Ukrainian has
# Tajik, Uzbek, Tatar and Bashkir share some of them, but have these too.
_FOREIGN = re.compile("[ҳҷӣӯҗҡҙҫ]", re.IGNORECASE)


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest language and its probability."""


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of `text`, or "und" when it is too short or the answer is unsure."""
    sample = re.sub(r"https?://\S+|\S+@\S+", " ", text[:_SAMPLE])
    letters = [character for character in sample if character.isalpha()]
    if len(letters) < _LETTERS and not _ideographic(letters):
        return UNKNOWN
    kazakh = sum(letter in _KAZAKH for letter in letters) / len(letters)
    language, probability = _identifier().classify(sample)
    # Every twelfth letter of Kazakh prose is one of these; a Russian line that names a Kazakh paper can come near.
    if kazakh >= 0.04 and language != "ru" and not _FOREIGN.search(sample):
        return "kk"
    return str(language) if probability >= _SURE else UNKNOWN


def _ideographic(letters: list[str]) -> bool:
    """Whether a few characters already make words, as in Chinese."""
    return len(letters) >= 6 and all("\u3040" <= letter <= "\u9fff" or "가" <= letter <= "힣" for letter in letters)


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    loaded: _Identifier = identifier
    return loaded
