"""The `communique` command: every job of the product from a terminal, errors in one line with an exit code."""

import atexit
import gc
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from index.errors import CommuniqueError, ModelError, UsageError
from index.settings import PASSWORD_VARIABLE, Settings
from ui.feeds import feed
from ui.opinions import feedback
from ui.rebuilds import add, fetching, rebuild, watch
from ui.users import users

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.page.administration import Administration
    from ui.page.doorkeeper import Doorkeeper

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit: 0 done, 1 an error the message explains, 2 wrong usage, 130 interrupted."""
    # At its end Python looks through all that the heavy libraries loaded for garbage, which takes seconds and frees
    # nothing that the end of the process does not.
    atexit.register(gc.freeze)
    try:
        communique.main(prog_name="communique", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _fail(_usage_words(error), 2)
    except CommuniqueError as error:
        _fail(str(error), error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)


def _fail(words: str, exit_code: int) -> NoReturn:
    click.echo(f"communique: {' '.join(words.split())}", err=True)
    sys.exit(exit_code)


def _usage_words(error: click.ClickException) -> str:
    """What click found wrong, and the command whose help says how it is done."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    words = error.format_message()
    return f"{words.rstrip('.')}; see `{context.command_path} --help`" if context else words


class Day(click.ParamType[date]):
    """A day written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 - click's own signature
        """The day; a UsageError with the value where it is none."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD", param, ctx)


class Suggesting(click.Group):
    """A group that names the nearest command to one it does not know."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 - click's own signature
        """Look a command up; UsageError with a suggestion where there is none."""
        from difflib import get_close_matches

        name = args[0] if args else ""
        if name and self.get_command(ctx, name) is None:
            near = get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"`{ctx.command_path} --help` lists them all"
            raise UsageError(f"there is no command {name!r}; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Suggesting, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="communique")
def communique() -> None:
    """Ask a folder of press releases; every sentence of the answer leads to the sentence it came from."""


@communique.command()
@click.argument("question")
@click.option("--since", type=Day(), metavar="DATE", help="Only releases of this day or later (YYYY-MM-DD).")
@click.option("--until", type=Day(), metavar="DATE", help="Only releases of this day or earlier (YYYY-MM-DD).")
@click.option("--now", type=Day(), metavar="DATE", help="The day that “today” and “last month” are counted from.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer object as JSON.")
@click.option("--no-stream", is_flag=True, help="Print the answer when it is complete.")
@click.option("--no-llm", is_flag=True, help="Answer by quotation alone; no language model is loaded.")
def ask(
    question: str,
    since: date | None,
    until: date | None,
    now: date | None,
    as_json: bool,
    no_stream: bool,
    no_llm: bool,
) -> None:
    """Answer QUESTION from the releases."""
    from rag.opening import open_assistant
    from rag.request import question_fault
    from ui.terminal import print_answer, print_events

    fault = question_fault(question)
    if fault:
        raise UsageError(fault)
    if since and until and since > until:
        raise UsageError(f"--since {since} lies after --until {until}; swap them")
    settings = Settings.load()
    assistant = open_assistant(settings, use_model=not no_llm, on_fetch=fetching())
    if note := assistant.coverage().note:
        click.echo(note, err=True)
    events = assistant.stream(question, since=since, until=until, now=now)
    if as_json:
        *_, answer = events
        click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))  # type: ignore[union-attr]
    elif no_stream:
        print_answer(assistant.ask(question, since=since, until=until, now=now))
    else:
        print_events(events)


for command in (rebuild, add, watch, feed, feedback, users):
    communique.add_command(command)


@communique.command()
@click.option("--host", help="Address to listen on (default: server.host, 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: server.port, 7860).")
@click.option("--no-llm", is_flag=True, help="Answer by quotation alone; no language model is loaded.")
@click.option("--log", type=click.Choice(["off", "text", "json"]), help="Form of the log (default: log.format, off).")
def chat(host: str | None, port: int | None, no_llm: bool, log: Literal["off", "text", "json"] | None) -> None:
    """Open the chat page; with COMMUNIQUE_ADMIN_PASSWORD set, administration too."""
    from ui.operations.journal import begin
    from ui.page import Network, check_address, check_entry, serve
    from ui.page.doorkeeper import Doorkeeper

    settings = Settings.load()
    logged = settings.log.model_copy(update={"format": log} if log else {})
    begin(logged)
    host, port = host or settings.server.host, settings.server.port if port is None else port
    network = Network(settings.home, settings.server, settings.limits, host, check_address(host, port))
    check_entry(network)
    if settings.server.proxies and not network.has_users:
        click.echo("There are no users: whoever reaches the proxy can ask. `communique users add NAME`", err=True)
    doorkeeper = Doorkeeper(os.environ[PASSWORD_VARIABLE]) if os.environ.get(PASSWORD_VARIABLE) else None
    click.echo("Loading the index and the models …", err=True)
    from rag.opening import open_assistant

    assistant = open_assistant(settings, use_model=not no_llm, on_fetch=fetching())
    if note := assistant.coverage().note:
        click.echo(note, err=True)
    administration = _administration(assistant, settings, doorkeeper)
    ready = "Communiqué is ready: {}" + ("; administration under /admin" if administration else "")
    serve(assistant, network, port, lambda at: click.echo(ready.format(at)), administration=administration, log=logged)


def _administration(
    assistant: "Assistant", settings: Settings, doorkeeper: "Doorkeeper | None"
) -> "Administration | None":
    """The administration of the page, where a password was set."""
    if doorkeeper is None:
        return None
    from index.opening import rebuild as run
    from ui.page.administration import Administration
    from ui.page.upkeep import Upkeep

    upkeep = Upkeep(settings.home, settings.inbox_folder, lambda progress: run([], progress, settings=settings))
    return Administration(assistant, settings.home, doorkeeper, upkeep)


@communique.command()
@click.argument("questions", type=click.Path(path_type=Path))
@click.argument("releases", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File of predictions.")
@click.option("--no-llm", is_flag=True, help="Answer by quotation alone; no language model is loaded.")
def evaluate(questions: Path, releases: Path, out: Path, no_llm: bool) -> None:
    """Ask the QUESTIONS (JSON Lines) over the RELEASES (JSON Lines) and write one prediction a line."""
    from rag.evaluation import evaluate as run
    from ui.terminal import Bar

    with Bar() as bar:
        count = run(
            questions, releases, out, Settings.load(), not no_llm, bar.show,
            lambda done, total: bar.show("answering", done, total),
        )  # fmt: skip
    click.echo(f"{count} predictions written to {out}")


@communique.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the known models, or fetch one with `models pull NAME`."""
    if context.invoked_subcommand is None:
        from ui.terminal import print_models

        print_models(Settings.load())


@models.command()
@click.argument("name")
def pull(name: str) -> None:
    """Fetch and verify the model NAME."""
    from index.model_store import ModelStore

    settings = Settings.load()
    path = ModelStore(settings.models_folder).pull(name, fetching())
    click.echo(f"{name} is ready: {path}")


@models.command()
def ensure() -> None:
    """Fetch what the settings need: the encoder, the small model that always serves, and the model named there.

    Where that one cannot be fetched the small one serves, and a line says so. With a server only the encoder is needed.
    """
    from index.model_store import FALLBACK, ModelStore

    settings = Settings.load()
    store = ModelStore(settings.models_folder)
    store.obtain(settings.index.encoder, fetching())
    if not settings.model.server:
        store.pull(FALLBACK, fetching())
        if store.is_fetched(settings.model.name):
            try:
                store.pull(settings.model.name, fetching())
            except ModelError as error:
                click.echo(f"{error}\n{store.serving(settings.model.name).note}", err=True)
    click.echo("The models are ready.")


@communique.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(as_json: bool) -> None:
    """Say what is indexed, for which period, with which models, and where things are."""
    from ui.terminal import print_status

    print_status(Settings.load(), as_json)


@communique.command()
def doctor() -> None:
    """Check each part and name the remedy for what is wrong."""
    from ui.doctor import examine

    findings = examine()
    for finding in findings:
        click.echo(f"{'ok  ' if finding.fine else 'FAIL'} {finding.part}: {finding.words}")
    sys.exit(0 if all(finding.fine for finding in findings) else 1)
