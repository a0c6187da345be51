"""Where the page listens: exactly the host and port asked for, or a clear refusal; no Gradio in here."""

import errno
import socket

from index.errors import UsageError
from ui.network.fence import Network


def listener(host: str, port: int) -> socket.socket:
    """A socket bound to exactly `host` and `port` (0: any free port); UsageError where it cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"The page cannot listen on {host}: {error.strerror}. Choose another with --host.") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except OSError as error:
        bound.close()
        raise UsageError(_refusal(host, port, error)) from error
    return bound


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken. Close the program that has it, or choose another with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine. Choose one that is with --host."
    return f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."


def check_address(host: str, port: int) -> str:
    """The address that `host` is bound to, or the UsageError that serving would raise; nothing heavy is loaded."""
    with listener(host, port) as bound:
        return str(bound.getsockname()[0])


def check_entry(network: Network) -> None:
    """UsageError where other machines would reach the page and nobody is asked who they are."""
    if network.is_open and not network.has_users:
        raise UsageError(
            f"on {network.host} other machines reach the page, and anybody there could ask, as there are no users: add "
            "one with `communique users add NAME`, or listen on 127.0.0.1"
        )


def written(bound: socket.socket) -> str:
    """What to type into a browser to reach a bound socket."""
    host, port = bound.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
