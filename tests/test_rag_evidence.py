"""Evidence: the question's words and what stands for them, and which sentences are quoted."""

from datetime import date

import pytest

from index.chunking import sentences
from index.lexical import Lexicon, Postings
from index.terms import terms
from rag.answers import AnswerSentence, Citation, SentenceReady
from rag.drafting import borne, quotable, quotation
from rag.evidence import Evidence, asked_words, coverage
from tests.fakes import release

VISIT = release("visit", "The Czech envoy called. Oil prices rose. Oil prices rose again.", "2024-03-07", title="Visit")
CALLED, ROSE, _ = sentences(VISIT)
LEXICON = Lexicon(Postings.of([terms(VISIT.text)]))


def offered(score: float, sentence: object = CALLED) -> Evidence:
    return Evidence(sentence, VISIT, score, 0.5, 0.5)  # type: ignore[arg-type]


def test_shares_sum_to_one_and_other_words_count_less() -> None:
    asked = asked_words("Did Prague phone?", LEXICON)
    assert sum(word.share for word in asked) == pytest.approx(1)
    assert 0 < coverage(asked, CALLED.text) < 1
    assert coverage(asked, ROSE.text) == 0


def test_beside_a_worded_sentence_only_what_is_nearly_as_good_is_quoted() -> None:
    weak = offered(0.3, ROSE)
    citation = Citation(1, "visit", "Visit", VISIT.date, "", CALLED.text, CALLED.start, CALLED.end)
    worded = [SentenceReady(AnswerSentence("An envoy called.", citations=(1,)), (citation,))]
    assert quotable([offered(0.95), weak], []) == [offered(0.95), weak]
    assert quotable([offered(0.95), weak], worded) == []


def test_a_quotation_bears_its_day() -> None:
    assert VISIT.date == date(2024, 3, 7)
    assert quotation(offered(0.9)) == "7 March 2024: “The Czech envoy called.”"


def test_a_sentence_made_of_the_questions_words_is_not_borne() -> None:
    assert borne("The Czech envoy phoned.", [offered(0.9)]) == 1.0
    assert borne("The Norwegian delegation unveiled plans.", [offered(0.9)]) == 0.0
