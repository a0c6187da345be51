"""The kinds of values that settings have: what each may hold, said in the words of whoever has to mend it."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

KEY_VARIABLE = "COMMUNIQUE_MODEL_KEY"
"""The environment variable that holds the key of a model's server."""

TOKEN_VARIABLE = "COMMUNIQUE_VECTORS_TOKEN"
"""The environment variable that holds the token of a Milvus server."""

Folder = Annotated[Path, AfterValidator(Path.expanduser)]
Word = Annotated[str, Field(min_length=1)]


def _listed(value: object) -> object:
    """A list as the environment has it: words with commas between them."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        ip_network(value)  # a ValueError that names the value
    return values


def _hosts(values: tuple[str, ...]) -> tuple[str, ...]:
    """Host names in ASCII; ValueError for one with more or less in it."""
    names = {value: value.strip(".").lower().encode("idna").decode("ascii") for value in values}
    for value, name in names.items():
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name):
            raise ValueError(f"holds {value!r}, which is no host name; write one as `example.org`")
    return tuple(names.values())


def _address(value: str, secret: str = KEY_VARIABLE, example: str = "http://127.0.0.1:8080/v1") -> str:
    """The address of a server, or ""; ValueError for one that is none or holds a password, which is in `secret`."""
    try:
        parts = urlsplit(value)
        is_fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fine = False
    if value and not is_fine:
        raise ValueError(f"is no address of a server; write it as `{example}`")
    if value and (parts.username or parts.password):
        raise ValueError(f"must not hold a password; set {secret} instead")
    return value.rstrip("/")


def is_server(value: str) -> bool:
    """Whether vectors are at a server, not in a file."""
    return "://" in value


def _vectors(value: str) -> str:
    """ "", the address of a Milvus server, or a path that ends in .db; ValueError for anything else."""
    if is_server(value):
        return _address(value, TOKEN_VARIABLE, "http://127.0.0.1:19530")
    if value and not value.endswith(".db"):
        raise ValueError("is neither an address such as `http://127.0.0.1:19530` nor a file that ends in `.db`")
    return str(Path(value).expanduser()) if value else ""


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Networks = Annotated[Words, AfterValidator(_networks)]
Address = Annotated[str, AfterValidator(_address)]
Place = Annotated[str, AfterValidator(_vectors)]
Hosts = Annotated[Words, AfterValidator(_hosts)]
