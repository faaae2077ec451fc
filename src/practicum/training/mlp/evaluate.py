"""Loss and error of all K trials on a whole data set, in chunks that fit the cache."""

from __future__ import annotations

import numpy as np
import torch

from practicum.core.shapes import padded
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.training.evaluate import Evaluation
from practicum.training.mlp.forward import Forward
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.rows import Rows

CHUNK = 256


class Evaluator:
    """Buffers to evaluate K trials.

    Args:
        network: shape of one trial.
        parameters: of the K trials; read at every call.
        rows: the data set.
    """

    def __init__(self, network: Network, parameters: Parameters, rows: Rows) -> None:
        self.parameters, self.rows = parameters, rows
        self._output, self._task = OUTPUT_UNITS[network.task], network.task
        num_trials, num_rows = parameters.num_trials, len(rows)
        self._losses_KN = parameters.flat.new_empty(num_trials, num_rows)
        self._errors_KN = torch.empty_like(self._losses_KN)
        sizes = {min(CHUNK, padded(num_rows))}
        if num_rows > CHUNK and num_rows % CHUNK:
            sizes.add(padded(num_rows % CHUNK))
        self._forwards = {size: Forward(network, parameters, size, shared=True) for size in sizes}

    def run(self) -> Evaluation:
        """Evaluate the parameters as they are now."""
        for start in range(0, len(self.rows), CHUNK):
            end = min(start + CHUNK, len(self.rows))
            forward = self._forwards[padded(end - start)]
            logits = forward.run_range(self.rows, start, end)
            count = end - start
            self._losses_KN[:, start:end] = self._output.row_losses(logits, forward.target)[:, :count]
            self._errors_KN[:, start:end] = self._output.row_errors(logits, forward.target)[:, :count]
        loss = self._losses_KN.mean(1, dtype=torch.float64).cpu().numpy()
        error = self._errors_KN.mean(1, dtype=torch.float64).cpu().numpy()
        if self._task == "regression":
            error = np.sqrt(error) / self.rows.target_deviation
        return Evaluation(loss, error, self._losses_KN)
