"""O1 to O15: faults of optimiser and schedule. O4 (a plateau) is a symptom of others, and is not planted."""

from __future__ import annotations

from benchmarks.faults.fault import Fault, pick, plain_sgd
from benchmarks.faults.plan import Optimiser, Plan, Schedule


def fast(plan: Plan, severity: int, _seed: int) -> Plan:
    """Raise the rate 30 to 300 times."""
    return plan.with_(optimiser__learning_rate=plan.optimiser.learning_rate * pick(severity, 30, 100, 300))


def slow(plan: Plan, severity: int, _seed: int) -> Plan:
    """Lower the rate 100 to 1000 times."""
    return plan.with_(optimiser__learning_rate=plan.optimiser.learning_rate / pick(severity, 100, 300, 1000))


def ringing(plan: Plan, severity: int, _seed: int) -> Plan:
    """Raise rate and momentum until the loss swings."""
    rate = plan.optimiser.learning_rate * pick(severity, 3, 6, 10)
    return plan.with_(optimiser__learning_rate=rate, optimiser__momentum=pick(severity, 0.95, 0.98, 0.99))


def early_decay(plan: Plan, severity: int, _seed: int) -> Plan:
    """Divide the rate by ten each epoch or two."""
    period = plan.steps_per_epoch * pick(severity, 1.0, 0.7, 0.4)
    return plan.with_(schedule=Schedule("step", max(1, round(period)), 0.1, "step"))


def by_epochs(plan: Plan) -> Plan:
    """Return the program with a schedule that halves the rate every few epochs."""
    epochs = max(2, plan.num_steps // plan.steps_per_epoch // 3)
    return plan.with_(schedule=Schedule("step", epochs, 0.5, "epoch"))


def each_step(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Step a scheduler, made for epochs, every minibatch."""
    return plan.with_(schedule__each="step")


def large_batches(plan: Plan, severity: int, _seed: int) -> Plan:
    """Take up to all rows at a time; as many rows in all as before."""
    size = round(len(plan.rows.train[0]) / pick(severity, 4, 2, 1))
    steps = max(8, plan.num_steps * plan.batch_size // size)
    return plan.with_(batch_size=size, num_steps=steps, validate_every=max(1, steps // 10))


def single_rows(plan: Plan, severity: int, _seed: int) -> Plan:
    """Take 1 to 3 rows at a time."""
    return plan.with_(batch_size=round(pick(severity, 3, 2, 1)))


def heavy_ball(plan: Plan, severity: int, _seed: int) -> Plan:
    """Raise the momentum and leave the rate."""
    return plan.with_(optimiser__momentum=pick(severity, 0.99, 0.995, 0.999))


def adam(plan: Plan) -> Plan:
    """Return the program with Adam, at its own rate or 0.003."""
    rate = plan.optimiser.learning_rate if plan.optimiser.kind == "adam" else 3e-3
    return plan.with_(optimiser=Optimiser("adam", rate))


def large_epsilon(plan: Plan, severity: int, _seed: int) -> Plan:
    """Let Adam divide by next to nothing but epsilon."""
    return plan.with_(optimiser__epsilon=pick(severity, 0.1, 1.0, 10.0))


def strong_decay(plan: Plan, severity: int, _seed: int) -> Plan:
    """Decay the weights faster than they learn."""
    amount = pick(severity, 0.1, 0.3, 1.0)
    if plan.optimiser.kind == "adamw":
        amount *= 100
    return plan.with_(optimiser__weight_decay=amount)


def decoupled(plan: Plan) -> Plan:
    """Return the program with AdamW, some decay, biases and norms left out of it."""
    rate = adam(plan).optimiser.learning_rate
    plan = plan.with_(optimiser=Optimiser("adamw", rate, weight_decay=3.0, spare_decay=True))
    return plan if plan.net.kind == "gru" else plan.with_(net__norm="layer")


def decay_all(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Decay biases and norms too."""
    return plan.with_(optimiser__spare_decay=False)


def hard_clip(plan: Plan, severity: int, _seed: int) -> Plan:
    """Clip each gradient to nearly nothing."""
    return plan.with_(loop__clip_norm=pick(severity, 1e-2, 3e-3, 1e-3))


def stopped(plan: Plan, severity: int, _seed: int) -> Plan:
    """Stop while it still learns."""
    steps = max(10, round(plan.num_steps / pick(severity, 8, 15, 30)))
    return plan.with_(num_steps=steps, validate_every=max(1, steps // 8))


def not_finite(plan: Plan, severity: int, _seed: int) -> Plan:
    """A root at 0 (1), a logarithm of 0 (2), a logarithm of a softmax that underflows (3)."""
    if severity < 3 or plan.kind in ("numbers", "tags"):
        return plan.with_(net__defect=("root", "log", "log")[severity - 1])
    loss = "log of sigmoid" if plan.kind == "binary" else "log of softmax"
    return plan.with_(loss=loss, net__head_gain=200.0)


FAULTS = (
    Fault("O1", "the rate is too high", fast),
    Fault("O2", "the rate is too low", slow),
    Fault("O3", "rate and momentum swing", ringing, prepare=plain_sgd),
    Fault("O5", "the rate decays too early", early_decay),
    Fault("O6", "a scheduler of epochs, stepped each step", each_step, (1,), prepare=by_epochs),
    Fault("O7", "batches too large", large_batches),
    Fault("O8", "batches too small", single_rows),
    Fault("O9", "momentum too high", heavy_ball, prepare=plain_sgd),
    Fault("O10", "Adam's epsilon too large", large_epsilon, prepare=adam),
    Fault("O11", "decay too strong", strong_decay, prepare=adam),
    Fault("O12", "biases and norms decay", decay_all, (1,), prepare=decoupled),
    Fault("O13", "clipped too hard", hard_clip, prepare=plain_sgd),
    Fault("O14", "stopped too soon", stopped),
    Fault("O15", "not finite", not_finite),
)
