"""A phase: recipes of equal structure trained side by side until they end or the time is up.

Time decides only how many rungs there are; every rung ends at a validation, all packs stand at the same update, and
what was decided is in the results (`num_steps`), so that a phase can be replayed without a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from practicum.core.record import Record
from practicum.engine.pace import Pace
from practicum.engine.result import Result, Status
from practicum.engine.saved.told import Told
from practicum.engine.workers import Interrupted, Seat, Workers
from practicum.recipe import Recipe
from practicum.training.program import Task

__all__ = ["Phase", "Result", "Status", "train"]


@dataclass(frozen=True, slots=True)
class Phase:
    """The outcome of a phase: the results by trial number, and whether Ctrl-C ended it."""

    results: list[Result]
    interrupted: bool


def train(
    workers: Workers,
    recipes: Sequence[Recipe],
    task: Task,
    *,
    first_trial: int,
    record: Record,
    deadline: float,
    report: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Phase:
    """Train ``recipes`` together until all have ended, ``deadline`` has come or ``stop`` says so.

    Args:
        workers: an entered pool.
        recipes: of equal structure.
        task: network and data.
        first_trial: number of the first trial; the others follow.
        record: takes in all events.
        deadline: moment of :func:`time.monotonic`; ``inf`` for none.
        report: told after every rung which fraction of the phase has passed.
        stop: asked after every rung whether to end, as Ctrl-C does.
    """
    seats = workers.split(recipes, task, first_trial)
    try:
        results, interrupted = _train(workers, seats, record, deadline, report, stop)
    finally:
        workers.dismiss(seats)
    return Phase(sorted(results, key=lambda result: result.trial), interrupted)


def _train(
    workers: Workers,
    seats: Sequence[Seat],
    record: Record,
    deadline: float,
    report: Callable[[float], None],
    stop: Callable[[], bool],
) -> tuple[list[Result], bool]:
    """Go from rung to rung; return all results, and whether Ctrl-C ended the phase."""
    results: list[Result] = []
    until, interrupted = 0, False

    def take_in(told: Sequence[Told]) -> None:
        for one in told:
            record.fold(one.events)
            results.extend(one.results)

    pace = Pace(seats[0].plan.validate_every, deadline)
    while seats and not interrupted:
        rung = pace.next_rung(until)
        if rung == 0:
            break
        until += rung
        try:
            take_in(workers.advance(seats, until))
        except Interrupted as interrupt:
            interrupted = True
            take_in(interrupt.told)
        except KeyboardInterrupt:
            interrupted = True
            break
        seats = [seat for seat in seats if seat.trials]
        pace.after(rung)
        report(pace.fraction(until, max((seat.most_steps for seat in seats), default=0.0)))
        interrupted |= stop()
    take_in(workers.finish(seats, "stopped" if interrupted else "budget"))
    return results, interrupted
