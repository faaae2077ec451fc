"""How parameters move: learning-rate schedules and penalties, per trial."""
