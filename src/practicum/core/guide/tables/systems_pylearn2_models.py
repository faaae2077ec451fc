"""What Pylearn2 could do: models, costs and data."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "system-P24",
        "Layers of a multi-layer perceptron",
        "MLP layers: Linear, Sigmoid, Tanh, RectifiedLinear (leaky option), Softplus, Softmax, "
        "SoftmaxPool, Linear-Gaussian, conv (elementwise non-linearities), max/mean pooling, composite, "
        "flattener, window, space converter; init by irange, istdev, sparse_init.",
        source="Pylearn2, models/mlp.py",
    ),
    Entry(
        "system-P25",
        "Dropout and its ensemble averages",
        "Dropout cost + dropout ensemble averaging (sampled/exhaustive), geometric mean prediction.",
        source="Pylearn2, costs/mlp/dropout.py, models/mlp.py",
    ),
    Entry(
        "system-P26",
        "Maxout and local winner-take-all",
        "Maxout (dense, conv, local), LWTA.",
        source="Pylearn2, models/maxout.py, lwta.py",
    ),
    Entry(
        "system-P27",
        "Auto-encoder family",
        "Autoencoder, DenoisingAE, ContractiveAE, HigherOrderContractiveAE, UntiedAE, DeepComposedAE, "
        "StackedDenoisingAE.",
        source="Pylearn2, models/autoencoder.py",
    ),
    Entry(
        "system-P28",
        "Sparse-input auto-encoder with sampled reconstruction",
        "Sparse-input DAE with reconstruction sampling.",
        source="Pylearn2, models/sparse_autoencoder.py, costs/autoencoder.py (see 5.2-05)",
    ),
    Entry(
        "system-P29",
        "Gated, generative stochastic, variational auto-encoders",
        "Gated autoencoders, GSN, VAE.",
        source="Pylearn2, models/",
    ),
    Entry(
        "system-P30",
        "RBM family",
        "RBM (binary, Gaussian-binary, mu-pooled ssRBM), block-Gibbs PCD sampler, stacked RBM builder.",
        source="Pylearn2, models/rbm.py",
    ),
    Entry(
        "system-P31",
        "Deep Boltzmann machines",
        "DBM with several layer types, inference and Gibbs procedures, multi-prediction training.",
        source="Pylearn2, models/dbm/",
    ),
    Entry(
        "system-P32a",
        "Dictionaries: k-means, local coordinate coding",
        "K-means dictionary + triangle code, local coordinate coding.",
        source="Pylearn2, models/kmeans.py, local_coordinate_coding.py, expr/coding.py",
    ),
    Entry(
        "system-P32b",
        "PCA family",
        "PCA family (covariance-eigen, SVD, sparse-matrix, online estimator).",
        source="Pylearn2, models/pca.py",
    ),
    Entry(
        "system-P32c",
        "Softmax regression, logistic regressions, SVM",
        "Softmax regression, independent multiclass logistic, multiclass SVM wrapper (scikit-learn).",
        source="Pylearn2, models/softmax_regression.py, independent_multiclass_logistic.py, svm.py",
    ),
    Entry(
        "system-P32d",
        "Spike-and-slab and differentiable sparse coding",
        "S3C (spike-and-slab sparse coding), differentiable sparse coding.",
        source="Pylearn2, models/s3c.py, differentiable_sparse_coding.py",
    ),
    Entry(
        "system-P32e",
        "Diagonal normal and normalised energy models",
        "Diagonal multivariate normal, normalised EBM.",
        source="Pylearn2, models/mnd.py, normalized_ebm.py",
    ),
    Entry(
        "system-P33",
        "Costs: likelihood, penalties, missing targets",
        "Default NLL, SumOfCosts with coefficients, LpPenalty, MethodCost, WeightDecay, L1WeightDecay "
        "(per-layer coefficients), MissingTargetCost (multi-task / missing labels).",
        source="Pylearn2, costs/",
    ),
    Entry(
        "system-P34",
        "Reconstruction and sparsity costs",
        "Reconstruction MSE and binary cross-entropy; SparseActivation (KL to target activation); sampled "
        "versions.",
        source="Pylearn2, costs/autoencoder.py",
    ),
    Entry(
        "system-P35",
        "Energy-model costs: CD, PCD, NCE, score matching",
        "CD-k, SML/PCD, NCE, score matching, denoising score matching.",
        source="Pylearn2, costs/ebm_estimation.py",
    ),
    Entry(
        "system-P36",
        "Costs of deep Boltzmann machines",
        "DBM costs: variational PCD/CD, multi-prediction, activation sparsity L1/L2 to target, Toronto "
        "sparsity.",
        source="Pylearn2, costs/dbm.py",
    ),
    Entry(
        "system-P37",
        "Partition function by annealed importance sampling",
        "AIS partition-function estimate for RBM (log Z, NLL).",
        source="Pylearn2, rbm_tools.py",
    ),
    Entry(
        "system-P38",
        "Iteration modes",
        "Iteration modes: sequential, shuffled_sequential, random_slice, random_uniform (with "
        "replacement), batchwise_shuffled_sequential, even_sequences; forced-even batches.",
        source="Pylearn2, utils/iteration.py",
    ),
    Entry(
        "system-P39",
        "Pre-processing",
        "Pre-processing: Standardize (eps 1e-4), RemoveMean, MakeUnitNorm, GlobalContrastNormalization, "
        "ZCA, PCA, RemapInterval, LeCun LCN, patches, Downsample, Pipeline; can_fit flag separates fitting "
        "from applying.",
        source="Pylearn2, datasets/preprocessing.py",
    ),
    Entry(
        "system-P40",
        "Corruption processes",
        "Corruption: masking, dropout-scaled masking, Gaussian, salt-and-pepper, one-hot, smooth one-hot, "
        "composed.",
        source="Pylearn2, corruption.py",
    ),
    Entry(
        "system-P41",
        "Data sets and readers",
        "Data sets: MNIST (+binarised, MNIST+), CIFAR-10/100, SVHN, STL-10, NORB, TFD, UTLC, Adult, Iris, "
        "CSV, HDF5, sparse.",
        source="Pylearn2, datasets/",
    ),
    Entry(
        "system-P42",
        "Data path and caching",
        "Data-path variable PYLEARN2_DATA_PATH, local caching, dataset-get package tool.",
        source="Pylearn2",
    ),
    Entry(
        "system-P43",
        "Viewers of weights and patches",
        "Weight and patch viewers, weight rescaling (individual/global/none), tangent plot, 2-D "
        "graphs/heat maps.",
        source="Pylearn2, gui/",
    ),
)
