"""The language of short paragraphs."""

import pytest

from index.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister met the envoy in Astana on Thursday and spoke about trade.", "en"),
        ("Президент Казахстана провёл переговоры в Астане.", "ru"),
        ("Қазақстан Президенті Астанада келіссөз жүргізді.", "kk"),
        ("Бүгін Сыртқы істер министрі елшімен кездесіп, сауда мәселелерін талқылады.", "kk"),
        ("Газета «Егемен Қазақстан» сообщила сегодня о визите министра в Осло и переговорах.", "ru"),
        ("Президент України зустрівся з послом Казахстану.", "uk"),
        ("Der Minister traf am Donnerstag den Botschafter in Astana.", "de"),
        ("Oslo 2024", "und"),
        ("123 456 789 000 111 222", "und"),
        ("", "und"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language
