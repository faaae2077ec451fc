"""What can be tried for each cause: a table from faults of the guide to changes of a loop, and changes at random.

Names say what is changed, to follow "with". What is exact (a missing `zero_grad`, say) needs no trying and is not here.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from practicum.diagnose.evidence import of_model as model
from practicum.diagnose.evidence import of_optimiser as optimiser
from practicum.diagnose.evidence.course import Variant

_THIRD = Variant("the learning rate ÷ 3", optimiser.times_rate(1 / 3))
_TENTH = Variant("the learning rate ÷ 10", optimiser.times_rate(1 / 10))
_HUNDREDTH = Variant("the learning rate ÷ 100", optimiser.times_rate(1 / 100))
_TENFOLD = Variant("the learning rate × 10", optimiser.times_rate(10))
_HUNDREDFOLD = Variant("the learning rate × 100", optimiser.times_rate(100))
_THREEFOLD = Variant("the learning rate × 3", optimiser.times_rate(3))
_CALM = Variant("momentum 0.5", optimiser.momentum_at_most(0.5))
_LESS_DECAY = Variant("weight decay ÷ 10", optimiser.times_decay(1 / 10))
_MORE_DECAY = Variant("weight decay × 10", optimiser.times_decay(10))
_LESS_DROPOUT = Variant("half the dropout", model.times_dropout(0.5))
_QUARTER = Variant("the batch size ÷ 4", optimiser.times_batch(1 / 4))
_FOURFOLD = Variant("the batch size × 4", optimiser.times_batch(4))
_CLIPPED = Variant("gradients clipped to their median norm", optimiser.clipped)
_INITIAL = Variant("weights drawn as He and Glorot say", model.initialised_anew, afresh=True)
_RECTIFIED = Variant("rectifiers in place of sigmoids and tanhs", model.rectified, afresh=True)
_LEAKY = Variant("leaky rectifiers", model.leaky)
_STANDARDISED = Variant("standardised inputs", model.standardised, afresh=True)
_ALL = Variant("every parameter trained", optimiser.all_trained)
_WIDER = Variant(f"{model.WIDER} times the hidden units", model.wider, afresh=True)

VARIANTS: dict[str, tuple[Variant, ...]] = {
    "D1": (_STANDARDISED,),
    "L1": (Variant("the softmax taken once only", model.of_logits, by_error=True),),
    "L2": (Variant("cross-entropy as the loss", model.cross_entropy, afresh=True, by_error=True),),
    "L3": (Variant("linear outputs", model.without_output_unit, afresh=True),),
    "L4": (Variant("the last layer at zero to begin with", model.last_layer_at_zero, afresh=True),),
    "L5": (Variant("the mean of the loss, not its sum", optimiser.mean_of_examples),),
    "A1": (_INITIAL,),
    "A2": (_INITIAL,),
    "A3": (_INITIAL,),
    "A4": (_RECTIFIED, _INITIAL),
    "A5": (_CLIPPED, _TENTH),
    "A6": (_LEAKY, _INITIAL),
    "A7": (_INITIAL, _STANDARDISED),
    "A8": (Variant("a rectifier between layers", model.between_layers, afresh=True),),
    "A9": (_WIDER,),
    "A11": (_ALL,),
    "A12": (_ALL,),
    "A13": (Variant("group in place of batch normalisation", model.group_normalised, afresh=True), _FOURFOLD),
    "A14": (_THIRD, _LESS_DECAY),
    "A16": (Variant("ten times the learning rate below the top layer", optimiser.own_rates(10)),),
    "O1": (_THIRD, _TENTH, _HUNDREDTH),
    "O2": (_TENFOLD, _HUNDREDFOLD),
    "O3": (_THIRD, _CALM),
    "O4": (_TENTH,),
    "O5": (_TENFOLD,),
    "O7": (_QUARTER,),
    "O8": (_FOURFOLD,),
    "O9": (Variant("momentum 0.9", optimiser.momentum_at_most(0.9)),),
    "O10": (Variant("ε = 1e-8", optimiser.small_epsilon),),
    "O11": (_LESS_DECAY,),
    "O12": (Variant("no weight decay of biases and scales", optimiser.no_decay_of_biases),),
    "O13": (Variant("gradients not clipped", optimiser.not_clipped),),
    "O15": (_TENTH, _HUNDREDTH, _CLIPPED),
    "E1": (_MORE_DECAY,),
    "E2": (_LESS_DECAY, _LESS_DROPOUT, _WIDER),
    "E4": (_LESS_DROPOUT,),
}
"""By key of a fault, without "fault-": what is tried for it, the likeliest to help first."""

RANDOM: tuple[Variant, ...] = (
    _THIRD,
    _TENTH,
    _THREEFOLD,
    _TENFOLD,
    _CALM,
    Variant("momentum 0.9", optimiser.momentum_at_most(0.9)),
    _LESS_DECAY,
    _MORE_DECAY,
    _LESS_DROPOUT,
    Variant("dropout × 1.5", model.times_dropout(1.5)),
    _QUARTER,
    _FOURFOLD,
    _CLIPPED,
    _LEAKY,
    _INITIAL,
    _RECTIFIED,
    _STANDARDISED,
    _WIDER,
    Variant("the last layer at zero to begin with", model.last_layer_at_zero, afresh=True),
)
"""What a change at random is drawn from: advice that is often given, and its opposite."""


def random_changes(
    random: np.random.Generator, num_changes: int, without: Collection[str] = (), *, afresh: bool = False
) -> tuple[Variant, ...]:
    """Return changes drawn without replacement, in the order in which they should be tried.

    Args:
        random: the source of chance.
        num_changes: how many at most.
        without: names of changes that are not to be drawn, those that are tested.
        afresh: whether courses begin where the loop began; else such changes alone as can be made on the way.

    Example:
        >>> found = random_changes(np.random.default_rng(0), 3, {"leaky rectifiers"})
        >>> len(found), any(one.afresh for one in found)
        (3, False)
    """
    pool = [one for one in RANDOM if one.name not in without and (afresh or not one.afresh)]
    order = random.permutation(len(pool))
    return tuple(pool[place] for place in order[:num_changes])
