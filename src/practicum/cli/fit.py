"""`practicum fit`: a table in, a trained network out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from practicum.cli.importing import heavy_imports
from practicum.faces.budget import DEFAULT_BUDGET
from practicum.runs.layout import FILES


def fit(
    context: typer.Context,
    data: Annotated[
        str, typer.Argument(help="Table to learn from (CSV, Parquet, …).", metavar="DATA", show_default=False)
    ],
    target: Annotated[str, typer.Option(help="Column to predict.", metavar="COLUMN", show_default=False)],
    test: Annotated[
        str | None,
        typer.Option(help="Table to test on; without it, rows of DATA are kept for that.", metavar="FILE"),
    ] = None,
    task: Annotated[
        str, typer.Option(help="What the target is.", metavar="[auto|binary|multiclass|regression]")
    ] = "auto",
    budget: Annotated[
        str | None,
        typer.Option(
            help="Time for the whole command: 60s, 10m, 1.5h.",
            metavar="TIME",
            show_default=f"{DEFAULT_BUDGET}; none with --trials, --replay or a recipe that says num_steps",
        ),
    ] = None,
    trials: Annotated[
        int | None,
        typer.Option(help="Settings to try, instead of a time.", metavar="N", show_default="by time"),
    ] = None,
    metric: Annotated[
        str,
        typer.Option(
            help="What to minimise on validation rows.",
            metavar="[error|balanced_error|log_loss|auc|f1|rmse|mae]",
        ),
    ] = "error",
    space: Annotated[
        str | None,
        typer.Option(
            help="What to vary: a preset or a YAML file (see `practicum space`).",
            metavar="NAME|FILE",
            show_default="default; small for little time",
        ),
    ] = None,
    sampler: Annotated[
        str,
        typer.Option(
            help="Strategy that proposes settings.",
            metavar="[zoom|quasi-random|random|grid|coordinate|tpe|gp|cmaes]",
        ),
    ] = "zoom",
    diagnosis: Annotated[
        bool, typer.Option("--diagnosis/--no-diagnosis", help="Let hopeless trials leave early, and say why.")
    ] = True,
    scientific: Annotated[
        str | None,
        typer.Option(help="Settings you ask about: does it matter?", metavar="NAME[,NAME]"),
    ] = None,
    batch_sizes: Annotated[
        str | None,
        typer.Option(
            help="Compare batch sizes at equal time: 16,64,256, auto or off.",
            metavar="N[,N]|auto|off",
            show_default="auto with time enough",
        ),
    ] = None,
    grid: Annotated[
        bool, typer.Option("--grid", help="Draw a small grid around the best, over the two that matter most.")
    ] = False,
    folds: Annotated[
        int | None,
        typer.Option(help="Folds to choose by; 1: one held-out part.", metavar="N", show_default="by rows"),
    ] = None,
    nested: Annotated[
        int | None,
        typer.Option(
            help="Test by nested cross-validation with so many outer folds, each with a search of its own.",
            metavar="K",
            show_default="test once, on rows kept for that",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(help="Trainings of each of the best few settings.", metavar="N")] = 5,
    seed: Annotated[
        int | None,
        typer.Option(help="Where all random numbers start.", metavar="N", show_default="the recipe's, or 0"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="New folder for the run.", show_default="runs/NAME-TIME", metavar="FOLDER"),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with the run that was to lie there when it was killed.", metavar="RUN"),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Repeat this run, to the bit, without a clock.", metavar="RUN")
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(help="Keep the study in this journal file or database.", metavar="FILE|URL"),
    ] = None,
    recipe: Annotated[
        Path | None, typer.Option(help="Train this recipe instead of searching for one.", metavar="FILE")
    ] = None,
    schema: Annotated[
        Path | None,
        typer.Option(help="What the columns are, as a run's schema.yaml says it.", metavar="FILE"),
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Keep rows with one value of this column together.", metavar="COLUMN")
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(help="Train on the past, test on the future of this column.", metavar="COLUMN"),
    ] = None,
    device: Annotated[
        str, typer.Option(help="Where to train: auto (a GPU if there is one), cpu, cuda, …", metavar="NAME")
    ] = "auto",
    workers: Annotated[
        int | None,
        typer.Option(help="Packs to train side by side.", metavar="N", show_default="one per core"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and train nothing.")] = False,
) -> None:
    """Train a network on a table, within a time budget.

    Chooses the hyper-parameters, trains a committee, tests it once, and saves it with a report of what was done.
    """
    from practicum.faces.progress import Display

    with Display() as display:
        with heavy_imports():
            from practicum.faces.request import make_request

            request = make_request(
                data=data,
                target=target,
                test=test,
                task=task,
                budget=budget,
                trials=trials,
                seeds=seeds,
                seed=seed,
                folds=folds,
                nested=nested,
                space=space,
                sampler=sampler,
                diagnosis=diagnosis,
                scientific=scientific,
                batch_sizes=batch_sizes,
                grid=grid,
                metric=metric,
                replay=replay,
                storage=storage,
                resume=resume,
                out=out,
                recipe=recipe,
                schema=schema,
                group=group,
                time=time,
                device=device,
                workers=workers,
                started=context.obj,
            )
            import sklearn.linear_model  # noqa: F401 - the baselines need it later

            from practicum import experiment
            from practicum.nested import fit as run

        if not dry_run:
            summary = run(request, display.show)
    if dry_run:
        plan = experiment.plan(request)
        sys.stdout.write(json.dumps({"plan": plan}) + "\n" if as_json else plan.rstrip() + "\n")
        return
    if summary.interrupted:
        sys.stderr.write("Interrupted: the best so far was saved.\n")
    if as_json:
        sys.stdout.write(summary.to_json() + "\n")
        return
    from rich.console import Console

    from practicum.report.terminal import print_summary

    print_summary(summary, Console())
    for name, file in (("Report", "report"), ("Model", "weights")):  # last and whole, for copying
        sys.stdout.write(f"{name + ':':<8}{Path(summary.run) / FILES[file]}\n")
