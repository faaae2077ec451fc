"""What a finished run answers later: the whole search, what is worth its cost, whether a setting matters.

All of it comes from the summary alone, as objects of the analysis and as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from practicum.core.errors import ConfigError
from practicum.core.summary import Summary
from practicum.recipe.space import Space
from practicum.report.tried import search_of_run, space_of_run, tried_of_run
from practicum.tuning.analysis.conclusion import WIDE, Conclusion, analyse
from practicum.tuning.analysis.matters import Matters, matters
from practicum.tuning.analysis.pareto import Front, pareto
from practicum.tuning.trial import Tried


def conclusion_of(summary: Summary) -> Conclusion:
    """Return everything that the search of a run says.

    Raises:
        ConfigError: if the run did not search.
    """
    return analyse(tried_of_run(summary), space_of_run(summary), search_of_run(summary).shared_noise)


def front_of(summary: Summary) -> Front:
    """Return the settings of a run that no other beats in both error and cost [3.3-06].

    Those that were ended early count only where no training was whole.

    Raises:
        ConfigError: if the run did not search.
    """
    tried = tried_of_run(summary)
    front = pareto(tried)
    if front.trials:
        return front
    halted = {one.number: one for one in tried}
    early = pareto([replace(one, halted=False) for one in tried])
    return replace(early, trials=tuple(halted[one.number] for one in early.trials))


def matters_of(summary: Summary, name: str | None = None) -> list[Matters]:
    """Return whether an entry matters, all others optimised for each of its values [3.4-07].

    Args:
        summary: of a run that searched.
        name: of the entry; ``None`` for all of role "scientific".

    Raises:
        ConfigError: if the run did not search, has no entry of that name, or none of that role.
    """
    tried, space = _at_random(summary), space_of_run(summary)
    names = [entry.name for entry in space if entry.role == "scientific"] if name is None else [name]
    if not names:
        raise ConfigError(
            "`matters` must name an entry of the space where none has the role scientific, but got none. Name one of "
            f"{', '.join(space.names)}."
        )
    return [matters(tried, space, one) for one in names]


def coupled_with(tried: Sequence[Tried], space: Space, name: str) -> list[str]:
    """Return the names of other entries whose value always came with the same value of ``name``.

    Shapes come in packs, so that few settings may hold few of their combinations.

    Example:
        >>> from practicum.recipe.space import Space
        >>> space = Space.from_mapping({"activation": {"choice": ["tanh", "relu"]}, "width": {"choice": [64, 128]}})
        >>> pairs = (("tanh", 64), ("relu", 128))
        >>> tried = [Tried(i, {"activation": name, "width": width}, 0.1) for i, (name, width) in enumerate(pairs)]
        >>> coupled_with(tried, space, "activation")
        ['width']
    """
    found = []
    for other in space:
        if other.name == name or name not in space or space[name].distribution.num_values is None:
            continue
        pairs = {(repr(one.values.get(name)), repr(one.values.get(other.name))) for one in tried}
        firsts, seconds = {first for first, _ in pairs}, {second for _, second in pairs}
        if len(firsts) > 1 and len(pairs) == len(firsts) == len(seconds):
            found.append(other.name)
    return found


def coupling_text(summary: Summary, name: str) -> str:
    """Return a warning where the values of an entry came with those of others, or an empty string."""
    others = coupled_with(_at_random(summary), space_of_run(summary), name)
    if not others:
        return ""
    listed = " and ".join(f"`{other}`" for other in others)
    return (
        f"But each value of `{name}` was tried with one value of {listed} only: what is said may be due to those. "
        "More settings would tell them apart."
    )


def _at_random(summary: Summary) -> list[Tried]:
    """Return the settings that were drawn from the whole space, or all where none were."""
    tried = tried_of_run(summary)
    return [one for one in tried if one.phase == WIDE] or tried


def ranked(tried: list[Tried]) -> list[Tried]:
    """Return settings, the best first: those that trained to their end, those given up, those that blew up."""
    return sorted(tried, key=lambda one: (2 if one.diverged else int(one.halted), one.error, one.number))


def status_of(one: Tried) -> str:
    """Return how the training of a setting ended, in one word."""
    return "diverged" if one.diverged else "halted" if one.halted else "whole"


def search_data(summary: Summary) -> dict[str, Any]:
    """Return the whole search as plain data: settings the best first, and what they say."""
    return {
        "settings": [_plain(one) for one in ranked(tried_of_run(summary))],
        "conclusion": conclusion_of(summary).as_data(),
    }


def front_data(summary: Summary) -> dict[str, Any]:
    """Return what is worth its cost as plain data."""
    front = front_of(summary)
    return {"settings": [_plain(one) for one in front.trials], "text": front.text}


def matters_data(summary: Summary, name: str | None = None) -> list[dict[str, Any]]:
    """Return whether entries matter as plain data."""
    tried, space = _at_random(summary), space_of_run(summary)
    return [
        {**asdict(one), "text": one.text, "coupled_with": coupled_with(tried, space, one.name)}
        for one in matters_of(summary, name)
    ]


def _plain(one: Tried) -> dict[str, Any]:
    """Return a setting as plain data; `core_seconds` is its cost."""
    return {
        "number": one.number,
        "phase": one.phase,
        "status": status_of(one),
        "error": one.error,
        "standard_error": one.standard_error,
        "core_seconds": one.cost,
        "age": one.age,
        "values": dict(one.values),
    }
