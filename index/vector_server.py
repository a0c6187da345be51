"""A Milvus server, or a file of Milvus Lite; the one module that imports pymilvus.

A collection holds the chunks of one snapshot: row, vector, the number and day of the release, and the terms, of which
Milvus makes the sparse vectors of its BM25. It is never changed once it was filled.

A term is written as its number in the snapshot's vocabulary ("t17"): stemmed for three languages already, and one word
to every tokenizer, whichever a server has.
"""

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.chunk_search import Rows
from index.embedding import Vectors
from index.errors import SearchServerError
from index.lexical import LENGTH_WEIGHT, SATURATION
from index.setting_values import TOKEN_VARIABLE, is_server

SECONDS = 10
"""How long a question waits for the server."""

FILLING_SECONDS = 600
"""How long one step of filling a collection may take."""

LINKS, LOOKED_AT = 32, 256
"""Of the graph (HNSW) that the vectors are searched by: links of a vector, and vectors looked at to choose them and to
answer a question, which are more than twice the hundred that it wants."""

_PINGS = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": 0}
"""How often an idle connection is tried: at the ten seconds of pymilvus a server of gRPC as it comes hangs up."""

_TEXT = 65_535  # the most bytes that a field of text holds


class VectorServer:
    """One server; safe to share between threads. Whatever goes wrong is a SearchServerError that says what to do."""

    def __init__(self, address: str, token: str = "") -> None:
        try:
            from grpc import RpcError  # pymilvus lets some of them through
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            raise SearchServerError(
                f"index.vectors names {address}, but pymilvus is not installed; run "
                '`.venv/bin/pip install -c constraints.txt -e ".[milvus]"`'
            ) from error
        # It prints each failure with a trace, and then raises it.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self.address, self._failures = address, (MilvusException, RpcError, OSError)
        with self._failing():
            self._client = MilvusClient(address, token=token, timeout=SECONDS, grpc_options=_PINGS)

    def create(self, name: str, dimensions: int) -> None:
        """An empty collection under this name; one that was there is gone."""
        from pymilvus import DataType, Function, FunctionType

        with self._failing():
            if self.has(name):
                self._client.drop_collection(name, timeout=FILLING_SECONDS)
            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("row", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimensions)
            schema.add_field("release", DataType.INT64)
            schema.add_field("published", DataType.INT64)
            standard = {"tokenizer": "standard"}
            schema.add_field(
                "terms", DataType.VARCHAR, max_length=_TEXT, enable_analyzer=True, analyzer_params=standard
            )
            schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, ["terms"], ["words"]))
            self._client.create_collection(name, schema=schema, timeout=FILLING_SECONDS)
            # Not waited for: they are made of what comes, and loading waits.
            self._client.create_index(name, self._indexes(), timeout=FILLING_SECONDS, sync=False)

    def _indexes(self) -> Any:  # noqa: ANN401 - pymilvus is loaded when it is needed
        indexes = self._client.prepare_index_params()
        graph = {"M": LINKS, "efConstruction": LOOKED_AT}
        indexes.add_index("vector", index_type="HNSW", metric_type="IP", params=graph)
        weights = {"bm25_k1": SATURATION, "bm25_b": LENGTH_WEIGHT}
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=weights)
        return indexes

    def upsert(self, name: str, rows: Sequence[dict[str, object]]) -> None:
        """Put chunks into a collection: their `row`, `vector`, `release`, `published` and `terms`."""
        with self._failing():
            self._client.upsert(name, list(rows), timeout=FILLING_SECONDS)

    def finish(self, name: str) -> None:
        """Make durable and searchable what was put into a collection."""
        with self._failing():
            self._client.flush(name, timeout=FILLING_SECONDS)
            self._client.load_collection(name, timeout=FILLING_SECONDS)

    def has(self, name: str) -> bool:
        """Whether there is such a collection."""
        with self._failing():
            return bool(self._client.has_collection(name, timeout=SECONDS))

    def count(self, name: str) -> int | None:
        """How many chunks a collection holds, None where there is no such collection."""
        if not self.has(name):
            return None
        with self._failing():
            self._client.load_collection(name, timeout=FILLING_SECONDS)
            found = self._client.query(
                name, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=SECONDS
            )
        return int(found[0]["count(*)"])

    def nearest(self, name: str, query: Vectors, count: int, where: str) -> tuple[Rows, Vectors]:
        """Rows and cosines of the chunks nearest to a query that fulfil a condition ("": all), best first."""
        return self._search(name, "vector", query.tolist(), count, where, {"ef": max(LOOKED_AT, count)})

    def best(self, name: str, terms: str, count: int, where: str) -> Rows:
        """Rows of the chunks with the best BM25 for some terms, as `nearest` narrows them."""
        return self._search(name, "words", terms, count, where, {})[0]

    def _search(
        self, name: str, field: str, query: object, count: int, where: str, how: dict[str, int]
    ) -> tuple[Rows, Vectors]:
        with self._failing():
            [found] = self._client.search(
                name, [query], anns_field=field, limit=count, filter=where, search_params={"params": how},
                output_fields=["row"], timeout=SECONDS,
            )  # fmt: skip
        rows = np.array([hit["row"] for hit in found], np.int64)
        return rows, np.array([hit["distance"] for hit in found], np.float32)

    def vectors(self, name: str, rows: Rows) -> dict[int, Vectors]:
        """The vectors of chunks by their rows."""
        with self._failing():
            found = self._client.get(name, rows.tolist(), output_fields=["vector"], timeout=SECONDS)
        return {int(chunk["row"]): np.array(chunk["vector"], np.float32) for chunk in found}

    def point(self, alias: str, name: str) -> None:
        """Let an alias stand for a collection, from one moment to the next."""
        with self._failing():
            try:
                self._client.alter_alias(name, alias, timeout=SECONDS)
            except self._failures:
                # Not there yet; whatever else it was comes again.
                self._client.create_alias(name, alias, timeout=SECONDS)

    def drop(self, alias: str, kept: Sequence[str]) -> list[str]:
        """Remove the collections that belong to an alias but those `kept`; their names. Without any the alias goes."""
        with self._failing():
            found = [name for name in self._client.list_collections() if name.startswith(f"{alias}_")]
            gone = sorted(set(found) - set(kept))
            if gone and len(gone) == len(found):
                with contextlib.suppress(*self._failures):  # A first rebuild that died had made none.
                    self._client.drop_alias(alias, timeout=SECONDS)
            for name in gone:
                self._client.drop_collection(name, timeout=FILLING_SECONDS)
        return gone

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            reason = str(getattr(error, "message", "") or error).partition("\n")[0]
            raise SearchServerError(f"{self.address} cannot be searched: {reason}; {_remedy(self.address)}") from error


@lru_cache(maxsize=8)
def server_at(address: str) -> VectorServer:
    """The server at an address or in a file, reached once and kept; its token is in COMMUNIQUE_VECTORS_TOKEN."""
    if not is_server(address):
        Path(address).parent.mkdir(parents=True, exist_ok=True)
    return VectorServer(address, os.environ.get(TOKEN_VARIABLE, ""))


def _remedy(address: str) -> str:
    if is_server(address):
        return f"start it, correct index.vectors or {TOKEN_VARIABLE}, then run `communique doctor`"
    return "a file of Milvus Lite can be open in one process at a time: stop the other, or use a server, and try again"
