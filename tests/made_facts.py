"""Made-up facts, looks and parameters, sound in everything that a test does not name."""

from __future__ import annotations

from typing import Any

from practicum.monitor.look import Look, ParameterLook, Settings, UnitLook


def a_unit(**named: Any) -> UnitLook:
    """Return the look at a sound rectifier of four units, with what is named."""
    sound: dict[str, Any] = {
        "place": 1,
        "name": "0, relu",
        "kind": "relu",
        "num_units": 4,
        "num_values": 64,
        "input_rms": 1.0,
        "mean": 0.4,
        "deviation": 0.6,
        "rms": 0.7,
        "gradient_rms": 1e-3,
        "firing": (8, 7, 9, 8),
        "rows": 16,
    }
    return UnitLook(**(sound | named))


def a_parameter(**named: Any) -> ParameterLook:
    """Return the look at a sound weight, with what is named."""
    sound: dict[str, Any] = {
        "name": "0.weight",
        "kind": "weight",
        "size": 64,
        "norm": 3.0,
        "raw_norm": 0.5,
        "gradient_norm": 0.5,
        "update_norm": 3e-3,
        "velocity_norm": float("nan"),
        "epsilon_share": float("nan"),
        "mean": 0.0,
        "deviation": 0.3,
        "gradient_mean": 0.0,
        "gradient_deviation": 0.05,
    }
    return ParameterLook(**(sound | named))


def a_setting(**named: Any) -> Settings:
    """Return plain SGD, with what is named."""
    sound: dict[str, Any] = {
        "optimizer": "SGD",
        "learning_rate": 0.01,
        "momentum": 0.0,
        "epsilon": float("nan"),
        "weight_decay": 0.0,
        "num_parameters": 64,
        "decayed_biases": 0,
    }
    return Settings(**(sound | named))


def a_look(**named: Any) -> Look:
    """Return a look at a sound step, with what is named."""
    sound: dict[str, Any] = {
        "step": 1,
        "age": 16,
        "loss": 1.0,
        "units": (a_unit(),),
        "parameters": (a_parameter(),),
        "settings": (a_setting(),),
    }
    return Look(**(sound | named))
