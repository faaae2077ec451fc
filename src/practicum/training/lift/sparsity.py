"""The sparsity penalty on the activations of a user's module, watched by forward hooks.

Source: Bengio 2012, 3.2-17 (four forms), 3.2-19 (not for units that saturate at −1 and 1).
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from practicum.core.errors import ConfigError
from practicum.optim.penalties import sparsity_loss
from practicum.recipe import Recipe

TWO_SIDED = (nn.Tanh, nn.Hardtanh, nn.Softsign)
"""Units that saturate at −1 and 1, so that pulling them towards 0 does not silence them."""

PROBABILITIES = (nn.Sigmoid, nn.Hardsigmoid)

ACTIVATIONS: tuple[type[nn.Module], ...] = (
    *TWO_SIDED,
    *PROBABILITIES,
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.PReLU,
    nn.RReLU,
    nn.ELU,
    nn.CELU,
    nn.SELU,
    nn.GELU,
    nn.SiLU,
    nn.Mish,
    nn.Hardswish,
    nn.Softplus,
    nn.LogSigmoid,
    nn.Softshrink,
    nn.Hardshrink,
    nn.Tanhshrink,
    nn.Threshold,
)


class ActivationWatch:
    """Collects the outputs of a module's activation modules while it is open.

    Args:
        module: gets a hook on each.
        recipe: says the form of the penalty.

    Raises:
        ConfigError: if there is no activation module, or one that the form does not suit.
    """

    def __init__(self, module: nn.Module, recipe: Recipe) -> None:
        self.form, self.outputs = recipe.sparsity_form, list[Tensor]()
        found: dict[str, nn.Module] = {
            name: part for name, part in module.named_modules() if isinstance(part, ACTIVATIONS)
        }
        _check(found, recipe)
        self._open = False
        for part in found.values():
            part.register_forward_hook(self._collect)

    def _collect(self, part: nn.Module, inputs: Any, output: Tensor) -> None:
        if self._open:
            self.outputs.append(output)

    def begin(self) -> None:
        """Start to collect."""
        self.outputs, self._open = [], True

    def end(self, coefficient: Tensor, target: Tensor) -> Tensor:
        """Stop, and return the penalty of what was collected, for one trial.

        Args:
            coefficient: α, a number.
            target: mean activation ρ, a number.

        Returns:
            The penalty, a number, to be added to the mean loss.
        """
        outputs, self._open, self.outputs = self.outputs, False, []
        total = coefficient.new_zeros(())
        for output in outputs:
            total = total + sparsity_loss(output, self.form, target)
        return total * coefficient


def _check(found: dict[str, nn.Module], recipe: Recipe) -> None:
    if not found:
        raise ConfigError(
            f"`sparsity_penalty` must be 0 when the module has no activation modules of torch.nn, but got "
            f"sparsity_penalty={recipe.sparsity_penalty:g}. Use nn.ReLU() or nn.Sigmoid() instead of functions.",
            sparsity_penalty=recipe.sparsity_penalty,
        )
    form = recipe.sparsity_form
    for name, part in found.items():
        kind = type(part).__name__
        if form in ("l1", "kl") and isinstance(part, TWO_SIDED) and not isinstance(part, nn.ReLU6):
            raise ConfigError(
                f"`sparsity_form` must be student_t or target when the module has an nn.{kind}, which saturates at "
                f'−1 and 1, not at 0, but got sparsity_form="{form}" (module "{name}"). Use nn.Sigmoid or nn.ReLU '
                "[3.2-19].",
                sparsity_form=form,
            )
        if form == "kl" and not isinstance(part, PROBABILITIES):
            raise ConfigError(
                f"`sparsity_form` must not be kl when the module has an nn.{kind}: it compares activations with a "
                f'probability, but got sparsity_form="kl" (module "{name}"). Use nn.Sigmoid, or "target".',
                sparsity_form=form,
            )
