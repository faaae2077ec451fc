"""Ready-made spaces, each row with its source.

``searched`` stands for the guide's own range; other numbers are those of the source that is named.
Source: Bengio 2012, section 3; Bergstra & Bengio 2012 [3.4-09]; hyperopt-nnet [3.4-10].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.recipe.checks import show

PAPER_ROWS = 10_000
"""Training rows of most data sets of Bergstra & Bengio 2012."""

ADAM_RATES = {"log": [3e-4, 3e-2]}

EPOCH_BATCH = 50
"""Examples an update where a source counts epochs and its batches have 20 or 100: about their geometric mean."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a preset: an entry as in a YAML file, or a fixed value, and where it comes from."""

    name: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made space.

    Attributes:
        summary: what it is for, one line.
        rows: its lines, for a number of training rows.
    """

    summary: str
    rows: Callable[[int], tuple[Row, ...]]


def _default(_: int) -> tuple[Row, ...]:
    # In a minute, Adam reaches a lower error than momentum on most large tables (docs/experiments.md).
    return (
        Row("update_rule", "adam", "6.2-06, after the chapter: Kingma & Ba 2015"),
        Row("learning_rate", ADAM_RATES, "3.1-02; after the chapter: around Adam's usual 0.001"),
        *_structure(),
    )


def _chapter(_: int) -> tuple[Row, ...]:
    return (
        Row("learning_rate", "searched", "3.1-02"),
        Row("momentum", "searched", "3.1-15"),
        *_structure(),
    )


def _structure() -> tuple[Row, ...]:
    """Return what is varied whatever the update rule."""
    # Eight structures. Not here: the schedule, which makes trials of unequal age unfair; the batch size, tuned for time
    # [3.1-08]; corrupted inputs, whose trials make packs of their own, and which dropout stands for.
    return (
        Row("num_layers", {"choice": [1, 3]}, "3.2-01, equal layers 3.2-02; coarse, so that packs stay full"),
        Row("width", {"choice": [128, 256]}, "3.2-01: large enough; coarse, so that packs stay full"),
        Row("activation", {"choice": ["tanh", "relu"]}, "3.2-23"),
        Row("init_scale", "searched", "3.2-31"),
        Row("l2_penalty", "searched", "3.2-05; off in half of the trials 3.2-10"),
        Row("dropout", {"off": 0.5}, "system-P25, after the chapter"),
        Row("preprocess", {"choice": ["standardise", "uniformise"]}, "3.2-42: 3.2-38 and 3.2-40"),
        Row(
            "tails",
            {"choice": ["none", "log"], "when": {"preprocess": ["standardise"]}},
            "3.2-41; ranks need it not",
        ),
    )


def _small(_: int) -> tuple[Row, ...]:
    return (
        Row("learning_rate", "searched", "3.1-02, if only one can be tuned 3.1-01"),
        Row("momentum", "searched", "3.1-15"),
        Row("l2_penalty", "searched", "3.2-05"),
        Row("width", {"choice": [64, 256]}, "3.2-01; coarse, so that packs stay full"),
    )


def _bergstra_bengio(num_train: int) -> tuple[Row, ...]:
    # NOTE[DIFF]: widths are multiples of 16, to which packs are padded anyway; so 18 became 16.
    return (
        Row("num_layers", 1, "3.4-09: one hidden layer"),
        Row(
            "preprocess",
            {"choice": ["none", "standardise"], "weights": [1, 2]},
            "3.4-09: none, normalised, or PCA",
        ),
        Row(
            "pca_variance", {"linear": [0.5, 1], "off": 0.5, "when": {"preprocess": "standardise"}}, "3.4-09"
        ),
        *_initial("3.4-09"),
        Row("width", {"log_integer": [16, 1024], "multiple": 16}, "3.4-09: 18 to 1024"),
        Row("activation", {"choice": ["sigmoid", "tanh"]}, "3.4-09"),
        Row("batch_size", {"choice": [20, 100]}, "3.4-09"),
        Row("learning_rate", {"log": [0.001, 10]}, "3.4-09"),
        Row("decay_start_step", {"log_integer": [300, 30000]}, "3.4-09"),
        Row(
            "l2_penalty",
            {"log": [_of_total(3.1e-7, num_train), _of_total(3.1e-5, num_train)], "off": 0.5},
            f"3.4-09: 3.1e-7 to 3.1e-5 of the mean loss, times {num_train} rows",
        ),
    )


def _hyperopt_nnet(num_train: int) -> tuple[Row, ...]:
    # NOTE[DIFF]: its initial ranges are not multiplied by 4 for the sigmoid, and its normal has deviation r, not r/√3;
    # its PCA whitens. It counts in epochs; ours are updates, at EPOCH_BATCH examples each.
    epoch = max(1, num_train // EPOCH_BATCH)
    return (
        Row("num_layers", 1, "3.4-10: one hidden layer"),
        Row("activation", "sigmoid", "3.4-10"),
        Row("preprocess", "standardise", "3.4-10: columns normalised, or PCA"),
        Row("pca_variance", {"linear": [0.5, 1], "off": 0.5}, "3.4-10"),
        *_initial("3.4-10"),
        Row("width", {"log_integer": [16, 1024], "multiple": 16}, "3.4-10"),
        Row("batch_size", {"choice": [20, 100]}, "3.4-10"),
        Row("learning_rate", {"log_normal": [0.01, 3]}, "3.4-10"),
        Row(
            "decay_start_step",
            {"log_integer": [100 * epoch, 10000 * epoch]},
            f"3.4-10: 100 to 10000 epochs of {epoch} updates",
        ),
        Row(
            "l2_penalty",
            {"log_normal": [_of_total(1e-6, num_train), 2], "off": 0.5},
            f"3.4-10: median 1e-6 of the mean loss, times {num_train} rows",
        ),
        Row("patience_steps", 300 * epoch, f"3.4-10: 300 epochs of {epoch} updates"),
        Row("num_steps", 2000 * epoch, f"3.4-10: 2000 epochs of {epoch} updates"),
    )


def _initial(source: str) -> tuple[Row, ...]:
    """Return the initial weights of Bergstra's searches: Glorot's range as it is, or the older one with a factor."""
    return (
        Row("init_distribution", {"choice": ["uniform", "normal"]}, source),
        Row("init_range", {"choice": ["glorot", "fan_in"]}, source),
        Row("init_scale", {"linear": [0.2, 2], "when": {"init_range": "fan_in"}}, f"{source}, 3.2-31"),
    )


def _of_total(coefficient: float, num_train: int) -> float:
    """Return a penalty's coefficient beside the total loss, from that beside the mean loss [3.2-06]."""
    return float(f"{coefficient * num_train:.6g}")


PRESETS: Mapping[str, Preset] = {
    "default": Preset(
        "what `practicum fit` searches: the chapter's settings, but Adam for momentum", _default
    ),
    "chapter": Preset("the chapter's settings alone, structure on a coarse grid", _chapter),
    "small": Preset("four entries, for a tiny budget", _small),
    "bergstra-bengio": Preset("one hidden layer, as in Bergstra & Bengio (2012) [3.4-09]", _bergstra_bengio),
    "hyperopt-nnet": Preset(
        "the same net as hyperopt-nnet encodes it, with log-normals [3.4-10]", _hyperopt_nnet
    ),
}


def preset_rows(name: Any, num_train: int | None = None) -> tuple[Row, ...]:
    """Return the rows of a preset.

    Args:
        name: of the preset.
        num_train: training rows; :data:`PAPER_ROWS` where nobody says.

    Raises:
        ConfigError: if there is none of that name (the nearest is offered), or no row.
    """
    if num_train is not None and num_train < 1:
        raise ConfigError(f"`num_train` must be >= 1, but got num_train={num_train}.", num_train=num_train)
    if not isinstance(name, str) or name not in PRESETS:
        raise ConfigError(
            f"`preset` must be one of {', '.join(PRESETS)}, but got preset={show(name)}."
            f"{nearest(str(name), PRESETS)}",
            preset=name,
        )
    return PRESETS[name].rows(PAPER_ROWS if num_train is None else num_train)
