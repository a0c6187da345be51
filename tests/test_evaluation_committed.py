"""A table in docs/evaluation.md is read back, and a figure that fell is told."""

from tests.evaluation.committed import DOCUMENT, differences, table

TEXT = """Before.

<!-- table: retrieval -->
| set | questions | ranking | first | first 10 |
| --- | --- | --- | --- | --- |
| swiss | 1500 | ours | 0.500 | 0.900 (0.880 to 0.910) |

Behind it.
"""


def test_rows_are_found_by_their_keys() -> None:
    rows = table(TEXT, "retrieval", 3)
    assert rows["swiss", "1500", "ours"] == ["0.500", "0.900 (0.880 to 0.910)"]
    assert table(TEXT, "answers", 3) == {}


def test_a_figure_that_moved_is_told_and_one_that_did_not_is_not() -> None:
    before = table(TEXT, "retrieval", 3)
    now = table(TEXT.replace("0.900 (", "0.850 ("), "retrieval", 3)
    assert list(differences(now, before, {"first": 0, "first 10": 1})) == [
        "swiss, 1500, ours, first 10: 0.900 -> 0.850 (worse)"
    ]
    assert list(differences(before, before, {"first": 0, "first 10": 1})) == []
    assert list(differences(now, {}, {"first": 0})) == [
        "set, questions, ranking: not in the committed table",
        "---, ---, ---: not in the committed table",
        "swiss, 1500, ours: not in the committed table",
    ]


def test_the_document_holds_the_table_that_is_compared() -> None:
    assert ("release-qa", "64", "ours") in table(DOCUMENT.read_text(encoding="utf-8"), "retrieval", 3)
