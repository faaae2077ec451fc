"""What Pylearn2 could do: experiments and training algorithms."""

from __future__ import annotations

from practicum.core.guide.model import Entry

ENTRIES = (
    Entry(
        "system-P1",
        "An experiment is one object",
        "Experiment = Dataset + Model + TrainingAlgorithm + Cost + TerminationCriterion + Extensions in "
        "one Train object. Works when: one config object runs.",
        source="Pylearn2, train.py",
    ),
    Entry(
        "system-P2",
        "YAML configuration",
        "YAML configuration: !obj: (construct any class), !pkl:, !import, !float, anchors/references, "
        "%(name)s templates. yaml_dryrun script checks a file before launch. Works when: config file "
        "round-trip, dry run, template substitution.",
        source="Pylearn2, config/yaml_parse.py, doc/yaml_tutorial",
    ),
    Entry(
        "system-P3",
        "Training script with time budget",
        "Train.py file.yaml with time budget (-t), verbose, timestamps, debug. List of Train objects runs "
        "in sequence. Works when: CLI.",
        source="Pylearn2, scripts/train.py",
    ),
    Entry(
        "system-P4",
        "Saving and keeping the best",
        "Save every n epochs, keep best, overwrite guard. MonitorBasedSaveBest, KeepBestParams. Works "
        "when: best model restored.",
        source="Pylearn2, train.py, train_extensions/best_params",
    ),
    Entry(
        "system-P5",
        "Monitor with channels on any data",
        "Monitor: channels on any data sets, prefix train_, valid_, test_; examples/batches/epochs seen, "
        "time. Once before training and once per epoch. Works when: x-axis choice by examples, batches, "
        "epochs, time.",
        source="Pylearn2, monitor.py",
    ),
    Entry(
        "system-P6",
        "Automatic channels",
        "Automatic channels: objective, learning_rate, momentum, misclass, nll, per-layer weight row/col "
        "norms min/mean/max, unit activation max/mean/min/range over examples and units, mean_max_class, "
        "precision/recall/F1, step and gradient size (BGD), training seconds. Sigmoid, softmax, linear, "
        "conv styles. Works when: same channels logged by default.",
        source="Pylearn2, models/mlp.py, sgd.py, bgd.py",
    ),
    Entry(
        "system-P7",
        "Live monitoring",
        "Live monitoring over ZMQ, live plots. Works when: optional.",
        source="Pylearn2, train_extensions/live_monitoring.py, plots.py",
    ),
    Entry(
        "system-P8",
        "Inspection scripts",
        "Inspection scripts: print_monitor, plot_monitor, show_weights, show_examples, summarize_model, "
        "print_model, print_channel_doc, num_parameters, diff_monitor, pkl_inspector, browse_conv_weights, "
        "print_monitor_cv. diff_monitor finds the first differing record of two runs (reproducibility "
        "check). Works when: one CLI per script, or inspect sub-commands.",
        source="Pylearn2, scripts/",
    ),
    Entry(
        "system-P9",
        "Guards against NaN",
        "NaN guards: parameters checked at set-up and during training, debug mode, NanGuardMode (big > "
        "1e10). Works when: planted NaN caught and named.",
        source="Pylearn2, sgd.py, devtools/nan_guard.py",
    ),
    Entry(
        "system-P10",
        "Cross-validation",
        "Cross-validation: k-fold, stratified, shuffle-split, with validation; per-fold pre-trained "
        "layers. TrainCV. Works when: nested CV (3-03).",
        source="Pylearn2, cross_validation/",
    ),
    Entry(
        "system-P11",
        "Hyper-parameter search",
        "Hyper-parameter search: jobman (template + log_uniform, random and grid), hyperopt pointers. "
        "Search lr 1e-5…1e-1 log-uniform. Works when: own search engine.",
        source="Pylearn2, scripts/jobman, tutorials/jobman_integration",
    ),
    Entry(
        "system-P12",
        "Stacked blocks and pre-trained layers",
        "Stacked blocks, PretrainedLayer, TransformerDataset (data passed through a trained layer). Greedy "
        "pre-training. Works when: 1.1-02.",
        source="Pylearn2, blocks.py, datasets/transformer_dataset",
    ),
    Entry(
        "system-P13",
        "Minibatch SGD",
        "Mini-batch SGD, default iteration shuffled_sequential. Raises on NaN.",
        source="Pylearn2, training_algorithms/sgd.py",
    ),
    Entry(
        "system-P14",
        "Batch gradient descent with line search",
        "Batch gradient descent with line search, nonlinear CG, repeated updates per batch. Step shrinkers.",
        source="Pylearn2, bgd.py, optimization/batch_gradient_descent.py",
    ),
    Entry(
        "system-P15",
        "Learning rules",
        "Learning rules: Momentum (inc = μ·inc − ε·g), Nesterov variant, AdaDelta (decay .95), AdaGrad "
        "(max scaling 1e5), RMSProp (decay .9, max scaling 1e5). MomentumAdjustor: linear momentum "
        "schedule.",
        source="Pylearn2, learning_rule.py",
    ),
    Entry(
        "system-P16",
        "Schedules of the learning rate",
        "Schedules: AnnealedLearningRate base·min(1, start/count) (identical to chapter eq. 2), "
        "ExponentialDecay (per update, min lr), LinearDecay (updates), OneOverEpoch (half-life, min 1e-6), "
        "LinearDecayOverEpoch. Unit differs: updates vs epochs.",
        source="Pylearn2, sgd.py",
    ),
    Entry(
        "system-P17",
        "Rate adjusted by a monitored channel",
        "MonitorBasedLRAdjuster: ×.99 if channel rises (> 1.0× previous), ×1.01 if it falls less than 1 % "
        "(> .99×), clip [1e-7, 1]. Adaptive rate.",
        source="Pylearn2, sgd.py",
    ),
    Entry(
        "system-P18",
        "Polyak averaging",
        "Polyak averaging (second copy never fed back; described as work in progress).",
        source="Pylearn2, sgd.py",
    ),
    Entry(
        "system-P19",
        "Rate scalers of each parameter",
        "Per-parameter lr scalers (W_lr_scale, b_lr_scale). 3.1-18/19.",
        source="Pylearn2, models",
    ),
    Entry(
        "system-P20",
        "Termination criteria",
        "Termination: EpochCounter, MonitorBased (default 1 % decrease in 5 epochs), ChannelTarget, "
        "ChannelInf, MatchChannel, PatienceBasedTermCrit (epochs), And, Or.",
        source="Pylearn2, termination_criteria, sgd.py",
    ),
    Entry(
        "system-P21",
        "Training extensions",
        "Extensions: SharedSetter, ChannelSmoother, RocAucChannel, WMape, WindowAndFlip (augmentation).",
        source="Pylearn2, train_extensions",
    ),
    Entry(
        "system-P22",
        "Norm constraints",
        "Norm constraints (max column/kernel norm). E.g. 1.9365.",
        source="Pylearn2, model_extensions/norm_constraint",
    ),
    Entry(
        "system-P23",
        "Solvers and line searches",
        "Solvers: linear CG, MINRES, Wolfe/Armijo line searches, feature-sign search (L1 quadratic).",
        source="Pylearn2, optimization/",
    ),
)
