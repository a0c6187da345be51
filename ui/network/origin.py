"""Under which names the program is asked for, and by whose pages: another's name, or another site, is refused.

A page of another site may point a name of its own at this machine (DNS rebinding) or send its visitors' browsers here
with what they are known by. The first shows in `Host`, the second in `Origin` or `Sec-Fetch-Site`.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.network.refusal import refuse

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?", re.ASCII)
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}

# Said by proxies, and by anybody else. What a trusted one said of the client has been taken up before; the rest would
# let a stranger say under which address Gradio believes to be served.
_HEARSAY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto",
            "x-forwarded-prefix", "x-gradio-server", "x-original-url", "x-rewrite-url")  # fmt: skip


class Origin:
    """Lets through what was asked for under a name of ours, by a page of ours or by no page at all."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], names: Sequence[str], is_loopback: bool) -> None:
        """`hosts` are what the program listens on, `names` those of the settings; without them any name will do
        on an address that others reach, where who asks is known by more than by having reached it."""
        self._app = app
        self._names = {name.lower() for name in names}
        ours = {_bare(name) for name in self._names} | {_written(host) for host in hosts} | _LOOPBACK
        self._hosts = ours if is_loopback or names else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        for name in _HEARSAY:
            del headers[name]
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            await refuse(scope, receive, send, 400, "The request does not say which host it is for.")
        elif self._hosts is not None and _bare(hosts[0]) not in self._hosts:
            words = f"The page is not served as {_bare(hosts[0])}. Where it should be, add that to `server.names`."
            await refuse(scope, receive, send, 421, words)
        elif not self._is_own(headers, hosts[0], scope):
            await refuse(scope, receive, send, 403, "Another site may not send requests here.")
        else:
            await self._app(scope, receive, send)

    def _is_own(self, headers: Headers, host: str, scope: Scope) -> bool:
        """Whether a page of ours sent it, or a program, or a reader who followed a link."""
        origins = headers.getlist("origin")
        site = headers.get("sec-fetch-site", "")
        if origins and origins != ["null"]:
            origin = urlsplit(origins[0].lower())
            return len(origins) == 1 and (origin.netloc == host or origin.netloc in self._names)
        if origins or scope["method"] not in ("GET", "HEAD"):
            # Browsers that know the header tell it of themselves; a page cannot.
            return site in ("same-origin", "none") if origins else site not in ("cross-site", "same-site")
        is_followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return is_followed or site not in ("cross-site", "same-site")


def is_loopback(address: str) -> bool:
    """Whether an address is reached from this machine alone."""
    found = ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def _bare(host: str) -> str:
    """A host without its port, and without the dot that may end a name."""
    found = _HOST.fullmatch(host.lower())
    return found[1].rstrip(".") if found else host


def _written(host: str) -> str:
    """A host as it stands in a header."""
    return f"[{host.lower()}]" if ":" in host else host.lower()
