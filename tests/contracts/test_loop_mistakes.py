"""The contract of rules about loops: the exact ones name their fault, first and alone; sound loops have nothing.

What statistics say of such short loops (that they end too soon, say) is not judged here: `benchmarks/faults` does.
"""

import copy

import pytest
import torch
from tests.exactly import LAST_EXACT, exact
from tests.made_loops import MISTAKES, SOUND, Loop
from tests.made_sound_loops import SOUND_LOOPS

from practicum.core.guide import GUIDE
from practicum.diagnose.rules.every import RULES


@pytest.mark.parametrize("fault", list(MISTAKES))
@pytest.mark.parametrize("seed", [0, 1])
def test_a_mistake_is_named(fault, seed):
    """It comes first of all, and of exact rules alone."""
    rule, change = MISTAKES[fault]
    monitor = Loop(seed=seed, **change).run()
    found = monitor.findings()

    assert [one.rule for one in exact(found)] == [rule], [one.text for one in found]
    if exact(found)[0].severity != "info":
        assert found[0].rule == rule
        assert monitor.causes()[0][0] == fault


@pytest.mark.parametrize("name", list(SOUND))
def test_a_sound_loop_has_nothing(name):
    monitor = Loop(**SOUND[name]).run()

    assert exact(monitor.findings()) == []
    assert all(one.severity != "critical" for one in monitor.findings())
    assert monitor.facts.failures == monitor.facts.unasked == ()


@pytest.mark.parametrize("run", SOUND_LOOPS, ids=lambda run: run.__name__)
def test_a_sound_loop_of_another_kind_has_nothing(run):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        monitor = run()

    assert exact(monitor.findings()) == []
    assert all(one.severity != "critical" for one in monitor.findings())
    assert monitor.facts.failures == ()


@pytest.mark.parametrize("name", list(SOUND))
def test_watched_or_not_the_numbers_are_the_same_bits(name):
    _, watched = Loop(**SOUND[name]).trained()
    _, alone = Loop(**SOUND[name], watched=False).trained()

    for one, other in zip(watched.state_dict().values(), alone.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_every_rule_has_all_its_parts():
    ids = [rule.id for rule in RULES]

    assert len(set(ids)) == len(ids)
    for rule in RULES:
        assert all(key in GUIDE for key in rule.source.split(", "))
        assert all(f"fault-{fault}" in GUIDE for fault, _ in rule.causes)
        assert 0 < sum(probability for _, probability in rule.causes) <= 1 + 1e-9
        assert all((rule.title, rule.why, rule.advice, rule.inject))


def test_every_exact_rule_has_its_mistake():
    """None without something that makes it fire."""
    assert {rule.id for rule in RULES if rule.id <= LAST_EXACT} <= {rule for rule, _ in MISTAKES.values()}


def test_nothing_stays_behind_on_the_model():
    _, model = Loop(num_epochs=1).trained()
    hooks = [
        len(getattr(module, name))
        for module in model.modules()
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    ]

    assert sum(hooks) == 0
    assert all(not one._backward_hooks for one in model.parameters())
    copy.deepcopy(model)
