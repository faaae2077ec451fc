"""What the Deep Learning Tutorials could do."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "system-D1",
        "MNIST loader",
        "MNIST loader, 50k/10k/10k split, values in [0,1]. Script downloads mnist.pkl.gz if absent (old "
        "URL on iro.umontreal.ca; may be dead today (from memory)). Works when: loader gives 3 splits, "
        "shapes 784, range [0,1], offline fallback.",
        source="Deep Learning Tutorials, logistic_sgd.py load_data",
    ),
    Entry(
        "system-D2",
        "Data set resident on the device",
        "Whole data set resident on GPU, indexed by mini-batch. Avoids host copies. Works when: zero "
        "host→device copies per step.",
        source="Deep Learning Tutorials, gettingstarted (shared variables)",
    ),
    Entry(
        "system-D3",
        "Logistic regression",
        "Logistic regression (softmax + NLL, mean over batch). Zero init, lr .13, batch 600. Works when: "
        "system-H1.",
        source="Deep Learning Tutorials, logistic_sgd.py",
    ),
    Entry(
        "system-D4",
        "Zero-one loss monitored, log-likelihood optimised",
        "Zero-one loss as monitored error, NLL as surrogate. Works when: both logged.",
        source="Deep Learning Tutorials, gettingstarted, logreg",
    ),
    Entry(
        "system-D5",
        "Conjugate-gradient training",
        "Conjugate-gradient training via SciPy. 50 epochs, batch-averaged gradients. Works when: same "
        "optimum as SGD on convex problem.",
        source="Deep Learning Tutorials, logistic_cg.py",
    ),
    Entry(
        "system-D6",
        "Multi-layer perceptron",
        "MLP (hidden layer + logistic), tanh/sigmoid. Tanh; sigmoid init ×4. Works when: system-H2.",
        source="Deep Learning Tutorials, mlp.py",
    ),
    Entry(
        "system-D7",
        "Glorot-uniform initialisation",
        "Glorot-uniform init, ×4 for sigmoid, biases 0. r=√(6/(in+out)). Works when: 3.2-30 test.",
        source="Deep Learning Tutorials, mlp.py, dA.py, rbm.py",
    ),
    Entry(
        "system-D8",
        "L1 and L2 penalties",
        "L1 + L2² weight penalties. L1 0, L2 1e-4 (both weight matrices, biases not penalised; added to "
        "the MEAN NLL). Works when: epoch-sum identity 3.2-06.",
        source="Deep Learning Tutorials, mlp.py",
    ),
    Entry(
        "system-D9",
        "Early stopping with patience",
        "Early stopping with patience. 3.1-12 constants. Works when: stops at the exact documented "
        "iteration on a synthetic curve.",
        source="Deep Learning Tutorials, all scripts",
    ),
    Entry(
        "system-D10",
        "Best model saved, reloaded, used",
        "Best-model saving, reload and predict. Pickle arrays, not functions. Works when: reload gives "
        "equal predictions.",
        source="Deep Learning Tutorials, logistic_sgd.py predict, gettingstarted",
    ),
    Entry(
        "system-D11",
        "Convolution and max-pooling layer",
        "Convolution + max-pool layer, conv fan-in/fan-out init. fan_out divided by pool area. Works when: "
        "system-H3.",
        source="Deep Learning Tutorials, convolutional_mlp.py",
    ),
    Entry(
        "system-D12",
        "Learning rate decaying as 1/(1 + dt)",
        "Learning-rate decay rule µ0/(1+d·t), d ≤ 1e-3. T = epoch. Works when: formula test.",
        source="Deep Learning Tutorials, mlp.txt tips",
    ),
    Entry(
        "system-D13",
        "Tips on rates, penalties and filters",
        "Tips: log-spaced lr 1e-1, 1e-2…, λ 1e-2, 1e-3…, filters, pooling. 5×5 first layer for 28×28, "
        "12×12–15×15 for natural images, pool 2×2. Works when: presets.",
        source="Deep Learning Tutorials, mlp.txt, lenet.txt",
    ),
    Entry(
        "system-D14",
        "Auto-encoder and denoising auto-encoder",
        "Auto-encoder, denoising AE (masking), tied weights, cross-entropy. 784–500, lr .1, batch 20, 15 "
        "epochs, corruption 0/.3. Works when: system-H4 + 1.2 tests.",
        source="Deep Learning Tutorials, dA.py",
    ),
    Entry(
        "system-D15",
        "Contractive auto-encoder",
        "Contractive AE. 784–500, batch 10, contraction .1, lr .01. Works when: Jacobian penalty gradcheck "
        "(avoid the // bug).",
        source="Deep Learning Tutorials, cA.py",
    ),
    Entry(
        "system-D16",
        "Stacked denoising auto-encoder",
        "Stacked DAE: layer-wise pre-train then fine-tune; weights shared between dA and sigmoid layers; "
        "per-layer corruption. .1/.2/.3. Works when: system-H6.",
        source="Deep Learning Tutorials, SdA.py",
    ),
    Entry(
        "system-D17",
        "Cached outputs of lower layers",
        "Tip: cache layer k−1 outputs as the next layer's data set. Works when: cached = uncached result.",
        source="Deep Learning Tutorials, SdA.txt, DBN.txt",
    ),
    Entry(
        "system-D18",
        "RBM with CD-k and PCD-k",
        "RBM: free energy, CD-k, PCD-k, Gibbs hvh/vhv. PCD-15. Works when: free-energy gradcheck on tiny "
        "RBM vs exact likelihood.",
        source="Deep Learning Tutorials, rbm.py",
    ),
    Entry(
        "system-D19",
        "Proxies of an RBM's likelihood",
        "Pseudo-likelihood (PCD) and cross-entropy reconstruction (CD) as training proxies. One bit "
        "flipped per call (index cycles), × n_visible. Works when: exact on tiny RBM in expectation.",
        source="Deep Learning Tutorials, rbm.py",
    ),
    Entry(
        "system-D20",
        "Sampling by parallel persistent chains",
        "Sampling by parallel persistent chains. 20 chains, 1000 steps/row. Works when: stationary "
        "distribution on tiny RBM.",
        source="Deep Learning Tutorials, rbm.py",
    ),
    Entry(
        "system-D21",
        "Deep belief net",
        "DBN: stacked RBM CD-1 pre-train, MLP fine-tune. 3×1000. Works when: system-H8.",
        source="Deep Learning Tutorials, DBN.py",
    ),
    Entry(
        "system-D22",
        "Tiled picture of filters and samples",
        "Filter/sample tiling image. Spacing (1,1). Works when: image shape and scaling test.",
        source="Deep Learning Tutorials, utils.py tile_raster_images, scale_to_unit_interval",
    ),
    Entry(
        "system-D23",
        "Hamiltonian Monte Carlo with adaptive steps",
        "HMC with adaptive step size. Target acceptance .9; unit test exists (test_hmc.py). Works when: "
        "system-H9.",
        source="Deep Learning Tutorials, hmc/",
    ),
    Entry(
        "system-D24",
        "Recurrent net with embeddings and window",
        "RNN with embeddings and context window, lr halved after 10 epochs without gain, stop below 1e-5. "
        "Works when: after-chapter.",
        source="Deep Learning Tutorials, rnnslu.py",
    ),
    Entry(
        "system-D25",
        "LSTM with adaptive rules and dropout",
        "LSTM + AdaDelta/RMSprop/SGD, dropout. Works when: after-chapter.",
        source="Deep Learning Tutorials, lstm.py",
    ),
    Entry(
        "system-D26",
        "RNN-RBM that generates music",
        "RNN-RBM generating music. Lr 0.001. Works when: after-chapter.",
        source="Deep Learning Tutorials, rnnrbm.py",
    ),
    Entry(
        "system-D27",
        "Segmentation networks",
        "FCN-8, U-Net, FCN-1D segmentation. Lasagne. Works when: after-chapter.",
        source="Deep Learning Tutorials, code/fcn_2D_segm, unet, cnn_1D_segm",
    ),
    Entry(
        "system-D28",
        "Smoke tests with timing report",
        "Smoke tests of every script at tiny size + timing report float64/float32/GPU (JUnit XML). One "
        "epoch each. Works when: our benchmark table.",
        source="Deep Learning Tutorials, test.py speed()",
    ),
)
