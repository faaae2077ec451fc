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

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            module.RULE
            for module in (
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
        ),
        key=lambda rule: rule.id,
    )
)
