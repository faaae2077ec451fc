"""A keeper: lives where its pack lives, trains it from rung to rung and takes the results of the trials that end.

Results are taken, and the pack compacted, at validations and at no other moment: what a clock decides (how long a
rung is) changes no number, not even of modules whose bits depend on how many trials are in the pack.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Bools, Ended, Event, Validated
from practicum.engine.result import Result, Status
from practicum.engine.saved.told import Told
from practicum.training.loop import run
from practicum.training.pack import Pack
from practicum.training.program import Task
from practicum.training.snapshot import Snapshot, restore, take

NOBODY: Mapping[int, int] = MappingProxyType({})


class Keeper:
    """Trains one pack.

    Args:
        pack: belongs to the keeper from now on.
        keep_weights: whether results have the weights at the best.
    """

    def __init__(self, pack: Pack, *, keep_weights: bool = True) -> None:
        self.pack, self._keep_weights = pack, keep_weights
        self._seconds = dict.fromkeys(pack.trials, 0.0)
        self._train_loss: dict[int, float] = {}
        self._ends: dict[int, tuple[Status, int]] = {}
        self._over = False

    @property
    def training(self) -> tuple[int, ...]:
        """The trials that still train; those whose result waits for the next validation count."""
        return () if self._over else self.pack.trials

    def advance(self, until: int, leave: Mapping[int, int] = NOBODY) -> Told:
        """Train until ``until`` updates are done or all trials have ended.

        Args:
            until: number of updates, counted from the beginning of training.
            leave: trials that end with status "halted", and after which update; a validation.
        """
        events: list[Event] = []
        pack, results = self.pack, self._halt(leave)
        while not self._over and pack.step < until:
            boundary = min(until, (pack.step // pack.validate_every + 1) * pack.validate_every)
            new = self._train(boundary)
            self._note(new)
            events += new
            self._over = not pack.alive.any()
            if self._over or pack.step % pack.validate_every == 0:
                results += self._collect(~pack.alive)
                pack.compact()
                results += self._halt(leave)
        return Told(pack.step, self.training, tuple(events), tuple(results))

    def finish(self, status: Status) -> Told:
        """Return the results of all trials that are left; those that still train end with ``status``."""
        pack = self.pack
        if self._over:
            return Told(pack.step, ())
        for trial, alive in zip(pack.trials, pack.alive, strict=True):
            if alive:
                self._ends[trial] = (status, pack.step)
        everyone = np.ones(len(pack), dtype=np.bool_)
        self._over = True
        return Told(pack.step, (), (), tuple(self._collect(everyone)))

    def snapshot(self) -> Snapshot:
        """Return all that the keeper needs to go on elsewhere."""
        inner = take(self.pack)
        own = {
            "train_loss": list(self._train_loss.items()),
            "ends": [[trial, *end] for trial, end in self._ends.items()],
            "seconds": list(self._seconds.items()),
        }
        return Snapshot({"keeper": own, "pack": inner.meta}, inner.tensors)

    @classmethod
    def restored(
        cls, task: Task, snapshot: Snapshot, members: Sequence[int], *, keep_weights: bool = True
    ) -> Keeper:
        """Return a keeper that goes on where ``snapshot`` was taken.

        Args:
            task: the same as before.
            snapshot: from :meth:`snapshot`.
            members: the trials wanted, among others that may have ended meanwhile.
            keep_weights: as for a new one.
        """
        inner, own = snapshot.meta["pack"], snapshot.meta["keeper"]
        keep = [place for place, trial in enumerate(inner["trials"]) if trial in set(members)]
        everyone = len(keep) == len(inner["trials"])
        pack = restore(task, Snapshot(inner, snapshot.tensors), None if everyone else keep)
        found = cls(pack, keep_weights=keep_weights)
        found._seconds = dict(own["seconds"])
        found._train_loss = dict(own["train_loss"])
        found._ends = {trial: (status, step) for trial, status, step in own["ends"]}
        return found

    def _train(self, until: int) -> list[Event]:
        """Train to the next boundary, and share the time out among those that train."""
        pack = self.pack
        training = [trial for trial, alive in zip(pack.trials, pack.alive, strict=True) if alive]
        alone = pack.best.flat.device.type == "cpu" and torch.get_num_threads() == 1
        clock = time.thread_time if alone else time.perf_counter  # a neighbour on the core is not our cost
        begun = clock()
        events = list(run(pack, until))
        share = (clock() - begun) / max(1, len(training))
        for trial in training:
            self._seconds[trial] += share
        return events

    def _halt(self, leave: Mapping[int, int]) -> list[Result]:
        """Let those go whose time has come; at a validation, after :meth:`Pack.compact`."""
        pack = self.pack
        which = np.array([leave.get(trial, np.inf) <= pack.step for trial in pack.trials], dtype=np.bool_)
        if self._over or not which.any():
            return []
        assert pack.step % pack.validate_every == 0
        self._ends |= {pack.trials[k]: ("halted", pack.step) for k in np.flatnonzero(which)}
        pack.alive &= ~which
        results = self._collect(which)
        self._over = not pack.alive.any()
        pack.compact()
        return results

    def _weights(self, position: int) -> dict[str, Tensor]:
        """Return the best weights of the trial at ``position``, if they are wanted."""
        if not self._keep_weights:
            return {}
        return {name: value.cpu() for name, value in self.pack.best_of(position).items()}

    def _note(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Ended):
                self._ends[event.trial] = (event.reason, event.step)
            elif isinstance(event, Validated):
                for trial, alive, loss in zip(event.trials, event.alive, event.train_loss, strict=True):
                    if alive:
                        self._train_loss[trial] = float(loss)

    def _collect(self, which: Bools) -> list[Result]:
        """Return the results of the trials at the positions ``which``."""
        pack, found = self.pack, []
        stopping = pack.stopping
        for position in np.flatnonzero(which).tolist():
            trial = pack.trials[position]
            status, num_steps = self._ends.pop(trial)
            result = Result(
                trial=trial,
                recipe=pack.recipes[position],
                status=status,
                num_steps=num_steps,
                best_step=int(stopping.best_index[position]) + 1,
                train_loss=self._train_loss.pop(trial, float("nan")),
                start_loss=float(pack.compared_loss[position]),
                valid_loss=float(stopping.best_loss[position]),
                valid_error=float(stopping.best_error[position]),
                weights=self._weights(position),
                seconds=self._seconds.pop(trial, 0.0),
            )
            found.append(result)
        return found
