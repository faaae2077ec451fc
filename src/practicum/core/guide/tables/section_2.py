"""Section 2 of the chapter: gradients, learning rate, minibatches, automatic differentiation."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "2.1-01",
        "Stochastic gradient descent",
        "θ ← θ − ε_t ∂L(z_t, θ)/∂θ, one example or one minibatch at a time.",
    ),
    Entry(
        "2.1-02",
        "Best rate lies near the edge",
        "Too large a learning rate raises the average loss. The best rate is usually within a factor of 2 "
        "of the largest rate that does not make the training criterion diverge.",
    ),
    Entry(
        "2.1-03",
        "Learning-rate finder",
        "Start with a large rate; if the training criterion diverges, try again with a rate 3 times "
        "smaller, until it no longer diverges. The best rate is to be expected between half of that rate "
        "and that rate.",
        source="Bengio 2012, section 2.1; bracket derived",
    ),
    Entry(
        "2.1-04",
        "Curvature sets the edge of divergence",
        "The rate at which training diverges is tied to the largest eigenvalue λ_max of the Hessian of the "
        "average loss (footnote 8): for a quadratic it is 2/λ_max (erratum-E1).",
        source="Bengio 2012, section 2.1; correction derived",
    ),
    Entry(
        "2.1-05",
        "A minibatch averages its gradients",
        "The minibatch update averages the B gradients (eq. 1), it does not sum them. A small change of B "
        "then barely changes the best rate, and a larger B generally allows a slightly larger rate.",
    ),
    Entry(
        "2.1-06",
        "From online to batch",
        "B = 1 is online SGD, B = all examples is batch gradient descent. Validation loss after a given "
        "time, over B, is a U-shaped curve with a sweet spot in between.",
    ),
    Entry(
        "2.1-07",
        "Matrix-matrix products pay",
        "Products of matrices with matrices, instead of with vectors, often make training 2 times faster.",
    ),
    Entry(
        "2.1-08",
        "Small batches explore",
        "A smaller B explores more, regularises by the noise of its gradients, and may give a lower test "
        "error.",
    ),
    Entry(
        "2.1-09",
        "Updates count, not examples",
        "Convergence of SGD depends on the number of updates, not on the size of the training set. It "
        "beats batch gradient descent from tens or hundreds of thousands of examples on, and beyond some "
        "size its advantage grows almost linearly.",
    ),
    Entry(
        "2.1-10",
        "Shuffle the examples",
        "Minibatches should be drawn about independently. A fixed order is a cheap approximation, but "
        "shuffle once beforehand; shuffling anew each epoch converges faster where data fit in memory. "
        "Sorted labels are worth a warning.",
        source="Bengio 2012, section 2.1; warning derived",
    ),
    Entry(
        "2.1-11",
        "Batch methods parallelise more easily",
        "Batch methods are easier to run in parallel than minibatch methods (footnote 10).",
    ),
    Entry(
        "2.1-12",
        "Averaged SGD",
        "Averaging the parameters over updates (Bottou) improves the asymptotic convergence of SGD; see "
        "3.1-16.",
    ),
    Entry(
        "2.2-01",
        "Back-propagation in a flow graph",
        "In a directed acyclic graph of inputs, internal nodes and outputs each node a has a value o_a and "
        "a gradient g_a = Σ over its successors s of g_s ∂o_s/∂o_a, with g = 1 at the loss.",
    ),
    Entry(
        "2.2-02",
        "Modules with fprop and bprop",
        "A module computes outputs from inputs (fprop) and gradients of its inputs from gradients of its "
        "outputs (bprop). One that is written by hand supplies both and passes the gradient check.",
    ),
    Entry(
        "2.2-03",
        "Examples with and without target",
        "z = (x, y) is supervised, z = x unsupervised; in semi-supervised learning only labelled examples "
        "carry y.",
    ),
    Entry(
        "2.2-04",
        "Loss and gradient together",
        "Compute loss and gradient in one graph with several outputs, rather than one after the other.",
    ),
    Entry(
        "2.2-05",
        "Gradients of gradients",
        "A criterion that contains a gradient, such as the contractive auto-encoder's, needs second "
        "derivatives (double back-propagation).",
    ),
    Entry(
        "2.2-06",
        "Products with Jacobian and Hessian",
        "The R-operator gives Jacobian-vector and Hessian-vector products without forming the matrix.",
    ),
    Entry(
        "2.2-07",
        "Stay in the log domain",
        "Compute with log-probabilities (log-softmax, losses on logits) for numerical robustness.",
    ),
)
