"""Search: a ranking worked out by hand, windows by publication and by what is stated, releases grouped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from index.dates import Window
from index.embedding import likeness
from index.errors import IndexMismatchError
from index.hits import Hit, ScoredChunk
from index.newest import asks_newest, newest_first
from index.release import Chunk, Release
from index.search import DENSE_WEIGHT, WHOLE_WEIGHT, Searcher
from index.snapshots import Snapshot, SnapshotStore
from tests.fakes import FakeEncoder, built, release

# The same three rows as in test_index_lexical: "oil" has the shares 2 / 3.65, 1 / 1.75 and 0 of the best BM25.
THREE = [release("both", "Oil oil gas."), release("oil", "Oil."), release("wind", "Wind gas.")]
LEXICAL = {"both": 2 / 3.65, "oil": 1 / 1.75, "wind": 0.0}
COSINE = {"both": 2 / sqrt(5), "oil": 1.0, "wind": 0.0}
MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))


@pytest.fixture
def snapshots(home: Path) -> Iterator[list[Snapshot]]:
    """Snapshots opened by a test, closed after it."""
    found: list[Snapshot] = []
    yield found
    for snapshot in found:
        snapshot.catalog.close()


class Shelf:
    """Makes a searcher over releases, in FAISS or on the server of this address."""

    def __init__(self, home: Path, snapshots: list[Snapshot], vectors: str = "") -> None:
        self._home, self._snapshots, self._vectors = home, snapshots, vectors

    def __call__(self, *releases: Release) -> Searcher:
        built(self._home, *releases, vectors=self._vectors)
        self._snapshots.append(SnapshotStore(self._home).open())
        return Searcher(self._snapshots[-1], FakeEncoder())


@pytest.fixture(params=["faiss", pytest.param("milvus", marks=pytest.mark.process)])
def searcher(home: Path, snapshots: list[Snapshot], request: pytest.FixtureRequest) -> Shelf:
    return Shelf(home, snapshots, request.getfixturevalue("milvus") if request.param == "milvus" else "")


def found(searcher: Searcher, question: str, window: Window | None = None) -> list[str]:
    return [hit.release.id for hit in searcher.search(question, window)]


def test_a_ranking_by_hand(searcher: Shelf) -> None:
    hits = searcher(*THREE).search("oil")
    assert [hit.release.id for hit in hits] == ["oil", "both", "wind"]
    for hit in hits:
        lexical, cosine = LEXICAL[hit.release.id], COSINE[hit.release.id]
        [chunk] = hit.chunks
        assert (chunk.cosine, chunk.lexical) == pytest.approx((cosine, lexical), abs=1e-6)
        assert chunk.score == pytest.approx(DENSE_WEIGHT * cosine + (1 - DENSE_WEIGHT) * lexical)
        # A release of one chunk has the words of that chunk.
        assert hit.score == pytest.approx((1 - WHOLE_WEIGHT) * chunk.score + WHOLE_WEIGHT * lexical)


def test_scores_are_shares(searcher: Shelf) -> None:
    for question in ("oil oil gas", "wind", "coal", "oil and gas and wind"):
        assert all(0 <= hit.score <= 1 for hit in searcher(*THREE).search(question))


def test_a_word_only_written_finds_too(searcher: Shelf) -> None:
    assert found(searcher(*THREE, release("coal", "Coal.")), "coal")[0] == "coal"


def test_a_release_is_one_hit_with_its_chunks_best_first(searcher: Shelf) -> None:
    long = release("long", "Wind " * 150 + "turned.\n\n" + "Oil rose again. " * 40 + "\n\n" + "Gas " * 150 + "fell.")
    [hit, *_] = searcher(long, release("other", "Gas.")).search("oil")
    scores = [chunk.score for chunk in hit.chunks]
    assert hit.release.id == "long"
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)
    assert "Oil" in hit.chunks[0].chunk.text


def test_what_is_asked_may_stand_in_several_chunks(searcher: Shelf) -> None:
    fill = "The day was long. " * 45
    texts = {"apart": f"Coal. {fill}\n\nIron. {fill}", "alone": f"Coal. {fill}\n\nTin. {fill}"}
    shelf = searcher(*(release(name, text) for name, text in texts.items()))
    hits = {hit.release.id: hit for hit in shelf.search("coal and iron")}
    apart, alone = hits["apart"], hits["alone"]
    assert apart.chunks[0].score == pytest.approx(alone.chunks[0].score, rel=0.05)
    assert apart.score > alone.score + WHOLE_WEIGHT / 4


def test_as_many_as_asked_for(searcher: Shelf) -> None:
    shelf = searcher(*THREE)
    assert [len(shelf.search("oil", count=count)) for count in (1, 2, 9)] == [1, 2, 3]


def test_a_window_holds_what_was_published_in_it(searcher: Shelf) -> None:
    days = {"before": "2024-02-29", "first": "2024-03-01", "last": "2024-03-31", "after": "2024-04-01", "never": ""}
    shelf = searcher(*(release(name, f"Oil {name}.", day) for name, day in days.items()))
    assert sorted(found(shelf, "oil", MARCH)) == ["first", "last"]
    assert sorted(found(shelf, "oil", Window(since=date(2024, 3, 31)))) == ["after", "last"]
    assert sorted(found(shelf, "oil", Window(until=date(2024, 2, 29)))) == ["before"]


def test_a_window_holds_what_states_a_day_in_it(searcher: Shelf) -> None:
    june = release("june", "Oil rose on 5 March 2024.", "2024-06-10")
    other = release("other", "Oil rose on 5 April 2024.", "2024-06-10")
    undated = release("undated", "Oil rose on 6 March 2024.")
    assert sorted(found(searcher(june, other, undated), "oil", MARCH)) == ["june", "undated"]


def test_a_window_before_the_archive_holds_what_names_its_years(searcher: Shelf) -> None:
    envoy = release("envoy", "Lund sold oil in Lima (1999-2004).", "2024-03-10")
    games = release("games", "Oil for the Oslo 2031 games.", "2024-03-11")
    shelf = searcher(envoy, games, release("other", "Oil in 2004.", "2024-03-12"))
    past = Window(date(1999, 1, 1), date(2004, 12, 31), words="from 1999 to 2004")
    assert sorted(found(shelf, "oil", past)) == ["envoy", "other"]  # The other states a year in it.
    assert found(shelf, "oil", Window(date(1998, 1, 1), date(1998, 12, 31), words="in 1998")) == []
    assert found(shelf, "oil", Window(date(2031, 1, 1), date(2031, 12, 31), words="in 2031")) == []


def test_an_open_window_holds_everything(searcher: Shelf) -> None:
    assert sorted(found(searcher(*THREE), "oil", Window(latest=True, words="latest"))) == ["both", "oil", "wind"]


def test_an_empty_window_holds_nothing(searcher: Shelf) -> None:
    assert found(searcher(*THREE), "oil", MARCH) == []


def test_more_releases_than_candidates(searcher: Shelf) -> None:
    crowd = [release(f"r{number:03}", "Gas fell today. " * (number % 3 + 1)) for number in range(150)]
    assert found(searcher(*crowd, release("needle", "Oil and wind.")), "oil and wind")[0] == "needle"


def test_another_encoder_is_refused(home: Path, snapshots: list[Snapshot]) -> None:
    Shelf(home, snapshots)(*THREE)
    with pytest.raises(IndexMismatchError, match=r"fake \(4 dimensions\)"):
        Searcher(snapshots[0], FakeEncoder(name="other"))


def test_as_of_a_day_asks_for_the_newest() -> None:
    assert asks_newest(Window(until=date(2024, 3, 7), words="As of 7 March 2024"))
    assert not asks_newest(Window(until=date(2024, 3, 7), words="before 8 March 2024"))
    assert asks_newest(Window(until=date(2024, 3, 7), words="by 7 March 2024"))
    assert asks_newest(Window(latest=True))


def hit(name: str, text: str, day: str, score: float, title: str = "") -> Hit:
    item = release(name, text, day, title=title)
    return Hit(item, score, [ScoredChunk(Chunk(name, 0, len(text), text, ""), score, score, score)])


def test_the_newest_is_looked_for_among_releases_about_the_same_names() -> None:
    old, new = hit("old", "A call with Qatar.", "2024-01-01", 0.5), hit("new", "A call with Qatar.", "2024-02-01", 0.45)
    other, weak = hit("other", "A call with Oman.", "2024-03-01", 0.46), hit("weak", "Qatar.", "2024-04-01", 0.2)
    found = newest_first("When was the last call with Qatar?", [old, other, new, weak], Window(latest=True))
    assert [each.release.id for each in found] == ["new", "old", "other", "weak"]


def test_a_name_may_stand_in_any_chunk_that_was_found() -> None:
    old, new = hit("old", "Swissmedic counted 12.", "2021-06-04", 0.5), hit("new", "15 counted.", "2021-06-18", 0.45)
    further = ScoredChunk(Chunk("new", 11, 21, "Swissmedic", ""), 0.3, 0.3, 0.3)
    both = replace(new, chunks=[*new.chunks, further])
    for newest, first in ((new, "old"), (both, "new")):
        found = newest_first("What did Swissmedic count last?", [old, newest], Window(latest=True))
        assert found[0].release.id == first


def test_as_of_a_day_the_release_that_tells_of_it_leads_though_it_came_out_later() -> None:
    before = hit("before", "Up to 8 February 2022 12,334 cases.", "2022-02-11", 0.5)
    told, after = (
        hit(name, f"Up to {day} 2022 {cases} cases.", published, 0.5)
        for name, day, cases, published in (
            ("told", "8 March", "13,388", "2022-03-11"),
            ("after", "8 April", "14,100", "2022-04-11"),
        )
    )
    window = Window(until=date(2022, 3, 8), words="as of 8 March 2022")
    found = newest_first("How many cases were there as of 8 March 2022?", [before, told, after], window)
    assert [each.release.id for each in found] == ["told", "before", "after"]
    in_march = replace(window, words="until 8 March 2022", latest=True)
    assert newest_first("How many cases were there of late?", [before, told], in_march)[0] == before
    looked_back = replace(after, release=replace(after.release, text="8 March", date=date(2022, 6, 1)))
    assert newest_first("How many cases as of 8 March 2022?", [before, looked_back], window)[0] == before


def test_as_of_a_day_a_release_of_that_day_need_not_be_as_close() -> None:
    before, own = hit("before", "12 lorries.", "2023-10-21", 0.5), hit("own", "74 lorries.", "2023-10-26", 0.37)
    window = Window(until=date(2023, 10, 26), words="As of 26 October 2023")
    assert newest_first("As of 26 October 2023, how many lorries came?", [before, own], window)[0] == own
    other = replace(own, release=replace(own.release, date=date(2023, 10, 25)))
    assert newest_first("As of 26 October 2023, how many lorries came?", [before, other], window)[0] == before


def test_a_month_of_the_window_is_no_name_that_must_be_held() -> None:
    old, new = hit("old", "Gaza, October.", "2023-10-21", 0.5), hit("new", "Gaza.", "2023-10-26", 0.45)
    window = Window(until=date(2023, 10, 26), words="As of 26 October 2023")
    found = newest_first("As of 26 October 2023, what reached Gaza?", [old, new], window)
    assert [each.release.id for each in found] == ["new", "old"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When did Lund last phone Berg?", "call"),
        ("When did Lund last speak by telephone, rather than in person, with Berg?", "call"),
        ("When did Lund last meet Berg?", "meeting"),
        ("When did Lund last talk to Berg?", "meeting"),
        ("What did Lund last give Berg?", "statement"),
    ],
)
def test_the_last_call_is_no_meeting_and_none_with_somebody_else(question: str, first: str) -> None:
    hits = [
        hit("call", "Lund, Berg.", "2024-01-01", 0.5, "Call of President Lund with President Berg"),
        hit("meeting", "Lund, Berg.", "2024-02-01", 0.5, "President Lund’s Meeting with President Berg"),
        hit("other", "Lund, Berg.", "2024-03-01", 0.5, "President Lund’s Call with President Horvat"),
        hit("statement", "Lund, Berg.", "2024-04-01", 0.5, "Statement on the Lund and Berg Visit Programme of Horvat"),
    ]
    if first == "meeting":
        hits[3] = hit("statement", "Lund, Berg.", "2024-04-01", 0.5, "Statement")
    assert newest_first(question, hits, Window(latest=True))[0].release.id == first


def test_likeness_counts_from_unrelated() -> None:
    cosines = np.array([0.7, 0.85, 1.0, 0.5], np.float32)
    assert likeness(cosines, 0.7) == pytest.approx([0, 0.5, 1, 0], abs=1e-6)
    assert likeness(cosines, 0.0) == pytest.approx(cosines)
