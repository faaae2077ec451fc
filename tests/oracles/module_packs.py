"""Packs of the zoo's modules at the terms of a recipe, and how far two trials are apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from tests.oracles.modules import ZOO
from tests.oracles.terms import MODULE_TERMS, RULE_TERMS
from torch import Tensor, nn

from practicum.core.events import Event, Validated
from practicum.recipe import Recipe
from practicum.training.lift.places import roles_of
from practicum.training.lift.task import ModelTask
from practicum.training.pack import Pack

SHARE = (1.0, 0.5, 0.8, 0.3)
"""By how much the numbers of trials differ."""

OWN_NUMBERS = (
    "dropout",
    "corruption_level",
    "l1_penalty",
    "l2_penalty",
    "clip_norm",
    "max_norm",
    "label_smoothing",
)
SMALLEST = 1e-3
"""What is nearer to zero is compared absolutely."""


class Dropping(nn.Module):
    """A module whose outputs are dropped, so that every module of the zoo may ask for dropout."""

    def __init__(self, inner: nn.Module, rate: float) -> None:
        super().__init__()
        self.inner, self.drop = inner, nn.Dropout(rate)

    def forward(self, *args: Tensor, **kwargs: Tensor) -> Tensor:
        return self.drop(self.inner(*args, **kwargs))


def applicable(name: str, rule: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Return the terms that have a meaning for this module and rule."""
    case, absent = ZOO[name], set()
    if case.loss != "cross_entropy":
        absent.add("label smoothing")
    if name.startswith("attention"):  # its inputs are tokens
        absent |= {"masking", "gaussian", "salt and pepper"}
    if rule.startswith(
        "schedule_free"
    ):  # it averages by itself, and overwrites the parameters at every update
        absent |= {"averaging", "proximal", "max norm"}
    return tuple(term for term in terms if term not in absent)


def case_task(name: str, terms: Sequence[str] = (), dtype: torch.dtype = torch.float64) -> ModelTask:
    """Return module, loss and data of a case of the zoo, as these terms want them."""
    case = ZOO[name]
    if "dropout" in terms:
        build = case.build
        case = replace(case, build=lambda recipe: Dropping(build(recipe), recipe.dropout))
    return case.task(dtype)


def case_recipes(
    name: str, rule: str, terms: Sequence[str] = (), *, seeds: Sequence[int] = (1, 2), **values: Any
) -> list[Recipe]:
    """Return one recipe a seed, which differ in every number that the terms name.

    Args:
        name: of the case.
        rule: of the update.
        terms: that apply to both.
        seeds: of the trials; trials of one seed see the same minibatches.
        values: that all share.
    """
    asked = {"batch_size": 8, **RULE_TERMS[rule]}
    for term in terms:
        asked |= MODULE_TERMS[term]
    if "layer_rate_multipliers" in asked:
        module = ZOO[name].build(Recipe(seed=seeds[0]))
        count = 1 + max(role.layer for role in roles_of(module).values())
        asked["layer_rate_multipliers"] = tuple(0.5 + 0.5 * layer for layer in range(count))
    asked |= values
    return [Recipe(**{**_own(asked, SHARE[k % len(SHARE)]), "seed": seed}) for k, seed in enumerate(seeds)]


def _own(asked: Mapping[str, Any], share: float) -> dict[str, Any]:
    own = {n: v * share for n, v in asked.items() if n in OWN_NUMBERS and not isinstance(v, tuple)}
    rate = asked["learning_rate"] * (0.5 + share / 2)
    return {**asked, **own, "learning_rate": rate}


def apart(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> float:
    """Return the largest difference between two trials' tensors, over each tensor's largest number."""
    assert one.keys() == other.keys()
    return max(
        float((one[name] - value).double().abs().max() / value.double().abs().max().clamp(min=SMALLEST))
        for name, value in other.items()
        if value.numel()
    )


def weights_apart(one: Pack, k: int, other: Pack, j: int) -> float:
    """Return how far trial k of one pack and trial j of another are apart: present tensors and best ones."""
    return max(apart(held(one, k), held(other, j)), apart(one.best_of(k), other.best_of(j)))


def held(pack: Pack, k: int) -> dict[str, Tensor]:
    """Return everything that trial k holds: parameters, buffers, average, state of the update rule."""
    lasting = {**pack.program.buffers, **pack.update.tensors()}
    return {**pack.parameters.get(k), **{name: value[k] for name, value in lasting.items()}}


def curve_apart(one: Sequence[Event], k: int, other: Sequence[Event], j: int) -> float:
    """Return the largest relative difference of two trials' training and validation losses at the same steps."""
    mine, theirs = ([e for e in events if isinstance(e, Validated)] for events in (one, other))
    assert [e.step for e in mine] == [e.step for e in theirs]
    return max(
        abs(a - b) / max(abs(b), SMALLEST)
        for e, f in zip(mine, theirs, strict=True)
        for a, b in ((e.valid_loss[k], f.valid_loss[j]), (e.train_loss[k], f.train_loss[j]))
        if a == a or b == b
    )
