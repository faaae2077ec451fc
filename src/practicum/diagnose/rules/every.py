"""All rules, in the order of their ids."""

from __future__ import annotations

from practicum.diagnose.rules import (
    bad_inputs,
    frozen,
    kept_history,
    missing_zero_grad,
    no_graph,
    no_update,
    not_finite,
    outside_optimiser,
    repeated_batches,
    same_batch,
    training_in_evaluation,
    unreached,
    validated_in_training,
)
from practicum.diagnose.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_zero_grad.RULE,
    no_update.RULE,
    no_graph.RULE,
    training_in_evaluation.RULE,
    validated_in_training.RULE,
    same_batch.RULE,
    repeated_batches.RULE,
    kept_history.RULE,
    unreached.RULE,
    outside_optimiser.RULE,
    frozen.RULE,
    not_finite.RULE,
    bad_inputs.RULE,
)
