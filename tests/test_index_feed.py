"""Feeds: entries become releases, servers are asked politely, and nothing a server sends leads out of the inbox."""

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from click.testing import CliRunner, Result

from index.errors import FeedError
from index.feed import PAGE_LIMIT, FeedReport, poll
from index.feed_entries import ENTRY_LIMIT, read_feed
from index.readers import read_paths
from index.release import Origin
from index.web_fetch import Limits
from tests.fakes import FakeEncoder, built, held, release, tree
from tests.websites import Reply, Site, atom, opened_site, rss
from ui.cli import communique

Run = Callable[..., Result]

NOON = datetime(2024, 3, 7, 12, tzinfo=UTC)
OIL = "<guid>oil</guid><title>Oil prices</title><description>The price of oil rose.</description>"
GAS = "<guid>gas</guid><title>Gas prices</title><description>The price of gas fell.</description>"
PAGE = "<html><body><article><p>The minister opened a new office in Oslo on Friday.</p></article></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with opened_site() as found:
        yield found


def at(url: str, home: Path, minutes: float = 0, pages: bool = False, limits: Limits | None = None) -> FeedReport:
    """Poll so many minutes after noon."""
    return poll(url, home, pages, lambda: NOON + timedelta(minutes=minutes), limits)


def texts(home: Path) -> dict[str, str]:
    """What the readers make of the inbox: text by title."""
    reading = read_paths([home / "inbox"])
    assert reading.set_aside == []
    return {item.title: item.text for item in reading.releases}


def record(home: Path) -> dict[str, Any]:
    [path] = (home / "inbox").iterdir()
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_an_rss_entry_becomes_a_release(site: Site, home: Path) -> None:
    item = f"{OIL}<link>https://e.org/oil</link><pubDate>Thu, 07 Mar 2024 01:30:00 +0600</pubDate>"
    report = at(site.put("/feed", rss(item, GAS)), home)
    [found] = [item for item in read_paths([home / "inbox"]).releases if item.date]
    assert (report.entries, report.added, report.skipped) == (2, 2, [])
    assert (found.title, found.url, found.text) == ("Oil prices", "https://e.org/oil", "The price of oil rose.")
    # The day of the place it was written at; in UTC it is still the 6th.
    assert (str(found.date), found.date_origin) == ("2024-03-07", Origin.GIVEN)


def test_an_atom_entry_becomes_a_release(site: Site, home: Path) -> None:
    entry = (
        '<id>urn:1</id><title type="html">The &lt;i&gt;Astana&lt;/i&gt; talks</title><link href="/talks"/>'
        "<published>2024-03-06T01:30:00+06:00</published><updated>2024-03-09T00:00:00Z</updated><summary>Short.</summary>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>They\n met.</p> <p>It ended.</p></div>'
        "</content>"
    )
    at(site.put("/feed", atom(entry)), home)
    found = record(home)
    assert (found["title"], found["text"]) == ("The Astana talks", "They met.\n\nIt ended.")
    assert (found["date"], found["url"]) == ("2024-03-06", f"{site.url}/talks")


@pytest.mark.parametrize(
    ("inside", "day"),
    [
        ("<dc:date>2024-03-07T01:30:00+06:00</dc:date>", "2024-03-07"),
        ("<pubDate>Wed, 06 Mar 2024 19:30 GMT</pubDate>", "2024-03-06"),
        ("<pubDate>7 March 2024</pubDate>", "2024-03-07"),
        ("<pubDate>one of these days</pubDate><dc:date>2024-03-08</dc:date>", "2024-03-08"),
        ("<dc:date>0000-00-00</dc:date>", None),
        ("<dc:date>2024-02-30T00:00:00Z</dc:date>", None),
        ("", None),
    ],
)
def test_the_day_is_the_one_that_is_stated(inside: str, day: str | None, site: Site, home: Path) -> None:
    at(site.put("/feed", rss(OIL + inside)), home)
    assert record(home)["date"] == day


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<description>A</description><content:encoded>&lt;p&gt;B&lt;br&gt;C&lt;/p&gt;</content:encoded>", "B\n\nC"),
        ("<description>&lt;b&gt;5 &amp;lt; 6&lt;/b&gt;&lt;script&gt;x()&lt;/script&gt;</description>", "5 < 6"),
        ("<description>First line\nsecond line</description>", "First line\nsecond line"),
        ("<description>Caf&amp;eacute;&#160;AT&amp;amp;T</description>", "Café\u00a0AT&T"),
    ],
)  # fmt: skip
def test_html_becomes_text(body: str, text: str, site: Site, home: Path) -> None:
    at(site.put("/feed", rss(f"<guid>1</guid><title>A &lt;b&gt;bold&lt;/b&gt; title</title>{body}")), home)
    assert (record(home)["title"], record(home)["text"]) == ("A bold title", text)


def test_what_did_not_change_is_not_sent_again(site: Site, home: Path) -> None:
    url = site.put("/feed", rss(OIL), ETag='"1"', Last_Modified="Thu, 07 Mar 2024 12:00:00 GMT")
    at(url, home)
    before = tree(home / "inbox")
    report = at(url, home)
    asked = site.asked[-1][1]
    assert (asked["If-None-Match"], asked["User-Agent"].partition("/")[0]) == ('"1"', "Communique")
    assert (report.not_modified, report.added, tree(home / "inbox")) == (True, 0, before)


def test_a_changed_entry_replaces_its_file_and_a_vanished_one_stays(site: Site, home: Path) -> None:
    at(site.put("/feed", rss(OIL, GAS)), home)
    report = at(site.put("/feed", rss(OIL.replace("rose", "fell"))), home)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    assert texts(home) == {"Oil prices": "The price of oil fell.", "Gas prices": "The price of gas fell."}
    assert at(site.url + "/feed", home).unchanged == 1


def test_an_entry_is_known_by_its_guid_else_its_link_else_its_text(site: Site, home: Path) -> None:
    bare = OIL.replace("<guid>oil</guid>", "")
    url = site.put("/feed", rss(GAS, GAS.replace("fell", "rose"), f"<link>/a</link>{bare}", bare))
    report = at(url, home)
    assert (report.added, [row.reason for row in report.skipped]) == (3, ["an entry before it has the same guid"])
    assert at(url, home).unchanged == 3


def test_a_feed_cannot_replace_what_another_brought(site: Site, home: Path) -> None:
    at(site.put("/one", rss(OIL)), home)
    at(site.put("/two", rss(OIL.replace("rose", "fell"))), home)
    assert len(tree(home / "inbox")) == 2


@pytest.mark.parametrize("guid", ["../../etc/passwd", "/etc/passwd", "C:\\x", ".hidden", "a" * 5_000, "тест\u202e"])
def test_a_guid_is_no_path(guid: str, site: Site, home: Path, tmp_path: Path) -> None:
    at(site.put("/feed", rss(OIL.replace("oil<", f"{guid}<"))), home)
    [name] = [name for name in tree(tmp_path) if "feeds." not in name]
    assert name.startswith("home/inbox/feed-")
    assert name == f"home/inbox/{record(home)['id']}.json"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "mailto:a@e.org"])
def test_a_link_leads_to_the_web_or_nowhere(link: str, site: Site, home: Path) -> None:
    at(site.put("/feed", rss(f"{OIL}<link>{link}</link>")), home)
    assert record(home)["url"] == ""


def test_an_entry_without_text_is_skipped_with_its_reason(site: Site, home: Path) -> None:
    report = at(site.put("/feed", rss(OIL, "<guid>2</guid><title>No text</title><description> </description>")), home)
    assert [(row.source, row.reason) for row in report.skipped] == [("No text", "it has no text")]
    assert report.added == 1


def test_an_entry_that_lost_its_letters_is_skipped_and_one_lost_letter_is_not(site: Site, home: Path) -> None:
    russian = rss(OIL.replace("The price of oil rose.", "Цены на нефть выросли."))
    url = site.put("/feed", russian.encode("koi8-r"))
    assert "many of its letters are lost" in at(url, home).skipped[0].reason
    site.put("/feed", f'<?xml version="1.0" encoding="koi8-r"?>{russian}'.encode("koi8-r"))
    at(url, home)
    assert record(home)["text"] == "Цены на нефть выросли."
    site.put("/feed", rss(OIL.replace("rose.", "rose. " * 50 + "@")).encode().replace(b"@", b"\xd0"))
    assert at(url, home).changed == 1


def test_an_entry_that_asks_too_much_is_skipped_and_the_rest_counted(site: Site, home: Path) -> None:
    deep = "<guid>1</guid><title>Deep</title><description>" + "&lt;p&gt;a" * 21_000 + "</description>"
    report = at(site.put("/feed", rss(deep, *[GAS] * ENTRY_LIMIT)), home)
    reasons = [row.reason for row in report.skipped]
    assert reasons[0].startswith("a page of over 20,000 elements")
    assert reasons[-1] == "1 entries behind the first 1,000"
    assert report.added == 1


@pytest.mark.parametrize(
    ("header", "minutes"),
    [("300", 5), ("Thu, 07 Mar 2024 12:30:00 GMT", 30), ("9" * 8, 7 * 24 * 60), ("soon", 1), ("-5", 1), ("", 1)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_says_how_long_to_wait(status: int, header: str, minutes: int, site: Site, home: Path) -> None:
    url = site.put("/feed", "", status, Retry_After=header)
    with pytest.raises(FeedError, match=f"answered {status}"):
        at(url, home)
    report = at(url, home, minutes - 0.1)
    assert report.not_before == (NOON + timedelta(minutes=minutes)).isoformat("T", "seconds")
    assert (len(site.asked), f"answered {status}" in report.problem) == (1, True)
    site.put("/feed", rss(OIL))
    assert at(url, home, minutes).added == 1


def test_each_failure_doubles_the_wait_and_an_answer_ends_it(site: Site, home: Path) -> None:
    url = site.put("/feed", "", 500)
    minutes = 0
    for wait in (1, 2, 4, 8):
        with pytest.raises(FeedError, match="answered 500"):
            at(url, home, minutes)
        minutes += wait
        assert at(url, home, minutes - 0.1).not_before
    site.put("/feed", rss(OIL))
    assert [at(url, home, minutes).added, len(site.asked)] == [1, 5]
    assert json.loads((home / "feeds.json").read_text())[url]["failures"] == 0


def test_a_wait_noted_by_a_clock_that_was_years_ahead_is_not_kept(site: Site, home: Path) -> None:
    url = site.put("/feed", "", 500)
    with pytest.raises(FeedError, match="answered 500"):
        at(url, home, 10 * 365 * 24 * 60)
    site.put("/feed", rss(OIL))
    assert at(url, home).added == 1


def test_where_a_feed_moved_for_good_is_remembered(site: Site, home: Path) -> None:
    url, new = site.put("/feed", "", 301, Location="/between"), site.put("/new", rss("<guid>1</guid>" + OIL[16:]))
    site.put("/between", "", 308, Location="/new")
    assert at(url, home).moved == new
    site.replies.pop("/feed")
    # By either name it is the same feed, so its entries are the same releases.
    assert [at(url, home).unchanged, at(new, home).unchanged] == [1, 1]
    assert [path for path, _ in site.asked] == ["/feed", "/between", "/new", "/new", "/new"]


def test_a_passing_redirect_is_not_remembered(site: Site, home: Path) -> None:
    url = site.put("/feed", "", 302, Location="/between")
    site.put("/between", "", 301, Location="/new")
    site.put("/new", rss(OIL))
    assert [at(url, home).moved, at(url, home).unchanged] == ["", 1]
    assert [path for path, _ in site.asked] == ["/feed", "/between", "/new"] * 2


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "gopher://x/", "data:,x"])
def test_only_the_web_is_followed(location: str, site: Site, home: Path) -> None:
    url = site.put("/feed", "", 302, Location=location)
    with pytest.raises(FeedError, match=r"which is no http or https address|could not be read: For absolute"):
        at(url, home)
    assert len(site.asked) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://e.org/feed", "feed", "", "http://", "http://[::", "\x00"])
def test_only_the_web_is_asked(url: str, home: Path) -> None:
    with pytest.raises(FeedError, match=r"no http or https address|is no address"):
        poll(url, home)
    assert not home.exists()


def test_an_address_is_known_however_it_is_spelt(site: Site, home: Path) -> None:
    site.put("/", rss(OIL))
    assert [at(url, home).unchanged for url in (site.url, f" {site.url.upper()}/#top")] == [0, 1]


def test_redirects_have_an_end(site: Site, home: Path) -> None:
    with pytest.raises(FeedError, match="more than 5 redirects"):
        at(site.put("/feed", "", 302, Location="/feed"), home)
    assert len(site.asked) == 6


def test_a_feed_that_is_gone_is_never_asked_again(site: Site, home: Path) -> None:
    url = site.put("/feed", "", 410)
    with pytest.raises(FeedError, match="answered 410 Gone"):
        at(url, home)
    with pytest.raises(FeedError, match=r"gone for good \(410\); if it is back, take it out of .*feeds\.json"):
        at(url, home, 10_000)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("body", "packing", "reason"),
    [
        (b"x" * 1_001, "identity", "holds more than 0.001 MB"),
        (gzip.compress(bytes(5_000_000)), "gzip", "holds more than 0.001 MB"),
        (gzip.compress(rss(OIL).encode())[:-9], "gzip", "broke off"),
        (b"not packed", "gzip", "could not be read"),
        (b"x", "br", "came packed as br, which was not asked for"),
    ],
)
def test_a_body_has_a_limit_also_unpacked(body: bytes, packing: str, reason: str, site: Site, home: Path) -> None:
    url = site.put("/feed", body, Content_Encoding=packing)
    with pytest.raises(FeedError, match=reason):
        at(url, home, limits=Limits(bytes=1_000))


def test_a_packed_feed_is_read(site: Site, home: Path) -> None:
    assert at(site.put("/feed", gzip.compress(rss(OIL).encode()), Content_Encoding="gzip"), home).added == 1


@pytest.mark.parametrize(
    "reply", [Reply(rss(OIL).encode(), drips=b" "), Reply(headers={"X": "y\r\nX: " * 9}, drips=b"X"), Reply(drips=b"<")]
)
def test_a_slow_server_has_a_limit_in_all(reply: Reply, site: Site, home: Path) -> None:
    site.replies["/feed"] = reply
    begun = monotonic()
    with pytest.raises(FeedError, match=r"was not read within 0\.3 seconds"):
        at(site.url + "/feed", home, limits=Limits(seconds=0.3))
    assert monotonic() - begun < 5


def test_a_silent_server_has_a_limit(home: Path, site: Site) -> None:
    site.shutdown()  # It is still listened to, but nobody answers.
    with pytest.raises(FeedError, match="could not be read: ReadTimeout"):
        at(site.url + "/feed", home, limits=Limits(answer_seconds=0.1))


BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1_000 + '">]>' + rss(OIL.replace("oil rose", "&b;"))
THEFT = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(OIL.replace("oil rose", "&x;"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "declares entities"),
        (THEFT, "declares entities"),
        ("<!-- <rss> -->\n" + THEFT, "declares entities"),
        ("\ufeff<?xml version='1.0'?>" + BOMB, "declares entities"),
        ("\n" * 500_000 + "<rss>", "no RSS or Atom feed|cannot be read|0 entries"),
        ('<?xml encoding="utf-8" ' * 3_000, "no RSS or Atom feed"),
        ("\ufeff\ufeff" + '<?xml encoding="utf-8" ' * 3_000, "no RSS or Atom feed"),
        ("<?xml" + "\n" * 500_000 + "<rss>", "no RSS or Atom feed|cannot be read|0 entries"),
        ("<!x" + "\n" * 500_000 + "<rss>", "no RSS or Atom feed|cannot be read|0 entries"),
        ("\ufeff\ufeff<?xml version='1.0'>" + BOMB, "declares entities"),
        ("\ufeff<\x00r\x00s\x00s\x00>", "no feed: binary data"),
        (rss("<a>" * 100_000 + "&" * 100_001), "over 200,000 tags and character references"),
        (rss("<guid " + " ".join(f'a{number}="1"' for number in range(1_001)) + "/>"), "over 1,000 attributes"),
        (rss("<link></item></link>"), "a feed that cannot be taken apart"),
        ("<html><body>Hello</body></html>", "no RSS or Atom feed; if it is a web page"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "no RSS or Atom feed"),
        ("\x89PNG\x00\x01", "no feed: binary data"),
        ("", "no RSS or Atom feed"),
    ],
    ids=lambda value: value[:20] if value.isascii() else "other",
)
def test_what_is_no_feed_says_why(content: str, reason: str, home: Path, site: Site) -> None:
    begun = monotonic()
    with pytest.raises(FeedError, match=f"/feed holds .*({reason})"):
        at(site.put("/feed", content), home)
    assert monotonic() - begun < 5
    assert not (home / "inbox").exists()


def test_an_outer_doctype_is_not_fetched(site: Site, home: Path) -> None:
    content = f'<?xml version="1.0"?>\n<!DOCTYPE rss SYSTEM "{site.url}/x.dtd">\n' + rss(OIL)
    assert at(site.put("/feed", content), home).added == 1
    assert [path for path, _ in site.asked] == ["/feed"]


def test_a_broken_feed_gives_what_can_be_read(site: Site, home: Path) -> None:
    at(site.put("/feed", rss(OIL, GAS.replace("fell", "fell&nbsp;again"))[:-20]), home)
    assert texts(home) == {"Oil prices": "The price of oil rose.", "Gas prices": "The price of gas fell\u00a0again."}


@pytest.mark.parametrize("half", ["&#xD83D;", "&#55357;", "&#0;", "&#99999999;", "&#" + "9" * 5_000 + ";"])
def test_an_impossible_character_costs_itself_alone(half: str, site: Site, home: Path) -> None:
    long = OIL.replace("rose.", "rose. " * 20 + half)
    assert at(site.put("/feed", rss(long, GAS)), home).added == 2
    assert at(site.put("/loose", rss(long, GAS.replace("fell", "&fell"))), home).added == 2


def test_a_declaration_that_does_not_end_costs_nothing_else(site: Site, home: Path) -> None:
    assert at(site.put("/feed", '<?xml version="1.0" encoding="utf-8">' + rss(OIL)), home).added == 1


def test_an_empty_feed_is_a_feed(site: Site, home: Path) -> None:
    assert at(site.put("/feed", rss()), home).entries == 0
    assert list(read_feed(atom().encode(), "", "http://e.org/")) == []


def test_the_page_of_a_short_summary_is_fetched_once_where_wanted(site: Site, home: Path) -> None:
    url = site.put("/feed", rss(f"{OIL}<link>/oil</link>"), ETag='"1"')
    site.put("/oil", PAGE)
    assert [at(url, home).added, record(home)["text"]] == [1, "The price of oil rose."]
    assert [at(url, home, pages=True).changed, record(home)["text"][:12]] == [1, "The minister"]
    site.put("/feed", rss(f"{OIL}<link>/oil</link>", title="New"), ETag='"2"')
    assert [at(url, home, pages=pages).unchanged for pages in (True, False)] == [1, 0]
    assert [path for path, _ in site.asked] == ["/feed", "/feed", "/oil", "/feed", "/feed"]


@pytest.mark.parametrize("body", ["<description>One.</description>", ""])
def test_a_page_that_cannot_be_read_leaves_the_summary(body: str, site: Site, home: Path) -> None:
    url = site.put("/feed", rss(f"<guid>1</guid><link>/gone</link>{body}"))
    report = at(url, home, pages=True)
    [row] = report.unread_pages
    assert "answered 404" in row.reason
    assert (report.added, len(report.skipped)) == ((1, 0) if body else (0, 1))


def test_a_page_out_of_reach_does_not_cost_the_text_it_gave(site: Site, home: Path) -> None:
    url = site.put("/feed", rss(f"{OIL}<link>/oil</link>"))
    site.put("/oil", PAGE)
    at(url, home, pages=True)
    site.put("/feed", rss(f"{OIL.replace('rose', 'fell')}<link>/oil</link>"))
    site.put("/oil", "", 500)
    assert [at(url, home, pages=True).unchanged, record(home)["text"][:12]] == [1, "The minister"]
    site.put("/oil", PAGE.replace("Oslo", "Astana"))
    assert [at(url, home, pages=True).changed, "Astana" in record(home)["text"]] == [1, True]


def test_pages_beyond_the_limit_wait_for_the_next_poll(site: Site, home: Path) -> None:
    items = [f"<guid>{number}</guid><link>/page</link><description>One.</description>" for number in range(60)]
    url = site.put("/feed", rss(*items), ETag='"1"')
    site.put("/page", PAGE)
    assert [at(url, home, pages=True).added, at(url, home, pages=True).changed] == [60, 60 - PAGE_LIMIT]
    assert at(url, home, pages=True).not_modified


def test_a_server_that_had_enough_is_asked_for_no_further_page(site: Site, home: Path) -> None:
    items = [f"<guid>{number}</guid><link>/page</link><description>One.</description>" for number in range(3)]
    url = site.put("/feed", rss(*items), ETag='"1"')
    site.put("/page", "", 429)
    at(url, home, pages=True)
    site.put("/page", PAGE)
    assert at(url, home, pages=True).changed == 3
    assert [path for path, _ in site.asked] == ["/feed", "/page", "/feed", *["/page"] * 3]


def test_without_the_library_the_command_that_installs_it_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "feedparser", None)
    with pytest.raises(FeedError, match=r'pip install "feedparser>=6\.0"'):
        poll("http://127.0.0.1:9/", home)


def test_a_memory_that_cannot_be_read_is_named(site: Site, home: Path) -> None:
    home.mkdir()
    (home / "feeds.json").write_text('{"x": {"failures": "many"}}')
    with pytest.raises(FeedError, match=r"feeds\.json cannot be read \(at x\.failures\); correct it, or remove it"):
        at(site.put("/feed", rss(OIL)), home)


def test_a_password_is_used_and_never_shown(site: Site, home: Path) -> None:
    url = site.put("/feed", rss(f"{OIL}<link>/oil</link>")).replace("//", "//me:secret@")
    report = at(url, home)
    assert site.asked[0][1]["Authorization"].startswith("Basic ")
    assert "secret" not in report.url + json.dumps(record(home))
    assert (home / "feeds.json").stat().st_mode & 0o077 == 0


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, home: Path) -> Run:
    """Runs `communique feed` over an index of one release, with a fake encoder."""
    monkeypatch.setattr("index.opening.open_encoder", lambda *_: FakeEncoder())
    built(home, release("wind", "The wind rose."))

    def call(*words: str) -> Result:
        return CliRunner().invoke(communique, ["feed", *words])

    return call


def test_the_command_brings_releases_into_the_index(run: Run, site: Site, home: Path) -> None:
    result = run(site.put("/feed", rss(OIL, "<guid>2</guid>"), ETag='"1"'))
    assert f"{site.url}/feed: 2 entries: 1 added, 0 changed, 0 unchanged, 1 skipped." in result.output
    assert "2 releases indexed: 1 added, 0 changed, 0 withdrawn, 1 unchanged" in result.output
    assert (result.exit_code, len(held(home))) == (0, 2)
    assert run().output == f"{site.url}/feed: not changed since it was last read.\n"


def test_a_feed_that_fails_does_not_stop_the_others(run: Run, site: Site, home: Path) -> None:
    result = run(site.put("/none", "", 500), "nowhere", site.put("/feed", rss(OIL)))
    assert result.stderr.splitlines() == [
        f"communique: {site.url}/none answered 500 Internal Server Error",
        "communique: nowhere is no http or https address",
    ]
    assert (result.exit_code, len(held(home))) == (1, 2)
    assert "not asked before" in run(f"{site.url}/none").output


def test_the_command_as_json(run: Run, site: Site) -> None:
    found = json.loads(run("--json", site.put("/feed", rss(OIL)), site.put("/none", "", 500)).stdout)
    assert [found["feeds"][0]["added"], found["rebuild"]["added"]] == [1, 1]
    assert found["feeds"][1] == {
        "url": f"{site.url}/none",
        "error": f"{site.url}/none answered 500 Internal Server Error",
    }


def test_without_an_address_the_feeds_that_answered_are_asked(run: Run, site: Site) -> None:
    assert "no feed was read before" in str(run().exception)
    for path, status in (("/good", 200), ("/typo", 404), ("/gone", 410)):
        run(site.put(path, rss(OIL), status))
    site.asked.clear()
    assert run().exit_code == 0
    assert [path for path, _ in site.asked] == ["/good"]


def test_a_rebuild_that_did_not_come_about_is_made_up_for(
    run: Run,
    site: Site,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise FeedError("the model is gone")

    with monkeypatch.context() as patched:
        patched.setattr("index.opening.open_encoder", fails)
        assert "the model is gone" in str(run(site.put("/feed", rss(OIL), ETag='"1"')).exception)
    assert "2 releases indexed" in run().output
    assert len(held(home)) == 2
