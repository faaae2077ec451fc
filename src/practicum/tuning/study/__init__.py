"""Finished trials, kept as Optuna's studies: in memory, in a file, or in a team's database."""

from practicum.tuning.study.store import Store

__all__ = ["Store"]
