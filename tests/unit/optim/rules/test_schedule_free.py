"""Facts about the schedule-free rules; `tests/contracts` compares what trains, here is what predicts."""

import pytest
import torch
from schedulefree import AdamWScheduleFree, SGDScheduleFree

from practicum.optim.rules import RULES, Numbers

NAMES = ["schedule_free_sgd", "schedule_free_adamw"]
K, WARM_UP = 3, 6
RATES, BETAS, DECAYS = [0.05, 0.3, 1.0], [0.9, 0.5, 0.98], [0.0, 0.1, 0.01]


def numbers(rates=RATES, betas=BETAS):
    """Return the numbers of K trials for a block (K, 4, 2)."""
    rows = (rates, [0.0] * K, betas, [0.99] * K, [1e-8] * K, DECAYS)
    return Numbers(*(torch.tensor(row, dtype=torch.float64).view(K, 1, 1) for row in rows), step=0)


def reference(name, parameter, k, warm_up):
    """Return the package's optimiser of trial k."""
    if name == "schedule_free_sgd":
        return SGDScheduleFree([parameter], lr=RATES[k], momentum=BETAS[k], warmup_steps=warm_up)
    pair = (BETAS[k], 0.99)
    return AdamWScheduleFree(
        [parameter], lr=RATES[k], betas=pair, weight_decay=DECAYS[k], warmup_steps=warm_up
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_predicts_is_what_the_package_puts_in_place(name):
    """After every update, with the package's own warm-up against ours in the rates."""
    rule, block = RULES[name], torch.linspace(-1, 1, K * 8, dtype=torch.float64).view(K, 4, 2).clone()
    theirs = [torch.nn.Parameter(block[k].clone()) for k in range(K)]
    optimisers = [reference(name, parameter, k, WARM_UP) for k, parameter in enumerate(theirs)]
    state, mine = rule.init(block), numbers()
    full = mine.learning_rate.clone()
    for step in range(1, 26):
        mine.step = step
        mine.learning_rate.copy_(full * min(1, step / WARM_UP))
        noise = torch.sin(torch.arange(K * 8.0, dtype=torch.float64) * step).view(K, 4, 2)
        rule.update_(block, 0.4 * block + noise, state, mine)
        for k, optimiser in enumerate(optimisers):
            optimiser.train()
            theirs[k].grad = (0.4 * theirs[k] + noise[k]).detach()
            optimiser.step()
            optimiser.eval()
        expected = torch.stack([parameter.detach() for parameter in theirs])

        torch.testing.assert_close(rule.predicting(block, state, mine), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_before_the_first_update_the_first_parameters_predict(name):
    """An untrained pack is evaluated as it is."""
    block = torch.randn(K, 4, 2, generator=torch.Generator().manual_seed(1))

    assert torch.equal(RULES[name].predicting(block, RULES[name].init(block), numbers()), block)


def test_at_a_constant_rate_the_plain_mean_predicts():
    """All weights are equal, so x is the mean of all z."""
    rule, block = RULES["schedule_free_sgd"], torch.ones(K, 4, 2, dtype=torch.float64)
    state, mine, visited = rule.init(block), numbers(), []
    for step in range(1, 31):
        mine.step = step
        rule.update_(block, torch.cos(block * step), state, mine)
        visited.append(state["descending"].clone())

    torch.testing.assert_close(rule.predicting(block, state, mine), torch.stack(visited).mean(0))


@pytest.mark.parametrize("name", NAMES)
def test_without_interpolation_the_gradient_is_taken_where_the_rule_descends(name):
    """β = 0 is allowed: the parameters are z."""
    rule, block = RULES[name], torch.ones(K, 4, 2, dtype=torch.float64)
    state, mine = rule.init(block), numbers(betas=[0.0] * K)
    for step in (1, 2, 3):
        mine.step = step
        rule.update_(block, torch.cos(block * step), state, mine)

    assert torch.equal(block, state["descending"])
    assert rule.predicting(block, state, mine).isfinite().all()


def test_a_rate_of_zero_at_the_start_divides_nothing_by_zero():
    """The mean then begins with the first update that has a rate."""
    rule, block = RULES["schedule_free_sgd"], torch.ones(K, 4, 2, dtype=torch.float64)
    state, mine = rule.init(block), numbers(rates=[0.0, 0.0, 0.1])
    full = torch.tensor([0.0, 0.2, 0.1], dtype=torch.float64).view(K, 1, 1)
    for step, rate in enumerate((mine.learning_rate.clone(), full, full), start=1):
        mine.step = step
        mine.learning_rate.copy_(rate)
        rule.update_(block, torch.ones_like(block), state, mine)

    assert rule.predicting(block, state, mine)[:, 0, 0].tolist() == pytest.approx([1.0, 0.7, 0.8])
