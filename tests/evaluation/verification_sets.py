"""The public sets that verification is measured on: WiCE claims and SummEdits summaries, with their documents.

Neither set is in this repository; `folder` is where `wice/claim.jsonl.gz` and `summedits/summedits_*.jsonl[.gz]` lie.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.chunking import sentences
from index.release import Release
from rag.verification import EvidenceText

DOMAINS = ("ectsum", "news", "qmsumm")


@dataclass(frozen=True)
class Claim:
    """A text to verify, its evidence, whether it is supported, the set it is of and its document's digest."""

    text: str
    evidence: tuple[EvidenceText, ...]
    supported: bool
    part: str
    document: str


def wice(folder: Path) -> Iterator[Claim]:
    """Sentences of Wikipedia with the page they cite; supported in full, or not (partly counts as not)."""
    for record in _records(folder / "wice" / "claim.jsonl.gz"):
        evidence = tuple(EvidenceText(text) for text in record["evidence"])
        yield Claim(record["claim"], evidence, record["label"] == "supported", "wice", _digest(*record["evidence"]))


def summedits(folder: Path) -> Iterator[Claim]:
    """Summaries, true ones reworded and false ones with a small edit, with the text they sum up."""
    cut: dict[str, tuple[EvidenceText, ...]] = {}
    for domain in DOMAINS:
        [path] = (folder / "summedits").glob(f"summedits_{domain}.jsonl*")
        for record in _records(path):
            text = record["doc"]
            if text not in cut:
                cut[text] = tuple(EvidenceText(part) for part in _sentences(text))
            yield Claim(record["summary"], cut[text], record["label"] == 1, domain, _digest(text))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _sentences(text: str) -> Iterator[str]:
    for line in filter(str.strip, text.splitlines()):
        for sentence in sentences(Release("evaluation", line, language="en")):
            yield sentence.text


def _digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()
