"""A real MCP client before a served page."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client


@asynccontextmanager
async def session(address: str) -> AsyncIterator[tuple[types.InitializeResult, ClientSession]]:
    """A session with the MCP server at an address, and how it introduced itself."""
    async with (
        streamable_http_client(address) as (reading, writing, _),
        ClientSession(reading, writing) as client,
    ):
        yield await client.initialize(), client


def text(result: types.CallToolResult) -> str:
    """What a tool said."""
    [content] = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def told(result: types.CallToolResult) -> dict[str, Any]:
    """What a tool that did not fail found."""
    assert not result.isError, text(result)
    found: dict[str, Any] = json.loads(text(result))
    return found
