"""The optimisation hyper-parameters of K trials as arrays, ready for the step.

Penalties are λ of the total loss; the step on the mean loss of a minibatch adds 2λθ/T and λ·sign(θ)/T, T being
the number of training examples (Bengio 2012, 3.2-05..07; erratum E6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.events import Floats
from practicum.recipe import Recipe


@dataclass(slots=True)
class Coefficients:
    """Per-trial numbers of the update. Shapes: (K,), penalties (L, K).

    Attributes:
        learning_rate: ε₀.
        decay_start: τ in updates; ``inf`` is never, ``nan`` is to be found.
        decay_exponent: α.
        decay_threshold: relative improvement under which an automatic decay starts.
        momentum: μ, weight of the past in the running gradient.
        averaging: decay of the running average of the parameters, 0 is none.
        l1: λ/T of each layer.
        l2: λ/T of each layer.
        penalise_biases: whether penalties fall on biases too.
    """

    learning_rate: Floats
    decay_start: Floats
    decay_exponent: Floats
    decay_threshold: Floats
    momentum: Floats
    averaging: Floats
    l1: Floats
    l2: Floats
    penalise_biases: Floats

    @classmethod
    def of(cls, recipes: Sequence[Recipe], num_layers: int, num_rows: int) -> Coefficients:
        """Gather the numbers of ``recipes`` for nets of ``num_layers`` layers and T = ``num_rows`` examples."""
        return cls(
            learning_rate=np.array([r.learning_rate for r in recipes], dtype=np.float64),
            decay_start=np.array([_decay_start(r) for r in recipes], dtype=np.float64),
            decay_exponent=np.array([r.decay_exponent for r in recipes], dtype=np.float64),
            decay_threshold=np.array([r.decay_threshold for r in recipes], dtype=np.float64),
            momentum=np.array([r.momentum for r in recipes], dtype=np.float64),
            averaging=np.array([r.averaging for r in recipes], dtype=np.float64),
            l1=_per_layer([r.l1_penalty for r in recipes], num_layers) / num_rows,
            l2=_per_layer([r.l2_penalty for r in recipes], num_layers) / num_rows,
            penalise_biases=np.array([r.penalise_biases for r in recipes], dtype=np.float64),
        )

    def select(self, keep: npt.NDArray[np.int64]) -> Coefficients:
        """Return the numbers of the trials at positions ``keep``."""
        return Coefficients(*(getattr(self, name)[..., keep] for name in self.__slots__))


def _decay_start(recipe: Recipe) -> float:
    if recipe.decay_start_step == "auto":
        return float("nan")
    return float("inf") if recipe.decay_start_step is None else float(recipe.decay_start_step)


def _per_layer(penalties: Sequence[float | tuple[float, ...]], num_layers: int) -> Floats:
    """Return λ as an array (L, K): one number stands for all layers."""
    rows = [p if isinstance(p, tuple) else (p,) * num_layers for p in penalties]
    return np.array(rows, dtype=np.float64).T
