"""Section 3.4 of the chapter: random search of hyper-parameters."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "3.4-01",
        "Draw hyper-parameters at random",
        "Draw each hyper-parameter independently from a prior: log-uniform over its interval for numerical "
        "ones, multinomial (uniform without preference) for discrete ones; conditional ones, such as those "
        "of a layer given depth, only where they apply.",
    ),
    Entry(
        "3.4-02",
        "Random search beats the grid",
        "Beyond 2 or 3 hyper-parameters random search is more efficient, because each trial tries a new "
        "value of each; if few of them matter, exponentially so.",
    ),
    Entry(
        "3.4-03",
        "Which hyper-parameters matter",
        "Which few matter depends on the data; the learning rate always does. Plots over one "
        "hyper-parameter, with the mean or the minimum over the others, show it.",
    ),
    Entry(
        "3.4-04",
        "Expected best of N trials",
        "Mean and deviation of the best validation error over all subsets of N trials tell whether to "
        "launch more. With errors v_1 ≤ … ≤ v_n: P(min = v_i) = C(n − i, N − 1)/C(n, N). It is not the "
        "best of the first N.",
        source="Bengio 2012, section 3.4; formula derived",
    ),
    Entry(
        "3.4-05",
        "When to stop searching",
        "The mean over subsets may still fall where the curve of the first N trials is flat already: stop "
        "by the former.",
    ),
    Entry(
        "3.4-06",
        "Random trials add up",
        "A failed random trial need not be re-run, and 100 trials can be extended by 50 or 100 more "
        "without waste; two grids cannot be merged in general.",
    ),
    Entry(
        "3.4-07",
        "A small grid to understand",
        "A grid is good for seeing with everything else fixed: lay a small one around the best random "
        "points over the hyper-parameters that matter. To ask whether X matters, optimise all others for "
        "each value of X (footnote 29).",
    ),
    Entry(
        "3.4-08",
        "Model-based search",
        "Sequential model-based search (SMBO, TPE) is named as a promising further automation (Hutter; "
        "Bergstra et al. 2011).",
    ),
    Entry(
        "3.4-09",
        "The space of Bergstra & Bengio",
        "One hidden layer: pre-processing none, normalised, or PCA (variance kept uniform(0.5, 1)); "
        "initial weights uniform or normal; n_h geometric 18–1024; sigmoid or tanh; batch 20 or 100; ε₀ "
        "geometric 0.001–10; start of decay geometric 300–30000; L2 off with probability ½, else "
        "exponential 3.1e-7–3.1e-5. (Notes say 300–3000, but archived trials have 13768 and 21782.)",
        source="public notes on Bergstra & Bengio 2012 and hyperopt-nnet, examples/cmp_debug.py; 30000 from memory",
    ),
    Entry(
        "3.4-10",
        "The space of hyperopt-nnet",
        "n_h qloguniform(16, 1024, q16); ε₀ lognormal(log 0.01, 3); start of decay qloguniform(100, "
        "10000); L2 0 or lognormal(log 1e-6, 2); initial factor uniform(0.2, 2) or Glorot; PCA "
        "uniform(0.5, 1); 300–2000 epochs; 1 h. DBN: depth 0–3 with prior .5/.25/.125/.125, n_h 2⁷–2¹², CD "
        "rate lognormal(log 0.01, 2).",
        source="hyperopt-nnet, hpnnet/nips2011.py and nips2011_dbn.py",
    ),
    Entry(
        "3.4-11",
        "How random search did",
        "With 8 trials it matched a grid averaging about 100 trials on most data sets; over the 32 "
        "dimensions of a DBN it equalled manual and grid search on 4 of 7 data sets and beat it on 1.",
        source="JMLR abstract of Bergstra & Bengio 2012; 8 and 100 from memory",
    ),
    Entry(
        "3.4-12",
        "Sixty trials hit the top twentieth",
        "60 independent trials hit the best 5 % of a space with probability 1 − 0.95⁶⁰ = 0.954 (59: "
        "0.9515). Folklore, not in the chapter.",
        "derived",
        "own algebra; not in the chapter",
    ),
    Entry(
        "3.4-13",
        "Error of a winner among equals",
        "The test error of the best trial should average over near-best trials, weighted by their "
        "probability of being truly best given the validation variance.",
        "memory",
        "Bergstra & Bengio 2012, section 2.1; not in the chapter",
    ),
)
