"""Facts about the callback for skorch, in real fits."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from tests.made_batches import BATCH_SIZE, faults, hooks_left, net, rows, same_bits
from torch import nn

pytest.importorskip("skorch", reason="the extra `adapters` is not installed")

from skorch import NeuralNetClassifier
from skorch.dataset import Dataset
from skorch.helper import predefined_split

from practicum.faces.adapters.skorch import MonitorCallback


class SameBatch(NeuralNetClassifier):
    """Takes the first batch at every step."""

    def get_iterator(self, dataset, training=False):
        batches = list(super().get_iterator(dataset, training=training))
        return [batches[0]] * len(batches) if training else batches


class NotReset(NeuralNetClassifier):
    """Leaves gradients as they are."""

    def _zero_grad_optimizer(self, set_to_none=None):
        pass


class HeadOnly(NeuralNetClassifier):
    """Gives the optimiser the last layer."""

    def get_all_learnable_params(self):
        return self.module_.head.named_parameters()


class Accumulating(NeuralNetClassifier):
    """Steps after every fourth batch."""

    count = 0

    def train_step(self, batch, **given):
        step = self.train_step_single(batch, **given)
        self.count += 1
        if self.count % 4 == 0:
            self.optimizer_.step()
            self.optimizer_.zero_grad()
        return step


def fit(callback=None, *, kind=NeuralNetClassifier, nan=False, epochs=3, module=net, **made):
    """Fit a net on the rows, validated on half of them."""
    x, y = rows(nan=nan)
    valid_x, valid_y = rows(num=128)
    fitted = kind(
        module,
        **{f"module__{name}": value for name, value in made.items()},
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.SGD,
        lr=0.05,
        batch_size=BATCH_SIZE,
        iterator_valid__batch_size=64,
        iterator_train__shuffle=True,
        max_epochs=epochs,
        train_split=predefined_split(Dataset(valid_x.numpy(), valid_y.numpy())),
        callbacks=[] if callback is None else [("watch", callback)],
        verbose=0,
    )
    torch.manual_seed(5)
    return fitted.fit(x.numpy(), y.numpy())


def test_a_sound_fit_looks_healthy_and_everything_is_seen(capsys):
    callback = MonitorCallback()
    fitted = fit(callback)
    facts = callback.monitor.facts

    assert faults(callback.monitor) == []
    assert (facts.failures, callback.session_.failures) == ((), [])
    assert (facts.num_steps, facts.num_updates) == (48, 48)
    assert facts.losses == pytest.approx(list(np.ravel(fitted.history[:, "batches", :, "train_loss"])))
    assert len(set(facts.batches)) == 48
    assert (facts.batch_size, facts.looked_rows) == (BATCH_SIZE, 128)
    assert [loss for _, loss, _ in facts.validations] == fitted.history[:, "valid_loss"]
    assert [1 - error for _, _, error in facts.validations] == pytest.approx(fitted.history[:, "valid_acc"])
    assert "practicum: It looks healthy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("A10", {"spare": True}),
        ("A11", {"kind": HeadOnly}),
        ("A12", {"freeze": True}),
        ("C1", {"kind": NotReset}),
        ("C6", {"kind": SameBatch}),
        ("D3", {"nan": True}),
        ("L1", {"softmax": True}),
    ],
)
def test_a_mistake_is_named(fault, change):
    callback = MonitorCallback(say=None)
    fit(callback, **change)

    assert faults(callback.monitor) == [fault]


def test_watched_or_not_the_numbers_are_the_same_bits():
    alone, beside = fit(), fit(MonitorCallback(say=None))

    assert same_bits(alone.module_, beside.module_)
    assert hooks_left(beside.module_) == 0


def test_losses_of_accumulated_batches_are_averaged():
    callback = MonitorCallback(say=None)
    fitted = fit(callback, kind=Accumulating)
    losses = np.ravel(fitted.history[:, "batches", :, "train_loss"])
    facts = callback.monitor.facts

    assert (facts.num_steps, facts.num_updates) == (12, 12)
    assert facts.losses == pytest.approx(list(losses.reshape(-1, 4).mean(1)))
    assert faults(callback.monitor) == []


def test_a_net_with_the_callback_can_be_searched_copied_and_saved(capsys):
    x, y = rows()
    callback = MonitorCallback(valid_error="valid_acc", say=None)
    fitted = fit(callback)
    other = clone(fitted)
    search = GridSearchCV(fitted, {"lr": [0.01, 0.1]}, cv=2).fit(x.numpy(), y.numpy())
    saved = pickle.loads(pickle.dumps(fitted))

    assert other.callbacks[0][1].valid_error == "valid_acc"
    assert other.callbacks[0][1] is not callback
    assert faults(dict(search.best_estimator_.callbacks_)["watch"].monitor) == []
    assert same_bits(saved.module_, fitted.module_)
    assert capsys.readouterr().out == ""


def test_what_the_callback_stumbles_over_is_said_and_the_fit_goes_on(monkeypatch):
    def stumble(*_):
        raise RuntimeError("no")

    said = []
    monkeypatch.setattr("practicum.faces.adapters.skorch.parted", stumble)
    fitted = fit(MonitorCallback(say=said.append))

    assert len(fitted.history) == 3
    assert said[0].endswith("Left out: on_batch_end: RuntimeError: no")
