"""What `packs.py` measures: nets, packs of them, the arithmetic of an update. The modules are in `packs_nets.py`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import pairwise

NUM_TRAIN, NUM_VALID = 8192, 1024


@dataclass(frozen=True)
class Net:
    """A network and how it is trained.

    Attributes:
        kind: "mlp", "conv", "residual", "recurrent" or "attention".
        sizes: of all layers for "mlp"; inputs and classes for the others.
        batch_size: B.
        activation: "relu" or "tanh"; only for "mlp".
        extras: whether Adam, clipping, L1 and L2 penalties and dropout are on.
    """

    kind: str
    sizes: tuple[int, ...]
    batch_size: int
    activation: str = "relu"
    extras: bool = False

    @property
    def name(self) -> str:
        """For the table."""
        shape = "-".join(map(str, self.sizes)) if self.kind == "mlp" else self.kind
        notes = [self.activation] * (self.activation != "relu") + ["Adam and all"] * self.extras
        return shape + (f" ({', '.join(notes)})" if notes else "")

    @property
    def validate_every_steps(self) -> int:
        """Updates between two validations: an epoch, as loops do it, if that is not too long to measure."""
        return min(1024, NUM_TRAIN // self.batch_size)

    def flops_per_update(self) -> int:
        """Return the arithmetic of one update of one trial of an "mlp": forward, slopes backward, weight gradients."""
        first, *rest = [fan_in * fan_out for fan_in, fan_out in pairwise(self.sizes)]
        return self.batch_size * (4 * first + 6 * sum(rest))  # nobody needs the slope at the inputs

    def to_json(self) -> dict[str, object]:
        """Return what :meth:`from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, object]) -> Net:
        """Return the net that :meth:`to_json` wrote."""
        return cls(**{**values, "sizes": tuple(values["sizes"])})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ours:
    """A pack of ours to be measured.

    Attributes:
        num_trials: K.
        own_seeds: ten seeds of one recipe, each with its own minibatches, instead of K learning rates.
        num_workers: processes.
        num_threads: of each process.
    """

    num_trials: int
    own_seeds: bool = False
    num_workers: int = 2
    num_threads: int = 1

    @property
    def name(self) -> str:
        """For the table."""
        notes = ["own seeds"] * self.own_seeds
        if (self.num_workers, self.num_threads) != (2, 1):
            notes.append(
                f"{self.num_workers} process, {self.num_threads} thread" + "s" * (self.num_threads > 1)
            )
        return f"K={self.num_trials}" + (f" ({', '.join(notes)})" if notes else "")


@dataclass(frozen=True)
class Group:
    """What is measured side by side: one net by the peers, and packs of it by us.

    Attributes:
        key: to be named on the command line.
        net: the net.
        packs: ours.
        peak: whether to measure the machine's matrix product beside.
    """

    key: str
    net: Net
    packs: tuple[Ours, ...]
    peak: bool = False


def _mlp(*sizes: int, batch: int) -> Net:
    return Net("mlp", sizes, batch)


def _packs(*num_trials: int) -> tuple[Ours, ...]:
    return tuple(map(Ours, num_trials))


TINY = _mlp(14, 32, 32, 2, batch=32)
SMALL = _mlp(14, 64, 64, 2, batch=64)
MIDDLE = _mlp(30, 128, 128, 2, batch=128)
LARGE = _mlp(784, 256, 256, 10, batch=128)
ALONE_TWO_THREADS = Ours(1, num_workers=1, num_threads=2)
THREADS = (ALONE_TWO_THREADS, Ours(16, num_workers=1), Ours(16, num_workers=1, num_threads=2))

GROUPS: tuple[Group, ...] = (
    Group("tiny", TINY, _packs(1, 2, 4, 64)),
    Group("tiny-tanh", replace(TINY, activation="tanh"), _packs(64)),
    Group("small", SMALL, (*_packs(1, 2, 4, 64), Ours(10, own_seeds=True), *THREADS)),
    Group("small-tanh", replace(SMALL, activation="tanh"), _packs(64)),
    Group("small-extras", replace(SMALL, extras=True), _packs(64)),
    Group("middle", MIDDLE, _packs(1, 2, 4, 8, 16, 32)),
    Group("middle-tanh", replace(MIDDLE, activation="tanh"), _packs(16)),
    Group("large", LARGE, (*_packs(1, 2, 4, 16), *THREADS)),
    Group("large-tanh", replace(LARGE, activation="tanh"), _packs(4)),
    Group("huge", _mlp(784, 512, 512, 10, batch=256), _packs(4, 8), peak=True),
    Group("one-by-one", replace(SMALL, batch_size=1), _packs(1, 16)),
    Group("by-32", replace(SMALL, batch_size=32), _packs(1, 16)),
    Group("conv", Net("conv", (784, 10), 32), _packs(1, 8)),
    Group("residual", Net("residual", (64, 10), 64), _packs(1, 8)),
    Group("recurrent", Net("recurrent", (8, 4), 64), _packs(1, 8)),
    Group("attention", Net("attention", (50, 4), 64), _packs(1, 8)),
)
