"""Facts about the scores of a finished committee, in the user's unit."""

import numpy as np
import pytest
import torch
from tests.made_outcomes import TASKS, constant_baseline, outcome, prepared, result

from practicum.core.measures import names_for
from practicum.core.measuring import interval, value
from practicum.data.dataset import Dataset
from practicum.models.baselines import Baseline
from practicum.report import scores as scores_module
from practicum.report.scores import baseline_score, further, measure, score_all, train_sample
from practicum.runs.committee import Committee


def wrongness(data, prediction, rows):
    """Return the error from the table itself: misclassified fraction, or rms over the rows' deviation."""
    truth = data.loaded.table.frame[data.schema.target].to_numpy()[rows]
    decoded = data.preparation.decode(prediction)
    if data.schema.task == "regression":
        return np.sqrt(np.mean((decoded - truth) ** 2)) / truth.std()
    return np.mean(decoded != truth)


@pytest.mark.parametrize("task", TASKS)
def test_errors_are_those_of_what_the_committee_predicts(task):
    """On train, valid and test: `Committee.predict`, decoded, against the user's own table."""
    data = prepared(task)
    committee = outcome(data).committee()
    found = score_all(data, committee, [])

    for score, rows, part in (
        (found.train, data.train, "train"),
        (found.valid, data.valid, "valid"),
        (found.test, data.test, "test"),
    ):
        expected = wrongness(data, committee.predict(rows), getattr(data.split, part))
        assert score.error == pytest.approx(expected, rel=1e-5)
        assert score.interval[0] <= score.error <= score.interval[1]
        assert score.num_rows == len(rows)
    assert found.test.committee == found.test.error


@pytest.mark.parametrize("task", TASKS)
def test_members_are_listed_one_by_one(task):
    """Each with the error it has alone, in the committee's order; their mean beside the committee's error."""
    data = prepared(task)
    committee = outcome(data, [result(data, trial) for trial in (3, 1, 2)]).committee()
    found = score_all(data, committee, []).test
    alone = [
        wrongness(data, Committee([member]).predict(data.test), data.split.test)
        for member in committee.members
    ]

    assert len(set(alone)) == 3
    assert found.members == pytest.approx(alone, rel=1e-5)
    assert found.member_mean == pytest.approx(np.mean(alone))


def test_a_value_is_measured_in_the_unit_of_the_target():
    """Mean absolute error and rms of a target around 5000 are in its unit, the error is a ratio."""
    data = prepared("regression")
    committee = outcome(data).committee()
    found = score_all(data, committee, []).test
    truth = data.loaded.table.frame["regression"].to_numpy()[data.split.test]
    off = data.preparation.decode(committee.predict(data.test)) - truth

    assert found.metrics["mae"] == pytest.approx(np.abs(off).mean(), rel=1e-5)
    assert found.metrics["rmse"] == pytest.approx(np.sqrt((off**2).mean()), rel=1e-5)
    assert found.metrics["rmse"] == pytest.approx(found.error * truth.std(), rel=1e-5)
    assert found.metrics["mae"] > 100


@pytest.mark.parametrize(("task", "names"), [("binary", {"auc", "log_loss"}), ("multiclass", {"log_loss"})])
def test_classes_have_their_own_measures(task, names):
    """Area under the curve with two classes only, log loss with any number."""
    data = prepared(task)
    found = score_all(data, outcome(data).committee(), []).test

    assert set(found.metrics) == names | {"balanced_error", "f1"}


@pytest.mark.parametrize("task", TASKS)
def test_truth_and_prediction_are_kept_row_by_row(task):
    """As class numbers, or in the target's unit: what the confusion matrix or the cloud of the report shows."""
    data = prepared(task)
    committee = outcome(data).committee()
    kept = score_all(data, committee, []).predictions
    truth = data.loaded.table.frame[task].to_numpy()[data.split.test]
    decoded = data.preparation.decode(committee.predict(data.test))

    if task == "regression":
        np.testing.assert_allclose(kept.target, truth, rtol=1e-6)
        np.testing.assert_allclose(kept.predicted, decoded, rtol=1e-6)
    else:
        classes = np.array(data.schema.classes)
        assert classes[kept.target].tolist() == truth.tolist()
        assert classes[kept.predicted].tolist() == decoded.tolist()


@pytest.mark.parametrize("task", TASKS)
def test_a_baseline_is_compared_on_the_same_rows(task):
    """The difference is committee minus baseline; against a baseline that says the same it is nought."""
    data = prepared(task)
    committee = outcome(data).committee()
    same = Baseline("linear", "the same", committee.predict(data.valid), committee.predict(data.test))
    constant, twin = score_all(data, committee, [constant_baseline(data), same]).baselines
    error = wrongness(data, committee.predict(data.test), data.split.test)
    expected = wrongness(data, constant_baseline(data).test, data.split.test)

    assert (constant.name, constant.description) == ("constant", "always the same")
    assert constant.test.error == pytest.approx(expected, rel=1e-5)
    assert constant.valid.num_rows == len(data.valid)
    assert constant.difference.value == pytest.approx(error - expected, rel=1e-4)
    assert twin.test.error == pytest.approx(error, rel=1e-5)
    assert twin.difference.value == 0.0
    assert not twin.difference.clear


def test_a_paired_difference_is_sharper_than_two_intervals():
    """Rows that are hard for both cancel: of two that differ in three rows of 60, the interval says little more."""
    data = prepared("binary", 300)
    committee = outcome(data).committee()
    nearly = committee.predict(data.test).copy()
    nearly[:3] = 1 - nearly[:3]
    twin = Baseline("linear", "nearly the same", committee.predict(data.valid), nearly)
    found = score_all(data, committee, [twin])
    low, high = found.baselines[0].difference.interval

    assert high - low < 0.7 * (found.test.interval[1] - found.test.interval[0])


def test_a_baseline_without_test_rows_has_no_difference():
    """It is scored on the validation rows alone."""
    data = prepared("binary")
    constant = constant_baseline(data)
    found = score_all(
        data, outcome(data).committee(), [Baseline("constant", "", constant.valid, None)]
    ).baselines[0]

    assert found.valid is not None
    assert (found.test, found.difference) == (None, None)


def test_one_member_is_not_compared_with_itself():
    """A committee of one has no difference; one of two is compared with its first."""
    data = prepared("binary")
    one = score_all(data, outcome(data, [result(data, 0)]).committee(), []).test
    two = score_all(data, outcome(data).committee(), []).test

    assert one.difference is None
    assert one.members == [one.committee]
    assert two.difference.value == pytest.approx(two.committee - two.members[0])


def test_few_rows_are_all_looked_at():
    """The training error of a small table is that of all its training rows."""
    rows = prepared("binary").train

    assert train_sample(rows) is rows


def test_very_many_rows_are_sampled_and_always_the_same(monkeypatch):
    """So many as are allowed, none twice, each with its own inputs, codes and target."""
    monkeypatch.setattr(scores_module, "MAX_TRAIN_ROWS", 40)
    number = torch.arange(100)
    rows = Dataset(number[:, None].float(), number[:, None] % 7, number[:, None].float() / 2, (7,))
    first, again = train_sample(rows), train_sample(rows)
    chosen = first.x[:, 0].long()

    assert len(first) == len(set(chosen.tolist())) == 40
    assert torch.equal(again.x, first.x)
    assert torch.equal(first.codes[:, 0], chosen % 7)
    assert torch.equal(first.target[:, 0], chosen / 2)
    assert first.num_levels == (7,)
    assert chosen.max() > 60


def test_the_sample_is_what_the_training_error_is_measured_on(monkeypatch):
    """Its size is in the score; validation and test are never sampled."""
    monkeypatch.setattr(scores_module, "MAX_TRAIN_ROWS", 25)
    data = prepared("binary")
    found = score_all(data, outcome(data).committee(), [])

    assert (found.train.num_rows, found.valid.num_rows, found.test.num_rows) == (25, 30, 30)


def test_a_prediction_that_is_not_finite_is_an_error_not_a_crash():
    """A value that overflowed has an infinite error; the summary writes null for it."""
    data = prepared("regression")
    found = measure(data, data.valid, np.full((len(data.valid), 1), np.nan))

    assert found.error == float("inf")
    assert found.model_dump_json().count("null") >= 1


@pytest.mark.parametrize(("task", "metric"), [(task, name) for task in TASKS for name in names_for(task)])
def test_network_and_baselines_are_scored_in_the_measure_that_was_chosen(task, metric):
    """Error, interval and paired difference; in the target's unit where the measure has one."""
    data = prepared(task)
    baseline = constant_baseline(data)
    truth, scale = data.test.target.double().numpy(), 1.0
    predicted, target = baseline.test, truth
    if task == "regression":
        scale, mean = data.preparation.target_scale, data.preparation.target_mean
        predicted, target = predicted * scale + mean, truth * scale + mean
    found = baseline_score(data, baseline, baseline.test, metric)

    assert found.test.error == value(metric, task, target, predicted, target_scale=scale)
    assert found.test.interval == interval(metric, task, target, predicted, target_scale=scale)
    assert found.test == measure(data, data.test, baseline.test, metric)
    assert found.difference.value == 0.0


def test_the_default_error_stands_beside_another_measure():
    """Among the further measures, which are in the form that people know."""
    found = further("binary", np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.1, 0.9, 0.4, 0.2]), "auc", 1.0)

    assert found["error"] == 0.25
    assert found["auc"] == 1.0
    assert found["f1"] == pytest.approx(2 / 3)
    assert "error" not in further("binary", np.array([0.0, 1.0]), np.array([0.1, 0.9]), "error", 1.0)
