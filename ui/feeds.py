"""`communique feed`: new releases from feeds of the web, then a rebuild."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from index.errors import FeedError, UsageError
from index.settings import Settings

if TYPE_CHECKING:
    from index.feed import FeedReport
    from index.rebuilding import RebuildReport


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--pages", is_flag=True, help="Where an entry is only a short summary, fetch the page it links to.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
def feed(urls: tuple[str, ...], pages: bool, as_json: bool) -> None:
    """Put the new releases of RSS and Atom feeds into the inbox and rebuild.

    Without URL the feeds that were read before are asked again. What a feed no longer lists stays.
    """
    from index.feed_memory import polled_before

    settings = Settings.load()
    wanted = list(dict.fromkeys(urls)) or polled_before(settings.home)
    if not wanted:
        raise UsageError("no feed was read before; name the address of one")
    rows = [_polled(url, settings, pages, as_json) for url in wanted]
    rebuild: RebuildReport | None = None
    try:
        if _is_behind(settings):
            rebuild = _rebuilt(as_json)
    finally:
        if as_json:
            facts = {"feeds": rows, "rebuild": asdict(rebuild) if rebuild else None}
            click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    if any("error" in row for row in rows):
        sys.exit(1)


def _polled(url: str, settings: Settings, pages: bool, as_json: bool) -> dict[str, object]:
    """The report of one feed, or its address and error: a feed that fails does not stop the others."""
    from index.feed import poll
    from index.web_fetch import shown
    from ui.terminal import harmless

    try:
        report = poll(url, settings.home, pages)
    except FeedError as error:
        click.echo(harmless(f"communique: {' '.join(str(error).split())}"), err=True)
        return {"url": shown(url), "error": str(error)}
    if not as_json:
        for line in lines(report):
            click.echo(harmless(" ".join(line.split())))
    return asdict(report)


def lines(report: "FeedReport") -> list[str]:
    """What a person reads about one poll."""
    if report.not_before:
        return [f"{report.url}: not asked before {report.not_before}, as it failed ({report.problem})"]
    moved = [f"{report.url}: moved for good to {report.moved}, where it is asked from now on"] if report.moved else []
    if report.not_modified:
        return [*moved, f"{report.url}: not changed since it was last read."]
    counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
    skipped = f", {len(report.skipped)} skipped" if report.skipped else ""
    return [
        *moved,
        f"{report.url}: {report.entries} entries: {counts}{skipped}.",
        *(f"skipped: {row.source}: {row.reason}" for row in report.skipped),
        *(f"only the summary was taken: {row.source}: {row.reason}" for row in report.unread_pages),
    ]


def _is_behind(settings: Settings) -> bool:
    """Whether the inbox changed after the index was built: now, or before a rebuild that did not come about."""
    pointer = settings.home / "current"
    if not settings.inbox_folder.is_dir():
        return False
    return not pointer.exists() or settings.inbox_folder.stat().st_mtime >= pointer.stat().st_mtime


def _rebuilt(as_json: bool) -> "RebuildReport":
    from ui.rebuilds import rebuilt
    from ui.terminal import print_report

    report = rebuilt([], False, as_json)
    if not as_json:
        print_report(report, False)
    return report
