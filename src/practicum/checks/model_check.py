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

from practicum.checks.criterion import taken
from practicum.checks.curvature import largest_eigenvalue
from practicum.checks.few_rows import learn_few_rows
from practicum.checks.gradient_check import check_gradients
from practicum.checks.module_table import module_table
from practicum.checks.rate_finder import find_rate
from practicum.checks.signal_by_depth import signal_by_depth
from practicum.checks.start_loss import check_start_loss
from practicum.checks.top_layer import check_top_layer
from practicum.core.errors import ConfigError
from practicum.core.finding import Finding, gravest_first, verdict

Loss = Callable[[Any, Any], Tensor]

GRADIENT_ROWS, CURVATURE_ROWS = 8, 256
"""Rows that the gradient check and the curvature look at: they run the model hundreds of times."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked.

    Attributes:
        model: as it starts.
        loss: of its output and the targets, a scalar.
        inputs: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        seed: of all that is drawn.
    """

    model: nn.Module
    loss: Loss
    inputs: Any
    targets: Any
    seed: int

    @property
    def num_rows(self) -> int:
        """Rows of the batch."""
        first = self.inputs[0] if isinstance(self.inputs, tuple) else self.inputs
        return len(first)

    def few(self, count: int) -> Subject:
        """Return the same with the first ``count`` rows."""
        if self.num_rows <= count:
            return self
        rows = torch.arange(count)
        inputs, targets = (taken(one, rows, self.num_rows) for one in (self.inputs, self.targets))
        return Subject(self.model, self.loss, inputs, targets, self.seed)

    def given(self) -> tuple[nn.Module, Loss, Any, Any]:
        """Return the four arguments that every check takes."""
        return self.model, self.loss, self.inputs, self.targets


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check said.

    Attributes:
        title: of the check.
        text: what it saw; why it could not look, where it could not.
        findings: what is wrong.
        looked: whether it could look.
    """

    title: str
    text: str
    findings: tuple[Finding, ...] = ()
    looked: bool = True


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
            parts.append(_without_consequences(look(title, subject), parts))
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


def _modules(title: str, subject: Subject) -> Checked:
    found = module_table(subject.model, subject.few(GRADIENT_ROWS).inputs)
    return Checked(title, found.text, found.findings)


def _outputs(title: str, subject: Subject) -> Checked:
    found = check_top_layer(*subject.given())
    text = "\n".join(one.evidence for one in found) or "The loss fits output and targets."
    return Checked(title, text, found)


def _start(title: str, subject: Subject) -> Checked:
    found = check_start_loss(*subject.given())
    return Checked(title, found.text, _one(found.finding))


def _gradients(title: str, subject: Subject) -> Checked:
    found = check_gradients(*subject.few(GRADIENT_ROWS).given(), seed=subject.seed)
    if found.passed:
        return Checked(title, found.text)
    wrong = Finding(
        "wrong-gradient", "critical", (("A15", 1.0),), found.text, "Mend that backward pass.", "4.1-05"
    )
    return Checked(title, found.text, (wrong,))


def _signal(title: str, subject: Subject) -> Checked:
    found = signal_by_depth(*subject.few(CURVATURE_ROWS).given())
    return Checked(title, found.text, found.findings)


def _few_rows(title: str, subject: Subject) -> Checked:
    found = learn_few_rows(*subject.given(), seed=subject.seed)
    return Checked(title, found.text, _one(found.finding))


def _rates(title: str, subject: Subject) -> Checked:
    found = find_rate(*subject.given(), seed=subject.seed)
    return Checked(title, found.text)


def _curvature(title: str, subject: Subject) -> Checked:
    found = largest_eigenvalue(*subject.few(CURVATURE_ROWS).given(), seed=subject.seed)
    return Checked(title, found.text)


PARTS: dict[str, Callable[[str, Subject], Checked]] = {
    "Modules": _modules,
    "Output and loss": _outputs,
    "Loss at the start": _start,
    "Gradients": _gradients,
    "Signal by depth": _signal,
    "A few rows by heart": _few_rows,
    "Learning rate": _rates,
    "Curvature": _curvature,
}
"""The checks in their order: what is exact and quick first."""

EXPLAINED = {"A few rows by heart"}
"""Checks that fail whenever something critical is wrong elsewhere: what they find then says nothing new."""


def _one(finding: Finding | None) -> tuple[Finding, ...]:
    return () if finding is None else (finding,)


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
