"""The other side of `time_to_quality.py`: Optuna's TPE around a PyTorch loop as one would write it by hand today.

Standardised numbers and one-hot categories, a perceptron in `nn.Sequential`, AdamW or SGD with Nesterov momentum, the
rate lowered on plateaus, early stopping with patience, the weights of the best epoch; trials that fall behind are
pruned, as Optuna does by default. Batches are slices of tensors. PyTorch has one thread or two, whichever is quicker
here. The clock starts after imports and reading. A line is written whenever a lower validation error is found.
"""

from __future__ import annotations

import argparse
import json
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
import torch
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import Tensor, nn

MAX_EPOCHS, PATIENCE_EPOCHS, PLATEAU_EPOCHS, PLATEAU_FACTOR = 200, 15, 5, 0.3
WARM_UP_EPOCHS = 5
ACTIVATIONS = {"relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh}
CALIBRATED = ((128, 2, 128), (256, 3, 256))
"""Width, layers and batch size of the nets with which one thread is compared with two."""


@dataclass(frozen=True)
class Table:
    """Prepared rows, training, validation and test: inputs, targets (classes or standardised values)."""

    x: tuple[Tensor, ...]
    y: tuple[Tensor, ...]
    num_outputs: int
    regression: bool

    def error(self, model: nn.Module, part: int) -> float:
        """Return the misclassified fraction, or root mean squared error over the deviation of the target there."""
        model.eval()
        with torch.no_grad():
            predicted = torch.cat([model(rows) for rows in self.x[part].split(4096)])
        y = self.y[part]
        if not self.regression:
            return float((predicted.argmax(dim=1) != y).double().mean())
        error = float(((predicted[:, 0] - y).double() ** 2).mean().sqrt() / y.double().std(correction=0))
        return error if np.isfinite(error) else float("inf")


def read(folder: Path) -> Table:
    """Return the rows that `time_to_quality.py` laid down, prepared from the training rows alone."""
    told = json.loads((folder / "table.json").read_text())
    frames = [pd.read_csv(folder / f"{part}.csv") for part in ("train", "test")]
    parts = [frames[0].iloc[told["train"]], frames[0].iloc[told["valid"]], frames[1]]
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (words, make_column_selector(dtype_exclude="number")),
    )
    inputs = [part.drop(columns=told["target"]) for part in parts]
    columns.fit(inputs[0])
    x = tuple(torch.from_numpy(columns.transform(part).astype(np.float32)) for part in inputs)
    targets = [part[told["target"]].to_numpy() for part in parts]
    if told["regression"]:
        mean, deviation = targets[0].mean(), targets[0].std()
        y = tuple(torch.from_numpy(((one - mean) / deviation).astype(np.float32)) for one in targets)
        return Table(x, y, 1, regression=True)
    classes = np.unique(targets[0])
    codes = (np.searchsorted(classes, one).clip(max=len(classes) - 1) for one in targets)
    y = tuple(
        torch.from_numpy(np.where(classes[code] == one, code, -1))
        for code, one in zip(codes, targets, strict=True)
    )
    return Table(x, y, len(classes), regression=False)


def network(num_inputs: int, num_outputs: int, settings: dict[str, Any]) -> nn.Sequential:
    """Return a perceptron."""
    layers: list[nn.Module] = []
    size = num_inputs
    for _ in range(settings["num_layers"]):
        layers += [nn.Linear(size, settings["width"]), ACTIVATIONS[settings["activation"]]()]
        layers += [nn.Dropout(settings["dropout"])]
        size = settings["width"]
    return nn.Sequential(*layers, nn.Linear(size, num_outputs))


def propose(trial: optuna.Trial) -> dict[str, Any]:
    """Return the settings of a trial."""
    settings: dict[str, Any] = {
        "num_layers": trial.suggest_int("num_layers", 1, 4),
        "width": trial.suggest_int("width", 32, 512, log=True),
        "activation": trial.suggest_categorical("activation", list(ACTIVATIONS)),
        "dropout": trial.suggest_float("dropout", 0.0, 0.5),
        "batch_size": trial.suggest_categorical("batch_size", [32, 64, 128, 256, 512]),
        "optimiser": trial.suggest_categorical("optimiser", ["adamw", "sgd"]),
    }
    if settings["optimiser"] == "adamw":
        settings["learning_rate"] = trial.suggest_float("adamw_learning_rate", 1e-4, 3e-2, log=True)
        settings["weight_decay"] = trial.suggest_float("adamw_weight_decay", 1e-5, 1.0, log=True)
    else:
        settings["learning_rate"] = trial.suggest_float("sgd_learning_rate", 1e-3, 0.5, log=True)
        settings["weight_decay"] = trial.suggest_float("sgd_weight_decay", 1e-6, 1e-2, log=True)
    return settings


def optimiser_of(model: nn.Module, settings: dict[str, Any]) -> torch.optim.Optimizer:
    """Return what moves the weights."""
    rate, decay = settings["learning_rate"], settings["weight_decay"]
    if settings["optimiser"] == "adamw":
        return torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    return torch.optim.SGD(model.parameters(), lr=rate, weight_decay=decay, momentum=0.9, nesterov=True)


class Loop:
    """One trial: an epoch at a time."""

    def __init__(self, table: Table, settings: dict[str, Any], seed: int) -> None:
        torch.manual_seed(seed)
        self.table, self.batch_size = table, settings["batch_size"]
        self.model = network(table.x[0].shape[1], table.num_outputs, settings)
        self.optimiser = optimiser_of(self.model, settings)
        self.plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self.optimiser, factor=PLATEAU_FACTOR, patience=PLATEAU_EPOCHS
        )
        self.loss = nn.MSELoss() if table.regression else nn.CrossEntropyLoss()
        self.best, self.best_epoch, self.best_state = float("inf"), 0, deepcopy(self.model.state_dict())

    def update(self, rows: Tensor) -> None:
        """Do one update."""
        x, y = self.table.x[0][rows], self.table.y[0][rows]
        self.optimiser.zero_grad()
        predicted = self.model(x)
        self.loss(predicted[:, 0] if self.table.regression else predicted, y).backward()
        self.optimiser.step()

    def epoch(self, number: int, deadline: float) -> float:
        """Train on all rows, validate, keep the best; return the validation error."""
        self.model.train()
        for rows in torch.randperm(len(self.table.x[0])).split(self.batch_size):
            self.update(rows)
            if time.monotonic() > deadline:
                break
        error = self.table.error(self.model, 1)
        self.plateau.step(error)
        if error < self.best:
            self.best, self.best_epoch = error, number
            self.best_state = deepcopy(self.model.state_dict())
        return error


class Search:
    """Trials until the time is up; what is found is written to ``file``."""

    def __init__(self, table: Table, seconds: float, seed: int, file: Path) -> None:
        self.table, self.seed, self.file = table, seed, file
        self.started = time.monotonic()
        self.deadline = self.started + seconds
        self.lowest = float("inf")

    def __call__(self, trial: optuna.Trial) -> float:
        """Train one trial and return its lowest validation error."""
        settings = propose(trial)
        loop = Loop(self.table, settings, 1000 * self.seed + trial.number)
        for number in range(MAX_EPOCHS):
            error = loop.epoch(number, self.deadline)
            if time.monotonic() > self.deadline:
                trial.study.stop()
                break
            if number - loop.best_epoch >= PATIENCE_EPOCHS or not np.isfinite(error):
                break
            trial.report(error, number)
            if trial.should_prune():
                raise optuna.TrialPruned
        if loop.best < self.lowest:
            self.lowest = loop.best
            loop.model.load_state_dict(loop.best_state)
            self._write(trial.number, loop.best, self.table.error(loop.model, 2), settings)
        return loop.best if np.isfinite(loop.best) else 10.0

    def _write(self, number: int, valid: float, test: float, settings: dict[str, Any]) -> None:
        seconds = round(time.monotonic() - self.started, 2)
        row = {"seconds": seconds, "trial": number, "valid": valid, "test": test, "settings": settings}
        with self.file.open("a") as lines:
            lines.write(json.dumps(row) + "\n")


def quicker_threads(table: Table) -> int:
    """Return whether one thread or two do typical updates in less time, and use so many from now on."""

    def seconds(num_threads: int) -> float:
        torch.set_num_threads(num_threads)
        total = 0.0
        for width, num_layers, batch_size in CALIBRATED:
            settings = {"width": width, "num_layers": num_layers, "batch_size": batch_size, "dropout": 0.1}
            settings |= {
                "activation": "relu",
                "optimiser": "adamw",
                "learning_rate": 0.0,
                "weight_decay": 0.0,
            }
            loop = Loop(table, settings, 0)
            rows = torch.arange(batch_size) % len(table.x[0])
            times = []
            for _ in range(60):
                begun = time.perf_counter()
                loop.update(rows)
                times.append(time.perf_counter() - begun)
            total += float(np.median(times))
        return total

    best = min((1, 2), key=seconds)
    torch.set_num_threads(best)
    return best


def main() -> None:
    """Search for the given time and say how many trials there were."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worker", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="more than one share the study in a file")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    table = read(options.folder)
    num_threads = quicker_threads(table) if options.workers == 1 else 1
    torch.set_num_threads(num_threads)
    storage = None
    if options.workers > 1:
        storage = JournalStorage(JournalFileBackend(str(options.folder / "peer.journal")))
    study = optuna.create_study(
        storage=storage,
        study_name="peer",
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=100 * options.seed + options.worker),
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=WARM_UP_EPOCHS),
    )
    search = Search(table, options.seconds, options.seed, options.folder / f"peer-{options.worker}.jsonl")
    study.optimize(search, timeout=options.seconds)
    print(
        json.dumps(
            {
                "trials": len(study.trials),
                "threads": num_threads,
                "seconds": time.monotonic() - search.started,
            }
        )
    )


if __name__ == "__main__":
    main()
