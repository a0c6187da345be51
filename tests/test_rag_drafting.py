"""Drafts: cut into sentences as they come, shown only where they stand in the evidence, else a quotation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from index.chunking import sentences
from index.errors import Cancelled
from index.release import Sentence
from rag.answers import Progress, SentenceReady
from rag.citations import Numbering
from rag.conversation import BEFORE
from rag.drafting import Drafter, drafted
from rag.evidence import Evidence
from rag.evidence_prompt import JUDGED, READ, WORDED, WORTH, as_read, in_view, user_words, within, worth_reading
from rag.generation import Prompt, PromptTooLongError
from rag.probe import Glance, Verdict
from rag.quoting import Draft, likely
from rag.vetting import names_meet, pointed_at, verified
from tests.fakes import FailingGenerator, FakeGenerator, release

TEXT = "The new plant opened in Almaty on Monday. It employs 18 engineers from Norway. The minister thanked the team."
PLANT = release("plant", TEXT, "2024-03-07", title="A plant")
EVIDENCE = [Evidence(sentence, PLANT, 0.9, 0.9, 0.9) for sentence in sentences(PLANT)]
QUOTES = [item.sentence.text for item in EVIDENCE]


def never() -> bool:
    return False


def shown(answer: str) -> list[SentenceReady]:
    """What of a model's answer is shown."""
    events = Drafter(FakeGenerator(answer), 64).draft("What opened?", EVIDENCE, never, Draft())
    return [event for event in events if isinstance(event, SentenceReady)]


def is_quotation(ready: SentenceReady) -> bool:
    return any(f": “{quote}”" in ready.sentence.text for quote in QUOTES)


def worded(answer: str) -> list[SentenceReady]:
    """What of it is shown in the model's own words."""
    return [ready for ready in shown(answer) if not is_quotation(ready)]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["Oil rose. Gas fell."], ["Oil rose.", "Gas fell."]),
        (["Oil", " rose", ".", " Gas", " fell", "."], ["Oil rose.", "Gas fell."]),
        (["Oil rose. [1] Gas fell. [2, 3]"], ["Oil rose. [1]", "Gas fell. [2, 3]"]),
        (["Oil rose\nGas fell"], ["Oil rose", "Gas fell"]),
        (["Oil rose by 3.5 percent."], ["Oil rose by 3.5 percent."]),
        (["Gen. David W.", " A", "llvin", " spoke", ".", " Gas fell."], ["Gen. David W. Allvin spoke.", "Gas fell."]),
        (["", "  "], []),
        ([], []),
    ],
)
def test_a_draft_is_cut_into_sentences(pieces: list[str], expected: list[str]) -> None:
    assert list(drafted(iter(pieces))) == expected


def test_a_sentence_is_given_as_soon_as_it_ends() -> None:
    heard: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("Oil rose. ", "Gas", " fell."):
            heard.append(piece)
            yield piece

    assert next(drafted(pieces())) == "Oil rose."
    assert heard == ["Oil rose. ", "Gas"]


def test_nothing_follows_where_the_model_found_nothing() -> None:
    assert list(drafted(iter(["NOT FOUND"]))) == []
    assert list(drafted(iter(["NOT", " FOUND", " Oil rose."]))) == []


def test_what_stands_in_the_evidence_is_shown_with_its_sentence() -> None:
    [ready] = worded("The new plant opened in Almaty on Monday. [1]")
    assert ready.sentence.text == "The new plant opened in Almaty on Monday."
    assert [citation.quote for citation in ready.citations] == [QUOTES[0]]
    assert ready.sentence.citations == (1,)


def test_a_sentence_with_another_number_is_dropped() -> None:
    found = worded("The new plant opened in Almaty on Monday. It employs 99 engineers from Norway.")
    assert [ready.sentence.text for ready in found] == ["The new plant opened in Almaty on Monday."]


@pytest.mark.parametrize(
    ("answer", "dropped"),
    [
        ("The new plant opened in Almaty on Monday.", 0),
        ("NOT FOUND", 0),
        ("The new plant opened in Almaty on Monday. It employs 99 engineers from Norway.", 1),
        ("The new plant opened in Astana on Monday.", 1),
    ],
)
def test_what_is_dropped_is_counted_for_one_answer(answer: str, dropped: int) -> None:
    whole = Drafter(FakeGenerator(answer), 64)
    own = whole.for_answer()
    list(own.draft("What opened?", EVIDENCE, never, Draft()))
    assert (own.dropped, whole.dropped) == (dropped, 0)


@pytest.mark.parametrize("answer", ["NOT FOUND", "", "Bananas are yellow fruit.", "It employs 99 engineers from Peru."])
def test_where_nothing_stands_no_word_of_the_model_is_shown(answer: str) -> None:
    assert worded(answer) == []


def test_markers_count_up_in_the_order_of_first_use() -> None:
    found = shown(f"{QUOTES[1]} [2] {QUOTES[0]} [1] {QUOTES[1]} [2]")
    assert [citation.quote for ready in found[:2] for citation in ready.citations] == [QUOTES[1], QUOTES[0]]
    new = [citation.marker for ready in found for citation in ready.citations]
    assert new == list(range(1, len(new) + 1))
    assert {marker for ready in found for marker in ready.sentence.citations} == set(new)


def test_every_citation_is_a_slice_of_the_release() -> None:
    for ready in shown(" ".join(QUOTES)):
        assert all(citation.quote == TEXT[citation.start : citation.end] for citation in ready.citations)


def test_without_a_model_evidence_is_quoted() -> None:
    drafter = Drafter(None, 64)
    found = [
        event for event in drafter.draft("What opened?", EVIDENCE, never, Draft()) if isinstance(event, SentenceReady)
    ]
    assert drafter.model == ""
    assert found
    assert all(is_quotation(ready) for ready in found)


def test_the_judge_gives_the_models_odds_and_none_without_one() -> None:
    assert Drafter(FakeGenerator(), 64).judge("What opened?", EVIDENCE, never) == Verdict(3.0)
    assert Drafter(None, 64).judge("What opened?", EVIDENCE, never) is None


def test_a_model_that_fails_leaves_whole_sentences_and_quotations() -> None:
    drafter = Drafter(FailingGenerator("The new plant opened in Almaty on Monday. It employs 18"), 64)
    own = drafter.for_answer()
    events = own.draft("What opened?", EVIDENCE, never, Draft())
    texts = [event.sentence.text for event in events if isinstance(event, SentenceReady)]
    assert texts[0] == "The new plant opened in Almaty on Monday."
    assert all("“" in text for text in texts[1:])
    assert (own.failure, own.model) == ("the server is away", "")
    assert (drafter.failure, drafter.model) == ("", "fake-model")


def test_a_model_that_failed_is_not_asked_again_in_the_same_answer() -> None:
    model = FailingGenerator(judges=False)
    drafter = Drafter(model, 64)
    own = drafter.for_answer()
    assert own.judge("What opened?", EVIDENCE, never) is None
    assert list(own.draft("What opened?", EVIDENCE, never, Draft()))
    assert own.rewritten("And then?", (), never) == ""
    assert model.asked == 1
    assert drafter.for_answer().judge("What opened?", EVIDENCE, never) is None
    assert model.asked == 2


def test_a_conversation_too_long_to_be_read_is_no_failure() -> None:
    class Narrow(FakeGenerator):
        def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
            raise PromptTooLongError("too long")

    drafter = Drafter(Narrow(), 64)
    assert drafter.rewritten("And then?", (), never) == ""
    assert drafter.failure == ""


def test_as_many_as_the_model_takes_at_a_time_wait_for_nobody() -> None:
    drafter = Drafter(FakeGenerator(), 64, at_once=2)
    with drafter.turn(never) as first, drafter.turn(never) as second, drafter.turn(never) as third:
        assert (list(first), list(second)) == ([], [])
        assert next(third) == Progress("waiting", 0.0, 1)


def test_one_who_waits_is_told_how_many_are_ahead() -> None:
    drafter = Drafter(FakeGenerator(), 64)
    with drafter.turn(never), drafter.turn(never) as waiting:
        assert next(waiting) == Progress("waiting", 0.0, 1)


def test_a_caller_who_goes_away_ends_the_draft() -> None:
    model = FakeGenerator(" ".join(QUOTES))
    with pytest.raises(Cancelled):
        list(Drafter(model, 64).draft("What opened?", EVIDENCE, lambda: bool(model.prompts), Draft()))
    assert model.finished == 0


def test_the_model_is_shown_the_question_and_the_evidence_with_its_day() -> None:
    words = user_words("  What opened?\n", EVIDENCE, "Answer.")
    assert all(quote in words for quote in QUOTES)
    assert "7 March 2024" in words
    assert "What opened?" in words


def test_the_fixed_words_never_change_with_the_question() -> None:
    model = FakeGenerator("", "")
    drafter = Drafter(model, 64)
    for question in ("What opened?", "Who came?"):
        list(drafter.draft(question, EVIDENCE, never, Draft()))
    assert model.prompts[0].system == model.prompts[1].system
    assert model.prompts[0].user != model.prompts[1].user


def test_a_draft_that_may_not_be_shown_points_at_what_it_was_made_from() -> None:
    first, second = (
        Evidence(Sentence("a", n, n, n + len(text), text), EVIDENCE[0].release, 0.9, 0.9, 0.9)
        for n, text in enumerate(["Norway paid for the harbour.", "The harbour cost 126 million crowns, he said."])
    )
    draft = "The harbour of Peru cost 126 million crowns."
    found = list(Drafter(FakeGenerator(draft), 64).draft("What did the harbour cost?", [first, second], never, Draft()))
    assert "126 million" in found[0].sentence.text
    assert is_quoted(found[0], second)


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("What opened?", "The text does not mention what opened."),
        ("What opened?", "There is no information on what opened."),
        ("What did the new plant make?", "The new plant did make it."),
        ("How many engineers does it employ?", "It employs 99 engineers from Norway."),
        ("How many engineers does it employ?", "It employs engineers from Norway."),
    ],
)
def test_a_model_that_finds_no_answer_or_makes_one_up_leaves_none(question: str, draft: str) -> None:
    answer = Draft()
    assert list(Drafter(FakeGenerator(draft), 64).draft(question, EVIDENCE, never, answer)) == []
    assert answer.shown == []


def test_where_the_evidence_is_sure_its_sentences_are_quoted_though_the_model_finds_none() -> None:
    drafter = Drafter(FakeGenerator("The text does not mention what opened."), 64)
    found = list(drafter.draft("What opened?", EVIDENCE, never, Draft(), is_sure=True))
    assert found
    assert all("“" in ready.sentence.text for ready in found)


def is_quoted(ready: SentenceReady, item: Evidence) -> bool:
    return f"“{item.sentence.text}”" in ready.sentence.text


@pytest.mark.parametrize(
    ("draft", "question", "meet"),
    [
        ("The American among the staff was Chef José Andrés.", "Who was the American among the staff?", False),
        ("The minister thanked Chef José Andrés.", "Whom did the minister thank?", True),
        ("An American died in Gaza.", "How many people died in Gaza?", True),
        ("Seven people died in Gaza.", "How many died in Gaza?", True),  # No name but the question's.
    ],
)
def test_a_name_that_answers_stands_with_the_other_names(draft: str, question: str, meet: bool) -> None:
    told = release("staff", "Of the staff, seven died in Gaza, an American among them. He thanked Chef José Andrés.")
    support = [Evidence(sentence, told, 0.9, 0.9, 0.9) for sentence in sentences(told)]
    assert names_meet(draft, question, support) is meet


@pytest.mark.parametrize(
    ("told", "is_cause"),
    [("The envoys left Oslo and snow fell.", False), ("After snow fell the envoys left Oslo.", True)],
)
def test_a_cause_is_shown_only_where_the_release_gives_one(told: str, is_cause: bool) -> None:
    text = release("snow", told, "2024-03-07", title="Weather in Oslo")
    support = [Evidence(sentence, text, 0.9, 0.9, 0.9) for sentence in sentences(text)]
    found = verified("The envoys left Oslo because snow fell.", "Why did the envoys leave Oslo?", support, Numbering())
    assert (found is not None) is is_cause


def test_a_wording_sees_more_of_the_best_release_than_of_others() -> None:
    other = release("other", "It rained. It snowed. It froze. It thawed. It blew.", "2024-03-08", title="Weather")
    others = [Evidence(sentence, other, 0.5, 0.5, 0.5) for sentence in sentences(other)]
    mixed = [EVIDENCE[0], *others, EVIDENCE[1], EVIDENCE[2]]
    assert in_view(mixed) == [*mixed[:JUDGED], EVIDENCE[1], EVIDENCE[2]]
    assert len(in_view([EVIDENCE[0]] * READ)) == WORDED


def test_a_wording_without_the_kind_of_answer_asked_for_is_not_shown() -> None:
    def said(question: str) -> list[str]:
        answers = Drafter(FakeGenerator("The new plant opened in Almaty on Monday."), 64).draft(
            question, EVIDENCE, never, Draft()
        )
        return [ready.sentence.text for ready in answers if not is_quotation(ready)]

    assert said("When did the new plant open in Almaty?") == ["The new plant opened in Almaty on Monday."]
    assert said("Who opened the new plant in Almaty?") == []


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("Petra and I opened the harbour of Bergen.", False),
        ("Petra Berg opened our harbour of Bergen.", False),
        ("King Harald I opened the harbour of Bergen.", True),
        ("Berg opened the harbour of Bergen: “We are glad.”", True),
    ],
)
def test_whoever_speaks_in_a_release_does_not_speak_in_ours(text: str, is_own: bool) -> None:
    harbour = release("harbour", text, "2024-03-07")
    told = Evidence(Sentence("harbour", 0, 0, len(text), text), harbour, 0.9, 0.9, 0.9, is_kind=True)
    found = list(Drafter(FakeGenerator(text), 64).draft("Who opened the harbour of Bergen?", [told], never, Draft()))
    assert [is_quoted(ready, told) for ready in found] == [not is_own]


@pytest.mark.parametrize(("when", "is_own"), [("on Monday", True), ("yesterday", False), ("the past few days", False)])
def test_a_time_that_only_the_release_can_tell_is_quoted_under_its_day(when: str, is_own: bool) -> None:
    text = f"The harbour of Bergen opened {when}."
    harbour = release("harbour", text, "2024-03-07")
    told = Evidence(Sentence("harbour", 0, 0, len(text), text), harbour, 0.9, 0.9, 0.9, is_kind=True)
    found = list(Drafter(FakeGenerator(text), 64).draft("What opened in Bergen?", [told], never, Draft()))
    assert [is_quoted(ready, told) for ready in found] == [not is_own]


def test_a_model_that_sees_no_number_where_there_is_one_is_not_believed() -> None:
    text = "The harbour cost 126 million crowns."
    told = Evidence(Sentence("a", 0, 0, len(text), text), PLANT, 0.9, 0.9, 0.9, is_kind=True)
    for draft in ("The text does not provide what the harbour cost.", "The harbour was built."):
        model = Drafter(FakeGenerator(draft), 64)
        found = list(model.draft("What did the harbour cost?", [told], never, Draft()))
        assert [is_quoted(ready, told) for ready in found] == [True]


def test_a_list_is_led_by_the_sentence_that_holds_most_of_it() -> None:
    texts = ["The meeting was held in Oslo.", "Present were Lund, Berg and Horvat.", "Nobody met in Bergen."]
    told = [
        Evidence(Sentence("a", n, 100 * n, 100 * n + len(text), text), PLANT, 0.9, 0.9, 0.9)
        for n, text in enumerate(texts)
    ]
    question = "Which ministers came to Oslo?"
    assert pointed_at("The ministers Lund, Berg and Horvat came to Oslo.", question, told, is_list=True) == [told[1]]
    assert pointed_at("Lund, Novak, Smith and Jones came to Oslo.", question, told, is_list=True) == []


def test_evidence_that_the_model_holds_to_answer_leads_and_is_read_in_its_old_order() -> None:
    model = FakeGenerator("The plant employs 18 engineers from Norway.")
    model.holds = lambda part: 2.0 if "Norway" in part else -4.0
    drafter = Drafter(model, 64)
    glance = drafter.glance("Who works there?", EVIDENCE, never)
    assert glance
    ranked, text = glance
    assert text == model.text
    assert [item.sentence.text for item in ranked] == [QUOTES[1], QUOTES[0], QUOTES[2]]
    assert [item.place for item in as_read(ranked)] == [0, 1, 2]
    assert ranked[0].log_odds > ranked[1].log_odds == ranked[2].log_odds
    list(drafter.draft("Who works there?", ranked, never, Draft()))
    read, asked = model.prompts
    question, told, again, task = read.user.split("\n\n")
    assert question == again == "Question: Who works there?"
    assert task.endswith("Reply Yes or No.")
    assert asked.user.startswith(f"{told}\n\n{question}\n\n")


def test_only_the_best_of_what_the_model_has_read_stays_in_view() -> None:
    text = " ".join(f"Norway sent {number} engineers to the plant." for number in range(10, 24))
    long = release("long", text, "2024-03-07")
    evidence = [Evidence(sentence, long, 0.9, 0.9, 0.9) for sentence in sentences(long)]
    model = FakeGenerator()
    model.holds = lambda part: 1.0 if part.endswith("17 engineers to the plant.") else -5.0
    ranked, _ = Drafter(model, 64).glance("How many?", evidence, never) or ([], None)
    assert [item.place for item in in_view(ranked)] == [7, 0, 1, 2]
    assert len(ranked) == READ


def test_what_hardly_answers_in_other_words_is_not_read_beside_the_best_few() -> None:
    text = " ".join(f"Norway sent {number} engineers to the plant." for number in range(10, 20))
    long = release("long", text, "2024-03-07")
    behind = [0.0, 9.0, 9.0, 9.0, WORTH - 0.1, WORTH + 0.1, 9.0, 1.0]
    fits = zip(sentences(long), behind, strict=False)
    evidence = [Evidence(sentence, long, 0.9, 0.9, 0.9, reworded=2.0 - each) for sentence, each in fits]
    assert worth_reading("How many?", evidence) == [*evidence[:JUDGED], evidence[4], evidence[7]]
    assert worth_reading(f"How many?{BEFORE}Who came?)", evidence) == [*evidence[:6], evidence[7]]
    assert worth_reading("How many?", []) == []


def test_of_what_is_too_long_to_be_read_the_likeliest_that_fits_is() -> None:
    def told(words: int, reworded: float) -> Evidence:
        return replace(EVIDENCE[0], sentence=Sentence("plant", 0, 0, 1, "oil " * words), reworded=reworded)

    best = [told(50, 0.0)] * JUDGED
    likely, unlikely, longer, longest = told(60, 3.0), told(60, 1.0), told(90, 2.0), told(120, 9.0)
    assert within([*best, unlikely, longer, longest, likely]) == [*best, likely]
    assert within([*best, unlikely, longest]) == [*best, unlikely]


def test_nothing_is_seen_at_a_glance_where_no_model_shows_what_it_holds() -> None:
    assert Drafter(FakeGenerator(), 64).glance("Who?", EVIDENCE, never) is None
    assert Drafter(None, 64).glance("Who?", EVIDENCE, never) is None


def test_beside_a_worded_sentence_none_is_quoted_that_the_model_holds_unlikely_to_answer() -> None:
    def quoted(odds: float) -> int:
        model = FakeGenerator("The plant employs 18 engineers from Norway.")
        model.holds = lambda part: 1.0 if "Norway" in part else odds
        drafter = Drafter(model, 64)
        ranked, _ = drafter.glance("Who works there?", EVIDENCE, never) or ([], None)
        draft = Draft()
        return len(list(drafter.draft("Who works there?", ranked, never, draft))) - 1

    assert quoted(0.9) > quoted(-1.5) == 0


def test_beside_what_is_plain_nothing_unlikely_is_quoted() -> None:
    scores = [0.9, 0.05, 0.02]
    read = [replace(item, score=score, place=0) for item, score in zip(EVIDENCE, scores, strict=True)]
    assert likely(read) == read[:2]
    assert likely(read[2:]) == read[2:]
    assert likely([read[0], replace(read[1], place=None)]) == read[:1]
    stray = [
        replace(item, release=replace(item.release, id="other")) for item in (replace(read[1], score=0.7), read[1])
    ]
    assert likely([read[0], *stray]) == [read[0], stray[0]]
    # Nearly as likely as the best, but of another release and not likely in itself.
    assert likely([replace(read[0], score=0.18), stray[1]]) == [replace(read[0], score=0.18)]


class Narrow(FakeGenerator):
    """A model whose context holds one sentence."""

    def glance(self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]) -> Glance | None:
        if len(parts) > 1:
            raise PromptTooLongError
        return super().glance(prompt, parts, behind, cancelled)


def test_of_sentences_too_long_to_be_read_together_fewer_are() -> None:
    model = Narrow()
    model.holds = lambda part: 1.0
    ranked, _ = Drafter(model, 64).glance("Who works there?", EVIDENCE, never) or ([], None)
    assert [item.place for item in ranked] == [0, None, None]
