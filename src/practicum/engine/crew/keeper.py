"""A keeper: lives where its pack lives, trains it from rung to rung and takes the results of the trials that end.

Results are taken, and the pack compacted, at validations and at no other moment: what a clock decides (how long a
rung is) changes no number, not even of modules whose bits depend on how many trials are in the pack.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from practicum.core.events import Bools, Ended, Event, Validated
from practicum.engine.result import Result, Status
from practicum.engine.saved.told import Told
from practicum.training.loop import run
from practicum.training.pack import Pack
from practicum.training.program import Task
from practicum.training.snapshot import Snapshot, restore, take


class Keeper:
    """Trains one pack.

    Args:
        pack: belongs to the keeper from now on.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._train_loss: dict[int, float] = {}
        self._ends: dict[int, tuple[Status, int]] = {}
        self._over = False

    @property
    def training(self) -> tuple[int, ...]:
        """The trials that still train; those whose result waits for the next validation count."""
        return () if self._over else self.pack.trials

    def advance(self, until: int) -> Told:
        """Train until ``until`` updates are done or all trials have ended."""
        events: list[Event] = []
        results: list[Result] = []
        pack = self.pack
        while not self._over and pack.step < until:
            boundary = min(until, (pack.step // pack.validate_every + 1) * pack.validate_every)
            new = list(run(pack, boundary))
            self._note(new)
            events += new
            self._over = not pack.alive.any()
            if self._over or pack.step % pack.validate_every == 0:
                results += self._collect(~pack.alive)
                pack.compact()
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
        }
        return Snapshot({"keeper": own, "pack": inner.meta}, inner.tensors)

    @classmethod
    def restored(cls, task: Task, snapshot: Snapshot, members: Sequence[int]) -> Keeper:
        """Return a keeper that goes on where ``snapshot`` was taken.

        Args:
            task: the same as before.
            snapshot: from :meth:`snapshot`.
            members: the trials wanted, among others that may have ended meanwhile.
        """
        inner, own = snapshot.meta["pack"], snapshot.meta["keeper"]
        keep = [place for place, trial in enumerate(inner["trials"]) if trial in set(members)]
        everyone = len(keep) == len(inner["trials"])
        found = cls(restore(task, Snapshot(inner, snapshot.tensors), None if everyone else keep))
        found._train_loss = dict(own["train_loss"])
        found._ends = {trial: (status, step) for trial, status, step in own["ends"]}
        return found

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
                weights={name: value.cpu() for name, value in pack.best_of(position).items()},
            )
            found.append(result)
        return found
