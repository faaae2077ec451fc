"""The hyper-parameters of one trial, validated and frozen, and the spaces that a search walks."""

from practicum.recipe.recipe import FORMAT, Recipe

__all__ = ["FORMAT", "Recipe"]
