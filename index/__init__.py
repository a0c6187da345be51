"""Files become releases, chunks and vectors that can be searched; imports nothing of ours from above."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.plan import OnProgress
    from index.rebuilding import RebuildReport

__all__ = ["rebuild"]


def rebuild(
    paths: Iterable[Path | str] = (), on_progress: "OnProgress | None" = None, allow_withdrawal: bool = False
) -> "RebuildReport":
    """Make the index of the home folder hold exactly the releases under `paths` and in the inbox.

    With no path the paths of the last rebuild are read again, at first `seeds/`. Settings come from the settings file
    and the environment. `allow_withdrawal` consents to withdrawing more than a fifth of the releases. Raises a
    CommuniqueError; whatever happens, the index that was live before still answers.
    """
    from index.opening import rebuild as run

    return run([Path(path) for path in paths], on_progress, lambda withdrawn, of: allow_withdrawal)
