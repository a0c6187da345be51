"""The transformer of an encoder compiled for this processor by OpenVINO, where that is installed (the extra "fast").

The one module that imports openvino. Measured on two cores with AVX-512, multilingual-e5-small, chunks of 800
characters: 36 chunks a second for 28 in bfloat16 and 16 in float32 through torch, one question in 6 ms for 13; cosine
to float32 above 0.9999. Where the model cannot be compiled, or does not say the same, torch goes on.
"""

import importlib.util
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ALIKE = 0.999
"""Cosine from which the compiled model says the same as the one it was made from."""

TRIED = ["The minister opened the embassy in Apia on 20 March 2024.", "A word."]


def is_installed() -> bool:
    """Whether OpenVINO can be had."""
    return importlib.util.find_spec("openvino") is not None


def accelerate(model: Any, threads: int) -> bool:  # noqa: ANN401 - a SentenceTransformer, loaded elsewhere
    """Put a compiled transformer in the place of the one in `model`; False, and nothing changed, where that fails."""
    import torch
    from transformers.utils import logging

    first = model[0]
    inputs = dict(first.tokenizer(TRIED, padding=True, return_tensors="pt"))
    plain, said = first.model, logging.get_verbosity()
    logging.set_verbosity_error()  # It wonders at a configuration that is read while it is traced.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Tracing says of each shape that it is taken as it is.
            quick = compiled(plain, inputs, threads)
            with torch.inference_mode():
                was, now = plain(**inputs).last_hidden_state, quick(**inputs).last_hidden_state
    except Exception:  # A model of a user's own may fail in as many ways as it was written in.
        return False
    finally:
        logging.set_verbosity(said)
    if torch.nn.functional.cosine_similarity(was[0, 0], now[0, 0], dim=0) < ALIKE:
        return False
    first.model = quick
    return True


def compiled(model: "torch.nn.Module", inputs: "dict[str, torch.Tensor]", threads: int) -> "torch.nn.Module":
    """The same transformer compiled; called as the one it was made from, one call at a time."""
    # Its import alone would report to its maker over the network; without this module it takes a stand-in of its own.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino  # type: ignore[import-untyped]
    import torch
    from openvino.frontend import FrontEndManager  # type: ignore[import-untyped]
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder  # type: ignore[import-untyped]
    from transformers.modeling_outputs import BaseModelOutput

    front_end = FrontEndManager().load_by_framework("pytorch")
    decoder = TorchScriptPythonDecoder(model, example_input=inputs)
    read = front_end.load(decoder)
    core = openvino.Core()
    half = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    choices = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if half else "f32"}
    if threads:
        choices["INFERENCE_NUM_THREADS"] = str(threads)
    request = core.compile_model(front_end.convert(read), "CPU", choices).create_infer_request()
    lock = threading.Lock()

    class Compiled(torch.nn.Module):  # type: ignore[misc]
        config = model.config

        def forward(self, **given: torch.Tensor) -> BaseModelOutput:
            with lock:
                found = request.infer({name: given[name].numpy() for name in inputs})
                return BaseModelOutput(last_hidden_state=torch.from_numpy(found[0].copy()))

    return Compiled()
