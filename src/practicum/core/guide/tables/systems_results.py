"""Results that the older systems documented: targets to reproduce."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "system-H1",
        "Logistic regression on MNIST: 7.489 %",
        "Logistic regression, MNIST. Setting: SGD, lr 0.13, batch 600, patience 5000 iterations, zero "
        "init. Documented result: valid 7.500 %, test 7.489 % at 74–75 epochs. Time: 1.936 epochs/s on "
        "Core2 Duo E8400 3.0 GHz (≈38 s total (derived)); about 10 epochs/s on GPU.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H2",
        "MLP on MNIST: 1.650 %",
        "MLP, MNIST. Setting: 500 tanh, lr 0.01, batch 20, L1 0, L2 1e-4, Glorot init, patience 10000 "
        "iterations, max 1000 epochs. Documented result: valid 1.690 % at iteration 2 070 000, test 1.650 "
        "% (828 epochs). Time: 97.34 min on i7-2600K at about 10.3 epochs/min (so the run went to the "
        "1000-epoch cap; the best model is from epoch 828 (derived)).",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H3",
        "LeNet-style convolutional net on MNIST: 0.92 %",
        "LeNet-style convnet, MNIST. Setting: 20 and 50 kernels 5×5, max-pool 2×2, tanh, 500 hidden, lr "
        "0.1, batch 500, ≤200 epochs. Documented result: valid 0.91 %, test 0.92 % (CPU) / 0.93 % (GPUs) "
        "at iteration 15500–17800. Time: i7-2600K 380.28 min; GTX 285 46.76 min; GTX 480 32.52 min.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H4",
        "Denoising auto-encoder's filters on MNIST",
        "Denoising auto-encoder, MNIST. Setting: 500 sigmoid, tied, cross-entropy, lr 0.1, batch 20, 15 "
        "epochs, corruption 0 and 0.3. Documented result: filters only (two images: 0 % vs 30 % "
        "corruption); no error figure, no verbal description.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H5",
        "Contractive auto-encoder of the tutorials",
        "Contractive auto-encoder. Setting: 500 hidden, lr 0.01, batch 10, 20 epochs, contraction 0.1. "
        "Documented result: none (no doc page; code only). As stored the penalty uses // ⇒ zero gradient "
        "(erratum-E13).",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H6",
        "Stacked denoising auto-encoder on MNIST: 1.30 %",
        "Stacked DAE (SdA), MNIST. Setting: 1000-1000-1000 sigmoid, corruption 0.1/0.2/0.3, 15 pre-train "
        "epochs per layer, pre-train lr 0.001, fine-tune lr 0.1, batch 1, seed 89677. Documented result: "
        "valid 1.39 %, test 1.30 % after 36 fine-tune epochs; issue file: best 1.23 % float64, 1.30 % "
        'float32, "target 1.10 %". Time: pre-train 585.01 min (13 min/epoch), fine-tune 444.2 min (12.34 '
        "min/epoch), Xeon E5430 one thread.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H7",
        "RBM on MNIST: pseudo-likelihood −62.76",
        "RBM, MNIST. Setting: 500 hidden, PCD-15, lr 0.1, batch 20, 15 epochs, 20 chains, 1000 Gibbs steps "
        "between sample rows. Documented result: pseudo-log-likelihood proxy −90.65 (epoch 0) → best "
        "−61.52 (epoch 10), −62.76 (epoch 14). Time: 122.466 min, Xeon E5430 one thread.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H8",
        "Deep belief net on MNIST: 1.34 %",
        "DBN, MNIST. Setting: 3×1000, CD-1, 100 pre-train epochs/layer, batch 10, pre-train lr 0.01, "
        "fine-tune lr 0.1; lrs chosen from 1e-1…1e-5 and 1e-1…1e-4; no regulariser but early stopping. "
        "Documented result: valid 1.27 %, test 1.34 % after 46 fine-tune epochs. Time: pre-train 615 min "
        "(2.05 min/(layer·epoch)), fine-tune 101 min, Xeon X5560, 4 cores MKL.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H9",
        "Hamiltonian Monte Carlo sampler",
        "HMC sampler. Setting: 5-D Gaussian. Documented result: acceptance 0.9225 vs target 0.9; stepsize "
        "0.460; empirical mean within 0.05 of target.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H10",
        "Recurrent net for slot filling, ATIS",
        "RNN slot filling, ATIS. Setting: Elman, fold 3, embeddings 50, window 7, 200 hidden, lr "
        "0.0970806646812754, 60 epochs. Documented result: this repository's code: valid F1 97.23, test F1 "
        "94.20 (epoch 57); the page also highlights 94.48 (valid 97.33, epoch 42), from the separate "
        "repository mesnilgr/is13. Time: 28.76 s/epoch in the first log; < 40 s/epoch and < 200 MB on an "
        "i7 950 for is13.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H11",
        "RNN-RBM on the Nottingham music data",
        "RNN-RBM, Nottingham. Setting: 200 epochs, batch 100. Documented result: log-likelihood proxy "
        "−15.03 → about −4.73 (one −inf at epoch 198). Time: about 24 h.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H12",
        "LSTM on IMDB",
        "LSTM, IMDB. Setting: dim 128, AdaDelta, batch 16, dropout, patience 10. Documented result: no "
        "figure in the page.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H13",
        "Segmentation: FCN-8, U-Net, 1-D FCN",
        "FCN-8 polyps / U-Net / 1-D FCN segmentation. Documented result: FCN-8: test accuracy 0.925, "
        "Jaccard 0.684 (another run 0.846 / 0.531); U-Net: valid accuracy 0.889, Jaccard 0.749; FCN-1D: "
        "valid accuracy 0.984, Jaccard 0.959. Time: Titan X: 3.5 h (other run 6.5 h); 60 min; 4 h.",
        source="Deep Learning Tutorials",
    ),
    Entry(
        "system-H14",
        "Softmax regression notebook: 7.59 %",
        "Softmax regression notebook. Setting: BGD, batch 10000, nonlinear CG, exhaustive line search, "
        "irange 0. Documented result: test 7.59 % (valid 7.07 %, train 7.10 %) after 9 epochs. Time: 458.5 "
        "s.",
        source="Pylearn2",
    ),
    Entry(
        "system-H15",
        "MLP notebook with conjugate gradients: 1.94 %",
        "MLP notebook part 2. Setting: 500 sigmoid, BGD + CG, sparse_init 15. Documented result: test 1.94 "
        "% (38 epochs run). Time: about 35 s/epoch.",
        source="Pylearn2",
    ),
    Entry(
        "system-H16",
        "Two rectifier layers with momentum: 1.75 %",
        "MLP part 3. Setting: ReLU 500–1000, SGD lr .01, batch 100, momentum .5→.99 over 10 epochs, stop "
        "after 10 epochs without gain. Documented result: test 1.75 % (54 epochs run).",
        source="Pylearn2",
    ),
    Entry(
        "system-H17",
        "Two rectifier layers with weight decay: 1.54 %",
        "MLP part 4. Setting: part 3 + weight decay 5e-5 on every layer. Documented result: test 1.54 % "
        "(35 epochs run).",
        source="Pylearn2",
    ),
    Entry(
        "system-H18",
        "Convolutional notebook: 0.74 %",
        "Convnet notebook. Setting: two ReLU conv 5×5, pool 4×4 stride 2, kernel norm ≤ 1.9365, weight "
        "decay 5e-5. Documented result: test 0.74 %. Time: about 1 min 45 s/epoch.",
        source="Pylearn2",
    ),
    Entry(
        "system-H19",
        "Stacked denoising notebook: 2.00 %",
        "Stacked DAE notebook. Setting: 2 tanh DAEs (500 units in the first), corruption .2/.3, MSE, lr "
        "1e-3, 10 epochs each; fine-tune lr .05, momentum .5→.7, 50 epochs. Documented result: valid 2.00 "
        "% at the end of the log (a demo, not tuned). Time: about 1 s/epoch.",
        source="Pylearn2",
    ),
    Entry(
        "system-H20",
        "Dropout on MNIST: 1.05 %",
        "Dropout paper, MNIST. Setting: ReLU 898–1532, lr .097259, momentum .5→.699, max-norm, input keep "
        ".8. Documented result: test 1.05 % (440 epochs; 1.08 % for the validation variant).",
        source="Pylearn2",
    ),
    Entry(
        "system-H21",
        "Maxout on MNIST, CIFAR-10, SVHN",
        "Maxout. Documented result: MNIST permutation-invariant 0.94 %; MNIST conv 0.45 %; CIFAR-10 11.68 "
        "% paper / 11.62 % re-run (785 epochs), augmented 9.38 % / 9.45 % (474 epochs), old small 12.93 %; "
        "SVHN 2.45 % paper / 2.50 % re-run (epoch 142), 2.47 % after 9 more epochs. Time: GPU.",
        source="Pylearn2",
    ),
    Entry(
        "system-H22",
        "Baselines of the ICML 2013 contest",
        "ICML-2013 contest baselines. Documented result: emotions: softmax 36.6 %, convnet 49.6 % "
        "accuracy; black box MLP 51.5 % accuracy.",
        source="Pylearn2",
    ),
    Entry(
        "system-H23",
        "Semantic matching energy on WordNet",
        "WordNet, SME bilinear. Setting: dim 50, margin 1, 500 epochs. Documented result: per-relation "
        "ranks in .out files. Time: 4 h, GTX675M.",
        source="glorotxa/SME",
    ),
    Entry(
        "system-H24",
        "Sampled reconstruction: 22 times faster",
        "Sampled reconstruction. Setting: Amazon (full). Documented result: 22× less training time "
        "(abstract).",
        source="abstract of Dauphin et al. 2011",
    ),
)
