"""Facts about `practicum.Monitor`; what it names is in `contracts/test_loop_mistakes.py`."""

import pytest
import torch
from torch import nn

import practicum
from practicum.core.errors import ConfigError


@pytest.fixture
def parts():
    """Return a model and its optimiser."""
    model = nn.Linear(3, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1)


def test_what_is_no_model_and_no_optimiser_is_refused(parts):
    model, optimizer = parts
    with pytest.raises(ConfigError, match="`model` must be"):
        practicum.Monitor("model", optimizer)
    with pytest.raises(ConfigError, match="`optimizer` must be"):
        practicum.Monitor(model, model)
    with pytest.raises(ConfigError, match="`optimizer` must be"):
        practicum.Monitor(model, [optimizer, 0.1])
    with pytest.raises(ConfigError, match="`optimizer` must be"):
        practicum.Monitor(model, [])
    with pytest.raises(ConfigError, match="`loss_fn` must be"):
        practicum.Monitor(model, optimizer, loss_fn="mse")


def test_it_is_entered_once_at_a_time(parts):
    monitor = practicum.Monitor(*parts)
    with monitor, pytest.raises(ConfigError, match="once at a time"), monitor:
        pass


def test_an_error_of_the_loop_is_the_users_and_the_hooks_go(parts):
    model, optimizer = parts
    with pytest.raises(KeyError), practicum.Monitor(model, optimizer):
        raise KeyError("mine")

    assert not model._forward_hooks
    assert not model._forward_pre_hooks


def test_nothing_seen_is_nothing_wrong(parts):
    monitor = practicum.Monitor(*parts)

    assert monitor.findings() == ()
    assert "0 steps" in str(monitor)


def test_validations_are_kept(parts):
    with practicum.Monitor(*parts) as monitor:
        monitor.validate(0.5, error=0.1)
        monitor.validate(torch.tensor(0.25))

    assert monitor.facts.validations == [(0, 0.5, 0.1), (0, 0.25, None)]


def test_a_loss_that_is_a_plain_number_breaks_nothing(parts):
    with practicum.Monitor(*parts) as monitor:
        monitor.step(0.3)

    assert monitor.facts.failures == ()
    assert monitor.facts.losses == [0.3]


def test_what_is_no_number_at_all_is_left_out_and_said(parts):
    with practicum.Monitor(*parts) as monitor:
        monitor.step("low")

    assert len(monitor.facts.failures) == 1
    assert "Left out" in str(monitor)


def test_the_record_has_tables_and_the_report_is_a_page(parts, tmp_path):
    model, optimizer = parts
    with practicum.Monitor(model, optimizer, every=1) as monitor:
        for _ in range(3):
            optimizer.zero_grad()
            loss = model(torch.ones(4, 3)).square().mean()
            loss.backward()
            optimizer.step()
            monitor.step(loss)

    assert monitor.record.parameters["step"].unique().sort().to_list() == [1, 2, 3]
    page = monitor.report(tmp_path / "run.html")
    assert "looks healthy" in page.read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="can be written"):
        monitor.report(tmp_path / "absent" / "run.html")


def test_every_is_a_number_of_steps(parts):
    with pytest.raises(ConfigError, match="`every` must be >= 1"):
        practicum.Monitor(*parts, every=0)


def test_nothing_found_is_nothing_to_prove(parts):
    assert practicum.Monitor(*parts).findings(prove=True) == ()


def test_a_second_run_of_the_same_seed_that_differs_is_told():
    """Its first steps are enough; one that does not differ changes nothing."""
    monitors = []
    for seed in (0, 0, 1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = nn.Linear(3, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            with practicum.Monitor(model, optimizer) as monitor:
                for _ in range(3 + len(monitors)):
                    optimizer.zero_grad()
                    loss = model(torch.randn(8, 3)).square().mean()
                    loss.backward()
                    optimizer.step()
                    monitor.step(loss)
        monitors.append(monitor)
    first, same, other = monitors

    assert first.findings(again=same) == first.findings()
    assert first.findings(again=other)[0].causes == (("C10", 1.0),)
    assert first.causes(again=other)[0] == ("C10", 1.0)
    with pytest.raises(ConfigError, match="`again` must be the monitor"):
        first.findings(again=[0.5, 0.4])


def test_a_model_that_cannot_be_asked_has_no_probes():
    """And why is said."""

    class Stubborn(nn.Linear):
        def forward(self, x):
            assert self.training
            return super().forward(x)

    model, x, y = Stubborn(3, 2), torch.randn(200, 3), torch.arange(200) % 2
    loss_fn = nn.CrossEntropyLoss()
    with practicum.Monitor(model, torch.optim.SGD(model.parameters(), lr=0.1), loss_fn=loss_fn) as monitor:
        loss = loss_fn(model(x), y)
        loss.backward()
        monitor.step(loss, inputs=x, targets=y)

    assert monitor.probes() == ()
    assert "AssertionError" in monitor.facts.unasked[0]
