"""What lies in a run folder, by name; the version of the layout is that of its summary."""

from __future__ import annotations

FILES = {
    "recipe": "recipe.yaml",
    "schema": "schema.yaml",
    "preparation": "preparation.json",
    "arrays": "preparation.safetensors",
    "weights": "model.safetensors",
    "record": "record.parquet",
    "statistics": "statistics.parquet",
    "study": "study.log",
    "summary": "run.json",
    "report": "report.html",
}
"""What a run folder holds: the name that code uses, the name on disk."""

UNFINISHED = ".unfinished"
"""End of the name of the folder beside it, while the run is on its way."""

NEEDED = ("recipe", "schema", "preparation", "arrays", "weights")
"""What a prediction reads besides the summary; the record and the report are for people."""
