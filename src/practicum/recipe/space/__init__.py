"""What a search may vary: distributions, entries, spaces, and ready-made spaces."""

from practicum.recipe.space.choice import Choice
from practicum.recipe.space.distribution import Distribution, Linear, Log, LogNormal
from practicum.recipe.space.entry import Entry, distribution_of
from practicum.recipe.space.presets import PRESETS
from practicum.recipe.space.sometimes import SometimesOff
from practicum.recipe.space.space import Space
from practicum.recipe.space.steps import Integer, LogInteger

__all__ = [
    "PRESETS",
    "Choice",
    "Distribution",
    "Entry",
    "Integer",
    "Linear",
    "Log",
    "LogInteger",
    "LogNormal",
    "SometimesOff",
    "Space",
    "distribution_of",
]
