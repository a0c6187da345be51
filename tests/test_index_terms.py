"""Terms: what two texts share however they are written, in three languages."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.terms import _stem, fold, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Kazakh diplomats' visits", "kazakh diplomat visit"),
        ("President's meetings met MEETING", "presid meet met meet"),
        ("1,250,000 people, 3.5% and 7,5", "1250000 peopl 3.5 7,5"),
        ("COVID-19", "covid 19"),
        ("Café Zürich naïve", "cafe zurich naiv"),
        ("snake_case", "snake case"),
        ("What is the?", ""),
        ("", ""),
        ("—!?…", ""),
    ],
)
def test_english_terms(text: str, expected: str) -> None:
    assert " ".join(terms(text)) == expected


def test_russian_words_share_a_stem() -> None:
    assert len({terms(word)[0] for word in ("министр", "министра", "Министру", "министром", "МИНИСТРЫ")}) == 1
    assert terms("о министре и её ёлке") == [*terms("министре"), *terms("елке")]


def test_kazakh_words_are_cut_to_five_letters() -> None:
    assert terms("Қазақстанның қазақстандық елшілігі") == ["қазақ", "қазақ", "елшіл"]
    assert terms("кездесулерінде өтті") == ["кезде", "өтті"]


def test_repeats_and_order_stay() -> None:
    assert terms("gas oil gas") == ["gas", "oil", "gas"]


def test_a_letter_is_folded_and_a_thousands_sign_removed() -> None:
    assert fold("ЁЛКА Й 2,024 1,2") == "елка й 2024 1,2"
    assert fold("ﬁve ＯＩＬ") == "five oil"


def test_the_possessive_goes_whatever_its_apostrophe() -> None:
    assert fold("Kazakhstan's Kazakhstan’s Kazakhstanʼs") == "kazakhstan kazakhstan kazakhstan"


def test_threads_do_not_spoil_each_others_words() -> None:
    words = [f"{'abcdefghij'[n % 10]}{'klmnop'[n % 6]}visiting{'qrstuvwxyz'[n // 10 % 10]}edly" for n in range(6_000)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda word: _stem.__wrapped__(word, False), words * 2))
    finally:
        sys.setswitchinterval(before)
    assert found == [_stem.__wrapped__(word, False) for word in words * 2]
