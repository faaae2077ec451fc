"""The checks of a model, each asked in the same way: a title, the model, and what was checked before."""

from __future__ import annotations

from collections.abc import Callable

import torch

from practicum.checks.blind import check_inputs_used
from practicum.checks.criterion import taken
from practicum.checks.curvature import largest_eigenvalue
from practicum.checks.few_rows import learn_few_rows
from practicum.checks.gradient_check import check_gradients
from practicum.checks.module_table import module_table
from practicum.checks.profile import profile_steps
from practicum.checks.rate_finder import RateFinder, find_rate
from practicum.checks.signal_by_depth import signal_by_depth
from practicum.checks.size_curve import learning_curve
from practicum.checks.start_loss import check_start_loss
from practicum.checks.subject import Checked, Subject
from practicum.checks.top_layer import check_top_layer
from practicum.checks.unfilled import first_not_finite, nan_filled_buffers
from practicum.core.finding import Finding

GRADIENT_ROWS, CURVATURE_ROWS = 8, 256
"""Rows that the gradient check and the curvature look at: they run the model hundreds of times."""

USUAL_RATE = 0.1
"""Where no rate was found."""

LEAST_ROWS = 100
"""Of a batch, for a curve over the number of rows."""


def _modules(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = module_table(subject.model, subject.few(GRADIENT_ROWS).inputs)
    return Checked(title, found.text, found.findings, found=found)


def _finite(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    with nan_filled_buffers():
        name = first_not_finite(subject.model, subject.inputs)
    if name is None:
        return Checked(title, "No module makes NaN or infinity, with unfilled buffers as NaN [4.1-10].")
    said = f"`{name}`" if name else "The model itself"
    text = f"{said} makes numbers that are not finite of finite ones, with unfilled buffers as NaN [4.1-10]."
    advice = "Look there for log(0), 0/0, overflow, or a tensor of `torch.empty` that is never filled."
    found = Finding("not-finite", "critical", (("O15", 1.0),), text, advice, "4.1-10", (("module", name),))
    return Checked(title, text, (found,))


def _outputs(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = check_top_layer(*subject.given())
    text = "\n".join(one.evidence for one in found) or "The loss fits output and targets."
    return Checked(title, text, found)


def _start(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = check_start_loss(*subject.given())
    return Checked(title, found.text, _one(found.finding), found=found)


def _gradients(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = check_gradients(*subject.few(GRADIENT_ROWS).given(), seed=subject.seed)
    places = tuple(("module", name) for name in found.modules)
    advice = "Mend that backward pass."
    wrong = Finding("wrong-gradient", "critical", (("A15", 1.0),), found.text, advice, "4.1-05", places)
    text = found.text if found.sweep is None else f"{found.text}\n{found.sweep.text}"
    return Checked(title, text, () if found.passed else (wrong,), found=found)


def _signal(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = signal_by_depth(*subject.few(CURVATURE_ROWS).given())
    return Checked(title, found.text, found.findings, found=found)


def _few_rows(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = learn_few_rows(*subject.given(), seed=subject.seed)
    return Checked(title, found.text, _one(found.finding), found=found)


def _inputs(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = check_inputs_used(*subject.few(CURVATURE_ROWS).given(), seed=subject.seed)
    return Checked(title, found.text, _one(found.finding), found=found)


def _rates(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = find_rate(*subject.given(), seed=subject.seed)
    return Checked(title, found.text, found=found)


def _curvature(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = largest_eigenvalue(*subject.few(CURVATURE_ROWS).given(), seed=subject.seed)
    return Checked(title, found.text, found=found)


def _more_rows(title: str, subject: Subject, before: list[Checked]) -> Checked:
    """Train on more and more rows, the last fifth kept to validate by, at the rate that was found."""
    if subject.num_rows < LEAST_ROWS:
        return Checked(
            title, f"Not looked at: {subject.num_rows} rows are too few; give {LEAST_ROWS}.", looked=False
        )
    rates = next((part.found for part in before if isinstance(part.found, RateFinder)), None)
    known = None if rates is None else rates.suggestion
    num_train = 4 * subject.num_rows // 5
    parts = [
        taken(one, rows, subject.num_rows)
        for rows in (torch.arange(num_train), torch.arange(num_train, subject.num_rows))
        for one in (subject.inputs, subject.targets)
    ]
    found = learning_curve(
        subject.model, subject.loss, *parts, seed=subject.seed, learning_rate=known or USUAL_RATE
    )
    return Checked(title, found.text, found=found)


def _profile(title: str, subject: Subject, _before: list[Checked]) -> Checked:
    found = profile_steps(*subject.given(), seed=subject.seed)
    return Checked(title, found.text, found.findings, found=found)


Look = Callable[[str, Subject, list[Checked]], Checked]
"""Runs one check."""

PARTS: dict[str, Look] = {
    "Modules": _modules,
    "Finite numbers": _finite,
    "Output and loss": _outputs,
    "Loss at the start": _start,
    "Gradients": _gradients,
    "Signal by depth": _signal,
    "A few rows by heart": _few_rows,
    "Inputs": _inputs,
    "Learning rate": _rates,
    "Curvature": _curvature,
    "More rows": _more_rows,
}
"""The checks in their order: what is exact and quick first."""

PROFILE: dict[str, Look] = {"Time and memory": _profile}
"""What is looked at only when it is asked for."""

EXPLAINED = {"A few rows by heart", "Inputs"}
"""Checks that fail whenever something critical is wrong elsewhere: what they find then says nothing new."""


def _one(finding: Finding | None) -> tuple[Finding, ...]:
    return () if finding is None else (finding,)
