"""The result of an evaluation is plain data."""

import numpy as np
import torch

from practicum.training.evaluate import Evaluation


def test_an_evaluation_holds_a_number_a_trial():
    """Loss and error by trial, losses by row."""
    found = Evaluation(np.zeros(2), np.ones(2), torch.zeros(2, 5))

    assert found.loss.shape == found.error.shape == found.row_losses.shape[:1]
