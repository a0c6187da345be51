"""The book of users: digests alone, changes that last, and doors that no stranger can shut for good."""

import hashlib
import json
from pathlib import Path

import anyio
import pytest
from starlette.datastructures import Headers

from index.errors import UsageError, UsersError
from ui.network.attempts import PAUSE, Attempts
from ui.network.client import Client
from ui.network.identity import FOR_ONE, FROM_ONE, Identity
from ui.network.passwords import Hashed
from ui.network.users import STAY, UserBook, known_as

PASSWORD = "correct horse"
HERE, THERE = Client("192.0.2.1"), Client("192.0.2.2")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The costs of the passwords that were worked out; each is cheap."""
    costs: list[int] = []
    scrypt = hashlib.scrypt

    def cheap(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int) -> bytes:
        costs.append(n * r * p)
        return scrypt(password, salt=salt, n=2, r=1, p=1, maxmem=maxmem)

    monkeypatch.setattr(hashlib, "scrypt", cheap)
    return costs


@pytest.fixture
def book(home: Path, clock: Clock, worked_out: list[int]) -> UserBook:
    found = UserBook(home, clock)
    found.add("Ann", PASSWORD)
    return found


def test_a_password_is_kept_as_a_digest_that_needs_memory() -> None:
    first, second = Hashed.of(PASSWORD), Hashed.of(PASSWORD)
    assert first.digest != second.digest
    assert (first.matches(PASSWORD), first.matches(PASSWORD + " ")) == (True, False)
    assert 128 * first.cost * first.block >= 32 * 2**20


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_what_is_no_password_is_refused_and_never_repeated(password: str, home: Path) -> None:
    with pytest.raises(UsageError, match=f"has {len(password):,} characters"):
        UserBook(home).add("ann", password)
    assert not home.exists()


def test_the_file_is_the_owners_alone_and_holds_no_secret(book: UserBook, home: Path) -> None:
    secrets = [PASSWORD, book.issue("ann", "cron"), *book.admit("ann")]
    path = home / "users.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(secret in path.read_text() for secret in secrets)
    assert [user["name"] for user in json.loads(path.read_text())] == ["ann"]


def test_another_book_of_the_same_home_sees_each_change(book: UserBook, home: Path) -> None:
    other = UserBook(home)
    assert set(other.users()) == {"ann"}
    book.add("bob", PASSWORD)
    assert set(other.users()) == {"ann", "bob"}
    other.remove("ANN")
    assert set(book.users()) == {"bob"}


@pytest.mark.parametrize("name", ["", "a:b", "a b", "a/../b", "x" * 65, "a\n"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no name of a user"):
        known_as(name)


def test_slips_name_the_next_step(book: UserBook) -> None:
    with pytest.raises(UsageError, match="communique users password ann"):
        book.add("ANN", PASSWORD)
    for change in (lambda: book.remove("bob"), lambda: book.issue("bob", "x"), lambda: book.withdraw("ann", "x")):
        with pytest.raises(UsersError, match="communique users list"):
            change()
    book.issue("ann", "cron")
    with pytest.raises(UsageError, match="'cron' already"):
        book.issue("ann", "cron")


@pytest.mark.parametrize("content", [b"", b"{", b"[]x", b'[{"name": "ann"}]', b"\xff"])
def test_a_file_that_cannot_be_read_lets_nobody_in(content: bytes, home: Path) -> None:
    home.mkdir()
    (home / "users.json").write_bytes(content)
    for ask in (UserBook(home).users, lambda: UserBook(home).may_enter("ann", PASSWORD)):
        with pytest.raises(UsersError, match="cannot be read"):
            ask()


def test_a_token_lets_in_until_it_is_withdrawn(book: UserBook) -> None:
    secret = book.issue("ann", "cron")
    assert (book.by_token(secret), book.by_token(secret[:-1]), book.by_token("")) == ("ann", "", "")
    book.withdraw("ann", "cron")
    assert book.by_token(secret) == ""


def test_a_browser_is_let_in_for_a_time_until_it_leaves_or_the_password_changes(
    book: UserBook, clock: Clock, worked_out: list[int]
) -> None:
    first, second, third = (book.admit("ann")[0] for _ in range(3))
    book.leave(second)
    assert [book.by_session(shown) for shown in (first, second, third, "")] == ["ann", "", "ann", ""]
    clock.now += STAY
    assert book.by_session(first) == ""
    fourth, _ = book.admit("ann")
    book.change("ann", "another horse")
    assert book.by_session(fourth) == ""


def test_an_unknown_name_costs_as_much_as_a_known_one(book: UserBook, worked_out: list[int]) -> None:
    worked_out.clear()
    assert not book.may_enter("ann", "wrong horse")
    assert not book.may_enter("nobody", "wrong horse")
    assert len(worked_out) == 2
    assert worked_out[0] == worked_out[1]


def test_wrong_passwords_shut_the_door_to_their_sender_for_a_while(
    book: UserBook, clock: Clock, worked_out: list[int]
) -> None:
    identity = Identity(book, clock)
    assert [enter(identity, "wrong", HERE) for _ in range(FROM_ONE)] == [""] * FROM_ONE
    assert (enter(identity, PASSWORD, HERE), enter(identity, PASSWORD, THERE)) == ("", "ann")
    clock.now += PAUSE
    assert enter(identity, PASSWORD, HERE) == "ann"


def test_a_stranger_cannot_keep_a_user_out(book: UserBook, clock: Clock) -> None:
    identity, (_, device) = Identity(book, clock), book.admit("ann")
    for number in range(FOR_ONE):
        enter(identity, "wrong", Client(f"198.51.100.{number}"))
    assert enter(identity, PASSWORD, THERE) == ""  # from a browser that nobody knows
    assert enter(identity, PASSWORD, THERE, device) == "ann"
    assert enter(identity, PASSWORD, THERE, "a guess") == ""


def test_what_comes_while_it_is_shut_does_not_lengthen_the_pause() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(3):
        attempts.count({"a": 3})
    clock.now += PAUSE - 1
    assert attempts.are_spent({"a": 3})
    clock.now += 1
    assert not attempts.are_spent({"a": 3})
    assert not attempts._counts


def test_a_household_is_one_place_and_two_are_two() -> None:
    assert Client("2001:db8::1").place == Client("2001:db8::ffff").place != Client("2001:db8:1::1").place
    assert Client("::ffff:192.0.2.1").place == "192.0.2.1"


def test_a_program_shows_a_password_that_is_worked_out_once(book: UserBook, clock: Clock) -> None:
    identity = Identity(book, clock)
    shown = {"authorization": "Basic YW5uOmNvcnJlY3QgaG9yc2U="}
    assert [asked(identity, shown) for _ in range(3)] == ["ann"] * 3
    book.change("ann", "another horse")
    assert asked(identity, shown) == ""


@pytest.mark.parametrize("shown", ["", "Basic", "Basic %%%", "Basic /w==", "Bearer", "Bearer x", "Digest a"])
def test_what_shows_nobody_is_nobody(shown: str, book: UserBook, clock: Clock) -> None:
    assert asked(Identity(book, clock), {"authorization": shown}) == ""


def enter(identity: Identity, password: str, client: Client, device: str = "") -> str:
    return anyio.run(identity.enter, "Ann", password, client, device)


def asked(identity: Identity, headers: dict[str, str]) -> str:
    return anyio.run(identity.of, Headers(headers), {}, HERE)
