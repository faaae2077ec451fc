"""Section 4 of the chapter: debugging, analysis, visualisation."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "4.1-01",
        "Check gradients by finite differences",
        "Compare the analytic ∂L/∂θ_i with finite differences, list the parameters with the largest "
        "relative difference, and flag errors of sign.",
    ),
    Entry(
        "4.1-02",
        "Central differences",
        "The forward difference (f(x + ε) − f(x))/ε has an error of first order in ε, the central one (f(x "
        "+ ε) − f(x − ε))/(2ε) one order better at twice the cost (erratum-E8).",
    ),
    Entry(
        "4.1-03",
        "Step of the gradient check",
        "ε = 1e-4 by default. The error falls and then rises again as ε → 0, because precision is finite: "
        "too small is worse. Check in float64.",
        source="Bengio 2012, section 4.1; float64 from memory",
    ),
    Entry(
        "4.1-04",
        "Tolerances of Theano's gradient check",
        "One-sided, on a random projection of the output, ε 1e-7 / 3e-4 / 1e-1 for float64/32/16, "
        "tolerances 1e-4 / 1e-2 / 5e-2, relative error |a − b| / max(|a| + |b|, 1e-8); it fails only if "
        "both the absolute and the relative tolerance are exceeded.",
        source="Theano, gradient.py",
    ),
    Entry(
        "4.1-05",
        "Locate a wrong gradient",
        "If a parameter's gradient is wrong, check those of the intermediate quantities (activations) that "
        "depend on it, to find the place.",
    ),
    Entry(
        "4.1-06",
        "Controlled overfitting",
        "The optimiser must be able to overfit a small training set; with more hidden units than examples "
        "the global minimum is reached almost surely. Use L-BFGS, to leave the hyper-parameters of SGD out "
        "of the question.",
    ),
    Entry(
        "4.1-07",
        "Learning curve over examples",
        "As the number of examples grows, training error should degrade gradually and validation error "
        "improve, and the advantage of SGD over L-BFGS should grow.",
    ),
    Entry(
        "4.1-08",
        "Optimisation or overfitting?",
        "With a high test error, first decide between difficult optimisation and overfitting: compare "
        "training and test error as capacity (such as the number of iterations) varies. Optimisation: look "
        "for bugs, optimiser hyper-parameters, too little capacity. Overfitting: more data, more or better "
        "regularisation, several tasks, an unsupervised term or pre-training, another family of functions.",
    ),
    Entry(
        "4.1-09",
        "Both at once: idle lower layers",
        "A large top layer can reach zero training error while lower layers are badly trained; freeze, "
        "perturb or probe the lower layers to see it.",
        source="Bengio 2012, section 4.1; probe derived",
    ),
    Entry(
        "4.1-10",
        "Buffers once, filled with NaN",
        "Allocate buffers once, outside the training loop; in debug mode fill them with NaN so that the "
        "use of uninitialised values shows (Warde-Farley/Roweis).",
    ),
    Entry(
        "4.2-01",
        "Log both losses",
        "Always log the average training and validation loss over training.",
    ),
    Entry(
        "4.2-02",
        "Age as the horizontal axis",
        "Draw curves over age = updates × B = examples seen, rather than over epochs.",
    ),
    Entry(
        "4.2-03",
        "First-layer filters as pictures",
        "Show the first layer's filters as images (or time series, spectrograms). Gabor-like filters are "
        "typical: fitting Gabor functions gives the distribution of orientation, position and scale.",
    ),
    Entry(
        "4.2-04",
        "Preferred inputs of deeper units",
        "Find the input that a unit of a higher layer prefers, by activation maximisation and related "
        "methods (Lee 2008, Erhan 2010a).",
    ),
    Entry(
        "4.2-05",
        "Embeddings in the plane",
        "Show word embeddings by t-SNE.",
    ),
    Entry(
        "4.2-06",
        "Tangent vectors",
        "The leading tangent vectors at a test point are the top right-singular vectors of the layer's "
        "Jacobian.",
        source="Bengio 2012, section 4.2; singular vectors from memory",
    ),
    Entry(
        "4.2-07",
        "Hinton diagrams",
        "Squares with an area proportional to |w| and a colour for the sign.",
    ),
    Entry(
        "4.2-08",
        "Samples of a model",
        "Draw samples from generative models: Gibbs chains of RBM, DBN and DBM (rates-FPCD mixes better), "
        "the walk of a contractive auto-encoder (Rifai 2012).",
    ),
    Entry(
        "4.2-09",
        "What one hidden unit does",
        "Vary one hidden unit, with the others fixed at the code of a given example, and show the decoded "
        "result.",
    ),
    Entry(
        "4.2-10",
        "Trajectories in function space",
        "Represent the net by its outputs on a fixed set, reduce to two or three dimensions by t-SNE or "
        "Isomap, and plot over training and over seeds (no two seeds ended in the same effective minimum). "
        "PCA is an easy third option.",
        source="Bengio 2012, section 4.2; PCA from memory",
    ),
    Entry(
        "4.2-11",
        "Histograms of activations and gradients",
        "Histogram, mean and deviation of activations (before and after the non-linearity), of their "
        "gradients, of parameters and of their gradients, by group (layer, biases or weights), over "
        "training.",
    ),
    Entry(
        "4.2-12",
        "How much each layer knows",
        "The discriminative ability of each layer's representation, measured by a linear probe (Montavon).",
    ),
    Entry(
        "4.2-13",
        "Size of updates against weights",
        "The target of the ratio of update to weight is about 1/1000 (6.2-03); a band such as 1e-4 to 1e-2 "
        "is healthy.",
        source="Bengio 2012, section 4.2; band derived",
    ),
    Entry(
        "4.2-14",
        "Error bars over seeds",
        "Not worded so in the chapter, but 3.2-35, 3.2-36 and 3.3-02 imply error bars over seeds.",
        "derived",
        "derived from 3.2-35, 3.2-36, 3.3-02",
    ),
)
