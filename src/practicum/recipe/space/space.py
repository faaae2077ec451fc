"""The space: a map from the unit cube to recipes.

What is varied stands in entries, everything else in a base recipe. Samplers move in units; `values` and `units` go
between units and values, `recipe` from values to what is trained.
Source: Bengio 2012, 3.4-01; ranges and conditions stand in the guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.settings import SEARCHED
from practicum.core.seeds import stream
from practicum.recipe.recipe import DEFAULTS, Recipe
from practicum.recipe.space.base import base_as_plain, base_for, check_names
from practicum.recipe.space.conditions import acts, completed, settled, values_at
from practicum.recipe.space.distribution import Distribution
from practicum.recipe.space.entry import Entry, checked_entry
from practicum.recipe.space.fixed import SHAPE, fixed_values, is_own, other_shape, with_values
from practicum.recipe.space.mapping import entry_as_plain, placed, read_space
from practicum.recipe.space.presets import preset_rows
from practicum.recipe.yaml_file import item, read_mapping, write_lines

STRUCTURAL = (
    "hidden_sizes",
    "num_layers",
    "width",
    "activation",
    "batch_size",
    "batch_order",
    "update_rule",
    "validate_every_steps",
    "pca_variance",
    "categories",
    "corruption",
    "sparsity_form",
)
"""Settings whose values decide shapes, or the way an update is computed: their values make packs of their own."""

NUM_PROBES = 24


@dataclass(frozen=True)
class Space:
    """What a search may vary, and how.

    Args:
        entries: what is varied; put into an order in which an entry follows those that it depends on, with the
            conditions that the guide adds.
        base: everything that is not varied; what is varied stands there at the guide's default, if it can.

    Raises:
        ConfigError: if a name is unknown or stands twice, a distribution or a condition cannot work, or a recipe of
            the space would be refused.

    Source:
        Bengio 2012, 3.4-01.

    Example:
        >>> from practicum.recipe.space import Choice, Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1)), Entry("width", Choice((64, 256)))))
        >>> values = space.values({"learning_rate": 0.5, "width": 0.9})
        >>> round(values["learning_rate"], 9), space.recipe(values).hidden_sizes
        (0.001, (256, 256, 256))
    """

    entries: tuple[Entry, ...]
    base: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        """Check, complete and order the entries."""
        entries = tuple(checked_entry(entry) for entry in self.entries)
        check_names(entries)
        entries = completed(entries, fixed_values(self.base))
        object.__setattr__(self, "entries", entries)
        object.__setattr__(self, "base", base_for(self.base, {}, entries))
        self.probe()

    def probe(self, check: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        """Make some recipes of the space, so that combinations that are refused show before a search begins.

        Args:
            check: a further check of a recipe's values, such as :func:`practicum.recipe.combinations.check_perceptron`.

        Raises:
            ConfigError: if a recipe is refused.
        """
        for number in range(NUM_PROBES if self.entries else 0):
            draws = map(float, stream(0, "space/probe", number).random(len(self)))
            try:
                recipe = self.recipe(self.values(dict(zip(self.names, draws, strict=True))))
                if check is not None:
                    check(dict(recipe))
            except ConfigError as error:
                raise ConfigError(
                    f"A space must reach recipes only that can work, but one of its recipes cannot: {error} "
                    "In the space, narrow a range, or say when an entry acts with `when`.",
                    **error.values,
                ) from None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the entries, in order."""
        return tuple(entry.name for entry in self.entries)

    @property
    def structural(self) -> tuple[str, ...]:
        """Names of the entries whose values make packs of their own."""
        return tuple(name for name in self.names if name in STRUCTURAL or is_own(name))

    @property
    def free(self) -> tuple[str, ...]:
        """Names of the other entries: they differ inside a pack at no cost."""
        return tuple(name for name in self.names if name not in self.structural)

    def __getitem__(self, name: str) -> Entry:
        """Return the entry of that name; the nearest is offered for an unknown one."""
        found = next((entry for entry in self.entries if entry.name == name), None)
        if found is None:
            raise ConfigError(
                f"`name` must be one of the space's entries ({', '.join(self.names)}), but got "
                f'name="{name}".{nearest(name, self.names)}',
                name=name,
            )
        return found

    def __contains__(self, name: object) -> bool:
        """Return whether an entry has that name."""
        return name in self.names

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries in order."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Return how many entries there are."""
        return len(self.entries)

    def active(self, name: str, values: Mapping[str, Any]) -> bool:
        """Return whether the entry acts, given the ``values`` of those before it."""
        return acts(self[name], values)

    def values(self, units: Mapping[str, float]) -> dict[str, Any]:
        """Return the values at ``units``, of the entries that act, in order."""
        return values_at(self.entries, units)

    def units(self, values: Mapping[str, Any]) -> dict[str, float]:
        """Return the units of ``values``: the inverse of :meth:`values`."""
        return {e.name: e.distribution.unit(values[e.name]) for e in self.entries if e.name in values}

    def recipe(self, values: Mapping[str, Any]) -> Recipe:
        """Return the recipe of ``values``; an entry that does not act leaves its setting at the guide's default.

        ``num_layers`` of ``width`` units are equal layers [3.2-02]; the one that is not searched is the base's.

        Raises:
            ConfigError: if a name is none of the space's, or the recipe refuses the values together.
        """
        for name in values:
            self[name]
        idle = {name: DEFAULTS[name] for name in self.names if name not in values and name in DEFAULTS}
        return with_values(self.base, {**idle, **values})

    def replaced(self, name: str, distribution: Distribution) -> Self:
        """Return the space with another distribution of one entry."""
        old = self[name]
        changed = (replace(one, distribution=distribution) if one is old else one for one in self.entries)
        return replace(self, entries=tuple(changed))

    def asking(self, *names: str) -> Self:
        """Return the space with the role "scientific" for some entries: does it matter [3.4-07]?"""
        wanted = {self[name].name for name in names}
        entries = (replace(one, role="scientific") if one.name in wanted else one for one in self.entries)
        return replace(self, entries=tuple(entries)) if wanted else self

    def without(self, *names: str) -> Self:
        """Return the space without some entries, and without those that then can do nothing."""
        gone = {self[name].name for name in names}
        return self._settled(self.base, gone)

    def with_base(self, base: Recipe) -> Self:
        """Return the space around another recipe, without entries that can do nothing beside it."""
        return self._settled(base, ())

    def fixed(self, **values: Any) -> Self:
        """Return the space with some settings fixed, without entries that can do nothing beside them.

        Example:
            >>> Space.preset("small").fixed(update_rule="adam").names
            ('learning_rate', 'l2_penalty', 'width')
        """
        gone = {*values, *other_shape(values)}
        left = [entry for entry in self.entries if entry.name not in gone]
        return self._settled(base_for(self.base, values, left), gone)

    def _settled(self, base: Recipe, gone: Iterable[str]) -> Self:
        left = [entry for entry in self.entries if entry.name not in set(gone)]
        return replace(
            self, entries=settled(left, fixed_values(base), {entry.name for entry in left}), base=base
        )

    @classmethod
    def preset(cls, name: str, base: Recipe | None = None, num_train: int | None = None) -> Self:
        """Return a ready-made space; `practicum space` lists them.

        Args:
            name: "default", "chapter", "small", "bergstra-bengio" or "hyperopt-nnet".
            base: everything that it does not vary; by default the guide's defaults.
            num_train: training rows, by which a penalty that a source gives for the mean loss is multiplied; ours
                are of the total loss.

        Raises:
            ConfigError: if there is none of that name; the nearest is offered.

        Example:
            >>> Space.preset("small").names
            ('learning_rate', 'momentum', 'l2_penalty', 'width')
        """
        rows = preset_rows(name, num_train)
        entries, values = read_space({row.name: row.value for row in rows}, base or Recipe(), source=name)
        sources = {row.name: row.source for row in rows}
        entries = tuple(replace(entry, source=sources[entry.name]) for entry in entries)
        return cls(entries, base_for(base or Recipe(), values, entries))

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, Any] | Iterable[str], base: Recipe | None = None, source: str = ""
    ) -> Self:
        """Return the space that ``mapping`` describes, in the form of :mod:`practicum.recipe.space.mapping`.

        Args:
            mapping: distributions and fixed values by name, or only names, each with the guide's own range;
                ``preset`` names a space to begin with.
            base: everything that it does not mention; by default the guide's defaults.
            source: where it comes from, for messages.

        Raises:
            ConfigError: as for the class.

        Example:
            >>> Space.from_mapping({"learning_rate": {"log": [1e-4, 1]}, "dropout": 0.1}).base.dropout
            0.1
        """
        recipe = base or Recipe()
        entries: tuple[Entry, ...] = ()
        if isinstance(mapping, Mapping) and "preset" in mapping:
            start = placed(cls.preset, source, "", mapping["preset"], recipe)
            entries, recipe = start.entries, start.base
            mapping = {name: value for name, value in mapping.items() if name != "preset"}
        entries, values = read_space(mapping, recipe, entries, source)
        made: Self = placed(lambda: cls(entries, base_for(recipe, values, entries)), source, "")
        return made

    def as_mapping(self) -> dict[str, Any]:
        """Return plain data that :meth:`from_mapping` reads back as this space."""
        shape = [name for name in SHAPE if name in self]
        fixed = {name: one for name, one in base_as_plain(self.base).items() if name not in self}
        if shape:
            fixed.pop("hidden_sizes", None)
            every = fixed_values(self.base)
            fixed |= {name: every[name] for name in SHAPE if name not in self and name not in shape}
        return {**{entry.name: entry_as_plain(entry) for entry in self.entries}, **fixed}

    @classmethod
    def load(cls, path: str | Path, base: Recipe | None = None) -> Self:
        """Read a space from a YAML file.

        Raises:
            ConfigError: if the file is absent or not YAML, or as for :meth:`from_mapping`.
        """
        return cls.from_mapping(read_mapping(Path(path), "space"), base, source=str(path))

    def save(self, path: str | Path) -> None:
        """Write the space as YAML, each entry with its source.

        Raises:
            ConfigError: if the file cannot be written.
        """
        write_lines(Path(path), self.as_lines(), "space")

    def as_lines(self) -> list[str]:
        """Return the lines of the space as a YAML file."""
        guide = {name: setting.guide for name, setting in SEARCHED.items()}
        sources = {**guide, **{entry.name: entry.source for entry in self.entries if entry.source}}
        lines = ((item(name, value), sources.get(name, "")) for name, value in self.as_mapping().items())
        # YAML 1.1 takes a bare `off` for false; what reads a space knows that.
        return [
            (f"{line}  # {source}" if source else line).replace("'off': ", "off: ") for line, source in lines
        ]
