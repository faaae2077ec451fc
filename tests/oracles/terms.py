"""What a recipe may ask of the update, one row a term: tests of equality and of bits run over this table.

A new term of the update is one more row.
"""

from __future__ import annotations

from typing import Any

TERMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "penalties": {"l1_penalty": (0.1, 0.2, 0.3), "l2_penalty": (0.3, 0.1, 0.2)},
    "penalised biases": {"l1_penalty": 0.1, "l2_penalty": 0.2, "penalise_biases": True},
    "averaging": {"averaging": 0.95},
    "decay": {"decay_start_step": 20, "decay_exponent": 0.7},
    "all": {"momentum": 0.5, "l1_penalty": 0.1, "l2_penalty": 0.2, "averaging": 0.9, "decay_start_step": 20},
    "nesterov": {"momentum": 0.9, "nesterov": True},
    "rising momentum": {"momentum": 0.9, "initial_momentum": 0.3, "momentum_ramp_steps": 40},
    "exponential": {"schedule": "exponential", "decay_rate": 0.02},
    "inverse": {"schedule": "inverse", "decay_rate": 0.05},
    "linear": {"schedule": "linear", "schedule_steps": 50, "final_rate_ratio": 0.1},
    "cosine, warmed up": {"schedule": "cosine", "schedule_steps": 100, "warm_up_steps": 10},
    "clipping": {"clip_norm": 0.1},
    "multipliers": {"layer_rate_multipliers": (0.5, 1.0, 2.0), "bias_rate_multiplier": 3.0},
    "proximal": {"l1_penalty": 0.2, "l1_step": "proximal"},
    "max norm": {"max_norm": 0.8},
    "label smoothing": {"label_smoothing": 0.2},
    "dropout": {"dropout": 0.3},
    "masking": {"corruption_level": 0.3},
    "gaussian": {"corruption": "gaussian", "corruption_level": 0.3},
    "salt and pepper": {"corruption": "salt_and_pepper", "corruption_level": 0.3},
    "adagrad": {"update_rule": "adagrad"},
    "adadelta": {"update_rule": "adadelta"},
    "rmsprop": {"update_rule": "rmsprop", "learning_rate": 0.01},
    "adam": {"update_rule": "adam", "learning_rate": 0.01},
    "adamw": {
        "update_rule": "adamw",
        "learning_rate": 0.01,
        "decoupled_decay": 0.1,
        "second_moment_decay": 0.99,
    },
    "schedule-free sgd": {"update_rule": "schedule_free_sgd", "warm_up_steps": 5},
    "schedule-free adamw": {"update_rule": "schedule_free_adamw", "learning_rate": 0.01},
    "bagging": {"bagging": True},
    "some inputs": {"input_fraction": 0.5, "l2_penalty": 0.2, "max_norm": 0.8, "corruption_level": 0.2},
    "everything": {
        "bagging": True,
        "input_fraction": 0.7,
        "update_rule": "adam",
        "learning_rate": 0.01,
        "clip_norm": 0.5,
        "l1_penalty": 0.1,
        "l2_penalty": 0.2,
        "max_norm": 1.5,
        "dropout": 0.2,
        "corruption_level": 0.1,
        "label_smoothing": 0.1,
        "averaging": 0.9,
        "schedule": "cosine",
        "schedule_steps": 200,
        "bias_rate_multiplier": 2.0,
    },
}

SPARSE: dict[str, dict[str, Any]] = {
    form: {"sparsity_penalty": 0.1, "sparsity_form": form, "activation": "sigmoid"}
    for form in ("l1", "student_t", "target", "kl")
} | {"l1 of rectifiers": {"sparsity_penalty": 0.1, "activation": "relu"}}

RULE_TERMS: dict[str, dict[str, Any]] = {
    "sgd": {"learning_rate": 0.02},
    "momentum": {"learning_rate": 0.02, "momentum": 0.9},
    "nesterov": {"learning_rate": 0.02, "momentum": 0.8, "nesterov": True},
    "adagrad": {"update_rule": "adagrad", "learning_rate": 0.01, "stabiliser": 1e-3},
    "adadelta": {"update_rule": "adadelta", "learning_rate": 0.1, "stabiliser": 1e-4},
    "rmsprop": {"update_rule": "rmsprop", "learning_rate": 0.001, "stabiliser": 1e-3},
    "adam": {"update_rule": "adam", "learning_rate": 0.001, "stabiliser": 1e-3},
    "adamw": {"update_rule": "adamw", "learning_rate": 0.001, "stabiliser": 1e-3, "decoupled_decay": 0.1},
    "schedule_free_sgd": {"update_rule": "schedule_free_sgd", "learning_rate": 0.02},
    "schedule_free_adamw": {"update_rule": "schedule_free_adamw", "learning_rate": 0.001, "stabiliser": 1e-3},
}
"""Every update rule at a setting in which rounding stays rounding for hundreds of updates.

The stabilisers matter: where a gradient is zero but for rounding (a bias before BatchNorm, the keys' bias of
attention), a rule that divides by the gradient's size makes steps of it.
"""

MODULE_TERMS: dict[str, dict[str, Any]] = {
    "dropout": {"dropout": 0.3},
    "masking": {"corruption_level": 0.2},
    "gaussian": {"corruption": "gaussian", "corruption_level": 0.2},
    "salt and pepper": {"corruption": "salt_and_pepper", "corruption_level": 0.2},
    "penalties": {"l1_penalty": 0.02, "l2_penalty": 0.1},
    "proximal": {"l1_penalty": 0.02, "l1_step": "proximal", "l2_penalty": 0.05},
    "clipping": {"clip_norm": 0.3},
    "averaging": {"averaging": 0.95},
    "cosine": {"schedule": "cosine", "schedule_steps": 250, "warm_up_steps": 10},
    "exponential": {"schedule": "exponential", "decay_rate": 0.01},
    "power": {"decay_start_step": 20},
    "multipliers": {"bias_rate_multiplier": 2.0, "layer_rate_multipliers": "rising"},
    "max norm": {"max_norm": 0.7},
    "label smoothing": {"label_smoothing": 0.2},
}
"""What a recipe may ask for any module, one row a term; rates by layer depend on the number of layers."""

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("dropout", "salt and pepper", "penalties", "averaging", "cosine"),
    ("masking", "proximal", "clipping", "multipliers", "power"),
    ("label smoothing", "max norm", "gaussian", "exponential", "averaging"),
)
"""Terms that go together, so that a few runs meet them all."""
