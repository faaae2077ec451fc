"""The committee on disk and in memory: what a finished run predicts with [3.2-37].

Members may differ in everything: seed, shape, preparation of their inputs. Rows are evaluated in chunks of one fixed
size on one thread, so that a row's prediction is the same bits whatever rows come with it, before saving and after
loading, in any process.
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
from practicum.models.committee import committee_prediction, member_prediction
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.runs.weights import load_members, save_members

CHUNK = 256
"""Rows evaluated at once, a multiple of 16; a last chunk is filled up to it."""

Outputs = npt.NDArray[np.float64]
Inputs = Dataset | Sequence[Dataset]
"""Rows prepared in one way, or in each of several ways, all of the same rows."""

Scaling = tuple[float, float]
"""Mean and deviation of the target that a preparation takes away."""


class Committee:
    """Members, and the mean of their predictions.

    Args:
        members: at least one; they are kept, in evaluation mode.
        votes: how often each counts; once by default.
        preparations: number of the preparation that each member's inputs come from; 0 by default.
        scalings: of the target in each preparation; needed where they differ (regression in folds).

    Attributes:
        members: the same.

    Example:
        >>> network = Network(num_inputs=2, hidden_sizes=(), num_outputs=1, activation="relu", task="regression")
        >>> committee = Committee([MLP(network), MLP(network)])
        >>> committee.predict(Dataset(torch.ones(1, 2), torch.zeros(1, 0), torch.zeros(1, 0)))
        array([[0.]])
    """

    def __init__(
        self,
        members: Sequence[MLP],
        *,
        votes: Sequence[int] | None = None,
        preparations: Sequence[int] | None = None,
        scalings: Sequence[Scaling] = ((0.0, 1.0),),
    ) -> None:
        assert members, "a committee has at least one member"
        self.members = [member.eval() for member in members]
        self.votes = tuple(votes or [1] * len(members))
        self.preparations = tuple(preparations or [0] * len(members))
        self.scalings = tuple((float(mean), float(deviation)) for mean, deviation in scalings)
        assert len(self.votes) == len(self.preparations) == len(self.members)
        assert max(self.preparations) < len(self.scalings)

    @property
    def num_preparations(self) -> int:
        """In how many ways rows must be prepared."""
        return len(self.scalings)

    @property
    def network(self) -> Network:
        """The shape of the first member."""
        return self.members[0].network

    def predict(self, inputs: Inputs) -> Outputs:
        """Return the mean of the members' output units, shape (N, O).

        These are probabilities (of the second class, or of each) or values standardised as the first preparation does,
        not labels.

        Args:
            inputs: the rows, prepared in each way.

        Source:
            Bengio 2012, 3.2-37.
        """
        datasets = self._datasets(inputs)
        out_NO = np.empty((len(datasets[0]), self.network.num_outputs))
        for rows, each_MBO in self._in_chunks(datasets):
            out_NO[rows] = committee_prediction(each_MBO, self.votes)
        return out_NO

    def predict_each(self, inputs: Inputs) -> Outputs:
        """Return the output units of each member, shape (members, N, O)."""
        datasets = self._datasets(inputs)
        out_MNO = np.empty((len(self.members), len(datasets[0]), self.network.num_outputs))
        for rows, each_MBO in self._in_chunks(datasets):
            out_MNO[:, rows] = each_MBO
        return out_MNO

    def _datasets(self, inputs: Inputs) -> Sequence[Dataset]:
        datasets = [inputs] if isinstance(inputs, Dataset) else inputs
        assert len(datasets) == self.num_preparations, "rows must be prepared in each way"
        return datasets

    def _in_chunks(self, datasets: Sequence[Dataset]) -> Iterator[tuple[slice, Outputs]]:
        """Yield rows, and what each member predicts for them, (members, B, O)."""
        chunks = [_empty_chunk(dataset) for dataset in datasets]
        num_rows = len(datasets[0])
        with one_thread():
            for start in range(0, num_rows, CHUNK):
                count = min(CHUNK, num_rows - start)
                for chunk, dataset in zip(chunks, datasets, strict=True):
                    chunk.x[:count] = dataset.x[start : start + count]
                    chunk.codes[:count] = dataset.codes[start : start + count]
                each = [
                    self._in_first_scaling(member_prediction(member, chunks[number]), number)[:count]
                    for member, number in zip(self.members, self.preparations, strict=True)
                ]
                yield slice(start, start + count), np.stack(each)

    def _in_first_scaling(self, values: Outputs, number: int) -> Outputs:
        """Return standardised values of preparation ``number`` as the first preparation standardises them."""
        if self.scalings[number] == self.scalings[0]:
            return values
        (mean, deviation), (first_mean, first_deviation) = self.scalings[number], self.scalings[0]
        return (values * deviation + mean - first_mean) / first_deviation

    def save(self, path: Path, metadata: Mapping[str, Any] | None = None) -> None:
        """Write all members to ``path`` (safetensors), their shapes and ``metadata`` (JSON values) with them."""
        own = {
            "practicum": __version__,
            "networks": [asdict(member.network) for member in self.members],
            "votes": self.votes,
            "preparations": self.preparations,
            "scalings": self.scalings,
        }
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
            networks = [_network(found) for found in metadata["networks"]]
            nets = [MLP(network, member) for network, member in zip(networks, members, strict=True)]
            votes, preparations = metadata["votes"], metadata["preparations"]
            return cls(nets, votes=votes, preparations=preparations, scalings=metadata["scalings"])
        except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, AssertionError) as error:
            reason = " ".join(str(error).split())
            raise RecordError(
                f"`weights` must fit their network, but in {path} they do not ({reason}). "
                f"Restore the file from a copy or train again.",
                file=path,
            ) from None


def _empty_chunk(dataset: Dataset) -> Dataset:
    """Return room for a chunk of rows like those of ``dataset``."""
    codes_BC = torch.zeros(CHUNK, dataset.codes.shape[1], dtype=torch.int64)
    x_BI = torch.zeros(CHUNK, dataset.x.shape[1])
    return Dataset(x_BI, codes_BC, torch.empty(CHUNK, 0), dataset.num_levels)


def _network(found: Mapping[str, Any]) -> Network:
    values = {field.name: found[field.name] for field in fields(Network)}
    shape: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return Network(**shape)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread inside; the caller's setting comes back after."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
