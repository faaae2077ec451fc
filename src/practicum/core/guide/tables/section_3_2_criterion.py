"""Section 3.2 of the chapter, first half: hidden units, penalties, sparsity."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "3.2-01",
        "Enough hidden units",
        "With early stopping or other regularisers choose n_h large enough: more than optimal rarely hurts "
        "generalisation, only cost, which is O(n_h²) when all fully connected layers grow together.",
    ),
    Entry(
        "3.2-02",
        "The same width in all layers",
        "Equal widths work as well as or better than decreasing (pyramid) or increasing ones (Larochelle "
        "et al. 2009); it depends on the data.",
    ),
    Entry(
        "3.2-03",
        "First layer wider than the input",
        "An overcomplete first hidden layer, larger than the input vector, usually beats an undercomplete "
        "one; a narrower one is worth a word.",
    ),
    Entry(
        "3.2-04",
        "Pre-trained nets are wider",
        "With unsupervised pre-training the best n_h is much larger, from hundreds up to thousands; "
        "presets for it are about 10 times wider.",
        source="Bengio 2012, section 3.2; 10 times derived",
    ),
    Entry(
        "3.2-05",
        "L2 and L1 penalties",
        "L2 adds λ Σ θ_i², L1 adds λ Σ |θ_i|; both may be used, with coefficients of their own. (The "
        "weight_decay of torch.optim is 2λ on the same scale.)",
        source="Bengio 2012, section 3.2; mapping derived",
    ),
    Entry(
        "3.2-06",
        "Penalties against the total loss",
        "λ is defined against the total loss, summed over T training examples. Where the minibatch "
        "gradient is a sum over B examples, the penalty's gradient gets λB/T; where it is a mean, as here, "
        "λ/T (erratum-E6).",
        source="Bengio 2012, section 3.2; mean form derived",
    ),
    Entry(
        "3.2-07",
        "Penalty of a smaller last batch",
        "For a last batch of B′ < B examples the regulariser's share is scaled by B′/B relative to the "
        "others.",
    ),
    Entry(
        "3.2-08",
        "Penalties of an online learner",
        "In the pure online case use B/t at example t, one over the number of updates so far.",
    ),
    Entry(
        "3.2-09",
        "Penalties are log priors",
        "A penalty is minus a log prior: L2 is a Gaussian prior with σ² = 1/(2λ), L1 a Laplace density ∝ "
        "exp(−|θ|/s) with s = 1/λ.",
    ),
    Entry(
        "3.2-10",
        "Early stopping replaces L2",
        "Early stopping and L2 play about the same role; L2 can be dropped when early stopping is on.",
    ),
    Entry(
        "3.2-11",
        "L1 selects features",
        "L1 drives useless parameters to zero and gives cleaner, more localised filters. Plain SGD only "
        "hovers near zero; exact zeros need a proximal step.",
        source="Bengio 2012, section 3.2; proximal step: named for sparse coding, 3.2-20",
    ),
    Entry(
        "3.2-12",
        "Penalties layer by layer",
        "Coefficients may differ between layers; treat input weights and output weights separately.",
    ),
    Entry(
        "3.2-13",
        "Penalise output weights only",
        "Regularising only the output weights suffices to limit capacity (with infinite n_h, L2 gives an "
        "SVM, L1 gives boosting).",
    ),
    Entry(
        "3.2-14",
        "Penalties of rare inputs",
        "For sparse inputs that are rarely active, and for rare targets, scale the coefficient of their "
        "parameters by 1 over the effective number of updates they have seen.",
    ),
    Entry(
        "3.2-15",
        "Biases free of penalty",
        "Penalise weights but not biases, so that strong regularisation leads to the best constant "
        "predictor (the average output, for squared error and cross-entropy).",
    ),
    Entry(
        "3.2-16",
        "Sparse activations",
        "A penalty on hidden activations depends on the data and is no prior on parameters. It "
        "regularises, interacts with the other knobs of capacity, and more sparsity can be made up for by "
        "more hidden units.",
    ),
    Entry(
        "3.2-17",
        "Four forms of sparsity penalty",
        "L1: α Σ_j h_j (sigmoid); Student-t: log(1 + h_j²); target on the minibatch mean: Σ_j (ρ − h̄_j)²; "
        "KL to Bernoulli(ρ): −ρ log h̄_j − (1 − ρ) log(1 − h̄_j) + constant. Default ρ = 0.05 (Hinton "
        "2010).",
    ),
    Entry(
        "3.2-18",
        "Penalising hidden biases",
        "Pushing hidden biases to negative values works too, but weights may compensate through the "
        "non-zero mean of the inputs, and it can hurt optimisation.",
    ),
    Entry(
        "3.2-19",
        "No sparsity penalty on tanh",
        "Sparsity makes sense for units that saturate at 0 (sigmoid, rectifier), not for tanh, which "
        "saturates at ±1.",
        source="Bengio 2012, section 3.2; warning derived",
    ),
    Entry(
        "3.2-20",
        "Exact zeros of sparse codes",
        "In sparse coding and predictive sparse decomposition codes are optimised directly and exact zeros "
        "are expected. Plain SGD oscillates around them; use proximal gradients.",
    ),
    Entry(
        "3.2-21",
        "Nobody compared the sparsity penalties",
        "No published comparison says which form is best: an experiment to be made.",
    ),
    Entry(
        "3.2-22",
        "Rectifiers are sparse by themselves",
        "Rectifiers give true sparsity without a penalty.",
    ),
)
