"""What a program hears of an error: a status it can act on, and nothing of the server's inside."""

import pytest
from starlette.exceptions import HTTPException

from index.errors import (
    BusyError,
    CommuniqueError,
    IndexMissingError,
    KeepingError,
    ModelError,
    OverdueError,
    TooManyError,
    UsageError,
)
from ui.api.problems import UNEXPECTED, failure, problem, without_folders


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("m"), 422),
        (BusyError("m", 7), 503),
        (TooManyError("m", 7), 429),
        (OverdueError("m"), 503),
        (ModelError("m"), 503),
        (IndexMissingError("m"), 503),
        (KeepingError("m"), 500),
        (HTTPException(404, "m"), 404),
    ],
)
def test_each_kind_of_error_has_its_status_and_keeps_its_message(error: Exception, status: int) -> None:
    told = failure(error)
    assert (told.status, told.detail) == (status, "m")
    assert ("Retry-After" in (told.headers or {})) == isinstance(error, BusyError)


def test_an_error_that_nobody_foresaw_is_not_told() -> None:
    assert failure(RuntimeError("secret")).detail == UNEXPECTED
    assert problem(failure(OSError(2, "secret"))).model_dump()["title"] == "Internal Server Error"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("/srv/x.y/home/current is gone", "current is gone"),
        (
            "no index in /srv/ministry/.communique; run `communique rebuild`",
            "no index in .communique; run `communique rebuild`",
        ),
        ("“~/releases/new” is missing", "“new” is missing"),
        ("/secret is missing", "secret is missing"),
        ("ask https://www.gov.kz/a/b or 3/4 and/or a/b", "ask https://www.gov.kz/a/b or 3/4 and/or a/b"),
    ],
)
def test_where_things_lie_on_the_server_is_not_told(message: str, told: str) -> None:
    assert without_folders(message) == told
    assert failure(CommuniqueError(message)).detail == told
