"""The answer object: one text, one form for programs."""

import json
from datetime import date

from index.dates import Window
from rag.answers import Answer, AnswerSentence, Citation, NearRelease, Reason, SentenceKind, Timings

CITATION = Citation(1, "visit", "A visit", date(2024, 3, 7), "https://example.org/1", "Oil rose.", 0, 9)
SENTENCES = (AnswerSentence("Oil rose.", citations=(1, 2)), AnswerSentence("One is newer.", SentenceKind.NOTICE))
ANSWER = Answer(
    "oil?", "What of oil?", SENTENCES, (CITATION,), window=Window(date(2024, 3, 1), None, words="since March"),
    confidence=0.123456, model="tiny", snapshot="s1", timings=Timings(0.012345, None, 1.0),
    nearest=(NearRelease("gas", "Gas", None),),
)  # fmt: skip
KEYS = """question standalone_question text sentences citations refused reason conflict window confidence model snapshot
timings""".split()


def test_the_text_holds_its_markers() -> None:
    assert ANSWER.text == "Oil rose. [1] [2] One is newer."
    assert Answer("?", "?", ()).text == ""


def test_the_form_for_programs_has_what_the_contract_names() -> None:
    found = ANSWER.to_dict()
    assert set(KEYS) <= set(found)
    assert found["sentences"][0] == {"text": "Oil rose.", "kind": "stated", "citations": [1, 2]}
    assert found["sentences"][1] == {"text": "One is newer.", "kind": "notice", "citations": []}
    assert found["window"] == {"since": "2024-03-01", "until": None, "latest": False, "words": "since March"}


def test_a_citation_holds_release_and_span() -> None:
    [found] = ANSWER.to_dict()["citations"]
    assert set(found) == {"marker", "release_id", "title", "date", "url", "quote", "start", "end"}
    assert (found["date"], found["start"], found["end"]) == ("2024-03-07", 0, 9)


def test_a_refusal_has_a_short_code() -> None:
    found = Answer("?", "?", (), refused=True, reason=Reason.EMPTY_WINDOW).to_dict()
    assert (found["refused"], found["reason"]) == (True, "empty_window")
    assert ANSWER.to_dict()["reason"] is None
    assert {reason.value for reason in Reason} == set(
        "no_evidence not_answered empty_window after_coverage bad_question".split()
    )


def test_it_is_json() -> None:
    found = json.loads(json.dumps(ANSWER.to_dict()))
    assert found == ANSWER.to_dict()
    assert set(found["timings"]) == {"search", "first_sentence", "total"}
    assert found["nearest"][0]["date"] is None
