"""Every hyper-parameter of a recipe, once: default, range, scale, and the recommendation it follows.

The recipe takes its defaults and checks from here, the search its ranges, the documentation its table.
Source: Bengio 2012, section 3; ranges that the chapter leaves open say where they come from.
"""

from __future__ import annotations

from practicum.core.guide.model import Limits, Setting

LARGEST = 2**63 - 1  # what fits a column of integers in a saved record
COUNT = Limits(at_least=1, at_most=LARGEST)
FRACTION = Limits(at_least=0, below=1)

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
)

RATE = (
    Setting(
        "learning_rate",
        "3.1-02",
        "initial learning rate, ε₀",
        0.01,
        "log",
        low=1e-6,
        high=1.0,
        limits=Limits(above=0),
    ),
    Setting(
        "decay_start_step",
        "3.1-03",
        "update τ after which the rate falls as (τ/t)^α; null: never; auto: when training stops improving",
        None,
        "log-integer",
        low=300,
        high=30000,
        choices=("auto",),
        limits=COUNT,
        optional=True,
    ),
    Setting(
        "decay_exponent",
        "3.1-04",
        "exponent α of the decay",
        1.0,
        "linear",
        low=0.5,
        high=1.0,
        limits=Limits(above=0, at_most=1),
    ),
    Setting(
        "decay_threshold",
        "3.1-05",
        "relative gain of the training loss from epoch to epoch under which auto starts the decay",
        0.01,
        "log",
        low=1e-3,
        high=0.1,
        limits=FRACTION,
        status="after the chapter",
    ),
    Setting(
        "momentum",
        "3.1-15",
        "share μ = 1 − β of the old average in the averaged gradient; 0: none",
        0.0,
        "linear",
        low=0.0,
        high=0.99,
        limits=FRACTION,
    ),
    Setting(
        "averaging",
        "3.1-16",
        "decay per update of the average of the parameters that predicts; 0: the last parameters predict",
        0.0,
        "linear",
        low=0.0,
        high=0.9999,
        limits=FRACTION,
    ),
)

BATCHES = (
    Setting(
        "batch_size",
        "3.1-07",
        "examples of a minibatch, B",
        32,
        "log-integer",
        low=1,
        high=512,
        limits=COUNT,
    ),
    Setting(
        "batch_order",
        "2.1-10",
        "examples shuffled anew each epoch, shuffled once, or in the order of the file",
        "reshuffle",
        "choice",
        choices=("reshuffle", "shuffle_once", "fixed"),
    ),
)

PENALTIES = (
    Setting(
        "l2_penalty",
        "3.2-05",
        "λ of λ Σθ², against the total loss; one number, or one a layer with the output layer last",
        0.0,
        "log",
        low=1e-3,
        high=100.0,
        limits=Limits(at_least=0),
    ),
    Setting(
        "l1_penalty",
        "3.2-11",
        "λ of λ Σ|θ|, against the total loss; one number, or one a layer with the output layer last",
        0.0,
        "log",
        low=1e-3,
        high=100.0,
        limits=Limits(at_least=0),
    ),
    Setting("penalise_biases", "3.2-15", "whether the penalties act on biases too", False, "flag"),
)

STOPPING = (
    Setting(
        "early_stopping",
        "3.1-10",
        "stop when patience is over; off when one hyper-parameter is to be studied alone",
        True,
        "flag",
    ),
    Setting(
        "stop_on",
        "3.1-09",
        "validation measure that early stopping follows; error: the loss decides between equal errors",
        "loss",
        "choice",
        choices=("loss", "error"),
        status="after the chapter",
        measured="equal on average over five tables of classes; the loss is less noisy where rows are few",
    ),
    Setting(
        "patience_steps",
        "3.1-11",
        "updates to be made at least, before patience grows (erratum-E4: updates, not examples)",
        10000,
        "log-integer",
        low=1000,
        high=100000,
        limits=COUNT,
    ),
    Setting(
        "patience_increase",
        "3.1-12",
        "after a gain at update t, patience becomes at least this factor times t",
        2.0,
        "linear",
        low=1.5,
        high=4.0,
        limits=Limits(at_least=1),
    ),
    Setting(
        "improvement_threshold",
        "3.1-12",
        "relative gain of the validation measure that extends patience",
        0.005,
        "log",
        low=1e-4,
        high=0.05,
        limits=FRACTION,
    ),
    Setting(
        "significant_only",
        "3.1-13",
        "a new best counts only where a paired test on the validation rows says so",
        False,
        "flag",
    ),
    Setting(
        "validate_every_steps",
        "3.1-14",
        "updates between validations; null: until twice as many examples were seen as are validated",
        None,
        "log-integer",
        low=10,
        high=10000,
        limits=COUNT,
        optional=True,
    ),
    Setting(
        "num_steps",
        "3.1-09",
        "updates at most, T; null: until patience or the time budget ends",
        None,
        "log-integer",
        low=1000,
        high=1000000,
        limits=COUNT,
        optional=True,
    ),
    Setting(
        "seed",
        "3.2-34",
        "seed of the initial weights, of the order of the examples and of everything else that is random",
        0,
        "integer",
        low=0,
        high=2**31 - 1,
        limits=Limits(at_least=0, at_most=LARGEST),
    ),
)

SETTINGS: dict[str, Setting] = {
    setting.name: setting for setting in (*PREPARATION, *MODEL, *RATE, *BATCHES, *PENALTIES, *STOPPING)
}
