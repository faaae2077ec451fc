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

from practicum.checks.criterion import Loss, rows_of, taken
from practicum.checks.doubles import own_loss, same_draws, tensors_of
from practicum.checks.flow import mapped
from practicum.checks.parts import EXPLAINED, PARTS, PROFILE
from practicum.checks.subject import Checked, Subject
from practicum.core.errors import ConfigError, DataError
from practicum.core.finding import Finding, gravest_first, verdict

LEAST_ROWS = 2
"""Of a batch: of one row nothing can be said that depends on inputs."""


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
        """Whether something was looked at, and nothing worse than worth knowing was found."""
        looked = any(part.looked for part in self.parts)
        return looked and all(finding.severity == "info" for finding in self.findings)

    @property
    def text(self) -> str:
        """The verdict, what is wrong, then what each check saw."""
        blind = sum(not part.looked for part in self.parts)
        left = [f"{blind} of {len(self.parts)} checks could not look; see below."] if blind else []
        seen = [f"\n{part.title}\n{_indented(part.text)}" for part in self.parts]
        return "\n".join([verdict(self.findings), *left, *seen])

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
    profile: bool = False,
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
        profile: whether to look also where the time and the memory of a step go.
        deadline: no check begins after this, in seconds of `time.monotonic`.
        report: is told the title of the check that begins, and the share of all that is done.

    Raises:
        DataError: if there are hardly any rows, targets are all the same, or there is NaN among them.
        ConfigError: if the model cannot be run on the inputs, or its loss is not one number that depends on it.

    Source:
        Bengio 2012, 4.1.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
        >>> x = torch.randn(40, 3)
        >>> check_model(model, nn.functional.mse_loss, x, x.sum(1, keepdim=True)).passed
        True
    """
    _check_rows(inputs, targets)
    rows = torch.randperm(rows_of(_arguments(inputs)), generator=torch.Generator().manual_seed(seed))
    # In an order by chance: files are often sorted by the target, and some checks look at the first rows alone.
    x, y = (taken(one, rows, len(rows)) for one in (inputs, targets))
    subject = Subject(_writing_nowhere(model), own_loss(loss), x, y, seed)
    _check_runs(subject)
    parts: list[Checked] = []
    looks = {**PARTS, **PROFILE} if profile else PARTS
    for number, (title, look) in enumerate(looks.items()):
        if report is not None:
            report(title, number / len(looks))
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


def _check_rows(inputs: Any, targets: Any) -> None:
    """Refuse a batch of which nothing can be said."""
    count = rows_of(_arguments(inputs))
    if count < LEAST_ROWS:
        raise DataError(
            f"`batch` must have at least {LEAST_ROWS} rows, but got {count}. A few hundred are plenty.",
            num_rows=count,
        )
    for name, given in (("inputs", inputs), ("targets", targets)):
        bad = sum(int(one.isnan().sum()) for one in tensors_of(given))
        if bad:
            raise DataError(
                f"`{name}` must hold no NaN, but got {bad:,}. Fill missing values, and add an input that says so.",
                num_nan=bad,
            )
    if isinstance(targets, Tensor) and len(targets) == count and bool((targets == targets[0]).all()):
        raise DataError(
            f"`targets` must differ between rows, but all {count:,} are the same. Draw rows of every kind.",
            num_rows=count,
        )


def _check_runs(subject: Subject) -> None:
    """Refuse a model that cannot be run, and a loss that is no number."""
    try:
        with same_draws(subject.seed), torch.enable_grad():
            loss = subject.loss(copy.deepcopy(subject.model)(*_arguments(subject.inputs)), subject.targets)
    except Exception as error:
        said = " ".join(str(error).split())
        raise ConfigError(
            f"`model` and `loss` must run on the batch, but they raised {type(error).__name__}: {said} (inputs "
            f"{_shapes(subject.inputs)}, targets {_shapes(subject.targets)}). Run them by hand on it first.",
        ) from error
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        raise ConfigError(
            f"`loss` must return one number as a tensor, but got {_shapes(loss)}. Average over the rows; leave "
            "`.item()` to whoever prints it.",
        )
    if not loss.requires_grad and any(one.requires_grad for one in subject.model.parameters()):
        raise ConfigError(
            "`loss` must depend on the model's parameters, but it has no gradient. Look for `detach`, `.item()`, "
            "`.numpy()` or `no_grad` between the parameters and the loss.",
        )


def _arguments(inputs: Any) -> tuple[Any, ...]:
    return inputs if isinstance(inputs, tuple) else (inputs,)


def _writing_nowhere(model: nn.Module) -> nn.Module:
    """Return a copy that gets copies of what it is called with, since a model may write into it."""
    own = copy.deepcopy(model)
    own.register_forward_pre_hook(_cloned, with_kwargs=True)
    return own


def _cloned(_model: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Any]:
    """Return copies of tensors, however they are nested."""
    return mapped(given, Tensor.clone), mapped(named, Tensor.clone)


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
