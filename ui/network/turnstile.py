"""An assistant that is asked by many: so many questions at once and a minute, and none for longer than it may take.

Every way in (the page, a program's request) asks through here, so that the limits hold for all of them together. Who is
asking is told by `ASKING`.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from index.catalog import Withdrawal
from index.errors import BusyError, Cancelled, OverdueError, TooManyError, UsageError
from index.release import Release
from index.settings import LimitSettings
from rag.answers import Answer, Event, Progress
from ui.network.account import Account, Outcome
from ui.network.client import ASKING, Client
from ui.network.pace import Pace
from ui.page.ports import Assistant, Releases, Stream
from ui.turn import Coverage

RETRY = 15
"""Seconds after which to try again where too many questions wait: about what two answers take."""


OnEnd = Callable[[Account], None]
"""Told once of each question, when it has ended; may be called from any thread."""


class Turnstile:
    """The same assistant within limits; `stream` raises BusyError at once where one is reached."""

    def __init__(self, assistant: Assistant, limits: LimitSettings, on_end: OnEnd = lambda _: None) -> None:
        self._assistant, self._limits, self._on_end = assistant, limits, on_end
        self._pace = Pace(limits.questions_per_minute, 60.0)
        self._under_way: Counter[str] = Counter()
        self._streams: set[Bounded] = set()
        self._lock = threading.Lock()
        self.is_shut = False

    def stream(
        self,
        question: str,
        history: Sequence[dict[str, str]] = (),
        since: date | str | None = None,
        until: date | str | None = None,
        now: date | str | None = None,
    ) -> "Bounded":
        """The events of an answer; they raise OverdueError where it takes too long. BusyError where it must wait."""
        client = ASKING.get()
        try:
            self._enter(client.name, client.is_here)
            try:
                stream = self._assistant.stream(question, history, since, until, now)
            except BaseException:
                self._leave(client.name)
                raise
        except Exception as error:
            is_told = isinstance(error, BusyError | UsageError)
            outcome = Outcome.TURNED_AWAY if is_told else Outcome.FAILED
            self._on_end(Account(client, question, outcome, failure=type(error).__name__))
            raise
        bounded = Bounded(stream, self._limits.answer_seconds, lambda: self._ended(bounded, client, question))
        with self._lock:
            self._streams.add(bounded)
        return bounded

    def _ended(self, bounded: "Bounded", client: Client, question: str) -> None:
        with self._lock:
            self._streams.discard(bounded)
        self._leave(client.name)
        seconds, failure = time.monotonic() - bounded.began, type(bounded.error).__name__ if bounded.error else ""
        self._on_end(Account(client, question, bounded.outcome, seconds, bounded.answer, failure))

    @property
    def under_way(self) -> int:
        """Questions that are answered or wait."""
        with self._lock:
            return self._under_way.total()

    @property
    def waiting(self) -> int:
        """Those of them that wait for the model."""
        with self._lock:
            return sum(stream.is_waiting for stream in self._streams)

    def shut(self) -> None:
        """Take no further question; those under way go on."""
        self.is_shut = True

    def stop(self) -> None:
        """End all that are under way."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.break_off()

    def coverage(self) -> Coverage:
        """What is indexed, and by which model it is answered."""
        return self._assistant.coverage()

    def release(self, release_id: str) -> Release | None:
        """A release by its id."""
        return self._assistant.release(release_id)

    def withdrawal(self, release_id: str) -> Withdrawal | None:
        """What a release was that has been withdrawn."""
        return self._assistant.withdrawal(release_id)

    @property
    def releases(self) -> Releases:
        """The releases, searched, listed and read."""
        return self._assistant.releases

    def count_tokens(self, text: str) -> int | None:
        """What a text costs the model in tokens; None where nobody can say."""
        return self._assistant.count_tokens(text)

    def examples(self) -> list[str]:
        """Questions to offer."""
        return self._assistant.examples()

    def _enter(self, name: str, is_here: bool) -> None:
        limits = self._limits
        if self.is_shut:
            raise _ending()
        with self._lock:
            if self._under_way.total() >= limits.questions:
                raise BusyError(f"{limits.questions} questions are under way, the most; ask again in {RETRY} s", RETRY)
            own = self._under_way[name]
            if own >= limits.questions_per_client and not is_here:
                raise TooManyError(f"{own} of your questions are under way, the most; ask again in {RETRY} s", RETRY)
            if not is_here and (wait := self._pace.wait(name)):
                raise TooManyError(
                    f"{limits.questions_per_minute} questions a minute are the most; ask again in {wait} s", wait
                )
            self._under_way[name] += 1

    def _leave(self, name: str) -> None:
        with self._lock:
            self._under_way[name] -= 1
            self._under_way += Counter()  # drops who has none


def _ending() -> BusyError:
    return BusyError(f"the program is being ended; ask again in {RETRY} s", RETRY)


class Bounded(Iterator[Event]):
    """A stream that is closed, and its place given up, when it ends, is closed or has taken too long."""

    def __init__(self, stream: Stream, seconds: float, leave: Callable[[], None]) -> None:
        self._stream, self._events, self._seconds = stream, iter(stream), seconds
        self._leave, self._lock = leave, threading.Lock()
        self._has_left = self._is_late = self._is_broken_off = False
        self.began, self.is_waiting = time.monotonic(), False
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def __next__(self) -> Event:
        try:
            event = next(self._events)
        except BaseException as error:
            # A stream that is over without an answer was closed.
            self.error = None if isinstance(error, StopIteration | Cancelled) else error
            self.close()
            if self._is_late and isinstance(error, StopIteration):
                raise self._overdue() from None
            if self._is_broken_off and isinstance(error, StopIteration):
                raise _ending() from None
            raise
        self.is_waiting = isinstance(event, Progress) and event.stage == "waiting"
        if isinstance(event, Answer):
            self.answer = event
            self._end()
        elif self._is_late:
            self.close()
            raise self._overdue()
        return event

    @property
    def outcome(self) -> Outcome:
        """What has become of it, or becomes of it when it ends now."""
        if self.answer:
            return Outcome.REFUSED if self.answer.refused else Outcome.ANSWERED
        if self._is_late:
            return Outcome.OVERDUE
        return Outcome.FAILED if self.error else Outcome.STOPPED

    def _overdue(self) -> OverdueError:
        return OverdueError(
            f"the answer was not there after {self._seconds:g} s and was given up; ask again, or ask for less"
        )

    def close(self) -> None:
        """End the answer; may be called from any thread."""
        self._stream.close()
        self._end()

    def break_off(self) -> None:
        """End the answer, and tell whoever reads it that the program is being ended."""
        self._is_broken_off = not self.answer
        self.close()

    def _give_up(self) -> None:
        with self._lock:
            self._is_late = not self._has_left
        if self._is_late:
            self.close()

    def _end(self) -> None:
        self._timer.cancel()
        with self._lock:
            has_left, self._has_left = self._has_left, True
        if not has_left:
            self._leave()
