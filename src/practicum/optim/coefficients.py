"""The optimisation hyper-parameters of K trials as arrays, ready for the update.

Penalties are λ of the total loss; the step on the mean loss of a minibatch adds 2λθ/T and λ·sign(θ)/T, T being
the number of training examples (Bengio 2012, 3.2-05..07; erratum E6).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from practicum.core.events import Floats
from practicum.optim.rules import DEFAULTS
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_layers


@dataclass(slots=True)
class Coefficients:
    """Per-trial numbers of the update. Shapes: (K,), those by layer (L, K).

    Attributes:
        learning_rate: ε₀.
        schedule: name of the curve that the rate follows.
        decay_start: τ in updates; ``inf`` is never, ``nan`` is to be found.
        decay_exponent: α.
        decay_threshold: relative improvement under which an automatic decay starts.
        decay_rate: d, per update.
        schedule_steps: length of a schedule that ends, in updates; ``inf`` where it is not used.
        final_rate_ratio: last rate over the first.
        warm_up_steps: updates over which the rate rises.
        rate_multipliers: factor on the rate of each layer.
        bias_rate_multiplier: factor on the rate of biases.
        momentum: μ, weight of the past in the running gradient, at the end of its ramp.
        initial_momentum: μ of the first update.
        momentum_ramp_steps: updates over which μ rises.
        first_decay: β₁.
        second_decay: β₂, or the rule's own name for it.
        stabiliser: ε of the rule.
        decoupled_decay: share of the weights taken away each update, times the rate.
        clip_norm: largest norm of the gradient, ``inf`` for none.
        averaging: decay of the running average of the parameters, 0 is none.
        l1: λ/T of each layer.
        l2: λ/T of each layer.
        proximal: whether L1 acts as a proximal step.
        penalise_biases: whether penalties fall on biases too.
        max_norm: largest norm of the weights into a unit, ``inf`` for none.
    """

    learning_rate: Floats
    schedule: npt.NDArray[np.str_]
    decay_start: Floats
    decay_exponent: Floats
    decay_threshold: Floats
    decay_rate: Floats
    schedule_steps: Floats
    final_rate_ratio: Floats
    warm_up_steps: Floats
    rate_multipliers: Floats
    bias_rate_multiplier: Floats
    momentum: Floats
    initial_momentum: Floats
    momentum_ramp_steps: Floats
    first_decay: Floats
    second_decay: Floats
    stabiliser: Floats
    decoupled_decay: Floats
    clip_norm: Floats
    averaging: Floats
    l1: Floats
    l2: Floats
    proximal: Floats
    penalise_biases: Floats
    max_norm: Floats

    @classmethod
    def of(cls, recipes: Sequence[Recipe], num_layers: int, num_rows: int) -> Coefficients:
        """Gather the numbers of ``recipes`` for nets of ``num_layers`` layers and T = ``num_rows`` examples.

        Raises:
            ConfigError: if a list by layer has another length.
        """

        def numbers(values: Sequence[float | None], absent: float = math.nan) -> Floats:
            return np.array([absent if value is None else value for value in values], dtype=np.float64)

        rules = [DEFAULTS[recipe.update_rule] for recipe in recipes]
        return cls(
            learning_rate=numbers([r.learning_rate for r in recipes]),
            schedule=np.array([r.schedule for r in recipes]),
            decay_start=numbers([_decay_start(r) for r in recipes]),
            decay_exponent=numbers([r.decay_exponent for r in recipes]),
            decay_threshold=numbers([r.decay_threshold for r in recipes]),
            decay_rate=numbers([r.decay_rate for r in recipes]),
            schedule_steps=numbers([r.schedule_steps or r.num_steps for r in recipes], math.inf),
            final_rate_ratio=numbers([r.final_rate_ratio for r in recipes]),
            warm_up_steps=numbers([r.warm_up_steps for r in recipes]),
            rate_multipliers=_per_layer("layer_rate_multipliers", recipes, num_layers, 1.0),
            bias_rate_multiplier=numbers([r.bias_rate_multiplier for r in recipes]),
            momentum=numbers([r.momentum for r in recipes]),
            initial_momentum=numbers(
                [r.momentum if r.initial_momentum is None else r.initial_momentum for r in recipes]
            ),
            momentum_ramp_steps=numbers([r.momentum_ramp_steps for r in recipes]),
            first_decay=numbers([r.first_moment_decay for r in recipes]),
            second_decay=numbers(
                [
                    rule.second_moment_decay if r.second_moment_decay is None else r.second_moment_decay
                    for r, rule in zip(recipes, rules, strict=True)
                ]
            ),
            stabiliser=numbers(
                [
                    rule.stabiliser if r.stabiliser is None else r.stabiliser
                    for r, rule in zip(recipes, rules, strict=True)
                ]
            ),
            decoupled_decay=numbers([r.decoupled_decay for r in recipes]),
            clip_norm=numbers([r.clip_norm for r in recipes], math.inf),
            averaging=numbers([r.averaging for r in recipes]),
            l1=_per_layer("l1_penalty", recipes, num_layers) / num_rows,
            l2=_per_layer("l2_penalty", recipes, num_layers) / num_rows,
            proximal=numbers([r.l1_step == "proximal" for r in recipes]),
            penalise_biases=numbers([r.penalise_biases for r in recipes]),
            max_norm=numbers([r.max_norm for r in recipes], math.inf),
        )

    def with_decay_start(self, decay_start: Floats) -> Coefficients:
        """Return the same numbers with the τ found so far."""
        return replace(self, decay_start=decay_start)

    def select(self, keep: npt.NDArray[np.int64]) -> Coefficients:
        """Return the numbers of the trials at positions ``keep``."""
        return Coefficients(*(getattr(self, field.name)[..., keep] for field in fields(self)))


def _decay_start(recipe: Recipe) -> float:
    if recipe.decay_start_step == "auto":
        return math.nan
    return math.inf if recipe.decay_start_step is None else float(recipe.decay_start_step)


def _per_layer(name: str, recipes: Sequence[Recipe], num_layers: int, absent: float = 0.0) -> Floats:
    """Return a setting as an array (L, K): one number stands for all layers."""
    rows = []
    for recipe in recipes:
        value = getattr(recipe, name)
        check_layers(name, value, num_layers)
        rows.append(value if isinstance(value, tuple) else (absent if value is None else value,) * num_layers)
    return np.array(rows, dtype=np.float64).T
