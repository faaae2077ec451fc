"""Errata and doubts: where the printed chapter slips, and what this package does instead."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "erratum-E1",
        "Divergence above 2/λ_max",
        "Footnote 8 says that training diverges above about 2 times the largest eigenvalue of the Hessian; "
        "for a quadratic it is 2/λ_max.",
        "derived",
    ),
    Entry(
        "erratum-E2",
        "The rate is the inverse eigenvalue",
        "Section 6.2 says that the largest eigenvalue would be the optimal learning rate; it is its "
        "inverse (LeCun et al. 98).",
        "derived",
    ),
    Entry(
        "erratum-E3",
        "Limits of the sum in eq. (1)",
        "Eq. (1) sums t′ from Bt + 1 to B(t + 1), which is right with t counted from 0.",
    ),
    Entry(
        "erratum-E4",
        "Patience counts updates",
        "The chapter says 10000 examples; in the tutorials' code the comment says examples too, but the "
        "number is compared with the count of minibatch updates: for the MLP (batch 20) 10000 updates are "
        "200000 examples. Here patience counts updates.",
        source="Deep Learning Tutorials, code",
    ),
    Entry(
        "erratum-E5",
        "A slip of sign in weight decay",
        "The paragraph on weight decay prints −log P(data|θ) = −Σ L, while L = −log P.",
    ),
    Entry(
        "erratum-E6",
        "B/T belongs to a summed loss",
        "The factor B/T holds for a summed minibatch loss, but eq. (1) uses the mean. For the mean: ∇[mean "
        "loss] + (λ/T)∇R; λB/T with the mean would over-regularise B times.",
        "derived",
    ),
    Entry(
        "erratum-E7",
        "Uniformisation by F, not its inverse",
        "Uniformisation is printed with F⁻¹; F, the cumulative distribution, is meant.",
    ),
    Entry(
        "erratum-E8",
        "Orders of the difference errors",
        "o(ε) and o(ε²) are printed; the errors are O(ε) and O(ε²).",
    ),
    Entry(
        "erratum-E9",
        "β weighs the new gradient",
        "β is the weight of the new gradient, with default 1; the usual momentum is μ = 1 − β. The "
        "heavy-ball form has rate ε·β.",
        "derived",
    ),
    Entry(
        "erratum-E10",
        "One set of survivors a level",
        "Algorithm 1 loops over S while pushing into S, which mixes depths; the prose (the K best of level "
        'L seed level L + 1) needs a set for each level. "S or {∅}" means {∅} where S is empty.',
    ),
    Entry(
        "erratum-E11",
        "The decay has an exponent",
        "Eq. (2) has α = 1 although the sentence says O(1/t^α); (τ/max(t, τ))^α is the continuous "
        "generalisation. t counts updates here.",
        "derived",
    ),
    Entry(
        "erratum-E12",
        "Sparsity target: cross-entropy or KL",
        "The sparsity penalty (d) is a cross-entropy; the full KL divergence adds ρ log ρ + (1 − ρ) log(1 "
        "− ρ).",
        "derived",
    ),
    Entry(
        "erratum-E13",
        "The tutorial's contraction has no gradient",
        "cA.py computes the Jacobian penalty with floor division, whose gradient in Theano is zero: as "
        "stored, the tutorial's contraction contributes no gradient.",
        source="Deep Learning Tutorials, code/cA.py, by reading",
    ),
    Entry(
        "erratum-E14",
        "Hardware figures of 2012",
        "512 cores and gains of 4 to 40 times are history.",
    ),
)
