"""Whether a module can be lifted: only if two lifted trials do exactly what the two plain modules do.

Some lifts fail loudly, others are silently wrong: an attribute computed from the first trial's weights, a tensor kept
from the last call. So the lift is accepted by value: losses, gradients and buffers of two trials with different
parameters, in two training passes and one of validation, on a few real rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from practicum.core.errors import ConfigError, DataError, PracticumError
from practicum.core.seeds import stream
from practicum.data.tree import mapped, take
from practicum.recipe import Recipe
from practicum.training.lift.forward import Forward
from practicum.training.lift.instance import instances
from practicum.training.lift.losses import NamedLoss, check_batch
from practicum.training.lift.noise import Drawn, Lazy
from practicum.training.lift.places import Places
from practicum.training.lift.program import LiftedProgram
from practicum.training.lift.seeded import seeded
from practicum.training.lift.signature import difference, signature, state_change
from practicum.training.lift.task import ModelTask

STAGES = ((True, True), (True, False), (False, True))
"""Of each pass: whether it trains, and whether the two trials see the same rows."""

ROWS = 8
"""Rows of the minibatch on which the two are compared, at most."""

TOLERANCES = {torch.float64: 1e-8}
"""Largest difference, relative to the largest number of a tensor."""
TOLERANCE = 1e-4
DOUBTFUL = 1e-2
"""Up to here a difference may be rounding, and is looked at again in double precision."""

RECURRENT = (nn.RNNBase,)
PLAIN_WORDS = (
    ("randomness", "the module draws random numbers of its own"),
    (".item()", "the module reads a number out of a tensor, or decides by one"),
    ("data-dependent control flow", "the module reads a number out of a tensor, or decides by one"),
    ("other noise than", "the module asks for other noise in every pass"),
)


def check_lift(task: ModelTask, recipes: Sequence[Recipe], modules: Sequence[nn.Module]) -> str | None:
    """Return why the trials must run one by one, or ``None`` if they can be lifted.

    Args:
        task: module, loss and data.
        recipes: one a trial.
        modules: one a trial; they are only looked at.

    Raises:
        ConfigError: if the plain module cannot be trained either.
    """
    for name, part in modules[0].named_modules():
        if isinstance(part, RECURRENT):
            place = f' (module "{name}")' if name else ""
            return f"nn.{type(part).__name__} cannot be lifted{place}"
    first = signature(modules[0])
    for position, module in enumerate(modules[1:], 1):
        unlike = difference(first, signature(module))
        if unlike:
            return f"trials 0 and {position} differ in {unlike}"
    return _compare(task, _two(recipes))


def check_plain(task: ModelTask, recipe: Recipe) -> None:
    """Run an untrained module once in training and once in evaluation, as it is.

    Raises:
        ConfigError, ShapeError: if the module or the loss cannot be used.
        DataError: if a loss is not a number before anything was learned.
    """
    if isinstance(task.loss, NamedLoss):
        for name, rows in (("data", task.train), ("valid", task.valid)):
            check_batch(task.loss, rows, name)
    for stage in (0, len(STAGES) - 1):
        plain = _Plain(task, recipe, instances(task, [recipe])[0])
        for what, values in plain.run_as_it_is(stage).results.items():
            bad = int(values.isnan().sum()) if what.endswith("losses") else 0
            if bad:
                raise DataError(
                    f"The {'loss' if what == 'losses' else what} must be a number before the first update, but is nan "
                    f"in {bad} of {len(values)} rows. Look for missing values in the data (torch.isnan).",
                    num_rows=bad,
                )


def _two(recipes: Sequence[Recipe]) -> tuple[Recipe, Recipe]:
    """Return two recipes, of different seeds if there are any, for minibatches of a few rows."""
    first = recipes[0]
    other = next((recipe for recipe in recipes if recipe.seed != first.seed), recipes[-1])
    size = min(ROWS, first.batch_size)
    return first.changed(batch_size=size), other.changed(batch_size=size)


def _compare(task: ModelTask, recipes: tuple[Recipe, Recipe]) -> str | None:
    """Return why lifted and plain modules differ; differences near rounding are looked at in double precision."""
    reason, worst = _trial(task, recipes)
    if reason is None or worst > DOUBTFUL:
        return reason
    try:
        return _trial(_doubled(task), recipes)[0]
    except (PracticumError, RuntimeError):
        return reason


def _doubled(task: ModelTask) -> ModelTask:
    def build(recipe: Recipe) -> nn.Module:
        return task.build(recipe).double()

    def double(values: Tensor) -> Tensor:
        return values.double() if values.is_floating_point() else values

    return replace(task, build=build, train=mapped(task.train, double), valid=mapped(task.valid, double))


def _trial(task: ModelTask, recipes: tuple[Recipe, Recipe]) -> tuple[str | None, float]:
    """Return why lifted and plain modules differ, and by how much: infinity where not by a number."""
    plains = [
        _Plain(task, recipe, module) for recipe, module in zip(recipes, instances(task, recipes), strict=True)
    ]
    before = [signature(plain.module) for plain in plains]
    passes = [[plain.run(stage) for plain in plains] for stage in range(len(STAGES))]
    for plain, old in zip(plains, before, strict=True):
        changed = state_change(old, signature(plain.module))
        if changed:
            return f"the module changes itself while it runs: {changed}", torch.inf
    try:
        program = LiftedProgram(task, recipes)
        found = [_lifted(program, stage, wanted) for stage, wanted in enumerate(passes)]
    except Exception as error:  # noqa: BLE001 - whatever a module raises when lifted
        return _in_words(error), torch.inf
    return _judged(passes, found)


@dataclass(frozen=True)
class _Pass:
    """Parameters and other tensors before a pass, and what came out, by name."""

    learned: dict[str, Tensor]
    others: dict[str, Tensor]
    results: dict[str, Tensor]


class _Plain:
    """A trial's plain module, differentiated by autograd and nothing else."""

    def __init__(self, task: ModelTask, recipe: Recipe, module: nn.Module) -> None:
        self.module, self._task, self._recipe = module, task, recipe
        self._places = Places(module)
        self._forward = Forward(task, [recipe], module, lifted=False)
        self._leaves = [self._places.tensors[name] for name in self._places.learned]
        self._drawn = Drawn([recipe], {}, self._leaves[0].detach())
        knobs = self._forward.knobs([recipe], self._leaves[0].detach())
        self._knobs = {name: value[0] for name, value in knobs.items()}

    def run(self, stage: int) -> _Pass:
        """Move the parameters, run one pass, and return what went in and came out."""
        self._move(stage)
        return self.run_as_it_is(stage)

    def run_as_it_is(self, stage: int) -> _Pass:
        """Run one pass and return what went in and came out; what the module raises becomes a ConfigError."""
        training, shared = STAGES[stage]
        places = self._places
        learned = {name: places.tensors[name].detach().clone() for name in places.learned}
        others = {name: places.tensors[name].detach().clone() for name in places.others}
        try:
            results = self._trained(stage, shared=shared) if training else self._measured()
        except PracticumError:
            raise
        except Exception as error:
            raise ConfigError(
                f"`build` and `loss` must work on a minibatch of {self._recipe.batch_size} rows, but raised "
                f"{type(error).__name__}: {_first_line(error)}.",
                error=error,
            ) from error
        return _Pass(learned, others, results)

    @torch.no_grad()
    def _move(self, stage: int) -> None:
        """Change every parameter by about a tenth, in place, and every statistic upwards."""
        for name, own in self._places.tensors.items():
            if own.is_floating_point():
                draw = stream(self._recipe.seed, f"trust/{name}", stage)
                factor = torch.from_numpy(draw.uniform(1.0, 1.2, tuple(own.shape))).to(own)
                own.mul_(factor)
                if name in self._places.learned:
                    own.add_(torch.from_numpy(draw.normal(0, 0.05, tuple(own.shape))).to(own))

    def _trained(self, stage: int, *, shared: bool) -> dict[str, Tensor]:
        task, places = self._task, self._places
        batch = take(task.train, _rows(task, self._recipe, shared=shared))
        with seeded(self._recipe.seed, "forward", stage, task.device), torch.enable_grad():
            total, row_losses = self._forward.losses(batch, Lazy(self._drawn, stage), self._knobs)
            gradients = torch.autograd.grad(total, self._leaves, allow_unused=True, materialize_grads=True)
        after = dict(zip(places.others, places.present_others(), strict=True))
        results = {"losses": row_losses.clone()}
        results |= {f"gradient of {name}": g for name, g in zip(places.learned, gradients, strict=True)}
        results |= {f"buffer {name}": value.detach().clone() for name, value in after.items()}
        for name, value in after.items():
            places.tensors[name].data.copy_(value.detach())
        places.restore_others()
        return results

    def _measured(self) -> dict[str, Tensor]:
        flags = [(part, part.training) for part in self.module.modules()]
        rows = mapped(self._task.valid, lambda values: values[:ROWS].clone())
        try:
            for part, _ in flags:
                part.training = False
            with seeded(self._recipe.seed, "validation", 0, self._task.device), torch.enable_grad():
                losses, errors = self._forward.measures(rows)
        finally:
            for part, flag in flags:
                part.training = flag
        return {"validation losses": losses.detach(), "validation errors": errors.detach()}


def _rows(task: ModelTask, recipe: Recipe, *, shared: bool) -> Tensor:
    """Return the rows of a minibatch: the first, or some of the trial's own."""
    first = torch.arange(recipe.batch_size, device=task.device)
    return (first if shared else first + recipe.seed) % task.num_train


def _lifted(program: LiftedProgram, stage: int, wanted: Sequence[_Pass]) -> list[dict[str, Tensor]]:
    """Return what comes out of a lifted pass over the same parameters and rows, by name, of each trial."""
    training, shared = STAGES[stage]
    for position, one in enumerate(wanted):
        program.parameters.put(position, one.learned)
        for name, value in one.others.items():
            program.buffers[name][position] = value
    if not training:
        return _split(program.measured(ROWS))
    rows = [_rows(program.task, recipe, shared=shared) for recipe in program.recipes]
    gradients = program.gradients(rows[0] if shared else torch.stack(rows), stage)
    found = {"losses": program.row_losses()}
    found |= {f"gradient of {name}": g for name, g in zip(program.parameters.blocks, gradients, strict=True)}
    found |= {f"buffer {name}": value for name, value in program.buffers.items()}
    return _split(found)


def _split(stacked: Mapping[str, Tensor]) -> list[dict[str, Tensor]]:
    return [{name: values[k].detach().clone() for name, values in stacked.items()} for k in range(2)]


def _judged(
    wanted: Sequence[Sequence[_Pass]], found: Sequence[Sequence[Mapping[str, Tensor]]]
) -> tuple[str | None, float]:
    """Return the largest disagreement, in words and as a number."""
    reason, worst = None, 0.0
    for passes, stacked in zip(wanted, found, strict=True):
        for one, other in zip(passes, stacked, strict=True):
            scales = [
                float(v.abs().nan_to_num(0, 0, 0).max())
                for n, v in one.results.items()
                if _slope(n) and v.numel()
            ]
            for name, value in one.results.items():
                floor = 1e-2 * max(scales, default=0.0) if _slope(name) else 0.0
                apart = _apart(value, other[name], floor)
                if apart > worst:
                    reason, worst = f"lifted, its {name} is another than alone", apart
    dtype = next(iter(wanted[0][0].learned.values())).dtype
    return (reason, worst) if worst > TOLERANCES.get(dtype, TOLERANCE) else (None, worst)


def _slope(name: str) -> bool:
    return name.startswith("gradient")


def _apart(one: Tensor, other: Tensor, floor: float) -> float:
    """Return the largest difference relative to the largest number, or to ``floor``; NaN agrees with NaN."""
    if one.shape != other.shape or not torch.equal(one.isnan(), other.isnan()):
        return torch.inf
    one, other = one.double().nan_to_num(0), other.double().nan_to_num(0)
    if not one.numel() or torch.equal(one, other):
        return 0.0
    return float((one - other).abs().max() / max(float(one.abs().max()), floor, 1e-12))


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")


def _in_words(error: Exception) -> str:
    """Return why a lift failed in plain words, or else torch's first line."""
    text = str(error)
    for mark, words in PLAIN_WORDS:
        if mark in text:
            return words
    return f"torch.vmap cannot run it: {_first_line(error)}"
