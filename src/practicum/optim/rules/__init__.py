"""Update rules, one table: how a gradient becomes a step, for K trials at once."""

from __future__ import annotations

from collections.abc import Mapping

from practicum.optim.rules.adaptive import ADADELTA, ADAGRAD, ADAM, ADAMW, RMSPROP
from practicum.optim.rules.rule import Numbers, State, UpdateRule
from practicum.optim.rules.schedule_free import SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_SGD
from practicum.optim.rules.sgd import MOMENTUM, NESTEROV, SGD

RULES: Mapping[str, UpdateRule] = {
    rule.name: rule
    for rule in (
        SGD,
        MOMENTUM,
        NESTEROV,
        ADAGRAD,
        ADADELTA,
        RMSPROP,
        ADAM,
        ADAMW,
        SCHEDULE_FREE_SGD,
        SCHEDULE_FREE_ADAMW,
    )
}
DEFAULTS = RULES
"""The rules' own defaults: ``DEFAULTS["adam"].stabiliser``."""

__all__ = ["DEFAULTS", "RULES", "Numbers", "State", "UpdateRule"]
