"""Facts about the checks on data together."""

import numpy as np
import pytest
from tests.made_tables import made_ready, sound

from practicum.checks.data_checks import check_data
from practicum.core.finding import SEVERITIES
from practicum.core.guide import GUIDE


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_sound_table_has_nothing(task, seed):
    assert check_data(made_ready(sound(task, seed=seed))) == ()


def test_the_gravest_comes_first():
    table = sound()
    y = np.random.default_rng(1).permutation(table["y"])
    found = check_data(made_ready({**table, "again": table["x0"], "y": y}))
    ranks = [SEVERITIES.index(one.severity) for one in found]

    assert [one.causes[0][0] for one in found] == ["D5", "D2"]
    assert ranks == sorted(ranks, reverse=True)


def test_causes_and_sources_stand_in_the_guide():
    table = sound()
    y = np.random.default_rng(1).permutation(table["y"])
    for found in check_data(made_ready({**table, "again": table["x0"], "y": y})):
        assert found.source in GUIDE
        assert all(f"fault-{cause}" in GUIDE for cause, _ in found.causes)


def test_the_same_table_gives_the_same_findings():
    table = {**sound(), "y": np.random.default_rng(1).permutation(sound()["y"])}

    assert check_data(made_ready(table)) == check_data(made_ready(table))
