"""Findings with their proof: each leading cause is tried on copies of the loop, beside as many changes at random.

A cause is confirmed where undoing it lowers the held-out loss beyond chance, by two hundredths at least, and by more
than changes at random do. What has no try (exact facts, faults of the data) stays as it was.
Source: Bengio 2012, 4.1-08; catalogue of faults in the guide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from practicum.core.finding import SEVERITIES, Finding
from practicum.core.seeds import stream
from practicum.diagnose.evidence.ab import (
    NUM_SEEDS,
    NUM_STEPS,
    Comparison,
    beats,
    compare,
    standard_error,
)
from practicum.diagnose.evidence.course import Variant, has_learnt
from practicum.diagnose.evidence.subject import CannotTryError, Subject, twin_of, undisturbed
from practicum.diagnose.evidence.variants import VARIANTS, random_changes

LEADING = 0.15
"""Probability from which a cause beside the first is tried as well."""

MOST_OF_A_FINDING = 2
MOST_CAUSES = 6

NUM_CONTROLS = 4
"""Changes at random that a cause is compared with."""

LEVEL = 0.95

MORE, LESS = 4.0, 0.5
"""Factors on the probability of a cause that was confirmed (less where another helps more), or tried in vain; by
reasoning, not measured."""

BUDGET_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Proof:
    """What an experiment says of one cause.

    Attributes:
        cause: key of a fault.
        tried: the comparison that says most, None where nothing could be tried.
        controls: gains of changes at random, a mean over seeds each.
        confirmed: whether the cause is at work.
        untried: why nothing could be tried.
    """

    cause: str
    tried: Comparison | None
    controls: tuple[float, ...] = ()
    confirmed: bool = False
    untried: str = ""

    @property
    def gain(self) -> float:
        """By how much the loss falls; 0 where nothing could be tried."""
        return 0.0 if self.tried is None else self.tried.gain

    @property
    def text(self) -> str:
        """A sentence."""
        if self.tried is None:
            return f"Not tried ({self.cause}): {self.untried}."
        one = self.tried
        what = "misclassified share of the held-out rows" if one.variant.by_error else "held-out loss"
        gain, error = one.gain, one.standard_error
        falls = f"{'falls' if gain >= 0 else 'rises'} by {plus_minus(abs(gain), error)}"
        began = " from the start" if one.afresh else ""
        text = f"With {one.variant.name} the {what} {falls} in {one.num_steps} steps{began}"
        before, after = one.num_diverged
        if before or after:
            text += f" ({after} of {len(one.changed)} courses diverge; as it is, {before})"
        if self.controls:
            text += f"; random changes: {plus_minus(float(np.mean(self.controls)), standard_error(self.controls))}"
        return text + ("." if self.confirmed else ": not confirmed.")


def prove(
    findings: Sequence[Finding],
    subject: Subject,
    *,
    num_steps: int = NUM_STEPS,
    num_seeds: int = NUM_SEEDS,
    budget_seconds: float = BUDGET_SECONDS,
    seed: int = 0,
) -> tuple[Finding, ...]:
    """Return the findings with what short experiments say of their leading causes, the confirmed ones first.

    Of findings of one severity those that are confirmed come first, then those without an experiment. Within a
    finding, causes that were confirmed become likelier, those tried in vain less likely; their sum stays.

    Args:
        findings: as rules and checks return them.
        subject: the loop; nothing of it is touched.
        num_steps: updates of each course, fewer where the time is short.
        num_seeds: orders of the rows, fewer where the time is short.
        budget_seconds: time for all experiments together.
        seed: of the changes at random.

    Source:
        Bengio 2012, 4.1-08; faults in the guide; the procedure is ours.

    Example:
        >>> import torch
        >>> _ = torch.manual_seed(0)
        >>> x = torch.randn(256, 4)
        >>> model = torch.nn.Linear(4, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
        >>> subject = Subject(model, optimizer, torch.nn.functional.mse_loss, x, x.sum(1, keepdim=True))
        >>> slow = Finding("R020", "warning", (("O2", 0.6),), "The loss hardly falls.", "Raise the rate.", "2.1-02")
        >>> found = prove([slow], subject, num_steps=50, num_seeds=3)[0]
        >>> found.confirmed, found.proof.split(" by ")[0]
        (True, 'With the learning rate × 100 the held-out loss falls')
    """
    causes = leading(findings)
    proofs = proofs_of(
        causes, subject, num_steps=num_steps, num_seeds=num_seeds, budget_seconds=budget_seconds, seed=seed
    )
    proven = [_with_proof(finding, proofs) for finding in findings]
    return tuple(
        sorted(
            proven,
            key=lambda one: (-SEVERITIES.index(one.severity), {True: 0, None: 1, False: 2}[one.confirmed]),
        )
    )


def leading(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the causes that are to be tried, likeliest first: the first ones of each finding that have a variant.

    Example:
        >>> leading([Finding("R", "info", (("C1", 0.5), ("O1", 0.3), ("O3", 0.2)), "", "", "")])
        ('O1', 'O3')
    """
    likely: dict[str, float] = {}
    for finding in findings:
        tryable = [(cause, share) for cause, share in finding.causes if cause in VARIANTS]
        for place, (cause, share) in enumerate(tryable[:MOST_OF_A_FINDING]):
            if place == 0 or share >= LEADING:
                likely[cause] = max(share, likely.get(cause, 0.0))
    return tuple(sorted(likely, key=lambda cause: -likely[cause])[:MOST_CAUSES])


def proofs_of(
    causes: Sequence[str],
    subject: Subject,
    *,
    num_steps: int = NUM_STEPS,
    num_seeds: int = NUM_SEEDS,
    budget_seconds: float = BUDGET_SECONDS,
    seed: int = 0,
) -> dict[str, Proof]:
    """Return what experiments say of each cause; arguments as for :func:`prove`."""
    if not causes:
        return {}
    try:
        broken = not has_learnt(subject)
        tried = {
            afresh: _comparisons(causes, subject, broken, afresh, num_steps, num_seeds, budget_seconds, seed)
            for afresh in (False, True)
            if any((one.afresh or broken) == afresh for cause in causes for one in VARIANTS[cause])
        }
    except CannotTryError as error:
        return {cause: Proof(cause, None, untried=str(error)) for cause in causes}
    return {cause: _proof(cause, tried, broken, seed) for cause in causes}


def _comparisons(
    causes: Sequence[str],
    subject: Subject,
    broken: bool,
    afresh: bool,
    num_steps: int,
    num_seeds: int,
    budget_seconds: float,
    seed: int,
) -> dict[str, Comparison]:
    """Return the comparisons from one beginning by name: of all causes, and of the changes at random they need."""
    wanted = {
        one.name: one for cause in causes for one in VARIANTS[cause] if (one.afresh or broken) == afresh
    }
    both = len({one.afresh or broken for cause in causes for one in VARIANTS[cause]}) == 2
    drawn = [one for one in _drawn(seed, afresh) if one.name in wanted or _applies(one, subject, afresh)]
    for cause in causes:
        wanted |= {one.name: one for one in _controls(cause, drawn)}
    found = compare(
        subject,
        list(wanted.values()),
        num_steps=num_steps,
        num_seeds=num_seeds,
        afresh=afresh,
        budget_seconds=budget_seconds / (2 if both else 1),
    )
    return {one.variant.name: one for one in found}


def _proof(cause: str, tried: dict[bool, dict[str, Comparison]], broken: bool, seed: int) -> Proof:
    """Return what the comparisons say of one cause."""
    mine = [tried[one.afresh or broken][one.name] for one in VARIANTS[cause]]
    known = [one for one in mine if one.gains]
    if not known:
        return Proof(cause, None, untried=mine[0].untried)
    judged = [_judged(cause, one, tried[one.afresh], seed, len(known)) for one in known]
    return max(judged, key=lambda one: (one.confirmed, one.gain))


def _judged(
    cause: str, one: Comparison, others: dict[str, Comparison], seed: int, num_variants: int
) -> Proof:
    """Return whether one comparison confirms a cause, chance shared out among the variants of the cause."""
    level = 1 - (1 - LEVEL) / num_variants
    drawn = [change for change in _drawn(seed, one.afresh) if change.name in others]
    controls = [others[change.name] for change in _controls(cause, drawn) if others[change.name].gains]
    controls = [control for control in controls if control.variant.by_error == one.variant.by_error]
    usual = float(np.mean(np.minimum(one.as_it_is, one.worst)))
    confirmed = beats(one.gains, usual, [control.gains for control in controls], level)
    return Proof(cause, one, tuple(control.gain for control in controls), confirmed)


def _drawn(seed: int, afresh: bool) -> list[Variant]:
    """Return all changes at random in the order in which they were drawn."""
    return list(random_changes(stream(seed, "control"), 99, afresh=afresh))


def _controls(cause: str, drawn: Sequence[Variant]) -> list[Variant]:
    """Return the first few changes drawn that are none of the cause's own."""
    own = {one.name for one in VARIANTS[cause]}
    return [one for one in drawn if one.name not in own][:NUM_CONTROLS]


def _applies(variant: Variant, subject: Subject, afresh: bool) -> bool:
    """Return whether there is something to change."""
    try:
        with undisturbed(0):
            variant.change(twin_of(subject, 1, afresh=afresh))
    except CannotTryError:
        return False
    return True


def _with_proof(finding: Finding, proofs: dict[str, Proof]) -> Finding:
    """Return a finding with what was said of its causes, and its causes by what they are likely now."""
    mine = [proofs[cause] for cause, _ in finding.causes if cause in proofs]
    if not mine:
        return finding
    tried = [one for one in mine if one.tried is not None]
    shown = sorted(tried, key=lambda one: (not one.confirmed, -one.gain)) or mine[:1]
    most = max((one.gain for one in tried if one.confirmed), default=1.0)
    weights = {one.cause: MORE * one.gain / most if one.confirmed else LESS for one in tried}
    causes = [(cause, share * weights.get(cause, 1.0)) for cause, share in finding.causes]
    before, after = (sum(share for _, share in some) for some in (finding.causes, causes))
    ranked = sorted(causes, key=lambda one: -one[1])
    return replace(
        finding,
        causes=tuple((cause, share * before / after if after else share) for cause, share in ranked),
        proof=" ".join(dict.fromkeys(one.text for one in shown)),
        confirmed=any(one.confirmed for one in tried) if tried else None,
    )


def plus_minus(value: float, error: float) -> str:
    """Return a number with its standard error, to the last digit that it is known to, three at most.

    Example:
        >>> plus_minus(0.3141, 0.0412), plus_minus(12.34, 0.0), plus_minus(-0.02, 0.051), plus_minus(0.38141, 1e-4)
        ('0.31 ± 0.04', '12.3 ± 0', '−0.02 ± 0.05', '0.381 ± 0.000')
    """
    sign = "−" if value < 0 else ""
    if not math.isfinite(error):
        return f"{sign}{abs(value):.3g}"
    if error < 1e-9 * max(abs(value), 1e-9):
        return f"{sign}{abs(value):.3g} ± 0"
    digits = max(0, min(-math.floor(math.log10(error)), 2 - math.floor(math.log10(max(abs(value), error)))))
    return f"{sign}{abs(value):.{digits}f} ± {error:.{digits}f}"
