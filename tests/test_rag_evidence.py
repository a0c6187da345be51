"""Evidence: the question's words and what stands for them, and which sentences are quoted."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.chunking import sentences
from index.dates import Window
from index.lexical import Lexicon
from index.postings import Postings
from index.release import Release
from index.terms import terms
from rag.answers import AnswerSentence, Citation, SentenceReady
from rag.evidence import ALWAYS, OF_ONE, WIDE, Evidence, apart, in_window, newest_first
from rag.evidence_prompt import READ
from rag.kinds import sought
from rag.notices import notices
from rag.quoting import SHOWN_WORDS, Draft, Room, quotable, spread
from rag.relevance import FOLLOWS, asked_words, coverage, telling
from rag.vetting import is_borne, subject_stands
from tests.fakes import built, opened, release

VISIT = release("visit", "The Czech envoy called. Oil prices rose. Oil prices rose again.", "2024-03-07", title="Visit")
CALLED, ROSE, _ = sentences(VISIT)
LEXICON = Lexicon(Postings.of([terms(VISIT.text)]))


def test_a_sentence_is_in_the_window_by_its_release_or_by_the_day_it_states() -> None:
    march = Window(date(2024, 3, 1), date(2024, 3, 31))
    assert in_window(march, "The envoy called.", date(2024, 3, 7))
    assert in_window(march, "The envoy called on 7 March.", date(2024, 6, 1))
    assert not in_window(march, "The envoy called on 7 May.", date(2024, 6, 1))
    assert not in_window(march, "The envoy called.", None)
    assert in_window(Window(), "The envoy called.", None)


def offered(score: float, sentence: object = CALLED) -> Evidence:
    return Evidence(sentence, VISIT, score, 0.5, 0.5)  # type: ignore[arg-type]


def test_shares_sum_to_one_and_other_words_count_less() -> None:
    asked = asked_words("Did Prague phone?", LEXICON)
    assert sum(word.share for word in asked) == pytest.approx(1)
    assert 0 < coverage(asked, CALLED.text) < 1
    assert coverage(asked, ROSE.text) == 0


def test_a_sentence_that_points_back_tells_of_what_the_one_before_named() -> None:
    asked = asked_words("What did the Czech envoy call about?", LEXICON)
    whole = coverage(asked, CALLED.text)
    assert telling(asked, CALLED.text, "His topic was fish.") == pytest.approx(FOLLOWS * whole)
    assert telling(asked, CALLED.text, "Oil prices rose.") == 0.0
    assert telling(asked, "Oil prices rose.", "This Czech envoy called.") == pytest.approx(whole)


def test_beside_a_worded_sentence_only_what_is_nearly_as_good_is_quoted() -> None:
    weak = offered(0.3, ROSE)
    citation = Citation(1, "visit", "Visit", VISIT.date, "", CALLED.text, CALLED.start, CALLED.end)
    worded = [SentenceReady(AnswerSentence("An envoy called.", citations=(1,)), (citation,))]
    assert quotable([offered(0.95), weak], Room(SHOWN_WORDS, set(), notices("en"))) == [offered(0.95), weak]
    assert quotable([offered(0.95), weak], Room(SHOWN_WORDS, set(), notices("en"), worded)) == []


def test_of_another_release_only_what_the_model_holds_about_as_likely_is_quoted() -> None:
    oil = release("oil", "Oil rose.", "2024-03-08")
    other = [Evidence(sentences(oil)[0], oil, score, 0.5, 0.5, place=0) for score in (0.8, 0.6)]
    best, same = replace(offered(0.9), place=0), replace(offered(0.6, ROSE), place=0)
    for further, quoted in (([other[0]], 2), ([other[1]], 1), ([same], 2), ([replace(other[1], place=None)], 2)):
        assert len(quotable([best, *further], Room(SHOWN_WORDS, set(), notices("en")))) == quoted


def test_a_quotation_bears_its_day() -> None:
    assert VISIT.date == date(2024, 3, 7)
    assert Room(SHOWN_WORDS, set(), notices("en")).quotation(offered(0.9)) == "7 March 2024: “The Czech envoy called.”"


def test_a_sentence_made_of_the_questions_words_is_not_borne() -> None:
    assert is_borne("Yes, Mr Czech envoy phoned.", [offered(0.9)])
    assert not is_borne("The Norwegian delegation unveiled plans.", [offered(0.9)])
    assert not is_borne("The Czech envoy called about the upheld ruling.", [offered(0.9)])
    assert not is_borne("Yes.", [offered(0.9)])


def test_a_figure_may_be_written_otherwise() -> None:
    told = release("sum", "Norway gave €30 million, or 30% of it, to three ministers.", "2024-03-07", title="A sum")
    support = [Evidence(part, told, 0.9, 0.5, 0.5) for part in sentences(told)]
    assert is_borne("Norway gave 30 million euros to ministers.", support)
    assert is_borne("Norway gave 30 percent of it to three ministers.", support)
    assert not is_borne("Norway gave 30 million euros to envoys.", support)


@pytest.mark.parametrize(
    ("other", "told", "taken"),
    [
        (
            release("jets", "Eleven jets were ordered by the Czech army.", "2024-05-02", title="Jets"),
            "The envoy called on 7 March 2024.",
            "The jets ordered by the Czech army come on 7 March 2024.",
        ),
        (
            release("hers", "Minister Lund spoke yesterday with Envoy Berg.", "2024-03-09", title="Lund calls Berg"),
            "Minister Novak spoke with Envoy Berg on 7 March 2024.",
            "Minister Lund spoke with Envoy Berg on 7 March 2024.",
        ),
    ],
)
def test_the_day_of_one_release_is_not_the_day_of_what_another_tells(other: Release, told: str, taken: str) -> None:
    text = "The envoy called today. Minister Novak spoke today with Envoy Berg."
    today = release("today", text, "2024-03-07", title="Novak calls Berg")
    support = [Evidence(part, item, 0.9, 0.5, 0.5) for item in (other, today) for part in sentences(item)]
    assert is_borne(told, support)
    assert not is_borne(taken, support)


def test_what_one_pays_is_not_told_of_another() -> None:
    texts = ("Boeing paid $100 million for a school in India.", "He thanked the minister for the ships.")
    told = [release(f"r{n}", text, "2024-03-07", title="Talks of Lund and Berg") for n, text in enumerate(texts)]
    boeing, thanks = (Evidence(sentences(item)[0], item, 0.9, 0.5, 0.5) for item in told)
    assert subject_stands("Boeing paid $100 million.", boeing)
    assert not subject_stands("Air India paid $100 million.", boeing)
    assert subject_stands("Lund thanked the minister.", thanks)


def test_a_title_stands_beside_a_quotation_that_needs_it() -> None:
    item = replace(offered(0.9), is_titled=True)
    room = Room(SHOWN_WORDS, set(), notices("en"))
    assert room.quotation(item) == "7 March 2024, “Visit”: “The Czech envoy called.”"


@pytest.mark.parametrize(
    ("text", "is_titled"),
    [
        ("He called.", True),
        ("This was agreed.", True),
        ("This envoy called.", False),
        ("“This is fine,” he said.", False),
    ],
)
def test_a_title_tells_who_he_is_where_nothing_shown_does(text: str, is_titled: bool) -> None:
    he = offered(0.9, replace(CALLED, text=text))
    draft = Draft()
    room = draft.room()
    title = ", “Visit”" if is_titled else ""
    assert draft.quote(he, room).sentence.text.startswith(f"7 March 2024{title}: “{text}”")
    again = offered(0.9, replace(ROSE, text="She rose."))
    assert draft.quote(again, room).sentence.text.startswith("7 March 2024: “She rose.”")


def test_a_follow_ups_own_words_weigh_more_than_the_conversation() -> None:
    asked = asked_words("Where did the Czech envoy call? (Before: Did oil prices rise?)", LEXICON)
    own = sum(word.share for word in asked if word.term in terms("Czech envoy called"))
    assert own > 0.5
    alone = asked_words("And where? (Before: Did the Czech envoy call?)", LEXICON)
    assert sum(word.share for word in alone) == pytest.approx(1)


def test_a_shorter_sentence_is_quoted_where_the_next_best_does_not_fit() -> None:
    text = f"Oil {'rose and ' * 44}rose. Oil {'fell and ' * 44}fell. Oil stood."
    item = release("long", text, "2024-03-07")
    first, second, short = (Evidence(part, item, 0.9, 0.5, 0.5) for part in sentences(item))
    assert quotable([first, second, short], Room(SHOWN_WORDS, set(), notices("en"))) == [first, short]


def test_in_a_list_a_release_is_quoted_briefly() -> None:
    long = replace(CALLED, text=f"{CALLED.text[:-1]} about oil, gas, fish and much else that was of use to both.")
    found = [offered(0.95, long), replace(offered(0.94, ROSE), is_kind=False), offered(0.2, ROSE)]
    listed = sought("Which things rose?")
    assert spread(found, Room(SHOWN_WORDS, set(), notices("en")), listed)[0].sentence == ROSE
    assert spread(found, Room(SHOWN_WORDS, set(), notices("en")))[0].sentence == long


@pytest.mark.parametrize(
    ("question", "quoted"),
    [("Which countries did he visit?", 3), ("Which ministers did he meet?", 2), ("Which reasons did he give?", 2)],
)
def test_a_list_goes_on_with_what_names_another(question: str, quoted: int) -> None:
    """After the best two of a release the third is quoted only for the country that it adds."""
    tour = release("tour", "Lund met Berg in Norway. In Norway he met Horvat. Berg came to Peru.", "2024-03-07")
    items = [
        Evidence(part, tour, score, 0.5, 0.5, is_kind=True)
        for part, score in zip(sentences(tour), (0.95, 0.9, 0.7), strict=True)
    ]
    assert len(spread(items, Room(SHOWN_WORDS, set(), notices("en")), sought(question))) == quoted
    assert len(spread(items, Room(SHOWN_WORDS, set(), notices("en")))) == 2


def found(tmp_path: Path, question: str, *releases: Release, window: Window = ALWAYS) -> list[str]:
    """The sentences that are read for a question when only the first chunk of each release was found."""
    built(tmp_path, *releases)
    reader = opened(tmp_path).library.reader()
    hits = [replace(hit, chunks=hit.chunks[:1]) for hit in reader.searcher.search(question)]
    return [item.sentence.text for item in reader.evidence.read(question, hits, READ, window=window)]


def test_where_no_chunk_brought_the_kind_asked_for_the_best_release_is_read_whole(tmp_path: Path) -> None:
    told = " ".join(
        f"The mountain hut has a room with a view of the mountain and bed {number}." for number in range(60)
    )
    hut = release("hut", f"The mountain hut opened. {told} In all 6.5 million francs were spent.", title="Hut")
    spent = "In all 6.5 million francs were spent."
    assert spent in found(tmp_path, "How much did the mountain hut cost?", hut)
    assert spent not in found(tmp_path / "more", "What is the mountain hut like?", hut)


def test_more_sentences_are_read_where_any_may_answer_than_of_the_newest(tmp_path: Path) -> None:
    text = " ".join(f"The harbour of Lund has berth {number}." for number in range(40))
    asked = "How many berths does the harbour of Lund have?"
    assert len(found(tmp_path, asked, release("harbour", text, title="Harbour"))) == WIDE * READ
    newest = found(tmp_path / "new", asked, release("harbour", text, title="Harbour"), window=Window(latest=True))
    assert len(newest) == READ


def test_the_last_quotation_is_the_best_answer_in_other_words() -> None:
    text = "Oil rose. Oil fell. Oil stood. A barrel got dearer."
    item = release("oil", text, "2024-03-07")
    told = [Evidence(part, item, 0.9 - place / 10, 0.5, 0.5) for place, part in enumerate(sentences(item))]
    told[3] = replace(told[3], reworded=1.0)
    assert quotable(told, Room(SHOWN_WORDS, set(), notices("en"))) == [told[0], told[1], told[3]]


def test_no_release_crowds_out_the_others_of_a_list() -> None:
    one, other = ([Evidence(CALLED, release(name, CALLED.text), 0.9, 0.5, 0.5)] for name in ("one", "other"))
    assert apart([*(one * 5), *other]) == [*(one * OF_ONE), *other, *(one * (5 - OF_ONE))]


def test_a_telephone_number_answers_only_who_asks_for_it(tmp_path: Path) -> None:
    calls = "Relatives should call 1-888-407-4747 toll-free from abroad."
    floods = release("floods", f"Floods struck the valley of Nepal. {calls} Many lost their lives.", title="Floods")
    assert calls not in found(tmp_path, "How many lost their lives in the floods of Nepal?", floods)
    assert calls in found(tmp_path / "more", "What telephone number can relatives of the floods call?", floods)


def test_what_came_out_after_the_window_does_not_lead_for_being_newer() -> None:
    texts = (("may", "2024-05-06"), ("june", "2024-06-02"), ("april", "2024-04-01"))
    found = [Evidence(CALLED, release(name, CALLED.text, day), 0.9, 0.5, 0.5) for name, day in texts]
    as_of = Window(until=date(2024, 5, 31), latest=True)
    assert [item.release.id for item in newest_first(found, as_of)] == ["may", "april", "june"]
    assert [item.release.id for item in newest_first(found, Window(latest=True))] == ["june", "may", "april"]
    far = replace(found[1], score=0.2)
    assert [item.release.id for item in newest_first([found[2], far])] == ["april", "june"]
    told = replace(found[1], sentence=replace(CALLED, text="Up to 31 May it called."))
    assert newest_first([found[0], told], as_of) == [found[0], told]
    assert newest_first([found[0], told], replace(as_of, words="as of 31 May")) == [told, found[0]]
