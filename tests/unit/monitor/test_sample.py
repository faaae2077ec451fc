"""Facts about the rows that are kept."""

import torch

from practicum.monitor.sample import ROWS, Kept, Sample


def test_rows_are_kept_up_to_a_number():
    """In whole batches, inputs and targets together."""
    kept, x = Kept(), torch.randn(ROWS // 2 + 1, 3)
    while kept.wants():
        kept.take(kept.num_rows + 1, x, x[:, 0])

    assert kept.num_rows == 2 * len(x)
    assert torch.equal(kept.inputs(), torch.cat([x, x]))
    assert len(kept.targets()) == kept.num_rows


def test_they_are_copies():
    """A loop may write over its buffer."""
    kept, x = Kept(), torch.zeros(4, 2)
    kept.take(1, x, None)
    x += 1

    assert kept.inputs().sum() == 0
    assert kept.targets() is None


def test_what_does_not_fit_is_not_joined():
    """Batches of other widths, or no tensors at all."""
    kept = Kept()
    for x in (torch.zeros(4, 2), torch.zeros(4, 3)):
        kept.take(1, x, torch.zeros(3))
    kept.take(1, {"ids": torch.zeros(4)}, None)

    assert kept.inputs() is None
    assert len(kept.batches) == 2


def test_nothing_is_shared_between_samples():
    """Each loop has its own."""
    one, other = Sample(), Sample()
    one.first.take(1, torch.zeros(2, 2), None)

    assert other.first.num_rows == 0


def test_large_rows_are_kept_up_to_their_bytes(monkeypatch):
    """However many come in one batch; one at least."""
    monkeypatch.setattr("practicum.monitor.sample.BYTES", 100)
    kept = Kept()
    kept.take(1, torch.zeros(50, 5), torch.zeros(50))

    assert kept.num_rows == 5
    assert not kept.wants() or kept.num_bytes < 100 + 4 * 5
