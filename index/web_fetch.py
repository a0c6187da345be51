"""One address of the web, read within limits: the time in all, the bytes, the redirects and the schemes.

An address may lead into a private network: a feed of the intranet is as normal as a public one, and whoever names a
feed is on this machine already. So there is no list of forbidden hosts; only http and https are spoken, at every hop.
"""

import asyncio
import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import httpx

from index.errors import FeedError

_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)


@dataclass(frozen=True)
class Limits:
    """What reading one address may cost; `seconds` is for all of it, redirects included."""

    seconds: float = 60.0
    answer_seconds: float = 20.0  # to connect, and between two pieces of the answer
    bytes: int = 10_000_000  # unpacked; a feed of full texts has a few hundred thousand
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What an address holds. `address` is where it was read in the end, `moved` where it has moved for good or ""."""

    data: bytes
    address: str
    moved: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    not_modified: bool = False


class FetchError(FeedError):
    """An address could not be read; `status` is the HTTP status or 0, `retry_after` the header as it was sent."""

    def __init__(self, words: str, status: int = 0, retry_after: str = "") -> None:
        super().__init__(words)
        self.status, self.retry_after = status, retry_after


def fetch(address: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """Read an address with GET; 304 is an answer too. Raises FetchError, for all that can go wrong on the way."""
    try:
        # Not httpx's blocking client: its limits hold for each read, so a server that sends a byte now and then, in a
        # header even, could go on for ever.
        return asyncio.run(_fetch(address, headers, limits))
    except TimeoutError:
        words = f"{shown(address)} was not read within {limits.seconds:g} seconds"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error) as error:
        words = f"{shown(address)} could not be read: {_cause(error)}"
    raise FetchError(words)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once: that takes longer than a fetch. SSL_CERT_FILE names others."""
    return httpx.create_ssl_context()


def shown(address: str) -> str:
    """The address without a user name and password."""
    return re.sub(r"(?<=//)[^/?#\s]*@", "", address)


async def _fetch(address: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    sent = {"User-Agent": f"Communique/{version('communique')}", "Accept-Encoding": "gzip", **headers}
    moved, for_good = "", True
    async with (
        asyncio.timeout(limits.seconds),
        httpx.AsyncClient(headers=sent, timeout=limits.answer_seconds, verify=_trusted()) as client,
    ):
        url = _checked(httpx.URL(address), "")
        for _ in range(limits.redirects + 1):
            async with client.stream("GET", url) as response:
                if response.status_code not in _REDIRECTS or "location" not in response.headers:
                    return await _answer(response, moved, limits.bytes)
                for_good = for_good and response.status_code in _PERMANENT
                url = _checked(url.join(response.headers["location"]), f"{shown(address)} leads to ")
                moved = str(url) if for_good else moved
    raise FetchError(f"{shown(address)} leads on through more than {limits.redirects} redirects")


def _checked(url: httpx.URL, before: str) -> httpx.URL:
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"{before}{shown(str(url)) or 'nothing'}, which is no http or https address")
    return url


async def _answer(response: httpx.Response, moved: str, limit: int) -> Answer:
    address, headers = str(response.url), response.headers
    not_modified = response.status_code == 304
    if response.status_code != 200 and not not_modified:
        words = f"{shown(address)} answered {response.status_code} {response.reason_phrase}".strip()
        raise FetchError(words, response.status_code, headers.get("retry-after", ""))
    return Answer(
        data=b"" if not_modified else await _body(response, limit),
        address=address,
        moved=moved,
        charset=response.charset_encoding or "",
        etag=headers.get("etag", ""),
        modified=headers.get("last-modified", ""),
        not_modified=not_modified,
    )


async def _body(response: httpx.Response, limit: int) -> bytes:
    """The body unpacked. httpx would unpack each piece whole, and a piece of some KB can unpack to gigabytes."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"{shown(str(response.url))} came packed as {packing}, which was not asked for")
    unpacker = None if packing == "identity" else zlib.decompressobj(wbits=31)
    body = bytearray()
    async for piece in response.aiter_raw():
        body += unpacker.decompress(piece, limit + 1 - len(body)) if unpacker else piece
        if len(body) > limit:
            raise FetchError(f"{shown(str(response.url))} holds more than {limit / 1e6:g} MB")
    if unpacker and not unpacker.eof:
        raise FetchError(f"{shown(str(response.url))} broke off")
    return bytes(body)


def _cause(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
