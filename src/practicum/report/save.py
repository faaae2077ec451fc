"""Put a finished run into its folder: recipe, schema, preparation, weights, record, report, summary."""

from __future__ import annotations

from pathlib import Path

from practicum.core.summary import Summary
from practicum.data.stored import names
from practicum.engine.clock import Clock
from practicum.report.assemble import Learned
from practicum.report.page import write_report
from practicum.report.predicted import Predictions
from practicum.runs.folder import RunFolder
from practicum.runs.layout import FILES
from practicum.tuning.study import Store

KINDS = ("preparation", "arrays")


def save_run(
    summary: Summary, predictions: Predictions, learned: Learned, clock: Clock, store: Store
) -> Summary:
    """Write the run folder, whole or not at all, and return the summary as saved.

    Raises:
        ConfigError: if the disk refuses; nothing is left behind then.
    """
    with RunFolder.create(Path(summary.run)) as folder:
        learned.recipe.save(folder.file("recipe"))
        learned.data.data.schema.save(folder.file("schema"))
        for number, preparation in enumerate(learned.elected.preparations):
            preparation.save(folder.temporary, number)
        learned.elected.committee.save(folder.file("weights"))
        learned.record.save(folder.file("record"))
        statistics = learned.record.statistics()
        statistics.write_parquet(folder.file("statistics"))
        store.save(folder.file("study"))
        clock.leave()
        phases = {name: round(seconds, 3) for name, seconds in clock.phase_seconds.items()}
        final = summary.model_copy(
            update={"files": _files(learned), "seconds": clock.seconds(), "phase_seconds": phases}
        )
        write_report(final, learned.record.frame(), folder.file("report"), predictions, statistics)
        final = final.model_copy(update={"seconds": clock.seconds()})
        final.save(folder.temporary)
        path = folder.commit()
    return final.model_copy(update={"run": str(path)})


def _files(learned: Learned) -> dict[str, str]:
    """Return what the folder holds, also the further preparations of a committee that has several."""
    further = range(1, len(learned.elected.preparations))
    named = {f"{name}-{k}": file for k in further for name, file in zip(KINDS, names(k), strict=True)}
    return {**FILES, **named}
