"""Talking to a server that speaks OpenAI's protocol (llama.cpp's, vLLM, Ollama), within limits of time.

The requests run in an event loop of their own thread; whoever asks waits for what they bring and looks now and then
whether it is still wanted. A caller that goes away ends the request, which closes the connection, and so the server
stops too. A server that is busy (429, 502, 503, 504) is asked again, a little later each time, as long as the time
lasts. Whatever goes wrong is a ServerError that says what to do; the key stands in none.
"""

import asyncio
import contextlib
import json
import os
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from index.errors import Cancelled, ModelError
from index.setting_values import KEY_VARIABLE
from rag.generation import PromptTooLongError

HEARTBEAT = 0.1
"""Seconds after which a waiting caller looks whether it is still wanted."""

CONNECTING = 5.0
WHOLE = 3
"""How many times the silence that a server is allowed its whole reply may take."""

BUSY = (429, 502, 503, 504)
FIRST_PAUSE = 0.5
SHOWN = 200
"""Characters of a server's own words that an error repeats."""

Json = dict[str, Any]


class ServerError(ModelError):
    """The model's server could not be asked, or broke off; `status` is what it answered, 0 without an answer."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class Access:
    """Where the server is, what opens it ("" where nothing has to), and the seconds that it may be silent."""

    address: str
    key: str = ""
    seconds: float = 60.0

    def __repr__(self) -> str:
        return f"Access({self.address!r})"

    @property
    def base(self) -> str:
        """The address with the version in it, which servers are often named without."""
        address = self.address.rstrip("/")
        return address if urlsplit(address).path.strip("/") else f"{address}/v1"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine, to which no proxy leads."""
        host = urlsplit(self.address).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False


class ModelServer:
    """One server; safe to share between threads."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx.AsyncClient | None = None

    def ask(self, path: str, body: Json | None, cancelled: Callable[[], bool]) -> Json:
        """The whole reply to a request, a GET without a body. Raises ServerError, or Cancelled once it is unwanted."""
        return next(iter(self._followed(lambda give: self._whole(path, body, give), cancelled)))

    def stream(self, path: str, body: Json, cancelled: Callable[[], bool]) -> Iterator[Json]:
        """The pieces of a reply as they come. Raises ServerError, also where it ends before its end was told."""
        yield from self._followed(lambda give: self._pieces(path, body, give), cancelled)

    def close(self) -> None:
        """End the connections and the thread; the next request begins anew."""
        with self._lock:
            loop, client = self._loop, self._client
            self._loop = self._client = None
        if loop and client:
            asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(CONNECTING)
            loop.call_soon_threadsafe(loop.stop)

    def _followed(
        self, request: Callable[[Callable[[Json], None]], Any], cancelled: Callable[[], bool]
    ) -> Iterator[Json]:
        told: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        running: Future[None] = asyncio.run_coroutine_threadsafe(request(told.put), self._running())
        running.add_done_callback(lambda _: told.put(None))
        try:
            while not cancelled():
                try:
                    piece = told.get(timeout=HEARTBEAT)
                except queue.Empty:
                    continue
                if piece is None:
                    running.result()
                    return
                yield piece
            raise Cancelled("the caller went away while the server of the model was at work")
        finally:
            running.cancel()

    def _running(self) -> asyncio.AbstractEventLoop:
        """The event loop, begun with the first request."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), daemon=True, name="model-server").start()
            return self._loop

    def _connected(self) -> httpx.AsyncClient:
        """The client, whose connections are kept between requests. Called in the loop's thread alone."""
        if self._client is None:
            headers = {"Authorization": f"Bearer {self.access.key}"} if self.access.key else {}
            limits = httpx.Timeout(self.access.seconds, connect=min(CONNECTING, self.access.seconds))
            self._client = httpx.AsyncClient(
                base_url=self.access.base, headers=headers, timeout=limits, trust_env=not self.access.is_here
            )
        return self._client

    async def _whole(self, path: str, body: Json | None, give: Callable[[Json], None]) -> None:
        with _as_server_errors(self.access) as busy:
            async with asyncio.timeout(self.access.seconds), self._opened(path, body, busy) as response:
                data = await response.aread()
        give(_parsed(data.decode("utf-8", "replace"), self.access))

    async def _pieces(self, path: str, body: Json, give: Callable[[Json], None]) -> None:
        """Server-sent events. Time runs from one piece to the next: a comment that keeps a connection is none."""
        now, seconds = asyncio.get_running_loop().time, self.access.seconds
        with _as_server_errors(self.access) as busy:
            async with (
                asyncio.timeout(seconds * WHOLE),
                asyncio.timeout(seconds) as silence,
                self._opened(path, body, busy) as response,
            ):
                async for line in response.aiter_lines():
                    field, _, value = line.partition(":")
                    if field != "data" or not value.strip():
                        continue
                    if value.strip() == "[DONE]":
                        return
                    give(_parsed(value, self.access))
                    silence.reschedule(now() + seconds)
        raise ServerError(f"The server {self.access.base} broke off in the middle of an answer.")

    @contextlib.asynccontextmanager
    async def _opened(self, path: str, body: Json | None, busy: list[ModelError]) -> AsyncIterator[httpx.Response]:
        """The reply once the server is ready to give one; ServerError for any other status than 200.

        `busy` holds why it was not, as long as it is not.
        """
        client, pause = self._connected(), FIRST_PAUSE
        now = asyncio.get_running_loop().time
        until = now() + self.access.seconds
        while True:
            request = client.build_request("POST" if body is not None else "GET", path, json=body)
            response = await client.send(request, stream=True)
            try:
                if response.status_code == httpx.codes.OK:
                    busy.clear()
                    yield response
                    return
                wait = _asked_pause(response) or pause
                busy[:] = [await _refused(response, self.access)]
                if response.status_code not in BUSY or now() + wait > until:
                    raise busy[0]
            finally:
                await response.aclose()
            await asyncio.sleep(wait)
            pause *= 2


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


@contextlib.contextmanager
def _as_server_errors(access: Access) -> Iterator[list[ModelError]]:
    """What goes wrong on the way, as what a person can do about it; where time runs out, why the server was busy."""
    busy: list[ModelError] = []
    try:
        yield busy
    except (TimeoutError, httpx.TimeoutException) as error:
        if busy:
            raise busy[0] from error
        unreached = isinstance(error, httpx.ConnectTimeout)
        said = "cannot be reached in time" if unreached else f"said nothing for {access.seconds:g} seconds"
        raise ServerError(f"The server {access.base} {said}; see to it, or raise model.server_seconds.") from error
    except httpx.ConnectError as error:
        words = f"The server {access.base} cannot be reached ({_cause(error)})"
        raise ServerError(f"{words}; start it, or correct model.server.") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ServerError(f"The server {access.base} broke off ({_cause(error)}).") from error


async def _refused(response: httpx.Response, access: Access) -> ModelError:
    """What a reply other than 200 means."""
    status, words = response.status_code, _own_words(await response.aread(), access.key)
    named = f"The server {access.base}"
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        # Some servers repeat the key in what they say.
        return ServerError(f"{named} refuses the key ({status}); set {KEY_VARIABLE} or model.server_key_file.", status)
    if status == httpx.codes.BAD_REQUEST and "context" in words.lower():
        return PromptTooLongError(f"{named} has no room for the prompt: {words}")
    if status == httpx.codes.NOT_FOUND:
        words = f"{named} knows no such address or model (404){words and f': {words}'}"
        return ServerError(f"{words}; correct model.server or model.server_model.", status)
    busy = " and stays busy" if status in BUSY else ""
    return ServerError(f"{named} answered {status}{busy}{words and f': {words}'}.", status)


def _own_words(data: bytes, key: str) -> str:
    """The message in a server's error, shortened; "" where there is none."""
    try:
        found = json.loads(data)
    except ValueError:
        return ""
    found = found.get("error", found) if isinstance(found, dict) else found
    if isinstance(found, dict):
        found = found.get("message") or found.get("detail")
    words = " ".join(found.split()).rstrip(".") if isinstance(found, str) else ""
    words = words.replace(key, "…") if key else words
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _parsed(text: str, access: Access) -> Json:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ServerError(f"The server {access.base} answered what is no JSON; does it speak OpenAI's protocol?")
    if found.get("error"):
        words = _own_words(text.encode(), access.key)
        raise ServerError(f"The server {access.base} broke off{words and f': {words}'}.")
    return found


def _asked_pause(response: httpx.Response) -> float:
    """The seconds after which a busy server wants to be asked again, 0 where it does not say."""
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdecimal() else 0.0


def _cause(error: BaseException) -> str:
    """What the system said, where it is behind the error: "Connection refused"."""
    behind = error.__cause__ or error.__context__
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    if behind is not None:
        return _cause(behind)
    return str(error).strip().partition("\n")[0] or type(error).__name__
