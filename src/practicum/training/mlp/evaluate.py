"""Loss and error of all K trials on a whole data set, in chunks that fit the cache."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Floats
from practicum.core.measures import DEFAULT
from practicum.core.shapes import padded
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.training.evaluate import Evaluation
from practicum.training.mlp.forward import Forward
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.measured import Measured
from practicum.training.mlp.rows import Rows

CHUNK = 256


class Evaluator:
    """Buffers to evaluate K trials.

    Args:
        network: shape of one trial.
        parameters: of the K trials; read at every call.
        rows: the data set, or those of several sources.
        starts: number of the first row of each trial's source, (K, 1); None where all have the same rows.
        deviations: of the targets of each trial's rows, (K,); those of ``rows`` without it.
        metric: what the error is (:data:`practicum.core.measures.NAMES`).
        target_scale: one unit of the prepared target in the target's own unit, for all or for each trial, (K,).
    """

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        rows: Rows,
        starts: Tensor | None = None,
        deviations: Floats | None = None,
        *,
        metric: str = DEFAULT,
        target_scale: float | Floats = 1.0,
    ) -> None:
        self.parameters, self.rows, self._starts = parameters, rows, starts
        self._deviations = np.array(rows.target_deviations) if deviations is None else deviations
        self._output = OUTPUT_UNITS[network.task]
        num_trials, num_rows = parameters.num_trials, len(rows)
        self._losses_KN = parameters.flat.new_empty(num_trials, num_rows)
        self._errors_KN = torch.empty_like(self._losses_KN)
        shape = num_trials, network.num_outputs, num_rows
        self._measured = Measured(metric, network.task, shape, parameters.flat, target_scale)
        sizes = {min(CHUNK, padded(num_rows))}
        if num_rows > CHUNK and num_rows % CHUNK:
            sizes.add(padded(num_rows % CHUNK))
        shared = starts is None
        self._forwards = {size: Forward(network, parameters, size, shared=shared) for size in sizes}

    def run(self) -> Evaluation:
        """Evaluate the parameters as they are now."""
        for start in range(0, len(self.rows), CHUNK):
            end = min(start + CHUNK, len(self.rows))
            forward = self._forwards[padded(end - start)]
            logits = self._forward(forward, start, end)
            count = end - start
            self._losses_KN[:, start:end] = self._output.row_losses(logits, forward.target)[:, :count]
            self._errors_KN[:, start:end] = self._output.row_errors(logits, forward.target)[:, :count]
            self._measured.keep(start, end, logits, forward.target)
        loss = self._losses_KN.mean(1, dtype=torch.float64).cpu().numpy()
        error = self._measured.error(loss, self._errors_KN, self._deviations)
        return Evaluation(loss, error, self._losses_KN)

    def _forward(self, forward: Forward, start: int, end: int) -> Tensor:
        """Return the logits of each trial's rows from ``start`` to ``end``, (K, O, B)."""
        if self._starts is None:
            return forward.run_range(self.rows, start, end)
        indices = torch.arange(start, start + padded(end - start), device=self._starts.device)
        return forward.run(self.rows, indices.clamp_(max=end - 1) + self._starts)
