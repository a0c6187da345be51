import pytest

from ui.markup import escape, is_known, isolate, link, web_host, with_code


def test_escape_leaves_no_markup_and_no_quote() -> None:
    assert escape("<b>\"A\" & 'B'</b>") == "&lt;b&gt;&quot;A&quot; &amp; &#x27;B&#x27;&lt;/b&gt;"
    assert isolate("<i>") == "<bdi>&lt;i&gt;</bdi>"


def test_what_cannot_be_sent_becomes_one_replacement_each() -> None:
    shown = escape("a\ud800b\x00c\x07d")
    assert shown == "a\ufffdb\ufffdc\ufffdd"
    assert shown.encode("utf-8")


def test_a_command_in_backticks_is_set_apart_and_escaped() -> None:
    assert with_code("run `a <b>`") == "run <code>a &lt;b&gt;</code>"


def test_a_link_shows_its_host_and_gives_nothing_away() -> None:
    made = link("https://www.gov.kz/a?b=1&c=2", "www.gov.kz", "new tab", ["gov.kz"])
    assert 'href="https://www.gov.kz/a?b=1&amp;c=2"' in made
    assert 'rel="noopener noreferrer"' in made
    assert ">www.gov.kz<" in made


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "https://gov.kz@evil.example/",
        "https://evil.example\\@gov.kz/",
        "https://gov.kz\x00.evil.example/",
        "https://gov.kz:port/",
        "https://[broken/",
        "ftp://gov.kz/",
        "",
    ],
)
def test_other_addresses_are_no_links(url: str) -> None:
    assert web_host(url) == ""
    assert link(url, "gov.kz", "new tab", ["gov.kz"]) == ""


def test_a_host_is_known_by_itself_or_by_the_one_above_it() -> None:
    assert is_known("gov.kz", ["gov.kz"])
    assert is_known("www.gov.kz", ["gov.kz"])
    assert not is_known("evilgov.kz", ["gov.kz"])
    assert not is_known("gov.kz.evil.example", ["gov.kz"])
    assert not is_known("gov.kz", [])


def test_a_link_to_another_host_than_the_release_is_not_made() -> None:
    assert link("https://evil.example/", "gov.kz", "new tab", ["gov.kz"]) == ""
    assert web_host("https://аррӏе.com/") == "xn--80ak6aa92e.com"
