"""A1 to A16: faults of the network and how it is drawn."""

from __future__ import annotations

from benchmarks.faults.fault import Fault, deep, nets, pick, plain_sgd
from benchmarks.faults.plan import Plan

NO_GRU = nets("mlp", "cnn", "conv1d")


def symmetric(plan: Plan, severity: int, _seed: int) -> Plan:
    """Draw all units alike."""
    return plan.with_(net__init=("constant", "zeros")[severity - 1], net__dropout=0.0)


def small_start(plan: Plan, severity: int, _seed: int) -> Plan:
    """Draw hidden weights far too small."""
    return plan.with_(net__gain=pick(severity, 0.3, 0.1, 0.03))


def large_start(plan: Plan, severity: int, _seed: int) -> Plan:
    """Draw hidden weights far too large."""
    return plan.with_(net__gain=pick(severity, 4, 10, 30))


def sigmoid_tower(plan: Plan, severity: int, _seed: int) -> Plan:
    """Stack 6 to 12 layers of sigmoid units."""
    width = plan.net.hidden_sizes[-1]
    return plan.with_(
        net__hidden_sizes=(width,) * round(pick(severity, 6, 9, 12)),
        net__activation="sigmoid",
        net__norm="none",
        net__init="torch",
    )


def exploding(plan: Plan, severity: int, _seed: int) -> Plan:
    """Stack 10 to 12 layers, drawn 1.6 to 3 times too large."""
    width = plan.net.hidden_sizes[-1]
    depth = round(pick(severity, 10, 12, 12))
    return plan.with_(
        net__hidden_sizes=(width,) * depth,
        net__init="he",
        net__gain=pick(severity, 1.6, 2.0, 3.0),
        net__norm="none",
    )


def dead(plan: Plan, severity: int, _seed: int) -> Plan:
    """Set the biases so low that most units never fire."""
    return plan.with_(net__hidden_bias=-pick(severity, 2.5, 4, 8))


def relu(plan: Plan) -> Plan:
    """Return the program with rectifiers and no norm."""
    return plan.with_(net__activation="relu", net__norm="none")


def relu_plain(plan: Plan) -> Plan:
    """Return the program with rectifiers and SGD."""
    return plain_sgd(relu(plan))


def deep_plain(plan: Plan) -> Plan:
    """Return the program with five layers of rectifiers, well drawn, and SGD at a rate for that depth."""
    plan = plain_sgd(deep(relu(plan)))
    return plan.with_(optimiser__learning_rate=plan.optimiser.learning_rate / 5)


def tanh(plan: Plan) -> Plan:
    """Return the program with tanh units, well drawn."""
    return plan.with_(net__activation="tanh", net__init="glorot", net__norm="none")


def saturated(plan: Plan, severity: int, _seed: int) -> Plan:
    """Draw tanh units so large that they are at their ends."""
    return plan.with_(net__gain=pick(severity, 8, 15, 40))


def linear(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Leave the activations out."""
    return plan.with_(net__activation="none")


def bottleneck(plan: Plan, severity: int, _seed: int) -> Plan:
    """Let a hidden layer have 1 to 3 units."""
    narrow, sizes = round(pick(severity, 3, 2, 1)), plan.net.hidden_sizes
    return plan.with_(net__hidden_sizes=(*sizes[:-1], narrow))


def unreached(plan: Plan, severity: int, _seed: int) -> Plan:
    """Cut the graph half-way (1), or keep layers in a plain list (2)."""
    return plan.with_(net__defect=("cut", "listed")[severity - 1])


def new_head(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Replace the last layer after the optimiser was made."""
    return plan.with_(loop__new_head=True)


def frozen(plan: Plan, severity: int, _seed: int) -> Plan:
    """Forget to unfreeze: all layers but the last."""
    depth = 2 if plan.net.kind == "gru" else len(plan.net.hidden_sizes)
    return plan.with_(loop__freeze=max(1, depth - 1) if severity == 1 else depth)


def batch_norm(plan: Plan) -> Plan:
    """Return the program with batch normalisation."""
    return plan.with_(net__norm="batch")


def tiny_batches(plan: Plan, severity: int, _seed: int) -> Plan:
    """Normalise by batches of 2 to 4."""
    return plan.with_(batch_size=round(pick(severity, 4, 3, 2)))


def collapse(plan: Plan, severity: int, _seed: int) -> Plan:
    """Decay hidden weights until few directions are left."""
    return plan.with_(optimiser__weight_decay=pick(severity, 0.05, 0.1, 0.2))


def wrong_backward(plan: Plan, severity: int, _seed: int) -> Plan:
    """A layer whose backward has half of its signs wrong (1), or forgets half of its gradient (2)."""
    return plan.with_(net__defect=("wrong sign", "half gradient")[severity - 1])


def idle_below(plan: Plan, severity: int, _seed: int) -> Plan:
    """Lower layers hardly move, a wide top layer learns by heart."""
    sizes = plan.net.hidden_sizes
    return plan.with_(
        optimiser__slow_first=pick(severity, 1e-3, 1e-4, 1e-5), net__hidden_sizes=(*sizes[:-1], 4 * sizes[-1])
    )


FAULTS = (
    Fault("A1", "units drawn alike", symmetric, (1, 2)),
    Fault("A2", "drawn too small", small_start, applies=NO_GRU, prepare=deep_plain),
    Fault("A3", "drawn too large", large_start, applies=NO_GRU, prepare=relu),
    Fault("A4", "gradients vanish", sigmoid_tower, applies=nets("mlp")),
    Fault("A5", "gradients explode", exploding, applies=nets("mlp"), prepare=relu_plain),
    Fault("A6", "dead units", dead, applies=NO_GRU, prepare=relu),
    Fault("A7", "saturated units", saturated, applies=NO_GRU, prepare=tanh),
    Fault("A8", "no non-linearity", linear, (1,), NO_GRU),
    Fault("A9", "a bottleneck", bottleneck),
    Fault("A10", "layers that no gradient reaches", unreached, (1, 2), NO_GRU),
    Fault("A11", "a head that the optimiser does not know", new_head, (1,)),
    Fault("A12", "frozen by accident", frozen, (1, 2)),
    Fault("A13", "batch normalisation of tiny batches", tiny_batches, applies=NO_GRU, prepare=batch_norm),
    Fault("A14", "rank collapses", collapse, applies=nets("mlp")),
    Fault("A15", "a wrong backward", wrong_backward, (1, 2)),
    Fault("A16", "idle lower layers", idle_below),
)
