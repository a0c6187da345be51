"""What programs ask: the HTTP API under /api/v1 and the OpenAI-compatible one under /v1, beside the chat page.

Each is an application of its own, mounted by `ui/page/server.py`: its errors have the shape that its callers expect.
Both, and the tools of `ui/page/tools.py`, ask through one `Desk`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ui.api.desk import Desk
    from ui.page.ports import Assistant

__all__ = ["programs"]


def programs(assistant: "Assistant", desk: "Desk") -> "dict[str, ASGIApp]":
    """The applications that programs call, by the path under which each is mounted."""
    from ui.api import chat, service

    return {"/api/v1": service.application(assistant, desk), "/v1": chat.application(assistant, desk)}
