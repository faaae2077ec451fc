"""Batch sizes at equal time and the small grid in a whole run: seen in its summary, repeated to the bit."""

from __future__ import annotations

import pytest
from tests.made_outcomes import learnable

import practicum

SPACE = {
    "learning_rate": {"log": [1e-3, 1]},
    "momentum": {"linear": [0, 0.9]},
    "hidden_sizes": [6],
    "patience_steps": 200,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of eight settings that asks for both."""
    data = learnable(300).select("size", "width", "binary")
    return practicum.fit(
        data,
        target="binary",
        trials=8,
        folds=1,
        seeds=2,
        space=SPACE,
        sampler="random",
        scientific=["momentum"],
        batch_sizes=[8, 64],
        grid=True,
        out=tmp_path_factory.mktemp("runs") / "run",
    )


def test_all_is_told_in_the_summary(run):
    """Three sizes, sixteen cells; their trainings are no members and none of the search's settings."""
    search, trials = run.summary.search, run.summary.trials
    phases = [trial.phase for trial in trials]

    assert [row.batch_size for row in search.batch_sizes.rows] == [8, 32, 64]
    assert (len(search.grid.row_values), len(search.grid.column_values)) == (4, 4)
    assert (phases.count("batch_size"), phases.count("grid")) == (9, 16)
    assert {trial.phase for trial in run.summary.members} == {"seeds"}
    assert {trial.phase for trial in run.summary.search_trials} <= {"wide", "extended"}
    assert all(trial.values for trial in trials)
    assert any("`momentum`" in sentence for sentence in search.sentences)


def test_the_command_repeats_it_to_the_bit(run, tmp_path):
    """What was decided is in the run; nothing is measured or compared anew."""
    data = learnable(300).select("size", "width", "binary")
    again = practicum.fit(data, target="binary", replay=run.path, grid=True, out=tmp_path / "again")
    first, second = (
        one.summary.search.model_dump(include={"batch_sizes", "grid", "finalists"}) for one in (run, again)
    )

    assert str(first) == str(second)
    assert run.summary.test.error == again.summary.test.error
