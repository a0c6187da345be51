from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rag.answers import Answer, Progress, Reason, SentenceReady
from tests.browser.fake_assistant import (
    AGENCIES_ANSWER,
    BRIEFING,
    COUNT,
    HOSTILE_ANSWER,
    INITIATIVE_ANSWER,
    REFUSAL,
    FakeAssistant,
    FakeCoverage,
    notice,
    stated,
    whole,
)
from tests.fakes import built, opened, release
from ui import frame, render
from ui.turn import Question, Turn
from ui.words import words

RELEASES = FakeAssistant().release
START = Turn(3, Question("How many?"), FakeCoverage())


class Structure(HTMLParser):
    """Counts tags, fails on one that is closed out of order, and keeps every address and handler."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "input":
            self.open.append(tag)
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def answered(answer: Answer) -> str:
    turn = replace(START, answer=answer, sentences=answer.sentences, citations=answer.citations)
    return render.turn(turn, RELEASES)


def test_each_stated_sentence_is_followed_by_its_numbered_link() -> None:
    shown = answered(AGENCIES_ANSWER)
    assert 'of 18 UN agencies.<a class="cite" href="#turn-3-source-1" data-cite="1"' in shown
    assert 'id="turn-3-source-1"' in shown
    assert 'aria-label="Source 1: ' in shown
    assert "already houses the offices of 18 UN Agencies.</mark>" in shown


def test_notices_stand_apart_from_stated_sentences() -> None:
    shown = render.prose([stated("A.", 1), notice("B."), stated("C.", 2)], 1)
    assert shown.count('<p class="stated">') == 2
    assert '<p class="notice" role="note" dir="auto"><span class="aside-only">Note: </span>B.</p>' in shown


@pytest.mark.parametrize("answer", [AGENCIES_ANSWER, INITIATIVE_ANSWER, REFUSAL, HOSTILE_ANSWER, COUNT])
def test_every_answer_is_well_formed_and_without_active_content(answer: Answer) -> None:
    found = Structure(answered(answer))
    assert found.open == []
    assert {"script", "img", "b", "style", "iframe"}.isdisjoint(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not [value for name, value in found.attributes if name == "href" and "script:" in str(value)]


def test_ids_are_unique_within_an_answer() -> None:
    ids = [value for name, value in Structure(answered(INITIATIVE_ANSWER)).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_a_refusal_says_what_was_searched_and_offers_the_nearest_releases() -> None:
    shown = answered(REFUSAL)
    assert '<h3 dir="auto">The releases do not say.</h3>' in shown
    assert "I searched 2 releases from 7 September 2023 to 7 March 2024." in shown
    assert f'data-read="{BRIEFING.id}"' in shown
    assert "Nearest: “" not in shown.partition('class="actions"')[0]  # the list says it


def test_an_unreadable_question_offers_no_releases() -> None:
    shown = answered(whole((notice("That is not a question I can read."),), refused=True, reason=Reason.BAD_QUESTION))
    assert "That is not a question I can read." in shown
    assert "Nearest" not in shown


def test_other_releases_are_one_fold_away() -> None:
    shown = answered(replace(AGENCIES_ANSWER, nearest=REFUSAL.nearest))
    assert "<details" in shown
    assert "Other releases searched" in shown


def test_behind_a_count_are_its_releases_in_time_and_as_a_list() -> None:
    shown = answered(COUNT)
    assert shown.index('aria-label="8 releases over time"') < shown.index("<summary>Show 8 releases</summary>")
    assert shown.count('class="near"') == 8 + 2 + 3  # the list, and the lists of January and May


def test_a_list_that_was_cut_off_says_so() -> None:
    shown = answered(replace(COUNT, matches=COUNT.matches[:1] * 500))
    assert "<summary>Show the newest 500 releases</summary>" in shown


def test_the_page_speaks_the_language_of_its_reader_and_the_release_its_own() -> None:
    turn = replace(START, answer=AGENCIES_ANSWER, citations=AGENCIES_ANSWER.citations)
    shown = render.turn(turn, RELEASES, words("ru"))
    assert "Читать весь релиз" in shown
    assert "7 сентября 2023" in shown
    assert "already houses the offices of 18 UN Agencies.</mark>" in shown


def test_a_question_read_differently_and_a_conflict_are_said() -> None:
    shown = answered(replace(AGENCIES_ANSWER, standalone_question="How many <agencies>?", conflict=True))
    assert "Read as “<bdi>How many &lt;agencies&gt;?</bdi>”" in shown
    assert "Releases differ" in shown


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (None, "Searching 2 releases"),
        (Progress("reading", 1.2), "Reading the sentences found"),
        (Progress("writing", 1.2), "Writing, and checking each sentence"),
        (Progress("waiting", 0.1, 1), "Waiting: 1 question before yours"),
        (Progress("waiting", 0.1, 0), "Waiting: yours is next"),
        (Progress("<new>", 0.1), "Working"),
    ],
)
def test_progress_says_what_is_happening(progress: Progress | None, words: str) -> None:
    shown = render.turn(replace(START, progress=progress), RELEASES)
    assert f'class="stage">{words}<' in shown
    assert 'aria-busy="true"' in shown


def test_verified_sentences_stand_while_the_rest_is_written() -> None:
    turn = replace(START, sentences=AGENCIES_ANSWER.sentences, citations=AGENCIES_ANSWER.citations)
    shown = render.turn(turn, RELEASES)
    assert shown.index("18 UN agencies") < shown.index('class="progress"')
    assert 'class="sources"' in shown


def test_an_error_is_in_plain_words() -> None:
    shown = render.turn(replace(START, error="It broke. Run `communique doctor` <now>."), RELEASES)
    assert '<div class="trouble" role="alert">' in shown
    assert "Run <code>communique doctor</code> &lt;now&gt;." in shown
    assert "detail" not in shown


def test_the_message_behind_an_error_follows_in_its_own_language() -> None:
    turn = replace(START, error="Модель недоступна.", detail="<gone>: run `pull`.")
    shown = render.turn(turn, RELEASES, words("ru"))
    assert '<p>Модель недоступна.</p><p class="detail" lang="en">&lt;gone&gt;: run <code>pull</code>.</p>' in shown


def test_stopping_says_what_stands() -> None:
    assert "Nothing had been verified yet" in render.turn(replace(START, stopped=True), RELEASES)
    kept = replace(START, stopped=True, sentences=AGENCIES_ANSWER.sentences, citations=AGENCIES_ANSWER.citations)
    assert "The sentences above were verified" in render.turn(kept, RELEASES)


def test_the_masthead_says_what_is_indexed() -> None:
    shown = frame.masthead("Press <office>", FakeCoverage(note="Run `pull`."))
    assert "Press &lt;office&gt;" in shown
    assert "<strong>2 releases</strong> <span>7 September 2023 – 7 March 2024</span>" in shown
    assert '<p class="model-note" role="note">Run <code>pull</code>.</p>' in shown


def test_a_note_on_the_model_begins_in_the_readers_language() -> None:
    shown = frame.masthead("Name", FakeCoverage(note="Run `pull`."), words("ru"))
    assert 'Отвечает не та языковая модель, что выбрана: canned. <span lang="en">Run <code>pull</code>.' in shown
    quoted = frame.masthead("Name", FakeCoverage(note="No model.", model=""), words("kk"))
    assert f'{words("kk").say("quoted_only")} <span lang="en">No model.</span>' in quoted


def test_an_empty_index_says_what_to_do() -> None:
    empty = FakeCoverage(0, None, None)
    assert "no releases indexed" in frame.masthead("Name", empty)
    assert "<code>communique rebuild FOLDER</code>" in frame.welcome(empty)


def test_examples_are_buttons_that_ask() -> None:
    assert 'data-ask="Is &quot;A&quot; &lt; B?"' in frame.examples(['Is "A" < B?'], FakeCoverage())
    assert frame.examples([], FakeCoverage(0)) == ""


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_where_no_example_could_be_made_the_index_is_asked_about_itself(language: str, home: Path) -> None:
    built(home, release("a", "Oil rose."), release("b", "Gas fell.", "2024-03-07"))
    own = words(language)
    shown = frame.examples([], FakeCoverage(), own)
    for question, told in zip(map(own.say, frame.GENERAL), ("2", own.day(date(2024, 3, 7))), strict=True):
        assert f'data-ask="{question}"' in shown
        answer = opened(home).ask(question)
        assert not answer.refused
        assert told in answer.text
    assert frame.examples([], FakeCoverage(0), own) == ""


def test_the_first_page_names_the_model_and_the_age_of_the_index() -> None:
    assert "Answered by canned. Index of 1 April 2024, 09:30." in frame.examples([], FakeCoverage())
    assert "without a model" in frame.examples([], FakeCoverage(model="", built=""))


def test_what_was_found_is_shown_until_the_first_sentence_is_there() -> None:
    first = HOSTILE_ANSWER.sentences[0]
    waiting = replace(START, progress=Progress("writing", 3.0, found=SentenceReady(first, HOSTILE_ANSWER.citations)))
    shown = render.turn(waiting, RELEASES)
    assert 'class="found"' in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    Structure(shown)
    assert 'class="found"' not in render.turn(replace(waiting, sentences=(first,)), RELEASES)
