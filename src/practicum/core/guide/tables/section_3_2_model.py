"""Section 3.2 of the chapter, second half: units, initialisation, seeds, pre-processing, presets."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "3.2-23",
        "Hidden non-linearities",
        "Sigmoid 1/(1 + e^−a), tanh, rectifier max(0, a), hard tanh; softsign a/(1 + |a|) comes with 6.1-06.",
    ),
    Entry(
        "3.2-24",
        "No sigmoid as top hidden layer",
        "A sigmoid top hidden layer of a deep supervised net without pre-training makes optimisation "
        "seriously difficult; in auto-encoders it is fine.",
    ),
    Entry(
        "3.2-25",
        "No hard non-linearity at the output",
        "A rectifier on output or reconstruction units has no gradient when saturated. (The hinge loss is "
        "another matter: its derivative is zero only where there is no error.)",
    ),
    Entry(
        "3.2-26",
        "Output units paired with losses",
        "Pair them by negative log-likelihood: linear with squared error (Gaussian), sigmoid with "
        "cross-entropy (binomial), softmax with −log output[target] (multinomial).",
    ),
    Entry(
        "3.2-27",
        "Contractive auto-encoders like (0, 1)",
        "Sigmoid reconstruction units with inputs normalised to (0, 1) help contractive auto-encoders; why "
        "is not known.",
    ),
    Entry(
        "3.2-28",
        "Zero biases, random weights",
        "Biases start at 0, hidden weights at random (to break the symmetry), output weights may start at 0.",
    ),
    Entry(
        "3.2-29",
        "Larger fan-in, smaller weights",
        "Units with more inputs get smaller weights, in proportion to 1/√fan-in (LeCun 98, Glorot & Bengio "
        "2010).",
    ),
    Entry(
        "3.2-30",
        "Range of the initial weights",
        "tanh: uniform in (−r, r) with r = √(6/(fan-in + fan-out)); sigmoid: r = 4√(6/(fan-in + fan-out)). "
        "With these no hyper-parameter of initialisation is needed.",
    ),
    Entry(
        "3.2-31",
        "A factor on the initial range",
        "A factor on the range of the initial weights is an optional extra hyper-parameter (Bergstra & "
        "Bengio); their search drew it from uniform(0.2, 2) for the older 1/√fan-in rule.",
        source="Bengio 2012, section 3.2; range: hyperopt-nnet, nips2011.py",
    ),
    Entry(
        "3.2-32",
        "Initialising an RBM",
        "Weights from N(0, σ) with σ about 0.1 or 0.01; visible biases log(x̄/(1 − x̄)) with x̄ the "
        "training mean of that binary input, kept away from 0 and 1.",
        source="Bengio 2012, section 3.2; clipping derived",
    ),
    Entry(
        "3.2-33",
        "Pre-training as initialisation",
        "Unsupervised pre-training helps in most settings and very rarely hurts; it costs time and "
        "hyper-parameters.",
    ),
    Entry(
        "3.2-34",
        "Seeds for every source of randomness",
        "Initialisation, order of the examples, stochastic hidden units and corruption are random. Each "
        "gets its own seeded stream; the same seeds give the same run.",
        source="Bengio 2012, section 3.2; one stream each: derived",
    ),
    Entry(
        "3.2-35",
        "Several seeds at the end",
        "The seed usually has only a slight effect: ignore it during the search, and run 5 to 10 seeds of "
        "the few best configurations at the end.",
    ),
    Entry(
        "3.2-36",
        "Histogram of errors over seeds",
        "Show a histogram of test errors over seeds (Erhan et al. used hundreds).",
    ),
    Entry(
        "3.2-37",
        "A committee of models",
        "Average the outputs of nets that differ by seed, by subset of the inputs, or by subset of the "
        "training examples (bagging). The committee's squared error is never above the members' mean.",
        source="Bengio 2012, section 3.2; inequality derived",
    ),
    Entry(
        "3.2-38",
        "Standardise inputs",
        "Subtract the mean of each input and divide by its standard deviation, both measured on the "
        "training part only.",
        source="Bengio 2012, section 3.2; training part only: from 3-02",
    ),
    Entry(
        "3.2-39",
        "PCA by variance kept",
        "PCA, with a number of components or a share of explained variance kept, which is one more "
        "hyper-parameter; Bergstra & Bengio searched the share in uniform(0.5, 1).",
        source="Bengio 2012, section 3.2; range: hyperopt-nnet",
    ),
    Entry(
        "3.2-40",
        "Uniformise inputs",
        "Replace each input by its estimated cumulative distribution F_i(x_i), the rank normalised to [0, "
        "1] (erratum-E7); new data by interpolation, clipped.",
        source="Bengio 2012, section 3.2; correction derived",
    ),
    Entry(
        "3.2-41",
        "Logarithm or root for long tails",
        "The logarithm or the square root shortens tails and makes inputs more Gaussian.",
    ),
    Entry(
        "3.2-42",
        "Pre-processing is a hyper-parameter",
        "The choice of pre-processing is part of model selection.",
    ),
    Entry(
        "3.2-43",
        "Sensitivity of auto-encoder hyper-parameters",
        "Denoising auto-encoders have the corruption level; contractive ones the contraction coefficient, "
        "which is rather sensitive and to be tuned with care.",
    ),
    Entry(
        "3.2-44",
        "A contractive recipe that works",
        "Tied weights (the decoder is the encoder transposed), sigmoid hidden and reconstruction units, "
        "squared error or cross-entropy; other variants do not always train well.",
    ),
    Entry(
        "3.2-45",
        "Why sigmoid works with tied weights",
        "A hypothesis (footnote 24): W is pulled towards orthonormal rows, since WᵀWx ≈ x. ‖WWᵀ − I‖ shows "
        "it.",
    ),
)
