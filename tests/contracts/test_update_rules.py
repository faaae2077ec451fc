"""What every update rule promises, one row a rule: its reference, its bits, its state.

The references are torch's own optimisers and the package `schedulefree`, one object a trial.
"""

import math

import pytest
import torch
from schedulefree import AdamWScheduleFree, SGDScheduleFree

from practicum.optim.rules import RULES, Numbers

K, NUM_STEPS = 4, 25
SHAPES = [(16, 8), (2, 1), (3, 3, 5, 5), (1,), (7, 5), ()]
COLUMNS = ("learning_rate", "momentum", "first_decay", "second_decay", "stabiliser", "decoupled_decay")


def sgd(p, n, nesterov=False):
    """Return torch's gradient descent; its running gradient is a sum, ours a mean."""
    mu = n["momentum"]
    return torch.optim.SGD(p, lr=n["learning_rate"] * (1 - mu), momentum=mu, nesterov=nesterov)


def betas(n):
    """Return the pair that torch's adam rules take."""
    return {"lr": n["learning_rate"], "betas": (n["first_decay"], n["second_decay"]), "eps": n["stabiliser"]}


REFERENCES = {
    "sgd": lambda p, n: torch.optim.SGD(p, lr=n["learning_rate"]),
    "momentum": sgd,
    "nesterov": lambda p, n: sgd(p, n, nesterov=True),
    "adagrad": lambda p, n: torch.optim.Adagrad(p, lr=n["learning_rate"], eps=n["stabiliser"]),
    "adadelta": lambda p, n: torch.optim.Adadelta(
        p, lr=n["learning_rate"], rho=n["second_decay"], eps=n["stabiliser"]
    ),
    "rmsprop": lambda p, n: torch.optim.RMSprop(
        p, lr=n["learning_rate"], alpha=n["second_decay"], eps=n["stabiliser"]
    ),
    "adam": lambda p, n: torch.optim.Adam(p, **betas(n)),
    "adamw": lambda p, n: torch.optim.AdamW(p, **betas(n), weight_decay=n["decoupled_decay"]),
    "schedule_free_sgd": lambda p, n: SGDScheduleFree(p, lr=n["learning_rate"], momentum=n["first_decay"]),
    "schedule_free_adamw": lambda p, n: AdamWScheduleFree(p, **betas(n), weight_decay=n["decoupled_decay"]),
}


def numbers_of(count):
    """Return different numbers for each of ``count`` trials."""
    part = torch.arange(count, dtype=torch.float64) / count
    return {
        "learning_rate": 0.02 + 0.3 * part,
        "momentum": 0.5 + 0.45 * part,
        "first_decay": 0.3 + 0.6 * part,
        "second_decay": 0.9 + 0.099 * part,
        "stabiliser": 1e-3 * 10 ** (-7 * part),
        "decoupled_decay": 0.2 * part,
    }


def columns(numbers, block):
    """Return numbers (K,) as the rule takes them; only what may change is of the block's type."""
    shape = (-1, *[1] * (block.dim() - 1))
    found = {name: numbers[name].view(shape) for name in COLUMNS}
    for name in ("learning_rate", "momentum"):
        found[name] = found[name].to(block)
    return Numbers(**found, step=0)


def slopes(parameter, step, trials):
    """Return a gradient that depends on the parameters, the update and the trial, not on its neighbours."""
    drawn = [
        torch.randn(parameter.shape[1:], generator=torch.Generator().manual_seed(1000 * step + trial))
        for trial in trials
    ]
    return parameter * 0.3 + torch.stack(drawn).to(parameter)


def start(shape, trials, dtype):
    """Return first parameters, each trial's its own."""
    return torch.stack(
        [torch.randn(shape, generator=torch.Generator().manual_seed(trial)) for trial in trials]
    ).to(dtype)


def run(name, shape, trials, numbers, dtype, spoil=None):
    """Return the parameters and the state after some updates of ``trials``."""
    rule, block = RULES[name], start(shape, trials, dtype)
    mine = columns({key: value[list(trials)] for key, value in numbers.items()}, block)
    state = rule.init(block)
    for step in range(1, NUM_STEPS + 1):
        mine.step = step
        gradient = slopes(block, step, trials)
        if spoil is not None:
            gradient[spoil] = torch.tensor(float("nan") if step % 2 else 1e30)
        rule.update_(block, gradient, state, mine)
    return block, state, mine


def test_every_rule_has_a_row():
    """A new rule needs a reference."""
    assert REFERENCES.keys() == RULES.keys()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", RULES)
def test_rule_equals_its_reference_step_by_step(name, shape):
    """Each trial with its own numbers, at a rate that rises and falls, in 64 bits."""
    rule, numbers = RULES[name], numbers_of(K)
    block = start(shape, range(K), torch.float64)
    theirs = [torch.nn.Parameter(block[k].clone()) for k in range(K)]
    references = [
        REFERENCES[name]([p], {key: value[k].item() for key, value in numbers.items()})
        for k, p in enumerate(theirs)
    ]
    schedule_free = rule.predicting is not None
    if schedule_free:
        for reference in references:
            reference.train()
    mine, state = columns(numbers, block), rule.init(block)
    rates, full = mine.learning_rate.clone(), [r.param_groups[0]["lr"] for r in references]
    for step in range(1, NUM_STEPS + 1):
        factor = min(1.0, step / 5) * (0.7 + 0.3 * math.sin(step))
        mine.step = step
        mine.learning_rate.copy_(rates * factor)
        rule.update_(block, slopes(block, step, range(K)), state, mine)
        for k, reference in enumerate(references):
            reference.param_groups[0]["lr"] = full[k] * factor
            theirs[k].grad = slopes(theirs[k].detach()[None], step, [k])[0]
            reference.step()

        torch.testing.assert_close(block, torch.stack([p.detach() for p in theirs]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(2, 1), (10, 1), (7, 5), (1,), (3, 3, 5, 5), (33, 47)], ids=str)
@pytest.mark.parametrize("name", RULES)
def test_bits_do_not_depend_on_the_pack(name, shape):
    """Alone, two or five together, or re-ordered: bit by bit what nine give, off the grid of 16 too."""
    numbers = numbers_of(9)
    whole, whole_state, _ = run(name, shape, range(9), numbers, torch.float32)
    for trials in ([0], [8], [3, 1], [8, 0, 5, 2, 7], list(range(8, -1, -1))):
        part, part_state, _ = run(name, shape, trials, numbers, torch.float32)

        assert torch.equal(part, whole[trials])
        assert all(torch.equal(part_state[key], whole_state[key][trials]) for key in whole_state)


@pytest.mark.parametrize("name", RULES)
def test_a_broken_neighbour_changes_no_bit(name):
    """Undefined and huge gradients stay in their own trial."""
    numbers = numbers_of(5)
    sound, state, _ = run(name, (7, 5), range(5), numbers, torch.float32)
    beside, beside_state, _ = run(name, (7, 5), range(5), numbers, torch.float32, spoil=2)
    others = [0, 1, 3, 4]

    assert not beside[2].isfinite().all()
    assert torch.equal(beside[others], sound[others])
    assert all(torch.equal(beside_state[key][others], state[key][others]) for key in state)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", RULES)
def test_state_can_be_stacked_and_selected(name, dtype):
    """The trial axis is first, type and number of axes are the block's; one number or all of them a trial."""
    block, state, _ = run(name, (3, 2), range(K), numbers_of(K), dtype)
    for tensor in state.values():
        assert tensor.dtype == dtype
        assert tensor.shape in {block.shape, (K, 1, 1)}


@pytest.mark.parametrize("name", RULES)
def test_a_run_goes_on_from_its_state(name):
    """Parameters, state and number of the update are all there is: a copy in fresh memory takes the same steps."""
    numbers = numbers_of(K)
    block, state, mine = run(name, (7, 5), range(K), numbers, torch.float32)
    copy, copied = block.clone(), {key: value.clone() for key, value in state.items()}
    fresh = columns(numbers, copy)
    mine.step = fresh.step = NUM_STEPS + 1
    RULES[name].update_(block, slopes(block, 99, range(K)), state, mine)
    RULES[name].update_(copy, slopes(copy, 99, range(K)), copied, fresh)

    assert torch.equal(copy, block)
    assert all(torch.equal(copied[key], state[key]) for key in state)


@pytest.mark.parametrize("name", RULES)
def test_a_rate_of_zero_keeps_the_parameters(name):
    """A schedule may end at zero, or start there."""
    rule, block = RULES[name], start((3, 2), range(K), torch.float32)
    first = block.clone()
    mine, state = columns(numbers_of(K), block), rule.init(block)
    mine.learning_rate.zero_()
    for step in (1, 2):
        mine.step = step
        rule.update_(block, slopes(block, step, range(K)) * (step - 1), state, mine)

    torch.testing.assert_close(block, first, rtol=1e-6, atol=0)


@pytest.mark.parametrize("name", RULES)
def test_rule_runs_on_every_device(name, device):
    """The same steps as on the CPU, to rounding."""
    rule, block = RULES[name], start((7, 5), range(K), torch.float32)
    moved, numbers = block.to(device), numbers_of(K)
    mine = columns(numbers, block)
    theirs = columns({key: value.to(device) for key, value in numbers.items()}, moved)
    state, moved_state = rule.init(block), rule.init(moved)
    for step in (1, 2, 3):
        mine.step = theirs.step = step
        gradient = slopes(block, step, range(K))
        rule.update_(moved, gradient.to(device), moved_state, theirs)
        rule.update_(block, gradient, state, mine)

    torch.testing.assert_close(moved.cpu(), block)
