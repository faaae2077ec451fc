"""`practicum.Monitor`: watches a training loop of one's own, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from practicum.core.errors import ConfigError
from practicum.core.finding import Finding, verdict

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.optim import Optimizer

    from practicum.diagnose.derived.probed import Probe
    from practicum.monitor.facts import Facts
    from practicum.monitor.loop_record import LoopRecord


class Monitor:
    """Watches a PyTorch loop and names its mistakes: one line a step, nothing changes.

    Hooks only read. On or off, the numbers of the run are the same to the bit; a hook that stumbles is left out and
    never breaks the run.

    Args:
        model: that is trained; compiled or wrapped for several processes, as you like.
        optimizer: that steps it, or several.
        loss_fn: of outputs and targets; where given (and targets come with each step), loss, output and targets are
            compared, and what only a trial can tell is tried on copies.
        every: steps between two that are looked at closely; None: often in the beginning, then rarely.

    Raises:
        ConfigError: if ``model`` is no module or ``optimizer`` no optimiser, or ``every`` is below 1.

    Source:
        Bengio 2012, 4.1; the catalogue of faults in the guide.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> x, y = torch.randn(64, 3), torch.randn(64, 1)
        >>> model = nn.Linear(3, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> with Monitor(model, optimizer) as monitor:
        ...     for step in range(8):
        ...         rows = torch.randint(64, (16,))
        ...         loss = nn.functional.mse_loss(model(x[rows]), y[rows])
        ...         loss.backward()  # and no optimizer.zero_grad()
        ...         optimizer.step()
        ...         monitor.step(loss)
        >>> [(found.rule, found.causes[0][0]) for found in monitor.findings()]
        [('R001', 'C1')]
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer | Sequence[Optimizer],
        *,
        loss_fn: Callable[[Any, Any], Tensor] | None = None,
        every: int | None = None,
    ) -> None:
        from torch import nn
        from torch.optim import Optimizer

        from practicum.monitor.schedule import default_schedule
        from practicum.monitor.schedule import every as at_every
        from practicum.monitor.session import Session

        optimizers = [optimizer] if isinstance(optimizer, Optimizer) else optimizer
        if not isinstance(model, nn.Module):
            raise ConfigError(f"`model` must be a torch.nn.Module, but got {type(model).__name__}.")
        some = isinstance(optimizers, Sequence) and len(optimizers) > 0
        if not some or not all(isinstance(one, Optimizer) for one in optimizers):
            raise ConfigError(
                f"`optimizer` must be a torch optimiser or several, but got {type(optimizer).__name__}."
            )
        if loss_fn is not None and not callable(loss_fn):
            raise ConfigError(f"`loss_fn` must be a function, but got {type(loss_fn).__name__}.")
        if every is not None and every < 1:
            raise ConfigError(
                f"`every` must be >= 1 or None, but got every={every}. None looks on a schedule."
            )
        schedule = default_schedule if every is None else at_every(every)
        self._session = Session(model, list(optimizers), loss_fn, schedule)
        self._is_open = False

    def __enter__(self) -> Self:
        """Begin to watch."""
        if self._is_open:
            raise ConfigError("A monitor must be entered once at a time, but this one is open. Make another.")
        self._session.open()
        self._is_open = True
        return self

    def __exit__(self, *_error: object) -> None:
        """Watch no longer: no hook stays behind."""
        self._session.close()
        self._is_open = False

    def step(self, loss: Tensor | float, inputs: Any = None, targets: Any = None) -> None:
        """Take in one step of the loop, after the optimiser has stepped.

        Args:
            loss: of the minibatch, a scalar.
            inputs: of the minibatch; where given they are looked at for NaN.
            targets: likewise, and compared with output and loss where ``loss_fn`` is known.
        """
        self._session.step(loss, inputs, targets)

    def validate(
        self, valid_loss: float, *, error: float | None = None, inputs: Any = None, targets: Any = None
    ) -> None:
        """Take in a validation.

        Args:
            valid_loss: mean loss of the validation rows.
            error: their error, in whatever measure; less is better.
            inputs: of the validation rows, all or a part; where given, they are compared with those of training.
            targets: likewise.
        """
        self._session.validate(valid_loss, error, inputs, targets)

    @property
    def facts(self) -> Facts:
        """What was seen so far."""
        self._session.settle()
        return self._session.facts

    def findings(self, *, prove: bool = False, again: Monitor | None = None) -> tuple[Finding, ...]:
        """Return what is wrong, as far as was seen, the gravest first.

        Args:
            prove: undo each leading cause on copies of the network, for some steps and seconds, beside changes at
                random; `Finding.proof` says what came of it, or why nothing could be tried: ``loss_fn``, inputs and
                targets must be known.
            again: of another run of the same program with the same seed, if only its first steps: told is then also
                from which step on the two differ [C10].

        Raises:
            ConfigError: if ``again`` is no monitor.
        """
        from practicum.diagnose.conclude import conclude
        from practicum.diagnose.difference import with_difference

        if again is not None and not isinstance(again, Monitor):
            raise ConfigError(
                f"`again` must be the monitor of another run, but got {type(again).__name__}. Watch that run too."
            )
        found = conclude(self.facts)
        if prove:
            from practicum.diagnose.evidence.watched import proven

            found = proven(found, self.facts)
        return found if again is None else with_difference(found, self.facts, again.facts)

    def causes(self, *, again: Monitor | None = None) -> tuple[tuple[str, float], ...]:
        """Return the faults that all findings together point to, with probabilities, the likeliest first.

        Args:
            again: as for :meth:`findings`.
        """
        from practicum.diagnose.conclude import causes_of

        return causes_of(self.findings(again=again))

    def probes(self) -> tuple[Probe, ...]:
        """Return what a linear probe can tell from each layer's outputs, before the first step and now [4.2-12].

        Empty where inputs and targets of one class or number a row were not told, where the model was too large to be
        kept as it was, or cannot be run on rows alone.
        """
        from practicum.diagnose.derived.probed import probes_of

        try:
            return probes_of(self.facts)
        except Exception as error:  # noqa: BLE001 (a model that cannot be run on rows alone has no probes)
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            if said not in self.facts.unasked:
                self.facts.unasked += (said,)
            return ()

    @property
    def record(self) -> LoopRecord:
        """All that was measured so far, as tables over age."""
        from practicum.monitor.loop_record import LoopRecord

        return LoopRecord(self.facts)

    def report(self, path: str | Path) -> Path:
        """Write a page with verdict, findings and figures, one file that works offline, and return its path.

        Args:
            path: of the page, such as "run.html"; replaced if it exists.

        Raises:
            ConfigError: if it cannot be written there.
        """
        from practicum.report.loop_page import write_loop_report

        file = Path(path)
        if self.facts.rank:
            return file  # the first process writes it
        try:
            write_loop_report(self.facts, self.findings(), file)
        except OSError as error:
            raise ConfigError(
                f"`path` must be a file that can be written, but got {file} ({error.strerror}). Choose another.",
                path=str(file),
            ) from None
        return file

    @property
    def text(self) -> str:
        """Whether it looks healthy, and what is wrong, a line each."""
        facts = self.facts
        if facts.rank:
            return f"Process {facts.rank} does not watch: process 0 says what is wrong."
        seen = f"{facts.num_steps:,} steps, {facts.num_updates:,} updates."
        lines = [
            verdict(self.findings()) if facts.num_steps else "Nothing was seen: call `step` in the loop."
        ]
        lines.append(f"Seen: {seen}")
        lines += [f"Left out: {one}" for one in facts.failures]
        lines += [
            f"Not looked at, for the network could not be asked again: {one}" for one in facts.unasked[:1]
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the text."""
        return self.text
