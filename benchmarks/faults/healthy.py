"""Sound programs of many kinds: what a watcher must be silent about.

`healthy(index)` draws one; whether it really is sound is judged by how its run ends (`is_healthy`), so one run gives
both that and what the watcher said. Programs that end badly are left out and counted. Indices below `TEST_FROM` are of
tasks and seeds on which limits may be set; those from it on are of other seeds, half of them of held-out tasks.
"""

from __future__ import annotations

import numpy as np
from benchmarks.faults.fault import PLAIN_RATES
from benchmarks.faults.loop import Outcome
from benchmarks.faults.plan import Loop, Optimiser, Plan, Schedule
from benchmarks.faults.tasks import HELD_OUT_TASKS, TUNE_TASKS, task

TEST_FROM = 20_000
REACH = 0.15
"""Of the way from the reference to guessing that a sound program may end short of the reference."""

RISE = 1.15
"""By what factor the validation loss may have risen from its best: more is over-fitting, by anybody's book."""

REFERENCE = {
    "cancer": 0.035,
    "friedman": 0.070,
    "digits": 0.025,
    "topics": 0.02,
    "tags": 0.005,
    "waves": 0.12,
    "rings": 0.15,
    "mnist": 0.085,
    "california": 0.20,
    "brackets": 0.005,
    "letter": 0.14,
    "abalone": 0.45,
    "fashion": 0.21,
    "reviews": 0.20,
}
"""Test errors of the tuned programs, means of five seeds."""

GUESSING = {
    "cancer": 0.37,
    "friedman": 1.0,
    "digits": 0.9,
    "topics": 0.875,
    "tags": 0.7,
    "waves": 0.83,
    "rings": 0.8,
    "mnist": 0.9,
    "california": 1.0,
    "brackets": 0.47,
    "letter": 0.96,
    "abalone": 1.0,
    "fashion": 0.9,
    "reviews": 0.5,
}
ADAM_RATES = {
    "cancer": 3e-3,
    "friedman": 3e-3,
    "digits": 3e-3,
    "topics": 2e-3,
    "tags": 1e-2,
    "waves": 3e-3,
    "rings": 3e-3,
    "mnist": 1e-3,
    "california": 3e-3,
    "brackets": 1e-2,
    "letter": 5e-3,
    "abalone": 3e-3,
    "fashion": 4e-3,
    "reviews": 1e-3,
}


def healthy(index: int) -> Plan:
    """Return the sound program of an index."""
    rng = np.random.default_rng(31_000_000 + index)
    test = index >= TEST_FROM
    names = HELD_OUT_TASKS if test and index % 2 else TUNE_TASKS
    name = names[int(rng.integers(len(names)))]
    plan = task(name, int(rng.integers(200, 250) if test else rng.integers(50)))
    plan = _net(plan, rng)
    plan = _batches(plan, rng)
    plan = _optimiser(plan, rng)
    return plan.with_(seed=int(rng.integers(1_000_000)), name=f"{name}/healthy-{index}")


def _pick(rng: np.random.Generator, *choices: object) -> object:
    return choices[int(rng.integers(len(choices)))]


def _net(plan: Plan, rng: np.random.Generator) -> Plan:
    """Draw depth, width, activation, norm, dropout and skips."""
    dropout = float(rng.choice([0, 0, 0.1, 0.2, 0.3]))
    if plan.net.kind == "gru":
        sizes = (int(rng.integers(8, 24)), int(rng.integers(20, 40)))
        return plan.with_(net__hidden_sizes=sizes, net__dropout=min(dropout, 0.2))
    changes = {
        "net__dropout": dropout,
        "net__activation": str(rng.choice(["relu", "relu", "tanh", "gelu", "leaky", "silu"])),
        "net__norm": str(rng.choice(["none", "none", "batch", "layer"])),
    }
    if plan.net.kind == "mlp":
        depth = int(rng.integers(1, 7))
        width = int(rng.choice([24, 32, 48, 64, 96, 128] if depth > 1 else [48, 64, 128]))
        sizes = (width,) * depth if rng.random() < 0.7 else (2 * width,) + (width,) * (depth - 1)
        changes["net__residual"] = bool(depth > 2 and rng.random() < 0.4)
        if depth > 3 and dropout:
            changes["net__dropout"] = 0.1
    else:
        full = plan.net.hidden_sizes
        scale = float(rng.choice([0.75, 1, 1.5]))
        sizes = tuple(max(8, round(size * scale)) for size in full)
        if plan.net.kind == "cnn" and rng.random() < 0.4:
            sizes = (*sizes, sizes[-1])
        changes["net__dropout"] = min(dropout, 0.1)
    deep = len(sizes) > 3
    saturating = changes["net__activation"] == "tanh"
    changes["net__init"] = ("glorot" if saturating else "he") if deep or rng.random() < 0.4 else "torch"
    return plan.with_(net__hidden_sizes=sizes, **changes)


def _batches(plan: Plan, rng: np.random.Generator) -> Plan:
    """Draw batch size, accumulation, steps and how often is validated."""
    most = len(plan.rows.train[0]) // 8
    size = int(_pick(rng, *[one for one in (16, 24, 32, 48, 64, 100, 128, 256) if one <= most]))
    accumulate = int(rng.choice([1, 1, 1, 1, 2, 4])) if size <= 64 else 1
    steps = round(plan.num_steps * float(rng.uniform(1.0, 1.5)) * min(accumulate, 2) / 10) * 10
    loop = Loop(
        accumulate=accumulate,
        clip_norm=float(rng.choice([0, 0, 1.0, 2.0, 5.0])),
        drop_last=plan.net.norm == "batch" or bool(rng.random() < 0.5),
        augment="noise" if plan.net.kind in ("cnn", "conv1d") and rng.random() < 0.2 else "",
    )
    changes: dict[str, object] = {}
    if plan.kind == "numbers" and rng.random() < 0.25:
        changes["loss"] = "huber"
    if plan.kind == "classes" and rng.random() < 0.15:
        changes["smoothing"] = 0.1
    num_looks = int(rng.integers(6, 16))
    return plan.with_(
        batch_size=size, num_steps=steps, validate_every=max(5, steps // num_looks), loop=loop, **changes
    )


def _optimiser(plan: Plan, rng: np.random.Generator) -> Plan:
    """Draw optimiser, rate within a factor of three of a good one, decay and schedule."""
    kind = str(rng.choice(["sgd", "momentum", "nesterov", "adam", "adam", "adamw", "rmsprop"]))
    factor = float(np.exp(rng.uniform(-np.log(2.5), np.log(2.5))))
    plain, adam = PLAIN_RATES[plan.name], ADAM_RATES[plan.name]
    if len(plan.net.hidden_sizes) > 3:
        plain, adam = plain / 2, adam / 2
    if plan.batch_size * plan.loop.accumulate < 32:
        factor = min(factor, 1.0)
    if kind in ("sgd", "momentum", "nesterov"):
        rate = plain * factor * (4 if kind == "sgd" else 1)
        momentum = 0.0 if kind == "sgd" else 0.9
        made = Optimiser(
            "sgd", rate, momentum, kind == "nesterov", weight_decay=float(rng.choice([0, 0, 1e-4, 5e-4]))
        )
    elif kind == "adamw":
        decay = float(rng.choice([0.01, 0.03, 0.1]))
        made = Optimiser("adamw", adam * factor, weight_decay=decay, spare_decay=bool(rng.random() < 0.3))
    elif kind == "adam":
        made = Optimiser("adam", adam * factor, weight_decay=float(rng.choice([0, 0, 1e-5, 1e-4])))
    else:
        made = Optimiser("rmsprop", adam * factor / 2)
    updates = plan.num_steps  # schedulers are stepped each step of the loop
    schedule = {
        "none": Schedule(),
        "cosine": Schedule("cosine"),
        "step": Schedule("step", updates // 3, 0.3),
        "warm-up": Schedule("warm-up", max(5, updates // 15)),
    }[str(rng.choice(["none", "none", "cosine", "step", "warm-up"]))]
    return plan.with_(optimiser=made, schedule=schedule)


def is_healthy(plan: Plan, outcome: Outcome) -> bool:
    """Return whether a run ended well: within reach of the reference, far from guessing, no risen validation loss."""
    name = plan.name.split("/")[0]
    reach = REFERENCE[name] + REACH * (GUESSING[name] - REFERENCE[name])
    losses = [loss for _, loss, _ in outcome.valid_curve]
    rise = losses[-1] <= RISE * min(losses) + 0.01 * losses[0] if losses else True
    return outcome.test_error <= reach and bool(rise)
