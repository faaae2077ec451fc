"""The hyper-parameters of one trial, validated and frozen, and the spaces that a search walks."""

from practicum.recipe.recipe import FORMAT, Recipe
from practicum.recipe.space import around, border, extension, learning_rate_grid

__all__ = ["FORMAT", "Recipe", "around", "border", "extension", "learning_rate_grid"]
