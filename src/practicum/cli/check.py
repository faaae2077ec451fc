"""`practicum check`: what is wrong before anything is trained, with a table or with a model of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from practicum.cli.check_files import PICTURES, in_json, write_picture, write_sarif
from practicum.cli.outfile import check_out
from practicum.core.errors import ConfigError, PracticumError
from practicum.core.finding import Finding, verdict

if TYPE_CHECKING:
    from practicum.checks.model_check import ModelCheck
    from practicum.checks.subject import Checked

BUDGET = "60s"
WRONG = 1
"""Exit code where something critical was found, as linters have it."""


def check(
    what: Annotated[
        str,
        typer.Argument(
            help="A table to look at, or module:build (file.py:build), which returns a model.",
            metavar="DATA|MODULE:BUILD",
            show_default=False,
        ),
    ],
    target: Annotated[
        str | None, typer.Option(help="Of a table: the column to predict.", metavar="COLUMN")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help='For a model: NPZ or safetensors file with arrays "x" and "y".', metavar="FILE"),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(
            help="For a model: cross_entropy, binary_cross_entropy, squared_error, or module:function of "
            "(outputs, targets).",
            metavar="LOSS",
        ),
    ] = None,
    recipe: Annotated[
        Path | None, typer.Option(help="For a model: recipe that build is given.", metavar="FILE")
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(help="Of a table: file to test on; its inputs are looked at.", metavar="FILE"),
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="Of a table: binary, multiclass, regression.", metavar="TASK")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Of a table: rows alike in it stay together.", metavar="COLUMN")
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="Of a table: train on the past of it.", metavar="COLUMN")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="For a model: no check begins after this; 60s.", metavar="TIME")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.", metavar="N")] = 0,
    profile: Annotated[
        bool, typer.Option("--profile", help="For a model: also time and memory of a step, by module.")
    ] = False,
    epsilon_sweep: Annotated[
        Path | None,
        typer.Option(
            help="For a model: picture of how finite differences err as ε shrinks, .svg or .html.",
            metavar="FILE",
        ),
    ] = None,
    sarif: Annotated[
        Path | None, typer.Option(help="Also write the findings there, as SARIF 2.1.0.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is wrong with a table, or with a model of your own, before it is trained.

    Ends with exit code 1 if something critical was found.
    """
    from practicum.faces.called import is_called

    if epsilon_sweep is not None:
        check_out("epsilon-sweep", epsilon_sweep, suffixes=PICTURES)
    if sarif is not None:
        check_out("sarif", sarif, apart_from=Path(what))
    parts: tuple[Checked, ...] = ()
    if is_called(what):
        _refuse(what, "a model", target=target, test=test, task=task, group=group, time=time)
        found = _model(what, data, loss, recipe, budget or BUDGET, seed, profile=profile)
        findings, text, parts = found.findings, found.text, found.parts
    else:
        given = {"data": data, "loss": loss, "recipe": recipe, "budget": budget}
        _refuse(what, "a table", **given, profile=profile or None, epsilon_sweep=epsilon_sweep)
        findings = _table(what, target, test=test, task=task or "auto", group=group, time=time, seed=seed)
        text = verdict(findings)
    sys.stdout.write((in_json(findings, parts) if as_json else text) + "\n")
    if sarif is not None:
        write_sarif(sarif, what, findings, parts)
    if epsilon_sweep is not None:
        write_picture(epsilon_sweep, parts)
    if any(one.severity == "critical" for one in findings):
        raise typer.Exit(WRONG)


def _model(
    what: str,
    data: Path | None,
    loss: str | None,
    recipe: Path | None,
    budget: str,
    seed: int,
    *,
    profile: bool,
) -> ModelCheck:
    """Return what the checks of a model say."""
    from practicum.cli.importing import heavy_imports
    from practicum.faces.called import arrays_in, function_called, is_called

    if data is None or loss is None:
        missing = "--data" if data is None else "--loss"
        raise ConfigError(
            f"A model must be checked on data and with a loss, but `{missing}` is missing. For example: "
            f"practicum check {what} --data rows.npz --loss cross_entropy",
            model=what,
        )
    with heavy_imports():
        import torch

        from practicum.faces.check import check as check_model
        from practicum.recipe import Recipe
    rows = arrays_in(data)
    build = function_called(what)
    try:
        torch.manual_seed(seed)
        model = build(Recipe() if recipe is None else Recipe.load(recipe))
    except PracticumError:
        raise
    except (Exception, SystemExit) as error:  # whatever a user's function raises
        raise ConfigError(
            f"`{what}` must return a model, but it raised {type(error).__name__}: {error}. It is called with a recipe; "
            "settings of your own come from `--recipe FILE`.",
            model=what,
        ) from error
    if not isinstance(model, torch.nn.Module):
        raise ConfigError(
            f"`{what}` must return a torch.nn.Module, but returned {type(model).__name__}.", model=what
        )
    function = function_called(loss) if is_called(loss) else loss
    return check_model(model, function, rows, budget=budget, seed=seed, profile=profile, verbose=True)


def _table(
    what: str,
    target: str | None,
    *,
    test: Path | None,
    task: str,
    group: str | None,
    time: str | None,
    seed: int,
) -> tuple[Finding, ...]:
    """Return what the checks of a table say."""
    from practicum.cli.importing import heavy_imports

    if target is None:
        raise ConfigError(
            f"`--target` must name the column to predict, but it is missing. For example: practicum check {what} "
            "--target COLUMN",
            data=what,
        )
    with heavy_imports():
        from practicum.faces.check import check_table
    return check_table(what, target=target, test=test, task=task, group=group, time=time, seed=seed)


def _refuse(what: str, kind: str, **given: object) -> None:
    """Refuse options that belong to the other kind of check."""
    named = [name for name, value in given.items() if value is not None]
    if named:
        option = named[0].replace("_", "-")
        raise ConfigError(
            f"`--{option}` must be left out where {kind} is checked, but it was given beside {what}. A model is "
            "named as module:build, anything else is a table.",
            option=option,
        )
