"""Facts about experiments on a loop that a monitor has watched: they know what it knows, and say what is missing."""

import torch
from tests.made_subjects import made_subject

from practicum.core.finding import Finding
from practicum.diagnose.evidence.watched import proven, subject_of
from practicum.faces.monitor import Monitor

SLOW = Finding("R099", "warning", (("O2", 0.6),), "It hardly falls.", "Raise the rate.", "2.1-02")
EXACT = Finding("R001", "critical", (("C1", 1.0),), "It adds up.", "Reset it.", "fault-C1")


def watched(lr=1e-4, num_epochs=2, **options):
    """Return a monitor of a loop over a few rows, several times."""
    made = made_subject(lambda parameters: torch.optim.SGD(parameters, lr=lr))
    given = {"loss_fn": made.loss_fn, "rows": True, "valid": True, **options}
    monitor = Monitor(made.model, made.optimizers[0], loss_fn=given["loss_fn"])
    with monitor:
        for _ in range(num_epochs):
            for x, y in zip(made.inputs.split(32), made.targets.split(32), strict=True):
                made.optimizers[0].zero_grad()
                loss = made.loss_fn(made.model(x), y)
                loss.backward()
                made.optimizers[0].step()
                monitor.step(loss, **({"inputs": x, "targets": y} if given["rows"] else {}))
            if given["valid"]:
                monitor.validate(1.0, inputs=made.valid_inputs, targets=made.valid_targets)
    return monitor, made


def test_the_subject_is_the_loop_with_its_rows_once_each():
    """Rows of two epochs are kept once; batch size, start and validation rows are known."""
    monitor, made = watched()
    subject = subject_of(monitor.facts)

    assert subject.model is made.model
    assert len(subject.inputs) == len(made.inputs)
    assert subject.batch_size == 32
    assert torch.equal(subject.start["0.weight"], made.start["0.weight"])
    assert len(subject.parts()[1]) == len(made.valid_inputs)


def test_a_finding_about_a_watched_loop_is_proven():
    """The loop's weights stay the same bits."""
    monitor, made = watched()
    before = [one.clone() for one in made.model.state_dict().values()]
    found = proven([SLOW, EXACT], monitor.facts, budget_seconds=600.0)

    assert [one.rule for one in found] == ["R001", "R099"]
    assert found[1].confirmed
    assert all(torch.equal(a, b) for a, b in zip(before, made.model.state_dict().values(), strict=True))


def test_what_is_not_known_is_said():
    """No loss, or no rows; exact facts need neither."""
    without_loss, _ = watched(loss_fn=None)
    without_rows, _ = watched(rows=False, valid=False)

    assert proven([EXACT, SLOW], without_loss.facts) == (
        EXACT,
        Finding(
            *(getattr(SLOW, name) for name in ("rule", "severity", "causes", "evidence", "advice", "source")),
            proof="Not tried: the loss is not known, give the monitor `loss_fn`.",
        ),
    )
    assert "no rows are known" in proven([SLOW], without_rows.facts)[0].proof
    assert proven([EXACT], without_rows.facts) == (EXACT,)
