"""All checks of a model before it is trained, one after the other: what each says, and what is wrong.

A check that cannot look at a model says why, and the others go on.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.parts import EXPLAINED, PARTS
from practicum.checks.subject import Checked, Loss, Subject
from practicum.core.errors import ConfigError
from practicum.core.finding import Finding, gravest_first, verdict


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What all checks said.

    Attributes:
        parts: one a check, in their order.
    """

    parts: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, the gravest first."""
        return gravest_first([finding for part in self.parts for finding in part.findings])

    @property
    def passed(self) -> bool:
        """Whether nothing worse than worth knowing was found."""
        return all(finding.severity == "info" for finding in self.findings)

    @property
    def text(self) -> str:
        """The verdict, what is wrong, then what each check saw."""
        return "\n".join(
            [verdict(self.findings), *(f"\n{part.title}\n{_indented(part.text)}" for part in self.parts)]
        )

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def check_model(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    seed: int = 0,
    deadline: float = float("inf"),
    report: Callable[[str, float], None] | None = None,
) -> ModelCheck:
    """Run all checks on a model; it is not touched.

    Args:
        model: as it starts.
        loss: of its output and ``targets``, a scalar.
        inputs: a tensor, or a tuple of arguments; the first axis counts rows.
        targets: as the loss takes them.
        seed: of all that is drawn.
        deadline: no check begins after this, in seconds of `time.monotonic`.
        report: is told the title of the check that begins, and the share of all that is done.

    Raises:
        ConfigError: if the model cannot be run on the inputs, or its loss is no finite number.

    Source:
        Bengio 2012, 4.1.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
        >>> x = torch.randn(40, 3)
        >>> check_model(model, nn.functional.mse_loss, x, x.sum(1, keepdim=True)).passed
        True
    """
    subject = Subject(model, loss, inputs, targets, seed)
    _check_runs(subject)
    parts = []
    for number, (title, look) in enumerate(PARTS.items()):
        if report is not None:
            report(title, number / len(PARTS))
        if time.monotonic() > deadline:
            parts.append(Checked(title, "Not looked at: the time was over.", looked=False))
            continue
        try:
            parts.append(_without_consequences(look(title, subject, parts), parts))
        except Exception as error:  # noqa: BLE001 (a user's model may raise anything where it is run in another way)
            said = " ".join(str(error).split())
            parts.append(Checked(title, f"Not looked at: {type(error).__name__}: {said}", looked=False))
    return ModelCheck(tuple(parts))


def _without_consequences(part: Checked, before: list[Checked]) -> Checked:
    """Return what a check said; less what something critical before it explains."""
    explained = any(one.severity == "critical" for earlier in before for one in earlier.findings)
    if not explained or part.title not in EXPLAINED:
        return part
    return replace(part, findings=())


def _check_runs(subject: Subject) -> None:
    """Refuse a model that cannot be run."""
    try:
        model = copy.deepcopy(subject.model)
        arguments = subject.inputs if isinstance(subject.inputs, tuple) else (subject.inputs,)
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            subject.loss(model(*arguments), subject.targets)
    except Exception as error:
        said = " ".join(str(error).split())
        raise ConfigError(
            f"`model` and `loss` must run on the batch, but they raised {type(error).__name__}: {said} (inputs "
            f"{_shapes(subject.inputs)}, targets {_shapes(subject.targets)}). Run them by hand on it first.",
        ) from error


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _shapes(value: Any) -> str:
    """Return the shapes of tensors, however they are nested, for a message."""
    if isinstance(value, Tensor):
        return "×".join(map(str, value.shape)) or "scalar"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_shapes, value))})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_shapes(one)}' for name, one in value.items())}}}"
    return type(value).__name__
