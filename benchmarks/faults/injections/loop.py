"""C1 to C10: faults of the loop."""

from __future__ import annotations

from benchmarks.faults.fault import Fault, pick
from benchmarks.faults.plan import Plan


def no_zero(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Never reset the gradients."""
    return plan.with_(loop__zero_grad=False)


def no_step(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Never update."""
    return plan.with_(loop__update=False)


def no_graph(plan: Plan, severity: int, _seed: int) -> Plan:
    """Detach the output (1), make the loss a new tensor (2), or run without gradients (3)."""
    return plan.with_(loop__detach=("output", "wrapped", "no_grad")[severity - 1])


def modes(plan: Plan) -> Plan:
    """Return the program with batch normalisation, or dropout where it has none."""
    return plan.with_(net__dropout=0.3) if plan.net.kind == "gru" else plan.with_(net__norm="batch")


def dropout(plan: Plan) -> Plan:
    """Return the program with dropout."""
    return plan.with_(net__dropout=0.4 if plan.net.kind == "mlp" else 0.3)


def never_training(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Leave the model in evaluation mode."""
    return plan.with_(loop__train_mode=False)


def never_evaluating(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Validate in training mode."""
    return plan.with_(loop__eval_mode=False)


def one_batch(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Train on `next(iter(loader))`."""
    return plan.with_(loop__same_batch=True)


def twins(plan: Plan, severity: int, _seed: int) -> Plan:
    """Workers that draw alike: each batch comes 2 to 8 times."""
    return plan.with_(loop__num_twins=round(pick(severity, 2, 4, 8)))


def history(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Add up losses with their history."""
    return plan.with_(loop__keep_history=True)


def waiting(plan: Plan, severity: int, _seed: int) -> Plan:
    """Let rows take longer to come than to be learnt from."""
    return plan.with_(loop__wait_seconds=pick(severity, 0.005, 0.01, 0.02), num_steps=150, validate_every=30)


def unseeded(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Shuffle by a generator that nobody seeded."""
    return plan.with_(loop__order="unseeded")


FAULTS = (
    Fault("C1", "gradients are never reset", no_zero, (1,)),
    Fault("C2", "weights are never updated", no_step, (1,)),
    Fault("C3", "no graph", no_graph),
    Fault("C4", "trained in evaluation mode", never_training, (1,), prepare=modes),
    Fault("C5", "validated in training mode", never_evaluating, (1,), prepare=dropout, harm="reported"),
    Fault("C6", "one batch over and over", one_batch, (1,)),
    Fault("C7", "workers draw alike", twins),
    Fault("C8", "history of the losses is kept", history, (1,), harm="memory"),
    Fault("C9", "the loop waits for rows", waiting, harm="time"),
    Fault("C10", "runs of one seed differ", unseeded, (1,), harm="chance"),
)
