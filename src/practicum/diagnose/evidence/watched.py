"""From what a monitor has seen of a loop to experiments on copies of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from practicum.core.finding import Finding
from practicum.diagnose.evidence.proof import BUDGET_SECONDS, leading, prove
from practicum.diagnose.evidence.subject import CannotTryError, Subject
from practicum.monitor.facts import Facts
from practicum.monitor.sample import Kept


def proven(
    findings: Sequence[Finding], facts: Facts, *, budget_seconds: float = BUDGET_SECONDS, seed: int = 0
) -> tuple[Finding, ...]:
    """Return the findings with what experiments on copies of the loop say of their causes.

    Where too little of the loop is known, the findings say so in place of a proof, and keep their order.

    Args:
        findings: about the loop.
        facts: what was seen of it; nothing that is trained is touched.
        budget_seconds: time for all experiments together.
        seed: of the changes at random.

    Source:
        Bengio 2012, 4.1-08; :func:`practicum.diagnose.evidence.proof.prove`.

    Example:
        >>> slow = Finding("R099", "warning", (("O2", 0.6),), "It hardly falls.", "Raise the rate.", "2.1-02")
        >>> proven([slow], Facts())[0].proof
        'Not tried: the monitor has seen no loop.'
    """
    if not leading(findings):
        return tuple(findings)
    try:
        subject = subject_of(facts)
    except CannotTryError as error:
        told = f"Not tried: {error}."
        return tuple(replace(one, proof=told) if leading([one]) else one for one in findings)
    return prove(findings, subject, budget_seconds=budget_seconds, seed=seed)


def subject_of(facts: Facts) -> Subject:
    """Return the loop as experiments need it.

    Raises:
        CannotTryError: if model, loss or rows are not known.
    """
    trained = facts.trained
    if trained is None:
        raise CannotTryError("the monitor has seen no loop")
    if trained.loss_fn is None:
        raise CannotTryError("the loss is not known, give the monitor `loss_fn`")
    train, valid = _rows(facts.sample.first), _rows(facts.sample.valid)
    if train is None:
        raise CannotTryError("no rows are known, give `inputs` and `targets` with each step")
    place = next((one.device for one in trained.model.parameters()), torch.device("cpu"))
    inputs, targets = (one.to(place) for one in train)
    valid_inputs, valid_targets = (None, None) if valid is None else (one.to(place) for one in valid)
    return Subject(
        trained.model,
        trained.optimizers,
        trained.loss_fn,
        inputs,
        targets,
        valid_inputs,
        valid_targets,
        batch_size=max(1, min(facts.batch_size or 32, len(inputs))),
        start=None if trained.start is None else trained.start.state_dict(),
    )


def _rows(kept: Kept) -> tuple[Tensor, Tensor] | None:
    """Return inputs and targets that were kept, each row once: it may have come again in a later epoch."""
    inputs, targets = kept.inputs(), kept.targets()
    if inputs is None or targets is None:
        return None
    first: dict[bytes, int] = {}
    for place, row in enumerate(inputs.flatten(1) if inputs.ndim > 1 else inputs[:, None]):
        first.setdefault(_bytes(row), place)
    which = torch.tensor(list(first.values()))
    return inputs[which], targets[which]


def _bytes(row: Tensor) -> bytes:
    """Return the very numbers of a row."""
    plain: Any = row.contiguous().view(torch.uint8).numpy()
    return bytes(plain.tobytes())
