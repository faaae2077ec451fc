"""Section 3.3 of the chapter: manual, grid and layer-wise search."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "3.3-01",
        "Numerical and symbolic hyper-parameters",
        "Numerical hyper-parameters (ordered, real or integer) and symbolic ones (unordered) are different "
        "types of a search space.",
    ),
    Entry(
        "3.3-02",
        "Selection overfits too",
        "Selection is learning: one can overfit the validation error, and the best of many validation "
        "errors is optimistic. Report the best validation error, its test error, and how many "
        "configurations were compared.",
    ),
    Entry(
        "3.3-03",
        "Border rule",
        "The curve over a hyper-parameter is expected to be a noisy U. If the best value lies near the "
        "border of the interval, go on beyond it.",
    ),
    Entry(
        "3.3-04",
        "Three values are not enough",
        "Never conclude from three values, even if the middle one is best.",
    ),
    Entry(
        "3.3-05",
        "Search in the log domain",
        "For positive numerical hyper-parameters ratios matter (0.01 and 0.011 are alike, 0.001 and 0.002 "
        "may differ a lot). Start from a wide interval that experience gives.",
    ),
    Entry(
        "3.3-06",
        "Cost beside error",
        "Record the cost of training and of prediction beside the validation error; hyper-parameters such "
        "as n_h or T scale it.",
    ),
    Entry(
        "3.3-07",
        "Cheap surrogates",
        "For example, random untrained filters in lower layers select convolutional architectures (Saxe et "
        "al.): noisy and pessimistic, but correlated. Pick a few survivors for full training with them.",
    ),
    Entry(
        "3.3-08",
        "Hundreds of trials are the practice",
        "Hundreds to thousands of jobs are run, about ten thousand trials with cheap surrogates.",
    ),
    Entry(
        "3.3-09",
        "Coordinate descent",
        "By hand, on one machine: change one hyper-parameter at a time, always from the best configuration "
        "so far, and revisit the most sensitive ones (the learning rate) more often than the others.",
    ),
    Entry(
        "3.3-10",
        "Wide first, finer later",
        "Multi-resolution search: a few values over a wide range first, then smaller variations around the "
        "one or few best.",
    ),
    Entry(
        "3.3-11",
        "Grid search",
        "K values regularly spaced in the log domain for each hyper-parameter, and all combinations: 5 "
        "hyper-parameters of 6 values make 6⁵ = 7776. Beyond 2 or 3 hyper-parameters random search is "
        "better.",
    ),
    Entry(
        "3.3-12",
        "Holes in a grid",
        "A grid is fully parallel, but a failed job leaves a hole, and jobs fail often: re-run only the "
        "missing cells.",
    ),
    Entry(
        "3.3-13",
        "A sequence of grids",
        "In practice grids follow one another with adjusted ranges; automate that loop: finer local grids "
        "around the best points, each on few hyper-parameters. A common order: ε₀ with a fixed schedule, "
        "then the schedule, then ε₀ again in a narrower interval.",
    ),
    Entry(
        "3.3-14",
        "Decide at the outset only",
        "For reproducibility people decide at the outset (the ranges) and not in the middle; a human eye "
        "is still useful to spot bugs. A saved specification and a seed determine the whole search.",
    ),
    Entry(
        "3.3-15",
        "Algorithm 1: layer-wise search",
        "At each level, for each setting and each of the K kept lower configurations: pre-train that level "
        "on top, evaluate the target task cheaply (such as a linear classifier on top, on validation "
        "data), keep the K best. Then fine-tune each of them with each fine-tuning setting and keep the K "
        "best (erratum-E10).",
    ),
    Entry(
        "3.3-16",
        "Cost of the layer-wise search",
        "n₁ + K·n₂ + … + K·n_ft trainings, with n_i settings at level i: keeping K multiplies the cost by "
        "K beyond the first level. Lower layers stay as they are, so their outputs can be cached.",
        source="Bengio 2012, section 3.3; count derived",
    ),
    Entry(
        "3.3-17",
        "Linear probe on the fly",
        "The linear classifier on top can be trained during unsupervised training, and its validation "
        "error used to stop that layer early.",
    ),
    Entry(
        "3.3-18",
        "Fine-tune at the end",
        "A final supervised fine-tuning is strongly suggested, especially with many labels.",
    ),
)
