"""Settings of the inputs, of what a trial sees of the data, and of the network."""

from __future__ import annotations

from practicum.core.guide.model import FRACTION, LARGEST, USED, Limits, Setting

SHAPE_MEASURED = (
    "of 15 shapes (5 activations, 1 to 3 layers of 128) on eight tables, the lowest validation error on average: "
    "2.5 % above each table's best (benchmarks/defaults.py)"
)

PREPARATION = (
    Setting(
        "preprocess",
        "3.2-38",
        "how numeric inputs come to a common scale; unit: [0, 1] by the training minimum and maximum",
        "standardise",
        "choice",
        choices=("standardise", "uniformise", "unit", "none"),
    ),
    Setting(
        "tails",
        "3.2-41",
        "signed log1p or signed square root on long-tailed numeric inputs, before `preprocess`",
        "none",
        "choice",
        choices=("none", "log", "sqrt"),
    ),
    Setting(
        "pca_variance",
        "3.2-39",
        "fraction of the variance that PCA keeps; null: no PCA (range: Bergstra & Bengio's search)",
        None,
        "linear",
        low=0.5,
        high=1.0,
        limits=Limits(above=0, at_most=1),
        optional=True,
    ),
    Setting(
        "categories",
        "5.3-02",
        "categorical inputs as one-hot columns or as learned embeddings",
        "one_hot",
        "choice",
        choices=("one_hot", "embedding"),
    ),
)

VIEW = (
    Setting(
        "num_folds",
        "3-03",
        "parts of k-fold cross-validation, each validating once; null: one split held out",
        None,
        "integer",
        low=3,
        high=10,
        limits=Limits(at_least=2, at_most=LARGEST),
        optional=True,
    ),
    Setting(
        "fold",
        "3-03",
        "number of the fold that validates this trial, from 0; the others train it",
        0,
        "integer",
        low=0,
        high=9,
        limits=Limits(at_least=0, at_most=LARGEST),
        when={"num_folds": (USED,)},
    ),
    Setting(
        "bagging",
        "3.2-37",
        "whether the trial's training rows are drawn anew from them, with replacement, by its seed",
        False,
        "flag",
    ),
    Setting(
        "input_fraction",
        "3.2-37",
        "share of the prepared inputs that the trial sees, drawn by its seed; the others count as 0",
        1.0,
        "linear",
        low=0.5,
        high=1.0,
        limits=Limits(above=0, at_most=1),
    ),
)

MODEL = (
    Setting(
        "hidden_sizes",
        "3.2-01",
        "units of each hidden layer, n_h; []: a linear model (range: Bergstra & Bengio's search, rounded)",
        (128, 128, 128),
        "log-integer",
        low=16,
        high=1024,
        limits=Limits(at_least=1, at_most=65536),
        status="after the chapter",
        measured=SHAPE_MEASURED,
    ),
    Setting(
        "activation",
        "3.2-23",
        "non-linearity of the hidden units, s(a)",
        "tanh",
        "choice",
        choices=("tanh", "sigmoid", "relu", "hard_tanh", "softsign"),
        status="after the chapter",
        measured=SHAPE_MEASURED,
    ),
    Setting(
        "init_scale",
        "3.2-31",
        "factor on the range r of the initial weights",
        1.0,
        "linear",
        low=0.2,
        high=2.0,
        limits=Limits(at_least=0),
    ),
    Setting(
        "init_distribution",
        "3.4-09",
        "distribution of the initial weights; a normal has the deviation of the uniform, r/√3",
        "uniform",
        "choice",
        choices=("uniform", "normal"),
    ),
    Setting(
        "init_range",
        "3.2-29",
        "r of the initial weights: glorot √(6/(fan-in + fan-out)) times the activation's; fan_in 1/√fan-in",
        "glorot",
        "choice",
        choices=("glorot", "fan_in"),
    ),
    Setting(
        "dropout",
        "system-P25",
        "share of hidden units silenced in each training example, drawn anew; the rest is scaled up",
        0.0,
        "linear",
        low=0.0,
        high=0.7,
        limits=FRACTION,
        status="after the chapter",
    ),
    Setting(
        "corruption",
        "1.2-05",
        "kind of noise on the inputs, drawn anew for each presentation; its size is `corruption_level`",
        "masking",
        "choice",
        choices=("masking", "gaussian", "salt_and_pepper"),
        when={"corruption_level": (USED,)},
    ),
    Setting(
        "corruption_level",
        "1.2-04",
        "share of inputs zeroed or flipped, or deviation of the Gaussian noise; 0: none",
        0.0,
        "linear",
        low=0.0,
        high=0.5,
        limits=Limits(at_least=0),
    ),
    Setting(
        "model",
        "1-02",
        "settings of a user's own `build`, by name; practicum passes them on and reads none",
        {},
        "mapping",
        status="after the chapter",
    ),
)

SHAPE = (
    Setting(
        "num_layers",
        "3.2-02",
        "hidden layers, all of `width` units; together they make `hidden_sizes`",
        3,
        "integer",
        low=1,
        high=3,
        limits=Limits(at_least=0, at_most=100),
        status="after the chapter",
        measured=SHAPE_MEASURED,
    ),
    Setting(
        "width",
        "3.2-01",
        "units of each of `num_layers` hidden layers (range: Bergstra & Bengio's search, rounded)",
        128,
        "log-integer",
        low=16,
        high=1024,
        limits=Limits(at_least=1, at_most=65536),
        status="after the chapter",
        measured=SHAPE_MEASURED,
        when={"num_layers": (USED,)},
    ),
)
"""What a search varies in place of `hidden_sizes`."""
