"""Trains neural networks the way Bengio's practical recommendations (2012) say an expert would.

    run = practicum.fit("adult.csv", target="income", budget="60s")
    run.predict("new_rows.csv")

Names are loaded when first used, so that `import practicum` is quick and imports no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from practicum.checks.model_check import ModelCheck
    from practicum.core.errors import (
        ConfigError,
        DataError,
        DivergedError,
        MissingExtraError,
        PracticumError,
        RecordError,
        ShapeError,
    )
    from practicum.core.finding import Finding
    from practicum.data.schema import Schema
    from practicum.faces.adapted import adapt_rate
    from practicum.faces.callbacks import lightning_callback, skorch_callback, trainer_callback
    from practicum.faces.check import check, check_table
    from practicum.faces.estimators.classifier import Classifier
    from practicum.faces.estimators.regressor import Regressor
    from practicum.faces.monitor import Monitor
    from practicum.faces.own import train
    from practicum.faces.run import Run, load
    from practicum.faces.search import search
    from practicum.faces.search_result import SearchResult
    from practicum.faces.training import fit
    from practicum.faces.trials import Trial
    from practicum.recipe import Recipe
    from practicum.recipe.space.choice import Choice
    from practicum.recipe.space.distribution import Linear, Log
    from practicum.recipe.space.space import Space
    from practicum.recipe.space.steps import Integer, LogInteger
    from practicum.report.sarif import sarif

__version__ = "0.1.0"

__all__ = [
    "Choice",
    "Classifier",
    "ConfigError",
    "DataError",
    "DivergedError",
    "Finding",
    "Integer",
    "Linear",
    "Log",
    "LogInteger",
    "MissingExtraError",
    "ModelCheck",
    "Monitor",
    "PracticumError",
    "Recipe",
    "RecordError",
    "Regressor",
    "Run",
    "Schema",
    "SearchResult",
    "ShapeError",
    "Space",
    "Trial",
    "__version__",
    "adapt_rate",
    "check",
    "check_table",
    "fit",
    "lightning_callback",
    "load",
    "sarif",
    "search",
    "skorch_callback",
    "train",
    "trainer_callback",
]

_HOMES = {
    "Classifier": "practicum.faces.estimators.classifier",
    "Regressor": "practicum.faces.estimators.regressor",
    "Run": "practicum.faces.run",
    "adapt_rate": "practicum.faces.adapted",
    "fit": "practicum.faces.training",
    "lightning_callback": "practicum.faces.callbacks",
    "skorch_callback": "practicum.faces.callbacks",
    "trainer_callback": "practicum.faces.callbacks",
    "load": "practicum.faces.run",
    "sarif": "practicum.report.sarif",
    "search": "practicum.faces.search",
    "SearchResult": "practicum.faces.search_result",
    "train": "practicum.faces.own",
    "Trial": "practicum.faces.trials",
    "Recipe": "practicum.recipe",
    "Space": "practicum.recipe.space",
    "Log": "practicum.recipe.space",
    "Linear": "practicum.recipe.space",
    "Integer": "practicum.recipe.space",
    "LogInteger": "practicum.recipe.space",
    "Choice": "practicum.recipe.space",
    "Schema": "practicum.data.schema",
    "check": "practicum.faces.check",
    "check_table": "practicum.faces.check",
    "Finding": "practicum.core.finding",
    "ModelCheck": "practicum.checks.model_check",
    "Monitor": "practicum.faces.monitor",
}


def __getattr__(name: str) -> Any:
    """Return a public name from the module where it lives."""
    if name not in __all__:
        raise AttributeError(f"module 'practicum' has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "practicum.core.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
