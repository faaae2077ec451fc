"""Settings of the minibatches and of the training criterion."""

from __future__ import annotations

from practicum.core.guide.model import COUNT, FRACTION, Limits, Setting

BATCHES = (
    Setting(
        "batch_size",
        "3.1-07",
        "examples of a minibatch, B",
        32,
        "log-integer",
        low=1,
        high=512,
        limits=COUNT,
    ),
    Setting(
        "batch_order",
        "2.1-10",
        "examples shuffled anew each epoch, shuffled once, or in the order of the file",
        "reshuffle",
        "choice",
        choices=("reshuffle", "shuffle_once", "fixed"),
    ),
)

PENALTIES = (
    Setting(
        "l2_penalty",
        "3.2-05",
        "λ of λ Σθ², against the total loss; one number, or one a layer with the output layer last",
        0.0,
        "log",
        low=1e-3,
        high=100.0,
        limits=Limits(at_least=0),
    ),
    Setting(
        "l1_penalty",
        "3.2-11",
        "λ of λ Σ|θ|, against the total loss; one number, or one a layer with the output layer last",
        0.0,
        "log",
        low=1e-3,
        high=100.0,
        limits=Limits(at_least=0),
    ),
    Setting("penalise_biases", "3.2-15", "whether the penalties act on biases too", False, "flag"),
    Setting(
        "l1_step",
        "3.2-11",
        "plain: the penalty's slope is part of the gradient; proximal: small weights become exactly 0",
        "plain",
        "choice",
        choices=("plain", "proximal"),
    ),
    Setting(
        "max_norm",
        "system-P22",
        "largest norm of the weights into one unit; longer ones are scaled down to it; null: none",
        None,
        "linear",
        low=0.5,
        high=4.0,
        limits=Limits(above=0),
        optional=True,
        status="after the chapter",
    ),
    Setting(
        "sparsity_penalty",
        "3.2-17",
        "coefficient α on the hidden activations, of the mean loss; 0: none",
        0.0,
        "log",
        low=1e-5,
        high=1.0,
        limits=Limits(at_least=0),
    ),
    Setting(
        "sparsity_form",
        "3.2-17",
        "l1: Σh; student_t: Σlog(1 + h²); target: Σ(ρ − h̄)²; kl: to a coin of ρ, over the minibatch's h̄",
        "l1",
        "choice",
        choices=("l1", "student_t", "target", "kl"),
    ),
    Setting(
        "sparsity_target",
        "3.2-17",
        "mean activation ρ that `target` and `kl` aim at",
        0.05,
        "log",
        low=0.01,
        high=0.5,
        limits=Limits(above=0, below=1),
    ),
    Setting(
        "label_smoothing",
        "3.2-26",
        "share of each class label spread evenly over all classes",
        0.0,
        "linear",
        low=0.0,
        high=0.3,
        limits=FRACTION,
        status="after the chapter",
    ),
)
