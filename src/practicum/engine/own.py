"""Trains the trials of a user's own module: lays them out once, runs the packs, keeps both in a folder if asked to."""

from __future__ import annotations

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import nn

from practicum.core.errors import ConfigError, RecordError
from practicum.core.record import Record
from practicum.data.tree import leaves
from practicum.engine.clock import Progress, ignore
from practicum.engine.interrupt import Interrupts
from practicum.engine.plans.arrange import arrange
from practicum.engine.plans.described import described
from practicum.engine.plans.layout import Layout
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result
from practicum.engine.run import run
from practicum.engine.saved import checkpoint
from practicum.recipe import Recipe
from practicum.training.lift.instance import instances
from practicum.training.lift.task import ModelTask

LAYOUT = "layout.json"


def run_trials(
    task: ModelTask,
    recipes: Sequence[Recipe],
    *,
    record: Record,
    folder: Path | None,
    num_workers: int,
    deadline: float,
    report: Callable[[Progress], None] | None = None,
) -> tuple[list[Result], tuple[str, ...]]:
    """Train all ``recipes`` and return their results, and what a user should know about how they were trained.

    Args:
        task: module, loss, data.
        recipes: one a trial.
        record: takes in all events.
        folder: of layout and checkpoints, to go on from; none without it.
        num_workers: packs trained side by side.
        deadline: moment of :func:`time.monotonic` at which all shall have ended.
        report: told about progress.

    Raises:
        ConfigError, DataError, ShapeError: if the module, the data or the settings cannot be used.
        RecordError: if the folder holds another run.
    """
    say = _Teller(report or ignore)
    _make(folder)
    modules = instances(task, recipes)  # a module that cannot be built is told before anything is measured
    data = "" if folder is None else fingerprint(task, modules)
    with Interrupts() as interrupts:
        layout = None if folder is None else _saved_layout(folder, len(recipes))
        if layout is None:
            made = arrange(task, recipes, modules, num_workers, deadline=deadline, say=say.phase)
            layout = made if folder is None else _kept(folder, made, len(recipes))
        del modules
        if interrupts.asked:
            raise KeyboardInterrupt
        plans = [
            Plan(
                [recipes[k] for k in pack.trials], task if pack.way == "packed" else task.alone(), pack.trials
            )
            for pack in layout.packs
        ]
        say.phase("training", f"{len(recipes)} trials")
        results = []
        for result in run(
            plans,
            num_workers=num_workers,
            num_threads=layout.num_threads,
            folder=folder,
            data=data,
            record=record,
            deadline=deadline,
            report=say.fraction,
            stop=lambda: interrupts.asked,
        ):
            results.append(result)
            say.ended(result, len(recipes))
    return results, layout.notes


def fingerprint(task: ModelTask, modules: Sequence[nn.Module]) -> str:
    """Return a hash of all data, of the modules' layers and of the code of all functions."""
    digest = hashlib.blake2b(digest_size=16)
    for function in (task.build, task.loss, task.error):
        digest.update(described(function).encode())
    for module in modules:
        digest.update(str(module).encode())
    for part in (task.train, task.valid):
        for path, values in leaves(part):
            plain = values.detach().cpu().contiguous()
            digest.update(f"{path}/{plain.dtype}/{tuple(plain.shape)}".encode())
            digest.update(plain.reshape(-1).view(torch.uint8).numpy().tobytes())
    return f"{task.device.type}/{digest.hexdigest()}"


def _make(folder: Path | None) -> None:
    """Make the folder, or say why it cannot be."""
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"`folder` must be a folder that can be written, but {folder} cannot be made ({error.strerror}). "
            "Choose another.",
            folder=folder,
        ) from None


def _kept(folder: Path, layout: Layout, num_trials: int) -> Layout:
    """Write the layout, unless another process was first: then that one counts."""
    written = folder / f"{LAYOUT}.{os.getpid()}"
    try:
        checkpoint.replace(written, json.dumps(layout.as_data(), indent=1).encode())
        os.link(written, folder / LAYOUT)
    except FileExistsError:
        return _saved_layout(folder, num_trials) or layout
    except OSError as error:
        raise ConfigError(
            f"`folder` must be a folder that can be written, but {folder} is not ({error.strerror}). Choose another.",
            folder=folder,
        ) from None
    finally:
        written.unlink(missing_ok=True)
    return layout


def _saved_layout(folder: Path, num_trials: int) -> Layout | None:
    try:
        data = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RecordError(
            f"`folder` must hold a layout that can be read, but {folder / LAYOUT} cannot: {error}. "
            "Choose a new folder.",
            folder=folder,
        ) from None
    return Layout.from_data(data, num_trials)


class _Teller:
    """Puts progress into words."""

    def __init__(self, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._from: tuple[float, float] | None = None
        self._phase, self._message, self._best, self._ended = "", "", math.inf, 0

    def phase(self, name: str, message: str = "") -> None:
        self._phase, self._message = name, message
        self._report(Progress(name, 0.0, message))

    def fraction(self, done: float) -> None:
        now = time.monotonic()
        if self._from is None:  # a run that goes on begins with a part done
            self._from = (now, done)
        since, gained = now - self._from[0], done - self._from[1]
        remaining = since * (1 - done) / gained if gained > 0.02 else None
        self._report(Progress(self._phase, done, self._message, remaining))

    def ended(self, result: Result, num_trials: int) -> None:
        self._ended += 1
        self._best = min(self._best, result.valid_error)
        best = f", best error {self._best:.4g}" if math.isfinite(self._best) else ""
        self._message = f"{self._ended} of {num_trials} trials ended{best}"
