"""Facts about the election of a committee [3.2-37]."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import torch
from tests.made_outcomes import SMALL, TASKS, finalist, prepared, result, table

from practicum.core.measuring import value
from practicum.data.key import DataKey
from practicum.data.pipeline import load, prepare
from practicum.data.preparations import Preparations
from practicum.engine.tasks import network_of
from practicum.models.mlp import MLP
from practicum.runs.committee import Committee
from practicum.runs.elect import elect, loss_against

NUM_FOLDS = 3


def elected_of(data, finalists, **options):
    """Elect a committee of ``finalists``, on data that are prepared or ways to prepare them."""
    known = data if isinstance(data, Preparations) else Preparations(data)
    return elect(finalists, known, lambda recipe: network_of(known.of(recipe), recipe), **options)


def alone(known, one, rows):
    """Return what one training predicts for rows prepared its way."""
    return Committee([MLP(network_of(known.of(one.recipe), one.recipe), one.weights)]).predict(rows)


def in_folds(known, first, recipe=SMALL):
    """Return a training of each fold."""
    recipes = [recipe.changed(num_folds=NUM_FOLDS, fold=fold) for fold in range(NUM_FOLDS)]
    return tuple(result(known, first + fold, one) for fold, one in enumerate(recipes))


def valid_loss(data, prediction):
    """Return the loss on the validation rows."""
    return loss_against(data.schema.task, data.valid.target.double().numpy())(prediction)


def valid_error(data, prediction):
    """Return the error on the validation rows."""
    return value("error", data.schema.task, data.valid.target.double().numpy(), prediction)


@pytest.mark.parametrize("task", TASKS)
def test_the_committee_is_no_worse_than_its_best_candidate(task):
    """On the rows that elect it; and what is said of these rows is what it predicts for them."""
    data = prepared(task)
    known = Preparations(data)
    trained = [result(data, trial) for trial in range(5)]
    found = elected_of(known, [finalist(*trained[:3], number=0), finalist(*trained[3:], number=1)])
    losses = [valid_loss(data, alone(known, one, data.valid)) for one in trained]

    assert valid_loss(data, found.valid) <= min(losses)
    assert trained[int(np.argmin(losses))] in found.results
    np.testing.assert_allclose(found.committee.predict(data.valid), found.valid, rtol=1e-12)
    np.testing.assert_array_equal(found.valid_rows, data.split.valid)


def test_what_all_candidates_get_wrong_is_noise_that_they_share():
    """All of it where they are one and the same, less where they differ."""
    data = prepared("binary")
    trained = [result(data, trial, SMALL.changed(seed=trial)) for trial in range(3)]
    alike = elected_of(data, [finalist(trained[0], replace(trained[0], trial=1), number=0)])
    other = elected_of(data, [finalist(*trained, number=0)])

    assert alike.shared_noise == 1.0
    assert 0.0 <= other.shared_noise < 1.0


def test_one_round_elects_the_best_training_alone():
    """It is the one of the lowest validation loss, not that of the lowest validation error."""
    data = prepared("binary")
    trained = [result(data, trial, valid_error=0.1 * trial) for trial in range(4)]
    found = elected_of(data, [finalist(*trained)], num_rounds=1)
    losses = [valid_loss(data, alone(Preparations(data), one, data.valid)) for one in trained]

    assert found.results == (trained[int(np.argmin(losses))],)
    assert found.committee.votes == (1,)


def test_the_measure_that_was_chosen_elects():
    """One round elects the training of the largest area under the curve, be its loss what it may."""
    data = prepared("binary")
    trained = [result(data, trial, SMALL.changed(seed=trial)) for trial in range(30)]
    target = data.valid.target.double().numpy()
    each = [alone(Preparations(data), one, data.valid) for one in trained]
    by_auc, by_loss = (
        int(np.argmin([least(one) for one in each]))
        for least in (lambda one: value("auc", "binary", target, one), lambda one: valid_loss(data, one))
    )

    assert by_auc != by_loss
    assert elected_of(data, [finalist(*trained)], metric="auc", num_rounds=1).results == (trained[by_auc],)
    assert elected_of(data, [finalist(*trained)], num_rounds=1).results == (trained[by_loss],)


def of_fewest_errors(data):
    """Return the one of sixty random nets that makes the fewest validation errors, and how many."""
    drawn = [result(data, trial) for trial in range(60)]
    errors = [valid_error(data, alone(Preparations(data), one, data.valid)) for one in drawn]
    return drawn[int(np.argmin(errors))], min(errors)


def with_top(one, trial, factor=1.0, shift=0.0):
    """Return a training whose last layer's sums are multiplied, then shifted."""
    weights = dict(one.weights)
    weights["layers.1.weight"] = weights["layers.1.weight"] * factor
    weights["layers.1.bias"] = weights["layers.1.bias"] * factor + shift
    return replace(one, weights=weights, trial=trial)


def test_errors_decide_where_they_contradict_the_loss():
    """A net that is sure of nothing has a lower loss than one that is far too sure, but makes more errors."""
    data = prepared("binary", num_rows=600)
    good, fewest = of_fewest_errors(data)
    sure, unsure = with_top(good, 60, factor=1e3), with_top(good, 61, factor=0.0)
    losses = [valid_loss(data, alone(Preparations(data), one, data.valid)) for one in (sure, unsure)]

    assert losses[1] < losses[0]
    assert valid_error(data, elected_of(data, [finalist(sure, unsure)], num_rounds=1).valid) == fewest


def test_errors_do_not_decide_within_chance():
    """Of two that differ in a few errors, the one of the lower loss is elected."""
    data = prepared("binary", num_rows=600)
    good, fewest = of_fewest_errors(data)
    sure = with_top(good, 60, factor=1e3)
    shifted = [with_top(good, 61, shift=0.01 * k) for k in range(-50, 50)]
    errors = np.array([valid_error(data, alone(Preparations(data), one, data.valid)) for one in shifted])
    near = [one for one, error in zip(shifted, errors, strict=True) if fewest < error < fewest + 0.03]

    assert near
    for one in near:
        assert elected_of(data, [finalist(sure, one)], num_rounds=1).results == (one,)


def test_test_rows_decide_nothing():
    """Other rows to test on, the same members and votes to the bit; rows to choose by decide."""
    data = prepared("binary")
    others = replace(data, test=replace(data.test, x=-data.test.x, target=1 - data.test.target))
    chosen_by_others = replace(data, valid=data.train)
    trained = finalist(*(result(data, trial) for trial in range(5)))
    first, second = (elected_of(one, [trained]) for one in (data, others))

    assert first.results == second.results
    assert first.committee.votes == second.committee.votes
    np.testing.assert_array_equal(first.valid, second.valid)
    with pytest.raises(AssertionError):  # as many predictions as rows to choose by
        elected_of(chosen_by_others, [trained])


@pytest.mark.parametrize("flaw", ["nan", "inf", "diverged", "never begun"])
def test_a_training_that_went_wrong_has_no_vote(flaw):
    """Weights that are not finite, a validation error that is none, or no weights at all."""
    data = prepared("regression")
    good, bad = result(data, 0), result(data, 1)
    if flaw == "diverged":
        bad = replace(bad, status="diverged", valid_error=np.inf)
    elif flaw == "never begun":
        bad = replace(bad, weights={})
    else:
        worst = {name: torch.full_like(value, float(flaw)) for name, value in bad.weights.items()}
        bad = replace(bad, weights=worst)
    found = elected_of(data, [finalist(bad, good, number=0)])

    assert set(map(id, found.results)) == {id(good)}
    assert np.isfinite(found.valid).all()


def test_votes_are_counted():
    """A candidate that is elected twice weighs twice: the prediction for the electing rows says so."""
    data = prepared("regression", 300)
    known = Preparations(data)
    trained = [result(data, trial) for trial in range(6)]
    found = elected_of(known, [finalist(*trained)], num_rounds=9)
    each = np.stack([alone(known, one, data.valid) for one in found.results])

    assert len(found.committee.votes) == len(found.results)
    assert min(found.committee.votes) >= 1
    np.testing.assert_allclose(
        found.valid, np.average(each, axis=0, weights=found.committee.votes), rtol=1e-9
    )


@pytest.mark.parametrize("task", TASKS)
def test_in_folds_each_row_is_predicted_by_the_member_that_has_not_seen_it(task):
    """All rows but the test rows elect, each once; the whole of the folds' members is in."""
    data = prepared(task)
    known = Preparations(data)
    trained = in_folds(known, 0)
    found = elected_of(known, [finalist(trained)])
    parts = [known.of(one.recipe) for one in trained]
    expected = [
        part.preparation.decode(alone(known, one, part.valid))
        for one, part in zip(trained, parts, strict=True)
    ]

    assert found.results == trained
    assert len(set(found.committee.votes)) == 1
    assert not set(found.valid_rows) & set(data.split.test)
    np.testing.assert_array_equal(found.valid_rows, np.concatenate([part.split.valid for part in parts]))
    assert len(set(found.valid_rows)) == len(found.valid_rows)
    decoded = data.preparation.decode(found.valid)
    if task == "regression":
        np.testing.assert_allclose(decoded, np.concatenate(expected), rtol=1e-6)
    else:
        assert decoded.tolist() == np.concatenate(expected).tolist()


def test_values_of_folds_are_averaged_in_the_targets_unit():
    """Each fold standardises the target by its own rows; a member's output is brought back by its own fold's."""
    data = prepared("regression")
    known = Preparations(data)
    trained = in_folds(known, 0)
    found = elected_of(known, [finalist(trained)])
    inputs = found.test_inputs(known)
    expected = np.mean(
        [known.preparation(one.recipe).decode(alone(known, one, known.test(one.recipe))) for one in trained],
        axis=0,
    )

    scales = {known.preparation(one.recipe).target_scale for one in trained}
    assert len(scales) == NUM_FOLDS
    np.testing.assert_allclose(data.preparation.decode(found.committee.predict(inputs)), expected, rtol=1e-6)


def test_each_way_to_prepare_is_kept_once_and_the_tables_own_is_the_first():
    """Members of different preparations sit together; each is handed the rows as it knows them."""
    data = prepared("regression")
    known = Preparations(data)
    raw = SMALL.changed(preprocess="uniformise")
    trained = [result(known, trial, recipe) for trial, recipe in enumerate([raw, SMALL, raw], 12)]
    found = elected_of(known, [finalist(one, number=n) for n, one in enumerate(trained)])
    kinds = [known.preparation(one.recipe) for one in found.results]

    assert found.preparations[0] is data.preparation
    assert found.keys[0] == data.key
    assert len(found.preparations) == len(found.results) - 1 == 2
    assert [found.preparations[number] for number in found.committee.preparations] == kinds
    assert found.keys[1] == DataKey.of(raw)
    rows = found.inputs(known, data.split.valid)
    assert len(rows) == len(found.test_inputs(known)) == len(found.preparations)
    np.testing.assert_allclose(found.committee.predict(rows), found.valid, rtol=1e-6)


def test_rows_of_a_test_file_are_prepared_each_way():
    """As many as the file has, in every preparation."""
    data = prepared("binary", test=table("binary", 40, seed=1))
    known = Preparations(data)
    trained = result(known, 0, SMALL.changed(preprocess="uniformise"))
    found = elected_of(known, [finalist(trained)])

    assert [len(rows) for rows in found.test_inputs(known)] == [40, 40]
    assert found.committee.preparations == (1,)


def test_rows_without_a_target_elect_nobody():
    """They are set aside, in folds too."""
    hole = pl.when(pl.int_range(pl.len()) % 10 == 3).then(None).otherwise(pl.col("binary")).alias("binary")
    data = prepare(load(table("binary").with_columns(hole), "binary"), recipe=SMALL)
    known = Preparations(data)
    found = elected_of(known, [finalist(in_folds(known, 0))])

    assert not any(row % 10 == 3 for row in found.valid_rows)


def test_the_loss_is_the_likelihood_or_the_squared_error():
    """A sure and wrong class is very bad, but not infinitely."""
    binary = loss_against("binary", np.array([[1.0], [0.0]]))
    multiclass = loss_against("multiclass", np.array([[0.0, 1.0, 0.0]]))
    regression = loss_against("regression", np.array([[1.0, 2.0]]))

    assert binary(np.array([[0.8], [0.4]])) == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)
    assert 10 < binary(np.array([[0.0], [0.0]])) < 20
    assert multiclass(np.array([[0.2, 0.5, 0.3]])) == pytest.approx(np.log(2))
    assert regression(np.array([[2.0, 0.0]])) == pytest.approx(0.5 * (1 + 4))
