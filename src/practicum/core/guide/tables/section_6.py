"""Section 6 of the chapter: open questions."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "6.1-01",
        "Deeper nets are harder to train",
        "From a random start deeper nets miss the better minima more often; initialisation changes results "
        "drastically, and the more so with depth (Erhan).",
    ),
    Entry(
        "6.1-02",
        "Pre-trained minima lie elsewhere",
        "Minima reached after pre-training lie far in function space from those of a random start, and "
        "generalise better.",
    ),
    Entry(
        "6.1-03",
        "Curriculum",
        "Going from easy to hard examples can act as a continuation method.",
    ),
    Entry(
        "6.1-04",
        "A local training signal for layers",
        "A training signal for each layer (greedy pre-training, semi-supervised embedding) is what the "
        "successful procedures share.",
    ),
    Entry(
        "6.1-05",
        "Initialise in the right range",
        "Singular values of each layer's Jacobian near 1, or variance preserved in both directions, "
        "greatly reduce the gap to pre-trained nets. Singular values, and the variance of activations and "
        "gradients by layer, show it.",
    ),
    Entry(
        "6.1-06",
        "Non-linearity and depth",
        "A sigmoid top layer sits on a plateau, tanh does not, softsign a/(1 + |a|) is better still, and "
        "the rectifier works very well in hidden layers (not at the output).",
    ),
    Entry(
        "6.1-07",
        "Centre the units",
        "Transform units to zero mean output and zero mean slope (Schraudolph; Raiko et al.).",
    ),
    Entry(
        "6.2-01",
        "Where a rate can adapt",
        "Adaptive rates can be global, or of each layer, neuron or parameter.",
    ),
    Entry(
        "6.2-02",
        "Diagonal second-order rates",
        "A rate of each parameter in proportion to the inverse of its second derivative, in an "
        "approximation that is always positive (LeCun 87/98); SGD-QN.",
    ),
    Entry(
        "6.2-03",
        "Updates a thousandth of the weights",
        "The average update of the weights should be about 1/1000 of their magnitude (Hinton).",
    ),
    Entry(
        "6.2-04",
        "Largest eigenvalue by the power method",
        "The power method, through Hessian-vector products, gives the largest eigenvalue of the Hessian; "
        "its inverse is the learning rate (erratum-E2).",
        source="Bengio 2012, section 6.2; correction derived",
    ),
    Entry(
        "6.2-05",
        "Natural gradient",
        "Too expensive in full; there are online approximations, diagonal and of low rank (Le Roux 2008, "
        "TONGA).",
    ),
    Entry(
        "6.2-06",
        "Adagrad and rates without knobs",
        'Adagrad and vSGD ("no more pesky learning rates", no rate at all) deserve evaluation.',
    ),
    Entry(
        "6.2-07",
        "SGD first, second order last",
        "SGD is fast at first and slower than second-order methods in the end; conjugate gradients and "
        "batch methods were best below thousands to tens of thousands of examples.",
    ),
    Entry(
        "6.2-08",
        "Second order on large minibatches",
        "Few iterations on each minibatch, the next starting from the best point so far, after one or more "
        "epochs of SGD.",
    ),
    Entry(
        "6.2-09",
        "SGD remains the standard",
        "In 2012, minibatch SGD remains the standard until others are validated.",
    ),
    Entry(
        "6.3-01",
        "A guideline, not set in stone",
        "The recommendations are to be tried and challenged.",
    ),
)
