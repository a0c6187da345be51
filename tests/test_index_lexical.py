"""BM25: values worked out by hand, and an independent implementation as referee over random corpora."""

import math
import random
from pathlib import Path

import numpy as np
import pytest

from index.lexical import LENGTH_WEIGHT, SATURATION, Lexicon
from index.postings import Postings, PostingsWriter

ROWS = [["oil", "oil", "gas"], ["oil"], ["wind", "gas"]]
IDF_OIL = math.log(1 + 1.5 / 2.5)  # in 2 of 3 rows
IDF_WIND = math.log(1 + 2.5 / 1.5)  # in 1 of 3 rows
# Average length 2. Row 0 has length 3: k = 1.2 * (0.25 + 0.75 * 1.5) = 1.65; row 1: 0.75; row 2: 1.2.
OIL_0, OIL_1, WIND_2 = 2 * 2.2 / (2 + 1.65), 2.2 / (1 + 0.75), 2.2 / (1 + 1.2)


def lexicon(rows: list[list[str]]) -> Lexicon:
    return Lexicon(Postings.of(rows))


def test_idf_by_hand() -> None:
    assert lexicon(ROWS).idf("oil") == pytest.approx(IDF_OIL)
    assert lexicon(ROWS).idf("wind") == pytest.approx(IDF_WIND)
    assert lexicon(ROWS).idf("coal") == pytest.approx(math.log(1 + 3.5 / 0.5))


def test_one_term_by_hand() -> None:
    assert lexicon(ROWS).scores([{"oil": 1.0}]) == pytest.approx([OIL_0 / 2.2, OIL_1 / 2.2, 0])


def test_two_terms_share_the_best_that_both_could_reach() -> None:
    best = 2.2 * (IDF_OIL + IDF_WIND)
    expected = [IDF_OIL * OIL_0 / best, IDF_OIL * OIL_1 / best, IDF_WIND * WIND_2 / best]
    assert lexicon(ROWS).scores([{"oil": 1.0}, {"wind": 1.0}]) == pytest.approx(expected, rel=1e-5)


def test_of_terms_that_stand_for_one_word_the_best_counts() -> None:
    best = 2.2 * IDF_OIL
    expected = [IDF_OIL * OIL_0 / best, IDF_OIL * OIL_1 / best, 0.5 * IDF_WIND * WIND_2 / best]
    assert lexicon(ROWS).scores([{"oil": 1.0, "wind": 0.5}]) == pytest.approx(expected, rel=1e-5)
    assert lexicon([["oil", "wind"], ["gas"]]).scores([{"oil": 1.0, "wind": 1.0}])[0] <= 1


def test_an_unknown_term_lowers_the_share() -> None:
    known, both = lexicon(ROWS).scores([{"oil": 1.0}]), lexicon(ROWS).scores([{"oil": 1.0}, {"coal": 1.0}])
    assert (both[:2] < known[:2]).all()
    assert both[2] == 0


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
def test_nothing_to_search(rows: list[list[str]]) -> None:
    assert lexicon(rows).scores([{"oil": 1.0}]).tolist() == [0.0] * len(rows)
    assert lexicon(rows).scores([]).tolist() == [0.0] * len(rows)


@pytest.mark.parametrize("seed", range(8))
def test_scores_equal_those_of_bm25s(seed: int) -> None:
    bm25s = pytest.importorskip("bm25s")
    chance = random.Random(seed)
    words = [f"w{number}" for number in range(12)]
    rows = [chance.choices(words, k=chance.randint(1, 30)) for _ in range(chance.randint(2, 40))]
    question = chance.sample(words, 4)
    referee = bm25s.BM25(method="lucene", k1=SATURATION, b=LENGTH_WEIGHT)
    referee.index(rows, show_progress=False)
    ours = lexicon(rows)
    # The referee leaves out the constant factor k1 + 1, and the division by the best score.
    best = sum(ours.idf(word) for word in question)
    known = [word for word in question if word in ours.vocabulary]
    assert ours.scores([{word: 1.0} for word in question]) * best == pytest.approx(referee.get_scores(known), rel=1e-4)


def written(folder: Path, *parts: Postings, before: Path | None = None) -> Postings:
    folder.mkdir(exist_ok=True)
    with PostingsWriter(folder, before) as writer:
        for part in parts:
            writer.append(part)
    return Postings.open(folder)


def test_saved_postings_open_as_they_were(tmp_path: Path) -> None:
    found = written(tmp_path, Postings.of(ROWS))
    assert (found.vocabulary, found.rows) == ({"oil": 0, "gas": 1, "wind": 2}, 3)
    assert Lexicon(found).scores([{"gas": 1.0}]).tolist() == lexicon(ROWS).scores([{"gas": 1.0}]).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_taking_rows_equals_building_them(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    rows = [chance.choices("abcdef", k=chance.randint(0, 5)) for _ in range(9)]
    kept, added = chance.sample(range(9), 4), [["f", "z"], [], ["a"]]
    taken = Lexicon(written(tmp_path, Postings.of(rows).take(np.array(kept)), Postings.of(added)))
    clean = lexicon([rows[row] for row in kept] + added)
    question = [{term: 1.0} for term in "abfz"]
    np.testing.assert_allclose(taken.scores(question), clean.scores(question), rtol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_texts_joined_of_chunks_score_as_if_they_were_one(seed: int) -> None:
    chance = random.Random(seed)
    texts = [[chance.choices("abcdef", k=chance.randint(1, 5)) for _ in range(chance.randint(1, 4))] for _ in range(6)]
    chunks = [(number, chunk) for number, text in enumerate(texts) for chunk in text]
    chance.shuffle(chunks)
    apart = lexicon([chunk for _, chunk in chunks])
    whole = lexicon([[term for chunk in text for term in chunk] for text in texts])
    rows = np.array([row for text in (1, 3, 4) for row, (number, _) in enumerate(chunks) if number == text])
    starts = np.cumsum([0, len(texts[1]), len(texts[3])])
    # How rare a term is stays a matter of chunks, so one term at a time is compared, without its rarity.
    for term in "abcdef":
        joined, expected = apart.joined(rows, starts, len(texts)).scores([{term: 1.0}]), whole.scores([{term: 1.0}])
        np.testing.assert_allclose(joined, expected[[1, 3, 4]], rtol=1e-6)


@pytest.mark.parametrize("old", [[], [[]], ROWS])
def test_postings_that_others_begin_equal_those_written_together(old: list[list[str]], tmp_path: Path) -> None:
    new = [["wind", "coal"], [], ["oil"]]
    written(tmp_path / "old", Postings.of(old))
    found = written(tmp_path / "new", Postings.of(new), before=tmp_path / "old")
    question = [{term: 1.0} for term in ("oil", "wind", "coal")]
    np.testing.assert_array_equal(Lexicon(found).scores(question), lexicon(old + new).scores(question))
    assert Postings.open(tmp_path / "old").rows == len(old)
