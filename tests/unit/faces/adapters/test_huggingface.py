"""Facts about the callback for Hugging Face's `Trainer`, in real trainings."""

from pathlib import Path

import pytest
import torch
from tests.made_batches import BATCH_SIZE, faults, hooks_left, net, rows, same_bits
from torch import nn

pytest.importorskip("transformers", reason="the extra `adapters` is not installed")
pytest.importorskip("accelerate", reason="the extra `adapters` is not installed")

from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

from practicum.faces.adapters.huggingface import MonitorCallback


class Model(nn.Module):
    """A classifier as transformers has them: a mapping with loss and logits comes out."""

    def __init__(self, inside=None):
        super().__init__()
        self.net = net() if inside is None else inside
        self.losses = []

    def forward(self, x, labels=None):
        logits = self.net(x)
        if labels is None:
            return {"logits": logits}
        loss = nn.functional.cross_entropy(logits, labels)
        if self.training:
            self.losses.append(loss.item())
        return {"loss": loss, "logits": logits}


class Quiet(Model):
    """The same, without a list that a compiler would stumble over."""

    def forward(self, x, labels=None):
        logits = self.net(x)
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}


class SameBatch(Trainer):
    """Takes the first batch at every step."""

    def get_train_dataloader(self):
        first = next(iter(super().get_train_dataloader()))
        return [first] * (256 // BATCH_SIZE)


class Logging(Trainer):
    """Logs each step."""

    def __init__(self, model, args, **given):
        args.logging_strategy, args.logging_steps = "steps", 1
        super().__init__(model, args, **given)


class Sentences(Logging):
    """Takes sequences instead of rows."""

    def __init__(self, model, args, **given):
        given |= {"train_dataset": sentences(256), "eval_dataset": sentences(128)}
        super().__init__(model, args, **given)


def data(x, y):
    """Return rows as transformers takes them."""
    return [{"x": one, "labels": label} for one, label in zip(x, y, strict=True)]


def accuracy(given):
    """Return what an evaluation reports beside its loss."""
    return {"accuracy": float((given.predictions.argmax(1) == given.label_ids).mean())}


@pytest.fixture
def train(tmp_path: Path):
    """Return a function that trains a model on the rows, validated on half of them."""

    def run(model, callback=None, *, nan=False, kind=Trainer, updated=None, epochs=3, **options):
        arguments = TrainingArguments(
            str(tmp_path),
            use_cpu=True,
            report_to=[],
            per_device_train_batch_size=BATCH_SIZE,
            per_device_eval_batch_size=64,
            num_train_epochs=epochs,
            learning_rate=0.01,
            eval_strategy="epoch",
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
            seed=3,
            **options,
        )
        optimizer = None if updated is None else torch.optim.SGD(updated.parameters(), lr=0.05)
        trainer = kind(
            model,
            arguments,
            train_dataset=data(*rows(nan=nan)),
            eval_dataset=data(*rows(num=128)),
            compute_metrics=accuracy,
            optimizers=(optimizer, None),
            callbacks=[] if callback is None else [callback],
        )
        trainer.train()
        return model

    return run


def test_a_sound_training_looks_healthy_and_everything_is_seen(train, capsys):
    callback = MonitorCallback()
    model = train(Model(), callback)
    facts = callback.monitor.facts

    assert faults(callback.monitor) == []
    assert (facts.failures, callback.session_.failures) == ((), [])
    assert (facts.num_steps, facts.num_updates) == (48, 48)
    assert facts.losses == pytest.approx(model.losses)
    assert len(set(facts.batches)) == 48
    assert (facts.batch_size, facts.looked_rows) == (BATCH_SIZE, 128)
    assert [step for step, _, _ in facts.validations] == [16, 32, 48]
    assert all(0 < error < 1 for _, _, error in facts.validations)
    assert "practicum: It looks healthy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "made", "change"),
    [
        ("A10", {"spare": True}, {}),
        ("A12", {"freeze": True}, {}),
        ("C6", {}, {"kind": SameBatch}),
        ("D3", {}, {"nan": True}),
    ],
)
def test_a_mistake_is_named(train, fault, made, change):
    callback = MonitorCallback(say=None)
    train(Model(net(**made)), callback, **change)

    assert faults(callback.monitor) == [fault]


def test_a_parameter_outside_the_optimiser_is_named(train):
    callback, model = MonitorCallback(say=None), Model()
    train(model, callback, updated=model.net.head)

    assert faults(callback.monitor) == ["A11"]


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2, "bf16": True}], ids=str)
def test_watched_or_not_the_numbers_are_the_same_bits(train, options):
    callback = MonitorCallback(say=None)
    alone, beside = train(Model(), **options), train(Model(), callback, **options)

    assert same_bits(alone, beside)
    assert hooks_left(beside) == 0
    assert faults(callback.monitor) == []


def test_losses_of_accumulated_batches_are_averaged(train):
    callback = MonitorCallback(say=None)
    model = train(Model(), callback, epochs=2, gradient_accumulation_steps=4)
    facts = callback.monitor.facts

    assert (facts.num_steps, facts.num_updates) == (8, 8)
    assert facts.losses == pytest.approx([sum(model.losses[k : k + 4]) / 4 for k in range(0, 32, 4)])


@pytest.fixture
def bert():
    """Return a tiny model of transformers' own, for sequences of 6 of 40 tokens."""
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return BertForSequenceClassification(BertConfig(vocab_size=40, num_labels=3, **sizes))


def sentences(num):
    """Return sequences as transformers takes them."""
    tokens = torch.randint(40, (num, 6), generator=torch.Generator().manual_seed(1))
    return [{"input_ids": one, "labels": one[0] % 3} for one in tokens]


def test_a_model_of_transformers_is_watched(train, bert):
    callback = MonitorCallback(say=None)
    train(bert, callback, kind=Sentences)
    facts = callback.monitor.facts

    assert faults(callback.monitor) == []
    assert (facts.failures, callback.session_.failures) == ((), [])
    assert (facts.num_steps, facts.num_updates, len(set(facts.batches))) == (48, 48, 48)


def test_a_loss_that_is_computed_outside_the_model_is_the_logged_one(train, bert):
    callback = MonitorCallback(say=None)
    train(bert, callback, kind=Sentences, label_smoothing_factor=0.1)
    facts = callback.monitor.facts

    assert facts.num_steps == 47  # the first is logged after it was taken in
    assert all(0 < one < 3 for one in facts.losses)
    assert faults(callback.monitor) == []


def test_a_compiled_model_is_watched_without_being_changed(train):
    options = {"torch_compile": True, "torch_compile_backend": "eager", "epochs": 1, "kind": Logging}
    callback = MonitorCallback(say=None)
    alone, beside = train(Quiet(), **options), train(Quiet(net()), callback, **options)

    assert same_bits(alone, beside)
    assert faults(callback.monitor) == []
    assert callback.monitor.facts.num_updates == 16


def test_what_the_callback_stumbles_over_is_said_and_the_training_goes_on(train, monkeypatch):
    def stumble(*_):
        raise RuntimeError("no")

    said = []
    monkeypatch.setattr("practicum.faces.adapters.huggingface.parted", stumble)
    model = train(Model(), MonitorCallback(say=said.append), epochs=1)

    assert len(model.losses) == 16
    assert said[0].endswith("Left out: _passed: RuntimeError: no")
