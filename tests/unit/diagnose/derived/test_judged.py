"""Facts about how sure a network is."""

import pytest
import torch

from practicum.diagnose.derived.judged import Judged, judged, probabilities, split_classes
from practicum.diagnose.derived.outputs import Outputs


def _judged(outputs, targets):
    return judged(Outputs(outputs, targets, None, None))


@pytest.mark.parametrize("single", [[[-2.0], [3.0]], [[0.1], [0.9]]])
def test_a_single_output_is_a_logit_or_a_probability(single):
    """Of the second class."""
    found = _judged(torch.tensor(single), torch.tensor([[0.0], [1.0]]))

    assert found.error == 0
    assert found.probabilities.shape == (2, 2)


def test_places_are_rows_and_padding_is_left_out():
    """Outputs are (N, C, T)."""
    targets = torch.tensor([[0, 1, -100]])
    outputs = torch.zeros(1, 2, 3)

    assert _judged(outputs, targets).labels.tolist() == [0, 1]


def test_numbers_have_no_classes():
    """Nor have outputs that do not fit."""
    assert _judged(torch.rand(4, 1), torch.rand(4, 1) + 2) is None
    assert split_classes(torch.rand(4, 3), torch.rand(4, 3)) is None


def test_logs_of_probabilities_are_known():
    """And are not normalised twice."""
    given = torch.tensor([[0.2, 0.8]])

    torch.testing.assert_close(probabilities(given.log()), given)


def test_the_surest_rows_are_judged_by_themselves():
    """Half of four, of which one is wrong."""
    found = Judged(torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.5, 0.5]]), torch.tensor([0, 1, 0, 0]))

    assert found.surest_wrong(0.5) == (0.5, 2)
    assert found.constant == 0.25
