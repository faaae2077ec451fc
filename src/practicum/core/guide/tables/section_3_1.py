"""Section 3 and 3.1 of the chapter: hyper-parameters of the optimisation."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "3-01",
        "A learner with nothing to tune",
        "A hyper-parameter is a variable that is set before a learner runs and not chosen by it. A learner "
        "wrapped in a selector (a hyper-learner) that has no hyper-parameter of its own is a pure learner.",
    ),
    Entry(
        "3-02",
        "Select on data not trained on",
        "Every hyper-parameter that affects the effective capacity is chosen on out-of-sample data "
        "(validation set, online error, cross-validation), never on training data.",
    ),
    Entry(
        "3-03",
        "Selection spoils the estimate",
        "Data used for selection no longer give an unbiased estimate of the generalisation error. Keep a "
        "test set or, with few data, use double (nested) cross-validation: the outer loop estimates, the "
        "inner one selects inside each outer training part.",
    ),
    Entry(
        "3-04",
        "Denoising error where likelihood is out of reach",
        "The objective of some unsupervised learners cannot be computed (an RBM's likelihood); the "
        "expected denoising reconstruction error on a validation set is easy to estimate and can stand in "
        "for it.",
    ),
    Entry(
        "3-05",
        "Ten hyper-parameters are normal",
        "Ten or more hyper-parameters are normal, and selecting them with a compute cluster changes "
        "results materially (Pinto et al.).",
    ),
    Entry(
        "3.1-01",
        "Tune the learning rate first",
        "The initial learning rate ε₀ is the single most important hyper-parameter: always tune it, to "
        "within about a factor of 2. If only one hyper-parameter can be tuned, tune this one.",
    ),
    Entry(
        "3.1-02",
        "Learning rate: default and range",
        "For standardised inputs, or inputs in (0, 1), the rate lies in 1e-6 < ε₀ < 1, not strictly; the "
        "default is 0.01, and it would be foolish to rely on it alone.",
    ),
    Entry(
        "3.1-03",
        "Constant rate, then decay as 1/t",
        "ε_t = ε₀ τ / max(t, τ) (eq. 2): constant up to update τ, then falling as 1/t. The default is a "
        "constant rate (τ → ∞); the benefit of anything else is often small.",
    ),
    Entry(
        "3.1-04",
        "Exponent of the decay",
        "More generally the rate falls as 1/t^α: α = 1 is traditional (convex asymptotics), smaller α ≤ 1 "
        "is suggested where the problem is not convex, especially with averaging or momentum. Here ε_t = "
        "ε₀ (τ / max(t, τ))^α (erratum-E11).",
        source="Bengio 2012, section 3.1; form derived",
    ),
    Entry(
        "3.1-05",
        "Automatic start of the decay",
        "Keep the rate constant until the training criterion stops improving by more than a relative "
        "threshold from epoch to epoch, and set τ there. The threshold is a less sensitive hyper-parameter "
        "than τ; no number is given for it.",
    ),
    Entry(
        "3.1-06",
        "Bottou's adaptive rate",
        "At regular intervals take a fixed small subset of the training set (its absolute size matters, "
        "not its share), go on with N candidate rates from the same state in parallel, and keep the best "
        "rate until the next time.",
    ),
    Entry(
        "3.1-07",
        "Minibatch size: default and range",
        "B lies between 1 and a few hundred; the default is 32. Values above 10 already profit from "
        "matrix-matrix products.",
    ),
    Entry(
        "3.1-08",
        "Tune minibatch size for time",
        "B mainly affects training time, not test performance. Choose it separately, after the other "
        "hyper-parameters (except the rate), by comparing error against time; then re-tune B and ε₀ at the "
        "end. Afterwards B can stay as it is while others are tuned, except momentum.",
    ),
    Entry(
        "3.1-09",
        "Early stopping chooses the training length",
        "The number of updates T is chosen almost for free: measure the out-of-sample error every N "
        "updates and keep the best parameters.",
    ),
    Entry(
        "3.1-10",
        "Early stopping can hide overfitting",
        "Early stopping hides overfitting that other hyper-parameters cause; turn it off when a single "
        "hyper-parameter is analysed.",
    ),
    Entry(
        "3.1-11",
        "Patience",
        "Train on beyond the best point T̂ to be sure of it. Patience is the least amount of training to "
        "be done before stopping, 10000 at first; at each new validation minimum at time t, save the "
        "model, set T̂ ← t, and let patience grow to t + constant or t × constant (unit: erratum-E4).",
    ),
    Entry(
        "3.1-12",
        "The tutorials' constants of early stopping",
        "Patience 5000 (logistic regression), 10000 (MLP, LeNet), 10·n_batches (SdA), 4·n_batches (DBN); "
        "patience ← max(patience, 2t) after a relative improvement of more than 0.5 %, while any "
        "improvement updates the best model; validation every min(n_batches, patience/2) updates.",
        source="Deep Learning Tutorials, gettingstarted.txt and code",
    ),
    Entry(
        "3.1-13",
        "Only significant minima count",
        "Ideally a new minimum is accepted only if it is statistically significant, given the size and "
        "variance of the validation set (footnote 16); here by a paired test, on request.",
        source="Bengio 2012, section 3.1; kind of test from memory",
    ),
    Entry(
        "3.1-14",
        "Validate at most as often as affordable",
        "Validate every N examples with N at least the size of the validation set, ideally several times "
        "that, so that the overhead stays small; a spare processor may do it in parallel (footnote 17).",
    ),
    Entry(
        "3.1-15",
        "Momentum averages gradients",
        "ḡ ← (1 − β)ḡ + βg and θ ← θ − ε ḡ; the default β = 1 is no momentum. Here μ = 1 − β, so 0 is none "
        "(erratum-E9).",
        source="Bengio 2012, section 3.1; mapping derived",
    ),
    Entry(
        "3.1-16",
        "Polyak averaging",
        "Predict with a moving average of the parameters along the trajectory of SGD; training itself goes "
        "on from the parameters as they are. Advocated for RBMs too (Swersky 2010).",
        source="Bengio 2012, section 3.1; no feedback: Pylearn2, sgd.py",
    ),
    Entry(
        "3.1-17",
        "Methods with linear convergence",
        "On convex problems with finite training sets, Nesterov's dual averaging and SAG (Le Roux et al. "
        "2012) converge linearly. In the pure online convex case SGD's O(1/t) is optimal already up to "
        "constants, and second-order information only improves the constants.",
    ),
    Entry(
        "3.1-18",
        "A rate for each layer",
        "Optimisation hyper-parameters of each layer, such as its own rate, are rare; they make most sense "
        "in layer-wise pre-training, and where widths differ a lot.",
    ),
    Entry(
        "3.1-19",
        "A rate for each kind of parameter",
        "Biases and weights may have rates of their own; it matters for precisions and variances.",
    ),
    Entry(
        "3.1-20",
        "Conjugate gradients and L-BFGS",
        "Conjugate gradients have the number of line-search steps and its tolerance as hyper-parameters, "
        "L-BFGS the rank of the Hessian approximation it keeps; both the number of iterations, by early "
        "stopping.",
    ),
)
