"""The loss of one trial on one minibatch, as the user wrote it: module, noise, loss, sparsity penalty.

Runs once for a trial alone and once for K trials under vmap, by the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from torch import Tensor, nn

from practicum.core.errors import ConfigError
from practicum.data.tree import Tree, num_rows
from practicum.recipe import Recipe
from practicum.training.lift.answers import Answers
from practicum.training.lift.corruption import Corrupting
from practicum.training.lift.losses import Model, NamedLoss, check_rows
from practicum.training.lift.noise import Recorder, Source
from practicum.training.lift.sparsity import ActivationWatch
from practicum.training.lift.task import ModelTask

Knobs = Mapping[str, Tensor]


class Forward:
    """The training loss and the validation measures of a module.

    Args:
        task: gives the loss.
        recipes: of all trials that the module stands for.
        module: whatever tensors it holds at the time.
        lifted: whether it runs under vmap.

    Attributes:
        uses_mode: whether calls are to be answered in torch's place; known after the first pass.
        num_values: numbers that an example made in the last validation pass; 0 where they were not counted.

    Raises:
        ConfigError: if a setting does not go with the loss or the module.
    """

    def __init__(
        self, task: ModelTask, recipes: Sequence[Recipe], module: nn.Module, *, lifted: bool
    ) -> None:
        self._task, self._module, self._lifted = task, module, lifted
        self._named = task.loss if isinstance(task.loss, NamedLoss) else None
        self._corruption = recipes[0].corruption if any(r.corruption_level for r in recipes) else None
        smoothed = next((r for r in recipes if r.label_smoothing), None)
        if smoothed is not None and not (self._named and self._named.smooths):
            raise ConfigError(
                '`label_smoothing` must be 0 unless loss="cross_entropy", but got '
                f"label_smoothing={smoothed.label_smoothing:g}. Smooth the labels in your own loss.",
                label_smoothing=smoothed.label_smoothing,
            )
        sparse = next((r for r in recipes if r.sparsity_penalty), None)
        self.watch = ActivationWatch(module, sparse) if sparse is not None else None
        self.uses_mode, self.num_values = True, 0

    def knobs(self, recipes: Sequence[Recipe], like: Tensor) -> dict[str, Tensor]:
        """Return the numbers of each trial that the training loss needs, (K,) each."""
        names = []
        if any(recipe.label_smoothing for recipe in recipes):
            names.append("label_smoothing")
        if self.watch is not None:
            names += ["sparsity_penalty", "sparsity_target"]
        return {name: like.new_tensor([getattr(recipe, name) for recipe in recipes]) for name in names}

    def losses(self, batch: Tree, source: Source, knobs: Knobs) -> tuple[Tensor, Tensor]:
        """Return what is differentiated, a number, and the loss of each example, (B,)."""
        model: Model = self._module
        if self._corruption is not None:
            model = Corrupting(model, self._corruption, source)
        if self.watch is not None:
            self.watch.begin()
        with self._answering(source) as mode:
            if self._named is not None and "label_smoothing" in knobs:
                rows = self._named.loss(model, batch, knobs["label_smoothing"])
            else:
                rows = self._task.loss(model, batch)
        if mode is not None:
            self.uses_mode = mode.met
        rows = check_rows(rows, num_rows(batch))
        total = rows.mean()
        if self.watch is not None:
            total = total + self.watch.end(knobs["sparsity_penalty"], knobs["sparsity_target"])
        return total, rows.detach()

    def _answering(self, source: Source) -> AbstractContextManager[Answers | None]:
        """Return what answers calls in torch's place, if there are any."""
        return Answers(source, lifted=self._lifted) if self.uses_mode else nullcontext()

    def measures(self, batch: Tree) -> tuple[Tensor, Tensor]:
        """Return loss and error of each example of validation rows, without noise, (B,) each."""
        counter = Recorder()
        with self._answering(counter):
            if self._named is not None and self._task.error is None:
                losses, errors = self._named.measure(self._module, batch)
            else:
                losses = errors = self._task.loss(self._module, batch)
                if self._task.error is not None:
                    errors = self._task.error(self._module, batch)
        count = num_rows(batch)
        self.num_values = -(-counter.num_values // count)
        return check_rows(losses, count), check_rows(errors, count, "error").to(losses.dtype)
