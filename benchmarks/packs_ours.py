"""Our side of `packs.py`: a pack dealt out to processes of one thread each.

python benchmarks/packs_ours.py
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
import torch.nn.functional as F

from packs_cells import Net
from packs_nets import CLIP_NORM, DROPOUT, L1_PENALTY, L2_PENALTY, build, rows
from packs_serve import serve
from practicum.data.dataset import Dataset
from practicum.engine.plans.arrange import arrange
from practicum.engine.plans.crossover import Cache
from practicum.engine.plans.plan import Plan
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.lift.instance import instances
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask
from practicum.training.loop import run
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask


def ours(net: Net, num_trials: int, options: dict[str, Any]) -> Ours:
    """Return something whose ``run(num_steps)`` does so many updates of ``num_trials`` trials of ``net``, our way."""
    recipes = [_recipe(net, k, num_trials, own_seed=options["own_seeds"]) for k in range(num_trials)]
    count = min(options["num_workers"], num_trials)
    plans = _plans(net, recipes, count)
    return Ours([plans[i::count] for i in range(count)], options["num_threads"])


class Ours:
    """Processes that each train some packs, a step further whenever they are told."""

    def __init__(self, parts: Sequence[Sequence[Plan]], num_threads: int) -> None:
        context, self._done = multiprocessing.get_context("fork"), 0
        self._workers = []
        for part in parts:
            mine, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs, part, num_threads), daemon=True)
            worker.start()
            theirs.close()
            self._workers.append((worker, mine))
        self._wait()

    def run(self, num_steps: int) -> None:
        """Do so many more updates."""
        self._done += num_steps
        for _, connection in self._workers:
            connection.send_bytes(str(self._done).encode())
        self._wait()

    def close(self) -> None:
        """End the processes."""
        for _, connection in self._workers:
            connection.send_bytes(b"end")
        for worker, _ in self._workers:
            worker.join()

    def _wait(self) -> None:
        for _, connection in self._workers:
            connection.recv_bytes()


def _work(connection: Connection, plans: Sequence[Plan], num_threads: int) -> None:
    torch.set_num_threads(num_threads)
    packs = [plan.build(plan.trials) for plan in plans]
    connection.send_bytes(b"ready")
    while (message := connection.recv_bytes()) != b"end":
        for pack in packs:
            for _ in run(pack, int(message)):
                pass
        connection.send_bytes(b"done")


def _plans(net: Net, recipes: Sequence[Recipe], num_workers: int) -> list[Plan]:
    """Return the packs that the product makes of ``recipes``."""
    numbers = range(len(recipes))
    if net.kind == "mlp":
        task = _task(net)
        return [Plan(recipes[i::num_workers], task, numbers[i::num_workers]) for i in range(num_workers)]
    own = _own_task(net)
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # measured anew: the cache of the machine's user may be stale
        cache = Cache(Path(folder) / "crossover.json")
        layout = arrange(own, recipes, instances(own, recipes), num_workers, cache)
    return [
        Plan([recipes[k] for k in pack.trials], own if pack.way == "packed" else own.alone(), pack.trials)
        for pack in layout.packs
    ]


def _own_task(net: Net) -> ModelTask:
    x, y, valid_x, valid_y = rows(net)
    loss = named_loss("cross_entropy")
    return ModelTask(lambda _: build(net), loss, None, {"x": x, "y": y}, {"x": valid_x, "y": valid_y})


def _task(net: Net) -> MLPTask:
    network = Network(net.sizes[0], net.sizes[1:-1], net.sizes[-1], net.activation, "multiclass")
    x, y, valid_x, valid_y = rows(net)

    def laid_out(x: torch.Tensor, y: torch.Tensor) -> Rows:
        codes = torch.zeros(len(x), 0, dtype=torch.int64)
        return Rows.of(Dataset(x, codes, F.one_hot(y, net.sizes[-1]).float()), network)

    return MLPTask(network, laid_out(x, y), laid_out(valid_x, valid_y))


def _recipe(net: Net, k: int, num_trials: int, *, own_seed: bool) -> Recipe:
    extras: dict[str, Any] = {
        "update_rule": "adam",
        "clip_norm": CLIP_NORM,
        "l1_penalty": L1_PENALTY,
        "l2_penalty": L2_PENALTY,
        "dropout": DROPOUT,
    }
    return Recipe(
        hidden_sizes=net.sizes[1:-1],
        activation=net.activation,
        batch_size=net.batch_size,
        learning_rate=0.01 if own_seed else 10 ** (-4 + 3 * k / num_trials),
        seed=k if own_seed else 0,
        early_stopping=False,
        validate_every_steps=net.validate_every_steps,
        **(extras if net.extras else {}),
    )


def main() -> None:
    """Serve."""
    torch.set_num_threads(1)  # before any fork; a worker sets its own
    serve(lambda net, options: ours(net, options["num_trials"], options))


if __name__ == "__main__":
    main()
