"""Facts about `practicum.check` and `practicum.check_table`."""

import numpy as np
import pytest
import torch
from tests.made_tables import sound
from torch import nn

import practicum
from practicum.checks.parts import PARTS
from practicum.core.errors import ConfigError, DataError


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 1))


def only(monkeypatch, *titles):
    """Leave out all other checks."""
    kept = {title: look for title, look in PARTS.items() if title in titles}
    monkeypatch.setattr("practicum.checks.model_check.PARTS", kept)


X = torch.randn(60, 3, generator=torch.Generator().manual_seed(0))
NUMBERS = X.sum(1, keepdim=True)
YES = (NUMBERS > 0).float()


@pytest.mark.parametrize(
    ("loss", "y"),
    [("squared_error", NUMBERS), ("binary_cross_entropy", YES), (nn.functional.l1_loss, NUMBERS)],
)
def test_losses_have_names_or_are_functions(model, loss, y):
    assert practicum.check(model, loss, (X, y)).passed


def test_a_pair_and_a_mapping_are_the_same_batch(model, monkeypatch):
    only(monkeypatch, "Modules", "Loss at the start")
    one, other = (
        practicum.check(model, "squared_error", batch) for batch in ((X, NUMBERS), {"x": X, "y": NUMBERS})
    )

    assert one.text == other.text


def test_progress_goes_to_stderr(model, capsys, monkeypatch):
    only(monkeypatch, "Modules")
    monkeypatch.setattr("practicum.faces.progress.LINE_SECONDS", 0.0)
    monkeypatch.setattr("practicum.faces.progress.SIGN_OF_LIFE_SECONDS", 0.0)
    practicum.check(model, "squared_error", (X, NUMBERS), verbose=True)
    said = capsys.readouterr()

    assert said.out == ""
    assert "Modules" in said.err


def test_time_and_memory_are_looked_at_when_asked_for(model, monkeypatch):
    only(monkeypatch, "Modules")
    found = practicum.check(model, "squared_error", (X, NUMBERS), profile=True)

    assert [part.title for part in found.parts] == ["Modules", "Time and memory"]
    assert "forward" in found.parts[1].text


@pytest.mark.parametrize("batch", [X, (X,), {"x": X}, (X, NUMBERS, NUMBERS)])
def test_what_is_no_batch_is_refused(model, batch):
    with pytest.raises(DataError, match="must be a pair"):
        practicum.check(model, "squared_error", batch)


def test_an_unknown_loss_is_refused_with_the_nearest(model):
    with pytest.raises(ConfigError, match='Did you mean "squared_error"'):
        practicum.check(model, "squared_eror", (X, NUMBERS))


def test_a_table_is_looked_at():
    table = sound()

    assert practicum.check_table(table, target="y") == ()
    found = practicum.check_table({**table, "again": table["x0"]}, target="y")
    assert [one.causes[0][0] for one in found] == ["D2"]


def test_a_table_in_order_of_time_is_no_fault():
    table = {**sound(), "day": np.arange(600)}

    assert practicum.check_table(table, target="y", time="day") == ()
