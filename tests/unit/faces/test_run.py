"""Facts about a finished run in Python."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from tests.made_runs import TABLE, make_run
from tests.made_searches import made_search

from practicum.core.errors import ConfigError, DataError, RecordError
from practicum.faces.run import load

TASKS = ("binary", "multiclass", "regression")
INPUTS = TABLE.select("age", "job")


@pytest.fixture(params=TASKS)
def run(request, tmp_path):
    """A run of each task."""
    return load(make_run(tmp_path / "run", request.param))


@pytest.fixture
def classifier(tmp_path):
    """A run with labels 1, 2 and 3."""
    return load(make_run(tmp_path / "run", "multiclass"))


def test_the_table_may_be_a_file_or_any_frame(run, tmp_path):
    """CSV, polars, pandas and plain columns give the same bits."""
    INPUTS.write_csv(tmp_path / "x.csv")
    expected = run.predict(INPUTS)

    for same in (
        tmp_path / "x.csv",
        str(tmp_path / "x.csv"),
        pd.DataFrame(INPUTS.to_dict(as_series=False)),
        INPUTS.to_dict(as_series=False),
    ):
        np.testing.assert_array_equal(run.predict(same), expected)
    assert len(expected) == len(INPUTS)


def test_columns_are_found_by_name(run):
    """Their order does not matter, and others are ignored and said."""
    notes = []
    shuffled = INPUTS.select("job", "age").with_columns(extra=pl.lit(1.0))

    assert run.predict_frame(shuffled, notes=notes).equals(run.predict_frame(INPUTS))
    assert any("extra" in note for note in notes)


def test_a_missing_column_is_an_error(run):
    """It is named."""
    with pytest.raises(DataError, match="job"):
        run.predict(INPUTS.drop("job"))


def test_an_unseen_category_is_handled_and_said(run):
    """Whatever comes, there is a prediction for it."""
    notes = []
    frame = run.predict_frame(INPUTS.with_columns(job=pl.lit("astronaut")), notes=notes)

    assert len(frame) == len(INPUTS)
    assert any("job" in note for note in notes)


def test_infinite_values_are_an_error(run):
    """A prediction from them would be meaningless."""
    with pytest.raises(DataError, match="`age` must be finite"):
        run.predict(INPUTS.with_columns(age=pl.lit(float("inf"))))


def test_a_column_that_is_not_needed_may_hold_anything(run):
    """Only what the network sees is checked."""
    assert len(run.predict(INPUTS.with_columns(extra=pl.lit(float("inf"))))) == len(INPUTS)


def test_probabilities_belong_to_the_classes(tmp_path):
    """A column a class, rows sum to 1, the largest is the prediction."""
    for task in ("binary", "multiclass"):
        run = load(make_run(tmp_path / task, task))
        probabilities = run.predict_proba(INPUTS)

        assert probabilities.shape == (len(INPUTS), len(run.classes))
        np.testing.assert_allclose(probabilities.sum(1), 1.0, rtol=1e-6)
        np.testing.assert_array_equal(run.classes[probabilities.argmax(1)], run.predict(INPUTS))


def test_a_regression_has_no_probabilities(tmp_path):
    """Asking for them is a mistake."""
    run = load(make_run(tmp_path / "run", "regression"))

    with pytest.raises(ConfigError, match="this run's task is regression"):
        run.predict_proba(INPUTS)
    with pytest.raises(ConfigError, match="this run's task is regression"):
        run.predict_frame(INPUTS, proba=True)


def test_a_regression_predicts_in_the_targets_unit(tmp_path):
    """The standardised output is brought back: deviation times output plus mean."""
    run = load(make_run(tmp_path / "run", "regression"))
    inputs = run._predictor.preparations[0].transform(INPUTS, with_target=False)
    each = [run.module(member)(inputs.x, inputs.codes).detach().numpy()[:, 0] for member in (0, 1)]
    target = TABLE["regression"].to_numpy()

    np.testing.assert_allclose(
        run.predict(INPUTS), np.mean(each, 0) * target.std() + target.mean(), rtol=1e-5
    )


def test_labels_keep_the_type_that_people_compare_with(tmp_path):
    """Whole numbers are integers, words are text."""
    assert load(make_run(tmp_path / "a", "multiclass")).predict(INPUTS).dtype.kind == "i"
    assert load(make_run(tmp_path / "b", "binary")).predict(INPUTS).dtype.kind == "U"


def test_a_frame_has_a_column_for_each_probability(classifier):
    """Named by the class."""
    frame = classifier.predict_frame(INPUTS, proba=True)

    assert frame.columns == ["prediction", "probability_1", "probability_2", "probability_3"]
    assert frame["prediction"].dtype == pl.Int64


def test_a_new_process_predicts_the_same_bits(run, tmp_path):
    """What was saved is all that a prediction needs."""
    INPUTS.write_parquet(tmp_path / "x.parquet")
    code = "import sys, numpy, practicum; numpy.save(sys.argv[3], practicum.load(sys.argv[1]).predict(sys.argv[2]))"
    words = [str(run.path), str(tmp_path / "x.parquet"), str(tmp_path / "p.npy")]
    subprocess.run([sys.executable, "-c", code, *words], check=True)

    np.testing.assert_array_equal(np.load(tmp_path / "p.npy"), run.predict(INPUTS))


def test_embeddings_are_looked_up(tmp_path):
    """A run that learned codes predicts too, also for levels never seen."""
    run = load(make_run(tmp_path / "run", "binary", categories="embedding"))

    assert len(run.predict(INPUTS.with_columns(job=pl.lit("astronaut")))) == len(INPUTS)


def test_a_module_is_a_copy(classifier):
    """Changing it changes no prediction."""
    before = classifier.predict_proba(INPUTS)
    module = classifier.module(1)
    torch.nn.init.zeros_(module.layers[0].weight)

    np.testing.assert_array_equal(classifier.predict_proba(INPUTS), before)


@pytest.mark.parametrize("member", [-1, 2])
def test_a_member_that_is_not_there_is_told(classifier, member):
    """With the range."""
    with pytest.raises(ConfigError, match=f"`member` must be from 0 to 1, but got member={member}"):
        classifier.module(member)


def test_recipe_and_schema_are_at_hand(classifier):
    """As they were saved."""
    assert classifier.recipe.hidden_sizes == (8,)
    assert classifier.schema.target == "multiclass"


def test_a_run_says_what_it_is(classifier):
    """In a line, and as a table for notebooks."""
    assert (
        repr(classifier)
        == f"Run('{classifier.path}', multiclass, target='multiclass', test error 0.25 [0.1, 0.5])"
    )
    assert "<th>members</th><td>2</td>" in classifier._repr_html_()


@pytest.mark.parametrize(
    "name", ["preparation.json", "preparation.safetensors", "model.safetensors", "run.json"]
)
def test_damage_is_found_when_loading(tmp_path, name):
    """Not later, in the middle of someone's program."""
    file = make_run(tmp_path / "run", "binary", categories="embedding") / name
    file.write_bytes(file.read_bytes()[:-20] + b"x" * 20)

    with pytest.raises(RecordError, match="damaged"):
        load(tmp_path / "run")


def test_a_run_that_searched_answers_questions(tmp_path):
    """Whether a setting matters, and which settings are worth their cost."""
    path = make_run(tmp_path / "run")
    made_search(120).save(path)
    run = load(path)

    assert run.matters("learning_rate").verdict == "yes"
    assert [one.error for one in run.pareto().trials] == sorted(one.error for one in run.pareto().trials)
    with pytest.raises(ConfigError, match="activation"):
        run.matters("activaton")


def test_a_run_that_did_not_search_cannot_answer(run):
    """It is said why."""
    for ask in (run.pareto, lambda: run.matters("learning_rate")):
        with pytest.raises(ConfigError, match="must be one that searched"):
            ask()
