"""The rules, one a file; :data:`practicum.diagnose.rules.every.RULES` has them all."""
