"""What `practicum.train` and `practicum.search` give back: one trial of a user's own module, trained once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe

if TYPE_CHECKING:
    import polars as pl
    from torch import Tensor, nn

    from practicum.core.record import Record
    from practicum.engine.result import Result


@dataclass(frozen=True)
class Trial:
    """One recipe, trained once.

    Attributes:
        number: place of its recipe in the list; of a search, number of the setting.
        recipe: its hyper-parameters.
        status: why training ended: "patience", "num_steps", "budget", "stopped" (Ctrl-C), "diverged", "failed" (its
            worker was killed again and again, by lack of memory for instance), or "halted" (a search ended it, since
            others were better).
        reason: a sentence where the status needs one, else "".
        num_steps: updates done.
        best_step: updates done at the best validation; 0 if there was none.
        train_loss: mean training loss before the last validation.
        valid_loss: mean validation loss at the best; ``inf`` if there was none.
        valid_error: mean validation error at the best; ``inf`` if there was none.
        weights: tensors at the best, by the name in the module.
        curve: a row for each validation: step, age (examples seen), learning_rate, train_loss, valid_loss,
            valid_error, improved.
    """

    number: int
    recipe: Recipe
    status: str
    reason: str
    num_steps: int
    best_step: int
    train_loss: float
    valid_loss: float
    valid_error: float
    weights: Mapping[str, Tensor] = field(repr=False)
    curve: pl.DataFrame = field(repr=False)
    build: Callable[[Recipe], nn.Module] = field(repr=False)

    def module(self) -> nn.Module:
        """Return the trained module, plain PyTorch, at its best weights, in evaluation mode.

        ``build`` is called once more, so a module of its own comes back each time.

        Raises:
            ConfigError: if the trial has no weights, because it was never begun, or failed.
        """
        if not self.weights:
            raise ConfigError(
                f"A trial must have been trained to give a module, but trial {self.number} has no weights "
                f"({self.status}). {self.reason}".rstrip(),
                trial=self.number,
            )
        from practicum.training.lift.instance import rebuilt

        return rebuilt(self.build, self.recipe, self.weights)


def trials_of(
    results: Iterable[Result],
    record: Record,
    build: Callable[[Recipe], nn.Module],
    numbers: Mapping[int, int] | None = None,
) -> list[Trial]:
    """Return ``results`` as trials with their curves, in the same order.

    Args:
        results: of trainings.
        record: all that was measured.
        build: makes the modules.
        numbers: of the trials, by training; the trainings' own without it.
    """
    frame = record.frame()
    curves, empty = frame.partition_by("trial", as_dict=True), frame.clear()
    return [
        Trial(
            number=result.trial if numbers is None else numbers[result.trial],
            recipe=result.recipe,
            status=result.status,
            reason=result.reason,
            num_steps=result.num_steps,
            best_step=result.best_step,
            train_loss=result.train_loss,
            valid_loss=result.valid_loss,
            valid_error=result.valid_error,
            weights=result.weights,
            curve=curves.get((result.trial,), empty).drop("trial"),
            build=build,
        )
        for result in results
    ]
