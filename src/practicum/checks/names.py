"""What each check looks for, by the name that its findings carry; a name is never given another sense."""

from __future__ import annotations

CHECKS: dict[str, str] = {
    "answer-given-away": "A column that gives the target away",
    "copies-across": "Copies of rows in several parts of the split",
    "device-copies": "Copies between host and device in every step",
    "few-rows": "A few rows that cannot be learned by heart",
    "few-to-choose-by": "Too few rows to choose by",
    "heavy-tails": "Columns with values far from all others",
    "inputs-used": "A net that learns no better with its inputs than without",
    "loss-fit": "A loss that does not fit outputs and targets",
    "module-table": "Parameters that are unused or frozen",
    "no-signal": "A table from which nothing can be learned",
    "not-finite": "A module that makes NaN or infinity",
    "other-kind": "Rows of another kind than those to train on",
    "rare-class": "Classes with hardly any rows",
    "serial-rows": "Neighbouring rows that give each other away",
    "signal": "A signal or a gradient that dies, grows or stays the same",
    "start-loss": "A loss at the start far from that of the best constant",
    "top-layer": "A top layer that the targets do not suit",
    "twin-columns": "Columns that say the same",
    "wrong-gradient": "A backward pass that differs from finite differences",
}
"""A title for each check, as :class:`practicum.core.finding.Finding` names it in ``rule``."""
