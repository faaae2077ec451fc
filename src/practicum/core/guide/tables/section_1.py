"""Section 1 of the chapter: deep architectures, auto-encoders, online learning."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "1-01",
        "Try and challenge every recommendation",
        "Every recommendation is a starting point to be challenged, most are not formally validated. So "
        "every default can be overridden, and every rule has an experiment that can confirm or refute it.",
    ),
    Entry(
        "1-02",
        "Scope: gradient-based learners with explicit criterion",
        "The advice is for supervised multi-layer perceptrons, variants of auto-encoders, and any "
        "iterative gradient-based learner with an explicit criterion. What is special to Boltzmann "
        "machines and to convolutional nets is left to other chapters (Hinton; LeCun).",
    ),
    Entry(
        "1-03",
        "The implementations that the chapter names",
        "The chapter points to the Deep Learning Tutorials, to Pylearn2 and to Theano.",
    ),
    Entry(
        "1.1-01",
        "Depth of a flow graph",
        "Depth is the length of the longest path from an input node to an output node of the flow graph.",
    ),
    Entry(
        "1.1-02",
        "Greedy layer-wise pre-training",
        "Train layer 1 unsupervised on x; freeze it, feed its representation to layer 2 and train that "
        "unsupervised; repeat; put a predictor on top; then, optionally, fine-tune the whole system "
        "(encoders and predictor) on the supervised objective.",
    ),
    Entry(
        "1.1-03",
        "Pre-training usually generalises better",
        "Pre-training followed by fine-tuning usually generalises better than purely supervised training "
        "from a random start.",
    ),
    Entry(
        "1.1-04",
        "Layers to learn with",
        "The three layer learners of 2006 are the RBM (Hinton et al.), the auto-encoder (Bengio et al. "
        "2007) and the sparsifying auto-encoder (Ranzato et al.); denoising and contractive auto-encoders "
        "came later.",
    ),
    Entry(
        "1.1-05",
        "Unlabelled data, few labels, several tasks",
        "Unsupervised layers serve where labels are few, in transfer and in multi-task settings (manifold "
        "hypothesis, shared factors). An example carries y only where it is labelled.",
    ),
    Entry(
        "1.1-06",
        "Many parameters need not overfit",
        "Deep nets generalise well even with very many parameters; depth is claimed to be efficient both "
        "in computation and in statistics (footnote 5).",
    ),
    Entry(
        "1.2-01",
        "Auto-encoder",
        "Encoder h = f(x), decoder g(h), reconstruction r(x) = g(f(x)); minimise the average "
        "reconstruction loss on training examples, while a regulariser keeps the reconstruction loss high "
        "elsewhere.",
    ),
    Entry(
        "1.2-02",
        "Reconstruction losses",
        "Squared error ‖x − r(x)‖² for real inputs; cross-entropy −Σ_i [x_i log r_i(x) + (1 − x_i) log(1 − "
        "r_i(x))] where x_i is a bit or a probability. (The print lacks the brackets; the minus applies to "
        "both terms.)",
    ),
    Entry(
        "1.2-03",
        "Three ways to regularise an auto-encoder",
        "Denoising, contraction and sparsity of the code keep an auto-encoder from reconstructing "
        "perfectly everywhere.",
    ),
    Entry(
        "1.2-04",
        "Denoising auto-encoder",
        "Corrupt x at random, with fresh noise at each presentation, and reconstruct the uncorrupted x.",
    ),
    Entry(
        "1.2-05",
        "Masking corruption",
        "Set a randomly chosen subset of the inputs to zero, a large fraction (like 20 % or even 50 %), "
        "drawn anew for each example.",
    ),
    Entry(
        "1.2-06",
        "Gaussian corruption",
        "Gaussian noise is the other corruption named. With small noise the denoising criterion is about "
        "the reconstruction error plus a penalty on ‖∂r/∂x‖²; the contractive auto-encoder penalises "
        "‖∂f/∂x‖² instead.",
    ),
    Entry(
        "1.2-07",
        "Contractive auto-encoder",
        "Add a coefficient times ‖∂f(x)/∂x‖², the squared Frobenius norm of the encoder's Jacobian, to the "
        "criterion.",
    ),
    Entry(
        "1.2-08",
        "Jacobian penalty in closed form",
        "For a sigmoid encoder h = s(Wx + b): ‖J‖² = Σ_j [h_j(1 − h_j)]² Σ_i W_ji². For tanh, 1 − h² takes "
        "the place of h(1 − h).",
        "memory",
        "own knowledge; the same computation in the Deep Learning Tutorials, code/cA.py",
    ),
    Entry(
        "1.2-09",
        "Reconstruction points up the density",
        "r(x) − x estimates the direction of the gradient of the log-density, and the Jacobian of r is "
        "related to its second derivative. For small noise σ, r(x) − x ≈ σ² ∂ log p/∂x.",
        source="Bengio 2012, section 1.2; scale σ²: Alain & Bengio, from memory",
    ),
    Entry(
        "1.2-10",
        "A sparse code regularises too",
        "A penalty on the hidden activations is the third way to regularise an auto-encoder (3.2-16 to "
        "3.2-22).",
    ),
    Entry(
        "1.2-11",
        "More kinds of corruption",
        "Salt-and-pepper noise, one-hot flips and masking scaled as in dropout are further kinds, from the "
        "library that the chapter names.",
        source="Pylearn2, corruption.py",
    ),
    Entry(
        "1.3-01",
        "The goal is generalisation error",
        "What counts is the generalisation error C = E_z[L(z, θ)]; the training criterion is a surrogate "
        "for it.",
    ),
    Entry(
        "1.3-02",
        "Online learning optimises generalisation error",
        "On a fresh independent example the gradient ∂L(z, θ)/∂θ is an unbiased estimate of ∂C/∂θ; so SGD "
        "on a stream without repetition optimises the generalisation error itself.",
    ),
    Entry(
        "1.3-03",
        "Infinite streams and online error",
        "On a stream there are no epochs: update after each example or after a few. The loss on the next "
        "example before its update (online error) is an out-of-sample estimate.",
        source="Bengio 2012, section 1.3; definition of progressive error from memory",
    ),
    Entry(
        "1.3-04",
        "Real streams are correlated",
        "Real streams are serially correlated, not independent: notice it, or shuffle through a buffer.",
        source="Bengio 2012, section 1.3; buffer from memory",
    ),
)
