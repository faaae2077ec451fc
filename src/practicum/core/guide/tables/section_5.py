"""Section 5 of the chapter: hardware, sparse inputs, symbols and relations."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "5.1-01",
        "Matrix products on several cores",
        "Matrix products dominate; do them as matrix-matrix products through BLAS. The real gain of "
        "several cores is a fraction of the ideal (4 times on 4 cores), and larger matrices (minibatches) "
        "parallelise better.",
    ),
    Entry(
        "5.1-02",
        "Gain of a GPU",
        "With 512 cores, in 2012, 4 to 40 times for large nets (erratum-E14).",
    ),
    Entry(
        "5.1-03",
        "Keep data on the device",
        "Copies between host and device are costly: keep the data and most operations on the device, and "
        "find with a profiler what runs where.",
        source="Bengio 2012, section 5.1; count of copies derived",
    ),
    Entry(
        "5.2-01",
        "Sparse input times dense weights",
        "Use a dedicated product; it costs 2 times or more per multiply-add than a dense one, so the "
        "break-even density is about ½ or lower.",
        source="Bengio 2012, section 5.2; break-even derived",
    ),
    Entry(
        "5.2-02",
        "Reconstructing a sparse input is dense",
        "Auto-encoders, RBMs and sparse coding reconstruct the whole input, zeros included. Exceptions are "
        "semi-supervised embedding (neighbours together, the dissimilar apart) and slow feature analysis.",
    ),
    Entry(
        "5.2-03",
        "Sampled reconstruction",
        "Compute reconstruction and loss for a sample of the elements only: always those that are not zero "
        "in the input or in the corrupted input, and as many drawn uniformly from the rest; weight each "
        "sampled loss by 1 over its probability, which makes it unbiased (Dauphin et al. 2011).",
    ),
    Entry(
        "5.2-04",
        "Speed of sampled reconstruction",
        "The gain grows linearly with sparsity, and the average loss is optimised as well as in full. The "
        "paper's abstract: 22 times less training time on the full Amazon data; also RCV1.",
        source="Bengio 2012, section 5.2; 22 times: abstract of Dauphin et al. 2011",
    ),
    Entry(
        "5.2-05",
        "Biased ports of sampled reconstruction",
        "Pylearn2's SampledMean costs take all ones plus Bernoulli(ratio) zeros without any importance "
        "weight (biased), and their cross-entropy expression is not the cross-entropy: do not copy them.",
        source="Pylearn2, costs/autoencoder.py, by reading",
    ),
    Entry(
        "5.3-01",
        "Shared parameters learn faster",
        "A parameter used in N times more contexts has about N times more examples. Forms: convolution, "
        "recurrence, recursive nets, lower layers shared by several tasks.",
    ),
    Entry(
        "5.3-02",
        "Symbols as embeddings",
        "A symbol is a one-hot vector; its product with a shared weight matrix is a look-up in a table "
        "(embedding), shared across positions.",
    ),
    Entry(
        "5.3-03",
        "Several tasks share layers",
        "Shared lower layers and one output head a task; embeddings are shared across tasks (POS, "
        "chunking, SRL).",
    ),
    Entry(
        "5.3-04",
        "Relations between objects",
        "Of triples (object, relation, object) an energy function is lower for the valid ones: embeddings "
        "and a small network to a scalar, with relation types as embedded symbols too.",
    ),
    Entry(
        "5.3-05",
        "Semantic matching energy",
        "E(l, r, o) = −g_left(e_l, e_r)·g_right(e_o, e_r) with linear or bilinear g; margin ranking max(0, "
        "1 − s(pos) + s(corrupted)) with one member corrupted at random; entity embeddings renormalised. "
        "WordNet, bilinear: dimension 50, margin 1, rates 0.01 (embeddings) and 1, 100 batches, 500 epochs.",
        "memory",
        "formula from memory; settings: glorotxa/SME, model.py and WN/WN_SME_bil.py",
    ),
    Entry(
        "5.3-06",
        "Objects described by attributes",
        "The embedding may be a function with parameters (simplest: linear) of raw features instead of a "
        "table; images and queries then share one space (WSABIE).",
    ),
    Entry(
        "5.3-07",
        "Similar contexts, near embeddings",
        "Symbols that occur in similar contexts should get near embeddings.",
    ),
)
