"""What an advice does to a program: by cause, changes made without knowing what was planted.

An advice that names a grid ("÷10, ÷100") is several candidates; whoever follows it keeps the one with the least
validation loss. `random_change` is the control: as many candidates, drawn at random from all there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from benchmarks.faults import repair_data as data
from benchmarks.faults.plan import Plan, Schedule

Repair = Callable[[Plan], Plan]


def setting(**changes: object) -> Repair:
    """Return a repair that sets values."""
    return lambda plan: plan.with_(**changes)


def rate(factor: float) -> Repair:
    """Return a repair that multiplies the rate."""
    return lambda plan: plan.with_(optimiser__learning_rate=plan.optimiser.learning_rate * factor)


def decay(factor: float) -> Repair:
    """Return a repair that multiplies the weight decay."""
    return lambda plan: plan.with_(optimiser__weight_decay=plan.optimiser.weight_decay * factor)


def longer(factor: float) -> Repair:
    """Return a repair that trains longer."""
    return lambda plan: plan.with_(num_steps=round(plan.num_steps * factor))


def batch(size: int) -> Repair:
    """Return a repair that sets the batch size; as many rows in all, but not fewer updates."""

    def change(plan: Plan) -> Plan:
        steps = max(plan.num_steps, min(1500, plan.num_steps * plan.batch_size // size))
        return plan.with_(batch_size=size, num_steps=steps, validate_every=max(1, steps // 10))

    return change


def drawn_well(plan: Plan) -> Plan:
    """Draw weights by He (rectifiers) or Glorot (the others)."""
    way = "glorot" if plan.net.activation in ("tanh", "sigmoid") else "he"
    return plan.with_(
        net__init=way, net__gain=1.0, net__hidden_bias=0.0, net__head_gain=1.0, net__head_bias=0.0
    )


def drawn_by_default(plan: Plan) -> Plan:
    """Draw weights as PyTorch does by itself."""
    return drawn_well(plan).with_(net__init="torch")


def flowing(plan: Plan) -> Plan:
    """Take rectifiers and batch normalisation, drawn by He."""
    norm = "none" if plan.net.kind == "gru" else "batch"
    return drawn_well(plan.with_(net__activation="relu", net__norm=norm))


def wider(plan: Plan) -> Plan:
    """Make all hidden layers as wide as the widest, and 32 at least."""
    most = max((*plan.net.hidden_sizes, 32))
    return plan.with_(net__hidden_sizes=(most,) * max(1, len(plan.net.hidden_sizes)))


def larger(plan: Plan) -> Plan:
    """Take two hidden layers of 64 (filters: 32) at least, without decay or dropout."""
    width = 64 if plan.net.kind == "mlp" else 32
    sizes = tuple(max(width, size) for size in plan.net.hidden_sizes) or (width,)
    return plan.with_(net__hidden_sizes=sizes if len(sizes) > 1 else sizes * 2, optimiser__weight_decay=0.0)


def fitting_loss(plan: Plan) -> Plan:
    """Take the loss that belongs to the targets, of plain outputs."""
    name = {"numbers": "mse", "binary": "bce"}.get(plan.kind, "cross-entropy")
    return plan.with_(loss=name, net__output="none")


def bounded(plan: Plan) -> Plan:
    """Take the stable loss, no logarithm or root inside, and a head that is drawn well."""
    return drawn_well(fitting_loss(plan).with_(net__defect=""))


def smaller(plan: Plan) -> Plan:
    """Halve the width twice, drop 30 %, decay a little, keep the best."""
    sizes = tuple(max(8, size // 4) for size in plan.net.hidden_sizes)
    return plan.with_(net__hidden_sizes=sizes, net__dropout=0.3, keep_best=True)


NO_DEFECT = setting(net__defect="")
REPAIRS: dict[str, tuple[Repair, ...]] = {
    "D1": (data.standardise,),
    "D2": (data.drop_idle_columns,),
    "D3": (data.impute,),
    "D4": (data.robust,),
    "D6": (data.drop_suspects, setting(smoothing=0.1, keep_best=True)),
    "D7": (setting(class_weights=True),),
    "D8": (data.drop_duplicates,),
    "D9": (data.drop_telling_column,),
    "D10": (data.align,),
    "D11": (setting(loop__order="shuffled"),),
    "L1": (setting(net__output="none"),),
    "L2": (fitting_loss,),
    "L3": (setting(net__output="none"),),
    "L4": (setting(net__head_gain=1.0, net__head_bias=0.0),),
    "L5": (setting(reduction="mean"),),
    "L6": (fitting_loss,),
    "L7": (setting(loop__add_stage=""),),
    "L8": (setting(loop__metric="right"),),
    "L9": (NO_DEFECT,),
    "L10": (data.mask_padding,),
    "A1": (drawn_well, drawn_by_default),
    "A2": (drawn_well, drawn_by_default),
    "A3": (drawn_well, drawn_by_default),
    "A4": (flowing,),
    "A5": (lambda plan: drawn_well(plan).with_(loop__clip_norm=1.0), flowing),
    "A6": (drawn_well, drawn_by_default, lambda plan: drawn_well(plan).with_(net__activation="leaky")),
    "A7": (drawn_well, drawn_by_default),
    "A8": (setting(net__activation="relu"),),
    "A9": (wider,),
    "A10": (NO_DEFECT,),
    "A11": (setting(loop__new_head=False),),
    "A12": (setting(loop__freeze=0),),
    "A13": (batch(32), setting(net__norm="layer")),
    "A14": (decay(0.1), decay(0.01), decay(0)),
    "A15": (NO_DEFECT,),
    "A16": (setting(optimiser__slow_first=1.0),),
    "O1": (rate(1 / 10), rate(1 / 30), rate(1 / 100), rate(1 / 300)),
    "O2": (rate(10), rate(100), rate(1000)),
    "O3": (rate(1 / 3), rate(1 / 10), setting(optimiser__momentum=0.9)),
    "O5": (setting(schedule=Schedule()), setting(schedule=Schedule("cosine"))),
    "O6": (setting(schedule__each="epoch"),),
    "O7": (batch(32),),
    "O8": (batch(32),),
    "O9": (setting(optimiser__momentum=0.9),),
    "O10": (setting(optimiser__epsilon=1e-8),),
    "O11": (decay(0.1), decay(0.01), decay(0)),
    "O12": (setting(optimiser__spare_decay=True),),
    "O13": (setting(loop__clip_norm=0.0), setting(loop__clip_norm=1.0)),
    "O14": (longer(10), longer(30)),
    "O15": (bounded,),
    "C1": (setting(loop__zero_grad=True),),
    "C2": (setting(loop__update=True),),
    "C3": (setting(loop__detach=""),),
    "C4": (setting(loop__train_mode=True),),
    "C5": (setting(loop__eval_mode=True),),
    "C6": (setting(loop__same_batch=False, loop__num_twins=1),),
    "C7": (setting(loop__num_twins=1, loop__augment=""),),
    "C8": (setting(loop__keep_history=False),),
    "C9": (setting(loop__wait_seconds=0.0),),
    "C10": (setting(loop__order="shuffled"),),
    "E1": (setting(keep_best=True), smaller),
    "E2": (larger,),
    "E3": (setting(keep_best=True),),
    "E4": (setting(net__dropout=0.2), setting(net__dropout=0.0)),
    "E5": (setting(valid_rows=0),),
}
"""By cause; D5, D12 and E6 have none: the right join, other data or the right coding no program knows."""


def random_change(plan: Plan, rng: np.random.Generator) -> Plan:
    """Return the plan with one change drawn at random: some advice of the list, or a usual change of a setting."""
    usual: tuple[Repair, ...] = (
        *(rate(factor) for factor in (0.1, 0.3, 3, 10)),
        *(batch(size) for size in (16, 64, 128)),
        *(setting(net__dropout=share) for share in (0.0, 0.2, 0.5)),
        *(setting(net__activation=name) for name in ("relu", "tanh", "gelu")),
        *(setting(optimiser=replace(plan.optimiser, kind=kind)) for kind in ("sgd", "adam")),
        longer(2),
        setting(loop__clip_norm=1.0),
        setting(schedule=Schedule("cosine")),
        wider,
    )
    listed = tuple(one for every in REPAIRS.values() for one in every)
    pool = usual if rng.random() < 0.5 else listed
    return pool[int(rng.integers(len(pool)))](plan)


def candidates(cause: str) -> tuple[Repair, ...]:
    """Return the changes that an advice means; none where no program can make it good."""
    return REPAIRS.get(cause, ())
