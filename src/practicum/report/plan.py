"""What a fit would do, in words: the answer to `--dry-run`."""

from __future__ import annotations

from collections import Counter

from practicum.data.pipeline import Prepared
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.tuning.demand import Demand
from practicum.tuning.finals import NUM_FINALISTS


def plan_text(data: Prepared, recipe: Recipe, network: Network, request: Request, space: Space) -> str:
    """Return the plan, a line a step.

    Args:
        data: read and prepared.
        recipe: to start from, or the one to train.
        network: its shape.
        request: what is asked for.
        space: what the search would vary; without entries when a recipe was given.
    """
    schema, split = data.schema, data.split
    kinds = Counter(column.kind for column in schema.inputs())
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    aside = [column.name for column in schema.columns if column.role == "ignored"]
    classes = f" ({len(schema.classes)} classes: {', '.join(schema.classes[:8])})" if schema.classes else ""
    lines = [
        f"Data     {data.loaded.source}: predict {schema.target}, {schema.task}{classes}",
        f"Inputs   {counted}" + (f"; set aside: {', '.join(aside[:8])}" if aside else ""),
        f"Split    {len(data.train):,} train, {len(data.valid):,} valid, {len(data.test):,} test ({split.method})",
        *_training_lines(data, recipe, network, request, space),
        *(f"Note     {note}" for note in data.notes),
    ]
    return "\n".join(lines)


def _training_lines(
    data: Prepared, recipe: Recipe, network: Network, request: Request, space: Space
) -> list[str]:
    """Return the lines on search, finals and time."""
    demand = Demand.of(request, len(data.train), len(data.train) + len(data.valid))
    folded = f", each in {demand.num_folds} folds" if demand.num_folds > 1 else ""
    limit = (
        f"{request.budget_seconds:g} s for everything"
        if request.budget_seconds is not None
        else "as long as it takes"
    )
    if not space.entries:
        sizes = " → ".join(map(str, (network.layer_sizes[0][0], *network.hidden_sizes, network.num_outputs)))
        lines = [
            f"Network  {sizes}, {recipe.activation}, minibatches of {recipe.batch_size}",
            f"Recipe   learning rate {recipe.learning_rate:g}, as given",
            f"Then     {demand.num_seeds} seeds of it{folded}, whose committee predicts; one look at the test set",
        ]
    else:
        count = (
            "as many settings as the time allows"
            if request.num_trials is None
            else f"{request.num_trials} settings"
        )
        lines = [
            f"Search   {count}{folded}, proposed by {request.sampler}; varied: {', '.join(space.names)}",
            f"Then     {demand.num_seeds} seeds of the best {NUM_FINALISTS}; of these and of the search's best a "
            "committee predicts; one look at the test set",
        ]
    if request.num_outer is not None:
        lines.append(
            f"Nested   all of this once on all rows and once without each of {request.num_outer} outer folds, which "
            "test it; time or trials are divided"
        )
    return [*lines, f"Budget   {limit}"]
