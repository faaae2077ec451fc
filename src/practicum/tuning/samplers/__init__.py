"""Strategies: which settings to try next."""
