"""The commands that make the index: `rebuild`, `add` and `watch`."""

import contextlib
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import Cancelled, CommuniqueError, UsageError
from index.settings import Settings

if TYPE_CHECKING:
    from index.rebuilding import RebuildReport

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, and progress as JSON lines.")
_YES = click.option("--yes", is_flag=True, help="Withdraw more than a fifth of the releases without asking.")
_SKIP_GATE = click.option("--skip-gate", is_flag=True, help="Do not ask the questions of gate.jsonl before the swap.")


@click.command()
@_PATHS
@_YES
@_SKIP_GATE
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
@click.option("--rollback", is_flag=True, help="Go back to the index before this one.")
@_JSON
def rebuild(paths: tuple[Path, ...], yes: bool, skip_gate: bool, dry_run: bool, rollback: bool, as_json: bool) -> None:
    """Make the index hold exactly the releases under PATHS and in the inbox.

    Without PATHS those of the last rebuild are read again, at first the folder of seeds. Only what changed is encoded.
    """
    if rollback:
        if paths or dry_run:
            raise UsageError("--rollback goes back to the index before this one; it takes no paths and no --dry-run")
        roll_back(as_json)
    elif dry_run:
        foretell(list(paths), as_json)
    else:
        run_rebuild(list(paths), yes, as_json, gate=not skip_gate)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_SKIP_GATE
@_JSON
def add(paths: tuple[Path, ...], skip_gate: bool, as_json: bool) -> None:
    """Copy the releases under PATHS into the inbox and rebuild; nothing else is withdrawn."""
    from index.inbox import deliver

    deliver(list(paths), Settings.load().inbox_folder)
    run_rebuild([], False, as_json, gate=not skip_gate)


@click.command()
@_PATHS
@_YES
@_SKIP_GATE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line an event.")
def watch(paths: tuple[Path, ...], yes: bool, skip_gate: bool, as_json: bool) -> None:
    """Keep the index in step with the releases under PATHS until interrupted.

    It is rebuilt once at the start, and again whenever a file has arrived, changed or gone; a file that is still being
    written waits. Without PATHS those of the last rebuild are watched.
    """
    from index import watching
    from index.durable import make_folder
    from index.opening import last_paths, rebuilder

    settings = Settings.load()
    wanted = list(paths) or last_paths(settings)
    _require(wanted)
    make_folder(settings.inbox_folder)
    builder = rebuilder(settings, on_fetch=fetching())
    tell = _events(as_json)

    def once() -> "RebuildReport":
        return builder.run(wanted, lambda *_: yes, gate=not skip_gate)

    def ready() -> None:
        builder.warm()
        # What is loaded by now stays: Python's collector would go through all of it at each release that arrives.
        gc.collect()
        gc.freeze()
        tell({"event": "watching", "paths": ", ".join(map(str, wanted))})

    with _ending_at_once() as stop:
        watching.watch([*wanted, settings.inbox_folder], once, tell, ready, stop)


@contextlib.contextmanager
def _ending_at_once() -> Iterator[threading.Event]:
    """An event that an interruption sets, and the end of the process once it has.

    An interruption may be raised where it is swallowed (in a finalizer), so that it is also written down; and threads
    of the encoder's libraries have been seen to keep an interrupted process for more than 20 seconds, so that the
    process does not wait for them. What it was doing is undone by then, as at any other exception.
    """
    stop = threading.Event()

    def interrupted(*_: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
        if stop.is_set():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(Cancelled.exit_code)


def run_rebuild(paths: list[Path], yes: bool, as_json: bool, gate: bool = True) -> None:
    """Rebuild and print the report."""
    from ui.terminal import print_report

    print_report(rebuilt(paths, yes, as_json, gate), as_json)


def rebuilt(paths: list[Path], yes: bool, as_json: bool, gate: bool = True) -> "RebuildReport":
    """Rebuild with a bar, or with JSON lines, on the error stream; `yes` allows a large withdrawal without asking."""
    from index.opening import last_paths
    from index.opening import rebuild as run
    from ui.terminal import Bar, Lines

    settings = Settings.load()
    wanted = paths or last_paths(settings)
    _require(wanted)  # Said now, before the encoder is fetched or loaded.
    with Lines() if as_json else Bar() as bar:
        return run(wanted, bar.show, (lambda *_: True) if yes else _consents, settings, fetching(), gate)


def foretell(paths: list[Path], as_json: bool) -> None:
    """Print what a rebuild would change."""
    from index.opening import last_paths, plan
    from ui.terminal import print_plan

    settings = Settings.load()
    wanted = paths or last_paths(settings)
    _require(wanted)
    print_plan(plan(wanted, settings), as_json)


def roll_back(as_json: bool) -> None:
    """Point to the snapshot before the live one."""
    from index.snapshots import SnapshotStore

    left, live = SnapshotStore(Settings.load().home).rollback()
    if as_json:
        click.echo(json.dumps({"snapshot": live, "left": left}))
    else:
        click.echo(f"The index is {live} again, as it was before {left}.")


def fetching() -> Callable[[int, int, str], None]:
    """A bar for files that are fetched."""
    from ui.terminal import FetchBar

    return FetchBar().show


def _require(paths: list[Path]) -> None:
    from index.readers import iter_paths

    iter_paths(paths)


def _consents(withdrawn: int, of: int) -> bool:
    """Ask where a person can answer; elsewhere a large withdrawal needs `--yes`."""
    if not sys.stdin.isatty():
        return False
    return click.confirm(f"This withdraws {withdrawn} of {of} releases. Go on?", err=True)


def _events(as_json: bool) -> Callable[[Any], None]:
    """Tells what happened to the index, in words or as JSON lines."""
    from ui.terminal import print_report

    def tell(event: Any) -> None:  # noqa: ANN401 - a report, an error or words of our own
        if as_json:
            click.echo(json.dumps(_row(event), ensure_ascii=False))
        elif isinstance(event, CommuniqueError):
            click.echo(f"communique: {event}", err=True)
        elif isinstance(event, dict):
            click.echo(f"Watching {event['paths']}; press Ctrl-C to stop.")
        else:
            print_report(event, as_json=False)
        sys.stdout.flush()

    return tell


def _row(event: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    if isinstance(event, dict):
        return event
    if isinstance(event, CommuniqueError):
        return {"event": "failed", "error": str(event)}
    return {"event": "rebuilt", **asdict(event)}
