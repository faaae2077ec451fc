"""Put a finished run into its folder: recipe, schema, preparation, weights, record, report, summary."""

from __future__ import annotations

from practicum import __version__
from practicum.core.summary import Summary
from practicum.data.pipeline import Prepared
from practicum.engine.clock import Clock
from practicum.report.assemble import Outcome
from practicum.report.page import write_report
from practicum.runs.folder import RunFolder
from practicum.runs.layout import FILES
from practicum.runs.weights import save_members


def save_run(summary: Summary, data: Prepared, outcome: Outcome, clock: Clock) -> Summary:
    """Write the run folder, whole or not at all, and return the summary as saved.

    Raises:
        ConfigError: if the disk refuses; nothing is left behind then.
    """
    from pathlib import Path

    with RunFolder.create(Path(summary.run)) as folder:
        outcome.recipe.save(folder.file("recipe"))
        data.schema.save(folder.file("schema"))
        data.preparation.save(folder.temporary)
        save_members(
            folder.file("weights"), [dict(member.weights) for member in outcome.members], metadata(outcome)
        )
        outcome.record.save(folder.file("record"))
        clock.leave()
        final = summary.model_copy(update={"files": dict(FILES), "seconds": clock.seconds()})
        write_report(final, outcome.record.frame(), folder.file("report"))
        final = final.model_copy(update={"seconds": clock.seconds()})
        final.save(folder.temporary)
        path = folder.commit()
    return final.model_copy(update={"run": str(path)})


def metadata(outcome: Outcome) -> dict[str, object]:
    """Return what a reader of the weights needs to build the network."""
    network = outcome.network
    return {
        "practicum": __version__,
        "num_inputs": network.num_inputs,
        "hidden_sizes": list(network.hidden_sizes),
        "num_outputs": network.num_outputs,
        "activation": network.activation,
        "task": network.task,
        "num_levels": list(network.num_levels),
    }
