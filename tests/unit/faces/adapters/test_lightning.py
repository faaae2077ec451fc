"""Facts about the callback for Lightning, in real fits."""

import pytest
import torch
from tests.made_batches import BATCH_SIZE, faults, hooks_left, net, rows, same_bits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

pytest.importorskip("lightning", reason="the extra `adapters` is not installed")

import lightning.pytorch as pl

from practicum.faces.adapters.lightning import MonitorCallback

pytestmark = [
    # All of Lightning itself, or of what it calls.
    pytest.mark.filterwarnings("ignore:.*LeafSpec.* is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The '.*_dataloader' does not have many workers"),
]


class Module(pl.LightningModule):
    """A classifier whose steps call the net inside it; switches are what somebody may do."""

    def __init__(self, model=None, *, through=False, reset=True, parameters=None, log=True, **loss):
        super().__init__()
        self.net = net() if model is None else model
        self.through, self.reset, self.parameters_of, self.log_it = through, reset, parameters, log
        self.loss_fn = nn.CrossEntropyLoss(**loss)
        self.losses = []

    def forward(self, x):
        return self.net(x)

    def training_step(self, batch, batch_idx):
        loss = self.loss_fn(self(batch[0]) if self.through else self.net(batch[0]), batch[1])
        self.losses.append(loss.item())
        return loss

    def validation_step(self, batch, batch_idx):
        output = self.net(batch[0])
        loss = self.loss_fn(output, batch[1])
        if self.log_it:
            self.log("val_loss", loss)
            self.log("val_acc", (output.argmax(1) == batch[1]).float().mean())
        return loss

    def optimizer_zero_grad(self, epoch, batch_idx, optimizer):
        if self.reset:
            optimizer.zero_grad()

    def configure_optimizers(self):
        chosen = self.net if self.parameters_of is None else self.parameters_of(self.net)
        return torch.optim.SGD(chosen.parameters(), lr=0.05)


class ByHand(Module):
    """Two updates a batch, under manual optimisation."""

    def __init__(self, *, update=True):
        super().__init__()
        self.automatic_optimization = False
        self.update = update

    def training_step(self, batch, batch_idx):
        optimizer = self.optimizers()
        for _ in range(2):
            optimizer.zero_grad()
            loss = self.loss_fn(self.net(batch[0]), batch[1])
            self.manual_backward(loss)
            self.losses.append(loss.item())
            if self.update:
                optimizer.step()


def fit(module, callback=None, *, nan=False, same_batch=False, epochs=3, **options):
    """Fit a module on the rows, validated on half of them."""
    x, y = rows(nan=nan)
    data = TensorDataset(x, y)
    order = [list(range(BATCH_SIZE))] * 16 if same_batch else torch.arange(256).view(16, BATCH_SIZE).tolist()
    trainer = pl.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[] if callback is None else [callback],
        **options,
    )
    valid = DataLoader(TensorDataset(*rows(num=128)), batch_size=64)
    torch.manual_seed(5)
    trainer.fit(module, DataLoader(data, batch_sampler=order), valid)
    return module


def watched(module, **options):
    """Fit with the callback, and return it."""
    callback = MonitorCallback(say=None)
    fit(module, callback, **options)
    return callback


def test_a_sound_fit_looks_healthy_and_everything_is_seen(capsys):
    module, callback = Module(), MonitorCallback()
    fit(module, callback)
    facts = callback.monitor.facts

    assert faults(callback.monitor) == []
    assert (facts.failures, callback.session_.failures) == ((), [])
    assert (facts.num_steps, facts.num_updates) == (48, 48)
    assert facts.losses == pytest.approx(module.losses)
    assert len(set(facts.batches)) == 16
    assert (facts.batch_size, facts.looked_rows) == (BATCH_SIZE, 128)
    assert [step for step, _, _ in facts.validations] == [16, 32, 48]
    assert all(0 < error < 1 for _, _, error in facts.validations)
    assert "practicum: It looks healthy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "module", "change"),
    [
        ("C1", {"reset": False}, {}),
        ("A10", {"model": {"spare": True}}, {}),
        ("A11", {"parameters": lambda model: model.head}, {}),
        ("A12", {"model": {"freeze": True}}, {}),
        ("C6", {}, {"same_batch": True}),
        ("D3", {}, {"nan": True}),
    ],
)
def test_a_mistake_is_named(fault, module, change):
    made = module.pop("model", {}) if "model" in module else {}

    assert faults(watched(Module(net(**made), **module), **change).monitor) == [fault]


def test_a_softmax_before_the_loss_is_named_where_the_loss_is_known():
    callback = MonitorCallback(loss_fn=nn.CrossEntropyLoss(), say=None)
    fit(Module(net(softmax=True), through=True), callback)

    assert faults(callback.monitor) == ["L1"]


@pytest.mark.parametrize(
    "options", [{}, {"accumulate_grad_batches": 3}, {"precision": "bf16-mixed"}], ids=str
)
def test_watched_or_not_the_numbers_are_the_same_bits(options):
    alone, beside = Module(), Module()
    fit(alone, **options)
    callback = watched(beside, **options)

    assert same_bits(alone, beside)
    assert hooks_left(beside) == 0
    assert faults(callback.monitor) == []


def test_losses_of_accumulated_batches_are_averaged():
    module = Module()
    facts = watched(module, accumulate_grad_batches=4, epochs=2).monitor.facts

    assert (facts.num_steps, facts.num_updates) == (8, 8)
    assert facts.losses == pytest.approx([sum(module.losses[k : k + 4]) / 4 for k in range(0, 32, 4)])


def test_under_manual_optimisation_the_losses_that_are_differentiated_count():
    module = ByHand()
    callback = watched(module)
    facts = callback.monitor.facts

    assert faults(callback.monitor) == []
    assert (facts.num_steps, facts.num_updates) == (48, 96)
    assert facts.losses == pytest.approx([sum(module.losses[k : k + 2]) for k in range(0, 96, 2)])


def test_an_optimiser_that_never_steps_is_named():
    assert faults(watched(ByHand(update=False)).monitor) == ["C2"]


def test_a_validation_that_logs_nothing_is_its_returned_loss():
    facts = watched(Module(log=False)).monitor.facts

    assert [step for step, _, _ in facts.validations] == [16, 32, 48]
    assert {error for _, _, error in facts.validations} == {None}


def test_a_fit_that_fails_has_a_verdict_and_no_hook(capsys):
    class Broken(Module):
        def on_train_epoch_end(self):
            raise KeyError("mine")

    module = Broken(net(freeze=True))
    with pytest.raises(KeyError, match="mine"):
        fit(module, MonitorCallback())

    assert "[R011, A12]" in capsys.readouterr().out
    assert hooks_left(module) == 0


def test_what_the_callback_stumbles_over_is_said_and_the_fit_goes_on(monkeypatch):
    def stumble(*_):
        raise RuntimeError("no")

    said = []
    monkeypatch.setattr("practicum.faces.adapters.lightning.parted", stumble)
    module = fit(Module(), MonitorCallback(say=said.append))

    assert len(module.losses) == 48
    assert said[0].endswith("Left out: on_train_batch_end: RuntimeError: no")


def test_two_fits_have_two_monitors():
    callback = MonitorCallback(say=None)
    fit(Module(net(freeze=True)), callback, epochs=1)
    first = callback.monitor
    fit(Module(), callback, epochs=1)

    assert faults(first) == ["A12"]
    assert faults(callback.monitor) == []
