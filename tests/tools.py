"""A real MCP client before a served page."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client

Result = TypeVar("Result")


def apart(work: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns, run in a thread of its own: where a browser is open, a loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


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
