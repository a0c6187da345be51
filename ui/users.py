"""`communique users`: who may ask over a network, with passwords for people and tokens for programs."""

import json
import sys
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.settings import Settings

if TYPE_CHECKING:
    from ui.network.users import UserBook


@click.group()
def users() -> None:
    """Say who may ask over a network; a page that is being served notices at once."""


@users.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(name: str, from_stdin: bool) -> None:
    """Add the user NAME, whose password is asked for twice."""
    from ui.network.users import known_as

    known_as(name)
    kept = _book().add(name, _password(from_stdin))
    click.echo(f"{kept} may ask now")


@users.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def password(name: str, from_stdin: bool) -> None:
    """Give the user NAME another password; browsers that are let in have to give it too."""
    _book().change(name, _password(from_stdin))
    click.echo(f"the password of {name} is another now")


@users.command()
@click.argument("name")
def remove(name: str) -> None:
    """Let the user NAME ask no more, with a password or a token."""
    _book().remove(name)
    click.echo(f"{name} may ask no more")


@users.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_users(as_json: bool) -> None:
    """List the users and the labels of their tokens."""
    found = _book().users().values()
    if as_json:
        rows = [
            {"name": user.name, "tokens": [{"label": t.label, "created": t.created} for t in user.tokens]}
            for user in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for user in found:
        click.echo(user.name)
        for token in user.tokens:
            click.echo(f"    token {token.label!r}, {token.created[:10]}")
    if not found:
        click.echo("There are no users: on this machine anybody may ask, from others nobody.", err=True)


@users.command()
@click.argument("name")
@click.option("--label", default="token", show_default=True, help="What it is for, to tell it from others.")
@click.option("--withdraw", is_flag=True, help="Let the token of this label in no longer.")
def token(name: str, label: str, withdraw: bool) -> None:
    """Print a new access token for programs of the user NAME, once: `Authorization: Bearer TOKEN`."""
    if withdraw:
        _book().withdraw(name, label)
        click.echo(f"the token {label!r} of {name} lets nobody in any more")
        return
    click.echo(_book().issue(name, label))
    click.echo("It is shown this once. Who has it may ask; keep it like a password.", err=True)


def _book() -> "UserBook":
    from ui.network.users import UserBook

    return UserBook(Settings.load().home)


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def _password(from_stdin: bool) -> str:
    """The password, without the line's end; never from the arguments, which other users of the machine can read."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not is_terminal():
        raise UsageError("there is no terminal to ask for the password; give it on standard input with --stdin")
    given: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
    return given
