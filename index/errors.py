"""Every error a user can meet, in one tree.

    CommuniqueError
    ├── SettingsError        a setting is unknown, out of bounds or unreadable
    ├── UsageError           the call itself is wrong: an empty question, `since` after `until`, a missing path
    ├── ReadingError         one file or record cannot become a release; it is set aside, the others go on
    ├── IndexMissingError    no index where one was looked for
    ├── IndexMismatchError   the index was built by another format or encoder
    ├── SearchServerError    the server that vectors are searched on could not be asked
    ├── RebuildError         a rebuild could not finish; the live index is untouched
    ├── FeedError            a feed or a page could not be read; what came from it before stays
    ├── KeepingError         what a reader wants kept, an opinion or an answer, is too large or finds no room
    ├── UsersError           the file of users cannot be read or does not hold who or what was named
    ├── BusyError            too many questions are under way, or too many came from one client
    ├── OverdueError         an answer took longer than it may, and was given up
    ├── ModelError           a model file is missing, cut short or not the one it claims to be
    └── Cancelled            the caller went away or asked to stop

A message says what happened, with the values, and the next step. `ui/cli.py` is the one place that turns an error
into a line and an exit code.
"""


class CommuniqueError(Exception):
    """Root of the tree; `exit_code` is what the command line returns for it."""

    exit_code = 1


class SettingsError(CommuniqueError):
    """A setting is unknown, out of bounds or unreadable."""

    exit_code = 2


class UsageError(CommuniqueError):
    """The call itself is wrong: an empty question, `since` after `until`, a path that does not exist."""

    exit_code = 2


class ReadingError(CommuniqueError):
    """One file or record cannot become a release."""


class IndexMissingError(CommuniqueError):
    """There is no index where one was looked for."""


class IndexMismatchError(CommuniqueError):
    """The index was built by another format or another encoder than the ones in use."""


class SearchServerError(CommuniqueError):
    """The server that vectors are searched on could not be asked."""


class RebuildError(CommuniqueError):
    """A rebuild could not finish; the index that was live before it still is."""


class FeedError(CommuniqueError):
    """A feed or a page of the web could not be read; what came from it before stays."""


class KeepingError(CommuniqueError):
    """What a reader wants kept, an opinion or an answer, is too large or finds no room."""


class UsersError(CommuniqueError):
    """The file of users cannot be read, or does not hold who or what was named."""


class BusyError(CommuniqueError):
    """Too many questions are under way; `wait` is the seconds to come again after."""

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class TooManyError(BusyError):
    """Too many questions came from one client; another one would be answered."""


class OverdueError(CommuniqueError):
    """An answer took longer than it may, and was given up."""


class ModelError(CommuniqueError):
    """A model file is missing, cut short or not the one it claims to be."""


class Cancelled(CommuniqueError):  # noqa: N818 - an end that was asked for, not an error
    """The caller went away or asked to stop."""

    exit_code = 130
