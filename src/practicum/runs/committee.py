"""The committee on disk and in memory: what a finished run predicts with [3.2-37].

Rows are evaluated in chunks of one fixed size on one thread, so that a row's prediction is the same bits whatever
rows come with it, before saving and after loading, in any process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from practicum import __version__
from practicum.core.errors import RecordError
from practicum.data.dataset import Dataset
from practicum.models.committee import committee_prediction, member_predictions
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.runs.weights import load_members, save_members

CHUNK = 256
"""Rows evaluated at once, a multiple of 16; a last chunk is filled up to it."""

Outputs = npt.NDArray[np.float64]


class Committee:
    """Members of one shape, and their averaged prediction.

    Args:
        members: at least one; they are kept, in evaluation mode.

    Attributes:
        members: the same.

    Example:
        >>> network = Network(num_inputs=2, hidden_sizes=(), num_outputs=1, activation="relu", task="regression")
        >>> committee = Committee([MLP(network), MLP(network)])
        >>> committee.predict(Dataset(torch.ones(1, 2), torch.zeros(1, 0), torch.zeros(1, 0)))
        array([[0.]])
    """

    def __init__(self, members: Sequence[MLP]) -> None:
        assert members, "a committee has at least one member"
        self.members = [member.eval() for member in members]

    @property
    def network(self) -> Network:
        """The shape that all members share."""
        return self.members[0].network

    def predict(self, dataset: Dataset) -> Outputs:
        """Return the mean of the members' output units, shape (N, O).

        These are probabilities (of the second class, or of each) or standardised values, not labels.

        Source:
            Bengio 2012, 3.2-37.
        """
        out_NO = np.empty((len(dataset), self.network.num_outputs))
        for rows, each_MBO in self._in_chunks(dataset):
            out_NO[rows] = committee_prediction(each_MBO)
        return out_NO

    def predict_each(self, dataset: Dataset) -> Outputs:
        """Return the output units of each member, shape (members, N, O)."""
        out_MNO = np.empty((len(self.members), len(dataset), self.network.num_outputs))
        for rows, each_MBO in self._in_chunks(dataset):
            out_MNO[:, rows] = each_MBO
        return out_MNO

    def _in_chunks(self, dataset: Dataset) -> Iterator[tuple[slice, Outputs]]:
        """Yield rows, and what each member predicts for them, (members, B, O)."""
        x_BI = torch.zeros(CHUNK, dataset.x.shape[1])
        codes_BC = torch.zeros(CHUNK, dataset.codes.shape[1], dtype=torch.int64)
        chunk = Dataset(x_BI, codes_BC, torch.empty(CHUNK, 0), dataset.num_levels)
        with one_thread():
            for start in range(0, len(dataset), CHUNK):
                count = min(CHUNK, len(dataset) - start)
                x_BI[:count] = dataset.x[start : start + count]
                codes_BC[:count] = dataset.codes[start : start + count]
                yield slice(start, start + count), member_predictions(self.members, chunk)[:, :count]

    def save(self, path: Path, metadata: Mapping[str, Any] | None = None) -> None:
        """Write all members to ``path`` (safetensors), their shape and ``metadata`` (JSON values) with them."""
        own = {"practicum": __version__, **asdict(self.network)}
        save_members(
            path, [dict(member.state_dict()) for member in self.members], {**(metadata or {}), **own}
        )

    @classmethod
    def load(cls, path: Path) -> Committee:
        """Return the committee that :meth:`save` wrote.

        Raises:
            RecordError: if the file is absent, damaged or of another format.
        """
        members, metadata = load_members(path)
        try:
            found = {field.name: metadata[field.name] for field in fields(Network)}
            shape: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
            network = Network(**shape)
            return cls([MLP(network, member) for member in members])
        except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, AssertionError) as error:
            reason = " ".join(str(error).split())
            raise RecordError(
                f"`weights` must fit their network, but in {path} they do not ({reason}). "
                f"Restore the file from a copy or train again.",
                file=path,
            ) from None


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread inside; the caller's setting comes back after."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
