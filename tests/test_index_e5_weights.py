import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import index
from index.e5_weights import Vocabulary, convert, tokenizer, unpack
from index.errors import ModelError
from index.known_models import read_known

HIDDEN, FORWARD = 32, 64
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "e", "5", "▁мир", "<mask>"]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -3.0, -3.0, -1.0, 0.0]
VOCABULARY = Vocabulary(PIECES, SCORES, bos=0, eos=2, pad=1, unk=3)

MATRICES = {"q.w": HIDDEN, "k.w": HIDDEN, "v.w": HIDDEN, "ao.w": HIDDEN, "fi.w": FORWARD, "fo.w": FORWARD}
VECTORS = {"fi.b": FORWARD} | dict.fromkeys(
    ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fo.b", "oln.w", "oln.b"), HIDDEN
)


def tensors() -> dict[str, tuple[int, int, bytes]]:
    """Name -> kind, number of values, bytes. Every block: scale 0.5, first pair (15, 0), others (8, 8)."""
    block = struct.pack("<e", 0.5) + bytes([0x0F] + [0x88] * 15)

    def packed(rows: int) -> tuple[int, int, bytes]:
        return 1, rows * HIDDEN, block * rows

    def plain(values: int) -> tuple[int, int, bytes]:
        return 0, values, np.arange(values, dtype="<f4").tobytes()

    made = {"emb.word": packed(len(PIECES)), "emb.pos": plain(16 * HIDDEN), "emb.type": plain(2 * HIDDEN)}
    made |= {"emb.ln.w": plain(HIDDEN), "emb.ln.b": plain(HIDDEN)}
    made |= {f"l0.{name}": packed(rows) for name, rows in MATRICES.items()}
    return made | {f"l0.{name}": plain(values) for name, values in VECTORS.items()}


def packed_file(path: Path) -> Path:
    """A model of one layer in the packed format, written by hand."""
    joined = "".join(PIECES).encode()
    ends = np.cumsum([0] + [len(piece.encode()) for piece in PIECES]).astype("<u4")
    head = struct.pack("<4sI7ifi", b"E5S1", 1, HIDDEN, 1, 2, FORWARD, len(PIECES), 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(joined)) + ends.tobytes()
    head += np.array(SCORES, dtype="<f4").tobytes() + joined
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xA0, 1, 0x20)
    parts = tensors()
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in parts)
    directory, body = struct.pack("<i", len(parts)), b""
    for name, (kind, values, raw) in parts.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, values, at + len(body), len(raw))
        body += raw
    path.write_bytes(head + directory + body)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    convert(packed_file(tmp_path / "packed.bin"), tmp_path / "model")
    return tmp_path / "model"


def test_block_holds_low_halves_first() -> None:
    raw = np.frombuffer(struct.pack("<e", 0.25) + bytes([0x1F, 0x90] + [0x88] * 14), dtype=np.uint8)
    weights = unpack(raw)
    assert weights.shape == (32,)
    assert (weights[0], weights[1], weights[16], weights[17]) == (7 * 0.25, -8 * 0.25, -7 * 0.25, 1 * 0.25)
    assert not weights[2:16].any()


def test_weights_have_berts_names_and_shapes(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    assert weights["embeddings.word_embeddings.weight"].shape == (len(PIECES), HIDDEN)
    assert weights["encoder.layer.0.intermediate.dense.weight"].shape == (FORWARD, HIDDEN)
    assert weights["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, FORWARD)
    assert weights["encoder.layer.0.attention.self.query.weight"][3, 0] == 3.5
    assert weights["encoder.layer.0.output.LayerNorm.bias"][31] == 31


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("e5", [0, 4, 5, 6, 2], id="begins with a space of its own"),
        pytest.param("мир \n\u00a0e", [0, 7, 4, 5, 2], id="every run of blanks is one space"),
        pytest.param("５", [0, 4, 6, 2], id="full width is folded"),
        pytest.param("мир\u0007", [0, 7, 2], id="control characters vanish"),
        pytest.param("x", [0, 4, 3, 2], id="unknown letter"),
    ],
)
def test_tokens(text: str, ids: list[int]) -> None:
    assert tokenizer(VOCABULARY).encode(text).ids == ids


def test_saved_tokenizer_is_the_same(folder: Path) -> None:
    saved = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert saved.encode("мир e5", "5").ids == [0, 7, 4, 5, 6, 2, 2, 4, 6, 2]
    assert saved.token_to_id("<mask>") == 8
    assert saved.decode([0, 7, 4, 5, 6, 2]) == "мир e5"


def test_settings_name_prompts_pooling_and_length(folder: Path) -> None:
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))["prompts"]
    assert (prompts["query"], prompts["document"]) == ("query: ", "passage: ")
    assert json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))["pooling_mode_mean_tokens"]
    assert json.loads((folder / "sentence_bert_config.json").read_text("utf-8"))["max_seq_length"] == 16
    assert json.loads((folder / "config.json").read_text("utf-8"))["layer_norm_eps"] == 1e-12


def adapter(path: Path, name: str) -> Path:
    """A rank of 2 beside one weight: 1 is added to the first of each row, 0.25 to the second of the last row."""
    up, down = np.zeros((HIDDEN, 2), np.float16), np.zeros((2, HIDDEN), np.float16)
    up[:, 0], up[-1, 1], down[0, 0], down[1, 1] = 1, 0.5, 1, 0.5
    save_file({f"{name}.up": up, f"{name}.down": down}, path)
    return path


def test_an_adapter_adds_to_the_weights_it_names(folder: Path, tmp_path: Path) -> None:
    name = "encoder.layer.0.attention.self.query.weight"
    convert(tmp_path / "packed.bin", tmp_path / "taught", adapter(tmp_path / "adapter.safetensors", name))
    before, now = (load_file(path / "model.safetensors") for path in (folder, tmp_path / "taught"))
    added = now.pop(name) - before.pop(name)
    assert (added[:, 0] == 1).all()
    assert added[-1, 1] == 0.25
    assert np.count_nonzero(added) == HIDDEN + 1
    assert all((now[other] == before[other]).all() for other in before)


def test_an_adapter_of_another_model_leaves_no_folder(tmp_path: Path) -> None:
    other = adapter(tmp_path / "adapter.safetensors", "encoder.layer.7.output.dense.weight")
    with pytest.raises(ModelError, match=r"encoder\.layer\.7"):
        convert(packed_file(tmp_path / "packed.bin"), tmp_path / "model", other)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter.safetensors", "packed.bin"]


def test_the_adapters_that_ship_fit_the_model_they_are_for() -> None:
    known = read_known()
    adapters = [model.adapter for model in known.values() if model.adapter]
    assert adapters == ["e5-small-releases.safetensors"]
    parts = load_file(Path(index.__file__).with_name(adapters[0]))
    names = {name.rpartition(".")[0] for name in parts}
    assert len(parts) == 2 * len(names) == 60
    for name in names:
        outputs, inputs = (1536 if side in name else 384 for side in ("intermediate", ".output.dense"))
        inputs = 384 if "attention" in name else inputs
        assert (parts[f"{name}.up"].shape, parts[f"{name}.down"].shape) == ((outputs, 8), (8, inputs))


def test_same_file_gives_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    convert(tmp_path / "packed.bin", again)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert len(files) == 8
    assert all((folder / file).read_bytes() == (again / file).read_bytes() for file in files)


@pytest.mark.parametrize("kept", [0, 3, 40, 100, -1])
def test_file_cut_short_leaves_no_folder(tmp_path: Path, kept: int) -> None:
    source = packed_file(tmp_path / "packed.bin")
    source.write_bytes(source.read_bytes()[:kept])
    with pytest.raises(ModelError, match="SHA-256"):
        convert(source, tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["packed.bin"]


def test_another_format_is_named(tmp_path: Path) -> None:
    source = packed_file(tmp_path / "packed.bin")
    source.write_bytes(b"GGUF" + source.read_bytes()[4:])
    with pytest.raises(ModelError, match="GGUF"):
        convert(source, tmp_path / "model")


@pytest.mark.model
def test_folder_loads_in_sentence_transformers(folder: Path) -> None:
    from index.embedding import SentenceEncoder

    encoder = SentenceEncoder("tiny", folder)
    vectors = encoder.encode_chunks(["мир e5", "e5"])
    assert encoder.dimensions == HIDDEN
    assert vectors.shape == (2, HIDDEN)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
