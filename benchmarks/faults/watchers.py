"""Who watches a run: `practicum.Monitor` behind the small interface that the loop and the peers share."""

from __future__ import annotations

from typing import Any

from practicum import Monitor


class Watcher:
    """Does nothing; what a watcher may do."""

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Begin, before the first step."""

    def before(self, step: int) -> None:
        """Before the forward pass of a step."""

    def after_backward(self, step: int) -> None:
        """After the backward pass, before the update."""

    def step(self, loss: Any, x: Any, y: Any) -> None:
        """After the update."""

    def validate(self, loss: float, error: float, x: Any, y: Any) -> None:
        """After a validation."""

    def close(self) -> None:
        """After the last step."""

    def again(self) -> Watcher | None:
        """Return who watches the first steps of a second run of the program, after this one; None: there is none."""
        return None

    def findings(self) -> tuple[list[dict[str, Any]], list[tuple[str, float]], list[str]]:
        """Return findings, ranked causes, and what the watcher stumbled over."""
        return [], [], []


class Practicum(Watcher):
    """`practicum.Monitor`, used as its documentation says.

    Args:
        num_passed: of what the monitor can be told: "all", or "bare" (loss only).
    """

    def __init__(self, given: str = "all", *, repeats: bool = True) -> None:
        self._given, self._repeats = given, repeats
        self.monitor: Any = None
        self._again: Practicum | None = None

    def again(self) -> Practicum | None:
        """Return one that watches a second run; of it only the losses are compared."""
        self._again = Practicum("bare", repeats=False) if self._repeats else None
        return self._again

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Enter the monitor."""
        given = {} if self._given == "bare" else {"loss_fn": loss_fn}
        self.monitor = Monitor(model, optimizer, **given).__enter__()

    def step(self, loss: Any, x: Any, y: Any) -> None:
        """Tell loss, inputs and targets."""
        if self._given == "bare":
            self.monitor.step(loss)
        else:
            self.monitor.step(loss, inputs=x, targets=y)

    def validate(self, loss: float, error: float, x: Any, y: Any) -> None:
        """Tell loss and error, and the rows where the monitor takes them."""
        rows = {"inputs": x, "targets": y} if self._given == "all" else {}
        self.monitor.validate(loss, error=error, **rows)

    def close(self) -> None:
        """Leave the monitor."""
        self.monitor.__exit__(None, None, None)

    def findings(self) -> tuple[list[dict[str, Any]], list[tuple[str, float]], list[str]]:
        """Return findings as mappings and the causes ranked."""
        again = None if self._again is None else self._again.monitor
        found, ranked = self.monitor.findings(again=again), self.monitor.causes(again=again)
        return [one.as_mapping() for one in found], list(ranked), list(self.monitor.facts.failures)


def first_seen(found: Any) -> list[tuple[str, float]]:
    """Return causes in the order in which findings of weight name them, each once."""
    ranked: dict[str, float] = {}
    for one in found:
        if one.severity != "info":
            for cause, probability in one.causes:
                ranked.setdefault(cause, probability)
    return list(ranked.items())
