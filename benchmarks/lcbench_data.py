"""LCBench as YAHPO Gym's surrogate has it: curves of 2,000 nets on each of 34 data sets, made into a model.

The model is an ONNX file with its space and codes beside it; what the columns of its arrays are stands in YAHPO Gym's
`benchmarks/lcbench.py`. A trial's error is 100 minus the best validation accuracy so far, in points.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from practicum.recipe.space import Entry, Integer, Linear, Log, LogInteger, Space

FOLDER = Path(__file__).parents[1] / ".." / "shared" / "data" / "lcbench"
NUM_EPOCHS = 52
COLUMNS = ("batch_size", "learning_rate", "momentum", "l2_penalty", "num_layers", "width", "dropout")
"""The model's numbers after the epoch, in its order, by our names."""

ACCURACY = 1
"""Column of the validation accuracy in the model's output."""

ROWS_AT_ONCE = 32 * NUM_EPOCHS


def space() -> Space:
    """Return LCBench's space."""
    return Space(
        (
            Entry("batch_size", LogInteger(16, 512)),
            Entry("learning_rate", Log(1e-4, 0.1)),
            Entry("momentum", Linear(0.1, 0.99)),
            Entry("l2_penalty", Linear(1e-5, 0.1)),
            Entry("num_layers", Integer(1, 5)),
            Entry("width", LogInteger(64, 1024)),
            Entry("dropout", Linear(0.0, 1 - 1e-9)),
        )
    )


class LCBench:
    """The model and its data sets; ends the program where the files are absent."""

    def __init__(self, folder: Path = FOLDER) -> None:
        if not (folder / "model.onnx").exists():
            sys.exit(f"LCBench's surrogate is not in {folder}: nothing to measure.")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
        codes = json.loads((folder / "encoding.json").read_text())["OpenML_task_id"]
        names = json.loads((folder / "config_space.json").read_text())["hyperparameters"][0]["choices"]
        self.tasks = {name: codes[name] for name in names}

    def curves(self, task: str, trials: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """Return the lowest error so far after every epoch, shape (trials, epochs), in points."""
        return np.minimum.accumulate(100 - self._outputs(task, trials)[..., ACCURACY], axis=1)

    def errors_and_losses(
        self, task: str, trials: Sequence[Mapping[str, Any]], column: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return error and loss after every epoch, each (trials, epochs); the loss is a ``column`` of the model's."""
        outputs = self._outputs(task, trials).astype(np.float64)
        return 100 - outputs[..., ACCURACY], outputs[..., column]

    def _outputs(self, task: str, trials: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """Return all that the model says after every epoch, shape (trials, epochs, columns)."""
        numbers = np.array([[trial[name] for name in COLUMNS] for trial in trials], np.float32)
        numbers = np.repeat(numbers, NUM_EPOCHS, axis=0)
        epochs = np.tile(np.arange(1, NUM_EPOCHS + 1, dtype=np.float32), len(trials))
        rows = np.column_stack([epochs, numbers]).astype(np.float32)
        found = []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            task_codes = np.full((len(some), 1), self.tasks[task], np.int32)
            found.append(self._session.run(None, {"x_cat": task_codes, "x_cont": some})[0])
        return np.concatenate(found).reshape(len(trials), NUM_EPOCHS, -1)
