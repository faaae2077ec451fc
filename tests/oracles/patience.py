"""The slow twin of early stopping: the loop of the Deep Learning Tutorials' ``mlp.py``, word for word in structure.

Names are the tutorial's; ``n_epochs`` and ``test_model`` play no part in when it stops and are left out.
"""

from __future__ import annotations

from collections.abc import Callable


def sgd_optimization(
    validation_loss_of: Callable[[int], float],
    *,
    patience: float = 10000,
    patience_increase: float = 2,
    improvement_threshold: float = 0.995,
    validation_frequency: int,
    n_train_batches: int = 7,
) -> tuple[int, int, float]:
    """Return the last ``iter``, the ``iter`` of the best validation and its loss.

    Args:
        validation_loss_of: loss of the first, second … validation, counted from 0.
        patience: look at this many minibatches regardless.
        patience_increase: wait this much longer when a new best is found.
        improvement_threshold: a relative improvement of this much is considered significant.
        validation_frequency: minibatches between two validations.
        n_train_batches: minibatches of an epoch.
    """
    best_validation_loss = float("inf")
    best_iter = -1
    epoch = 0
    validations = 0
    while True:
        epoch = epoch + 1
        for minibatch_index in range(n_train_batches):
            iter = (epoch - 1) * n_train_batches + minibatch_index  # noqa: A001
            if (iter + 1) % validation_frequency == 0:
                this_validation_loss = validation_loss_of(validations)
                validations += 1
                if this_validation_loss < best_validation_loss:
                    if this_validation_loss < best_validation_loss * improvement_threshold:
                        patience = max(patience, iter * patience_increase)
                    best_validation_loss = this_validation_loss
                    best_iter = iter
            if patience <= iter:
                return iter, best_iter, best_validation_loss
