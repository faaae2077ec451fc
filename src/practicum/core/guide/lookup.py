"""The guide put together: texts, settings and evidence joined by key; by key, by words, by setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.evidence import EVIDENCE
from practicum.core.guide.model import Entry, Kind, Recommendation, Setting
from practicum.core.guide.settings import SETTINGS
from practicum.core.guide.tables import ENTRIES

# Kind, section and usual source of a key that begins with such a word; all others are lines of the chapter.
_SPECIAL: dict[str, tuple[Kind, str, str]] = {
    "erratum": ("erratum", "errata", "Bengio 2012, as printed"),
    "fault": (
        "fault",
        "faults",
        "fault catalogue, from the chapter, practitioners' guides and diagnosis tools",
    ),
    "system": ("system", "systems", ""),
}


def _recommendation(entry: Entry) -> Recommendation:
    """Return an entry together with its settings and its evidence."""
    prefix = entry.key.rpartition("-")[0]
    kind, section, source = _SPECIAL.get(prefix, ("chapter", prefix, f"Bengio 2012, section {prefix}"))
    evidence = EVIDENCE[entry.key]
    return Recommendation(
        key=entry.key,
        section=section,
        title=entry.title,
        text=entry.text,
        source=entry.source or source,
        provenance=entry.provenance,
        kind=kind,
        status=evidence.status,
        settings=tuple(row.name for row in SETTINGS.values() if row.guide == entry.key),
        code=evidence.code,
        tests=evidence.tests,
        planned_in=evidence.planned_in,
    )


GUIDE: Mapping[str, Recommendation] = MappingProxyType(
    {entry.key: _recommendation(entry) for entry in ENTRIES}
)


def get(key: str) -> Recommendation:
    """Return the recommendation with this key; capitals and a missing nought ("3.1-2") do not matter.

    Raises:
        ConfigError: if there is none; the nearest key is offered.

    Example:
        >>> get("3.1-02").title
        'Learning rate: default and range'
    """
    folded = {known.casefold(): known for known in GUIDE}
    prefix, dash, number = key.strip().casefold().rpartition("-")
    wanted = f"{prefix}{dash}{number.zfill(2) if prefix[:1].isdigit() else number}"
    if wanted in folded:
        return GUIDE[folded[wanted]]
    ends = [f'"{known}"' for known in GUIDE if known.casefold().endswith(f"-{wanted}")]
    hint = f" Did you mean {' or '.join(ends)}?" if 0 < len(ends) <= 3 else nearest(key, GUIDE)
    raise ConfigError(
        f'`key` must be a key of the guide, such as "3.1-02", but got key="{key}".{hint}', key=key
    )


def search(words: str | Iterable[str]) -> list[Recommendation]:
    """Return the recommendations that contain all ``words``: those with them in key or title first.

    Args:
        words: text, split at spaces, or several words; parts of words count, capitals do not matter.

    Example:
        >>> [found.key for found in search("polyak averaging")][0]
        '3.1-16'
    """
    wanted = [word.casefold() for word in (words.split() if isinstance(words, str) else words)]
    ranked: tuple[list[Recommendation], list[Recommendation]] = ([], [])
    for found in GUIDE.values():
        head = " ".join((found.key, found.title, *found.settings)).casefold()
        whole = f"{head} {found.text} {found.source}".casefold()
        if all(word in whole for word in wanted):
            ranked[not all(word in head for word in wanted)].append(found)
    return ranked[0] + ranked[1]


def setting(name: str) -> Setting:
    """Return the row of a hyper-parameter: default, range, scale, choices, key of its recommendation.

    Raises:
        ConfigError: if there is none; the nearest name is offered.

    Example:
        >>> setting("learning_rate").default
        0.01
    """
    if name not in SETTINGS:
        raise ConfigError(
            f'`name` must be a setting of a recipe, but got name="{name}".{nearest(name, SETTINGS)}',
            name=name,
        )
    return SETTINGS[name]
