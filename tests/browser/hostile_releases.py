"""Forty releases that try to run, fetch, mislead or break something: each attempt once as text, once as title."""

from datetime import date

from index.release import Release
from rag.answers import Citation, NearRelease
from tests.browser.fake_assistant import stated, whole

FACT = "The plant opened on Monday."
ATTEMPTS = [
    "<script>document.title='owned'</script>",
    "<img src=https://evil.example/a.png onerror=\"document.title='owned'\">",
    "<svg onload=\"document.title='owned'\"><use href='https://evil.example/s.svg#x'/></svg>",
    "<iframe srcdoc='<script>top.document.title=1</script>'></iframe>",
    "<style>body{display:none}</style><link rel=stylesheet href=https://evil.example/c.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href='https://evil.example/'><form action=//evil.example><button>Ask</button></form>",
    "\"></mark></p></article></div><script>document.title='owned'</script>",
    "' onfocus=document.title='owned' autofocus tabindex=0 x='",
    "<a href=\"javascript:document.title='owned'\">Verified</a>",
    "![pixel](https://evil.example/p.png) [click](javascript:alert(1)) <https://evil.example>",
    "${document.title='owned'} {{constructor.constructor('return 1')()}} {% raw %} #{7*7}",
    "&lt;script&gt;document.title='owned'&lt;/script&gt; &#60;b&#62; &amp;amp;",
    "W" * 3_000,
    "\u202eright to left override\u202d \u2066isolate without an end \u200f\u061c",
    "اسم عربي طويل (123) שם בעברית [1] فخامة الرئيس",
    "👩‍🔬🦠😀🇰🇿" * 40,
    "Z̸̡̢̛͇͉̱͍͙͎̩̼̲̮̗͔̀́̂̃̄̅̆̇̈̉̊" * 20,
    "\x00\x07\x1b[2J\ud800\x85 control signs",
    "\u2028\u2029\ufeff\u00ad" * 50 + "</textarea></title><!--",
]
RELEASES = [
    Release(f"evil-{place}", text, title, date=date(2024, 1, 1 + place // 2), url=address)
    for place, (text, title, address) in enumerate(
        pair
        for attempt in ATTEMPTS
        for pair in (
            (f"{attempt} {FACT} {attempt}", "A quiet title", "javascript:document.title='owned'"),
            (FACT, attempt, "https://gov.kz@evil.example/"),
        )
    )
]


def _cited(marker: int, release: Release) -> Citation:
    start = release.text.index(FACT)
    end = start + len(FACT)
    return Citation(marker, release.id, release.title, release.date, release.url, FACT, start, end)


ANSWER = whole(
    tuple(stated(f"{release.text[:300]} {FACT}", marker) for marker, release in enumerate(RELEASES, 1)),
    tuple(_cited(marker, release) for marker, release in enumerate(RELEASES, 1)),
    nearest=tuple(NearRelease.of(release) for release in RELEASES),
    matches=tuple(NearRelease.of(release) for release in RELEASES),
)
