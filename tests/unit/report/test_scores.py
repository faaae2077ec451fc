"""Facts about the scores of a finished committee, in the user's unit."""

import numpy as np
import pytest
from tests.made_outcomes import SMALL, TASKS, constant_baseline, elected, finalist, prepared, result

from practicum.core.measures import names_for
from practicum.core.measuring import interval, value
from practicum.data.preparations import Preparations
from practicum.engine.tasks import network_of
from practicum.models.baselines import Baseline
from practicum.report import scores as scores_module
from practicum.report.scores import baseline_score, further, measure, score_all, train_sample
from practicum.runs.committee import Committee
from practicum.runs.elect import elect


def two(data):
    """Return a committee of two random members."""
    return elected(data, [result(data, trial) for trial in range(2)])


def scored(data, some=None, baselines=()):
    """Return all scores of a committee, of two random members unless another is given."""
    return score_all(Preparations(data), two(data) if some is None else some, baselines)


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
    committee = two(data).committee
    found = scored(data)

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
    some = elected(data, [result(data, trial) for trial in (3, 1, 2)], votes=[1, 2, 1])
    found = scored(data, some).test
    alone = [
        wrongness(data, Committee([member]).predict(data.test), data.split.test)
        for member in some.committee.members
    ]

    assert len(set(alone)) == 3
    assert found.members == pytest.approx(alone, rel=1e-5)
    assert found.member_mean == pytest.approx(np.mean(alone))


def test_a_value_is_measured_in_the_unit_of_the_target():
    """Mean absolute error and rms of a target around 5000 are in its unit, the error is a ratio."""
    data = prepared("regression")
    committee = two(data).committee
    found = scored(data).test
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
    found = scored(data).test

    assert set(found.metrics) == names | {"balanced_error", "f1"}


@pytest.mark.parametrize("task", TASKS)
def test_truth_and_prediction_are_kept_row_by_row(task):
    """As class numbers, or in the target's unit: what the confusion matrix or the cloud of the report shows."""
    data = prepared(task)
    committee = two(data).committee
    kept = scored(data).predictions
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
    committee = two(data).committee
    same = Baseline("linear", "the same", committee.predict(data.valid), committee.predict(data.test))
    constant, twin = scored(data, baselines=[constant_baseline(data), same]).baselines
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
    committee = two(data).committee
    nearly = committee.predict(data.test).copy()
    nearly[:3] = 1 - nearly[:3]
    twin = Baseline("linear", "nearly the same", committee.predict(data.valid), nearly)
    found = scored(data, baselines=[twin])
    low, high = found.baselines[0].difference.interval

    assert high - low < 0.7 * (found.test.interval[1] - found.test.interval[0])


def test_a_baseline_without_test_rows_has_no_difference():
    """It is scored on the validation rows alone."""
    data = prepared("binary")
    constant = constant_baseline(data)
    found = scored(data, baselines=[Baseline("constant", "", constant.valid, None)]).baselines[0]

    assert found.valid is not None
    assert (found.test, found.difference) == (None, None)


def test_one_member_is_not_compared_with_itself():
    """A committee of one has no difference; one of two is compared with its first."""
    data = prepared("binary")
    one = scored(data, elected(data, [result(data, 0)])).test
    both = scored(data).test

    assert one.difference is None
    assert one.members == [one.committee]
    assert both.difference.value == pytest.approx(both.committee - both.members[0])


def test_votes_weigh_the_committee_and_not_its_members():
    """The committee's error is that of the weighted mean; each member is scored as it is alone."""
    data = prepared("regression")
    members = [result(data, trial) for trial in range(2)]
    even, uneven = (scored(data, elected(data, members, votes=votes)).test for votes in ([1, 1], [7, 1]))

    assert uneven.members == even.members
    assert uneven.member_mean == even.member_mean
    assert uneven.error != even.error


@pytest.mark.parametrize("task", TASKS)
def test_in_folds_the_validation_error_is_of_members_that_have_not_seen_the_row(task):
    """All rows but the test rows count; the training error is of the rows of the first fold."""
    data = prepared(task)
    known = Preparations(data)
    recipes = [SMALL.changed(num_folds=3, fold=fold) for fold in range(3)]
    folds = tuple(result(known, fold, recipe) for fold, recipe in enumerate(recipes))
    some = elect([finalist(folds)], known, lambda recipe: network_of(known.of(recipe), recipe))
    found = scored(data, some)
    frame = data.loaded.table.frame

    learnt = known.of(recipes[0]).split.train
    seen = some.committee.predict([part.transform(frame, rows=learnt) for part in some.preparations])
    assert found.valid.error == pytest.approx(wrongness(data, some.valid, some.valid_rows), rel=1e-5)
    assert found.valid.num_rows == len(some.valid_rows) == 120
    assert found.train.error == pytest.approx(wrongness(data, seen, learnt), rel=1e-5)
    assert found.train.num_rows == len(learnt) == 80
    on_test = some.committee.predict(some.test_inputs(known))
    assert found.test.error == pytest.approx(wrongness(data, on_test, data.split.test), rel=1e-5)


def test_few_rows_are_all_looked_at():
    """The training error of a small table is that of all its training rows."""
    rows = np.arange(40)

    assert train_sample(rows) is rows


def test_very_many_rows_are_sampled_and_always_the_same(monkeypatch):
    """So many as are allowed, none twice, in their order, from the whole range."""
    monkeypatch.setattr(scores_module, "MAX_TRAIN_ROWS", 40)
    rows = np.arange(1000, 1100)
    first = train_sample(rows)

    assert len(first) == len(set(first)) == 40
    assert first.tolist() == sorted(first)
    assert set(first) <= set(rows)
    assert first.max() > 1060
    np.testing.assert_array_equal(train_sample(rows), first)


def test_the_sample_is_what_the_training_error_is_measured_on(monkeypatch):
    """Its size is in the score; validation and test are never sampled."""
    monkeypatch.setattr(scores_module, "MAX_TRAIN_ROWS", 25)
    data = prepared("binary")
    found = scored(data)

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
