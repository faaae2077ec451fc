"""What a fit would do, in words: the answer to `--dry-run`."""

from __future__ import annotations

from collections import Counter

from practicum.data.pipeline import Prepared
from practicum.models.network import Network
from practicum.recipe import Recipe


def plan_text(
    data: Prepared,
    recipe: Recipe,
    network: Network,
    num_seeds: int,
    budget_seconds: float | None,
    rates: tuple[float, ...] | None,
) -> str:
    """Return the plan, a line a step.

    Args:
        data: read and prepared.
        recipe: that would be trained.
        network: its shape.
        num_seeds: members of the committee.
        budget_seconds: time for everything; ``None`` for no limit.
        rates: learning rates that the search would try first; ``None`` when the recipe fixes it.
    """
    schema, split = data.schema, data.split
    kinds = Counter(column.kind for column in schema.inputs())
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    aside = [column.name for column in schema.columns if column.role == "ignored"]
    classes = f" ({len(schema.classes)} classes: {', '.join(schema.classes[:8])})" if schema.classes else ""
    sizes = " → ".join(map(str, (network.layer_sizes[0][0], *network.hidden_sizes, network.num_outputs)))
    lines = [
        f"Data     {data.loaded.source}: predict {schema.target}, {schema.task}{classes}",
        f"Inputs   {counted}" + (f"; set aside: {', '.join(aside[:8])}" if aside else ""),
        f"Split    {len(data.train):,} train, {len(data.valid):,} valid, {len(data.test):,} test ({split.method})",
        f"Network  {sizes}, {recipe.activation}, minibatches of {recipe.batch_size}",
    ]
    if rates is not None:
        lines.append(
            f"Search   {len(rates)} learning rates from {rates[0]:g} to {rates[-1]:g} as one pack, "
            "then finer around the best"
        )
    else:
        lines.append(f"Recipe   learning rate {recipe.learning_rate:g}, as given")
    limit = (
        f"{budget_seconds:g} s for everything"
        if budget_seconds is not None
        else "as long as the recipe takes"
    )
    lines += [
        f"Then     {num_seeds} seeds of the best, whose committee predicts; one look at the test set",
        f"Budget   {limit}",
        *(f"Note     {note}" for note in data.notes),
    ]
    return "\n".join(lines)
