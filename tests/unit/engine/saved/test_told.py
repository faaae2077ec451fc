"""What a worker tells survives the wire."""

from __future__ import annotations

import numpy as np
import torch
from tests.oracles.problems import problem, small_recipe
from tests.oracles.stand_ins import same_results
from tests.unit.engine.test_result import result

from practicum.core.events import Ended, Validated
from practicum.engine.crew.keeper import Keeper
from practicum.engine.saved.told import Told, from_wire, to_wire
from practicum.engine.saved.wire import decode, encode


def sent(told, recipes):
    """Return ``told`` after a journey."""
    return from_wire(*decode(encode(*to_wire(told))), recipes)


def test_a_rung_arrives_as_it_was_told():
    """Events in their order, with arrays of the same type; results with weights and recipe; across a compaction."""
    recipes = [
        small_recipe(seed=0, num_steps=30),
        small_recipe(seed=1, learning_rate=1e6),
        small_recipe(seed=2),
    ]
    told = Keeper(problem("binary").pack(recipes)).advance(100)
    found = sent(told, dict(enumerate(recipes)))
    validated = [event for event in found.events if isinstance(event, Validated)]

    assert repr(found.events) == repr(told.events)
    assert [type(event) for event in found.events[:3]] == [Validated, Validated, Ended]
    assert [len(event.trials) for event in validated] == [3, 3, 2, 2, 1, 1]
    assert validated[0].alive.dtype == np.bool_
    assert (found.step, found.training) == (100, (2,))
    assert same_results(found.results, told.results)


def test_an_empty_rung_arrives():
    """Nobody ended, nothing was validated."""
    assert sent(Told(7, (1, 2)), {}) == Told(7, (1, 2))


def test_a_result_may_have_no_weights():
    """Or a tensor whose name has a slash, or one of another type."""
    weights = {"a/b": torch.tensor([1, 2]), "c": torch.zeros(2, 2)}
    results = (result(trial=0), result(trial=1, weights=weights))
    found = sent(Told(1, (), (), results), {0: results[0].recipe, 1: results[1].recipe})

    assert same_results(found.results, results)


def test_what_comes_later_is_added():
    """Step and trials are the later ones."""
    one, other = Told(1, (1, 2), ("a",), ("x",)), Told(2, (1,), ("b",), ("y",))

    assert one.and_then(other) == Told(2, (1,), ("a", "b"), ("x", "y"))
