"""Safe pieces of HTML: escaped text and links that lead only where they say.

Everything that comes from a release, a question or a model passes through `escape`; nothing of it is ever read as
markup, neither HTML nor Markdown.
"""

import html
import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from index.unseen import marked_unseen

# Lone surrogates cannot be sent as UTF-8 and control characters have no glyph; both become U+FFFD, one for one.
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CODE = re.compile(r"`([^`]+)`")


def escape(text: str) -> str:
    """`text` as it can stand inside an element or a quoted attribute, and reads as it is written."""
    return html.escape(_UNSENDABLE.sub("\ufffd", marked_unseen(text)), quote=True)


def isolate(text: str) -> str:
    """Escaped text whose direction and overrides end where it ends."""
    return f"<bdi>{escape(text)}</bdi>"


def with_code(text: str) -> str:
    """Escaped text of our own in which `backticks` set a command apart."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def web_host(url: str) -> str:
    """The host of an http(s) address, in ASCII; empty for any other address and for one that hides its host.

    A machine by its number or this one is no publisher: such an address leads a reader to what is theirs.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        _ = parts.port  # raises ValueError where the port is no number
    except ValueError:  # UnicodeError is one
        return ""
    hidden = "@" in parts.netloc or _UNSENDABLE.search(url) or "\\" in url
    return host if parts.scheme in ("http", "https") and not hidden and not _is_machine(host) else ""


def _is_machine(host: str) -> bool:
    """Whether a host is a number, in any form that a browser reads as one, or this machine."""
    last = host.rstrip(".").rpartition(".")[2]
    if last == "localhost" or re.fullmatch(r"\d+|0x[\da-f]*", last):
        return True
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def is_known(host: str, known: Iterable[str]) -> bool:
    """Whether a host is one of the known ones or below one of them."""
    return any(host == name or host.endswith(f".{name}") for name in known)


def link(url: str, host: str, hint: str, known: Iterable[str]) -> str:
    """A link to `url` whose text is its host; empty unless that is `host`, the one the reader is told about.

    A host that is not known is named, and no link. `hint`, where it opens, is heard but not seen.
    """
    if not host or web_host(url) != host:
        return ""
    if not is_known(host, known):
        return f'<span class="host">{escape(host)}</span>'
    address = escape(url.strip())
    return (
        f'<a class="link" href="{address}" target="_blank" rel="noopener noreferrer">{escape(host)}'
        f'<span class="aside-only"> ({escape(hint)})</span></a>'
    )
