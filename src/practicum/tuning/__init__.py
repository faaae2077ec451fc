"""Which settings to try next, and what the tried ones say."""
