"""The recipe: every hyper-parameter of one trial, flat, frozen, validated, readable as YAML.

Defaults, limits and descriptions stand in the guide (:mod:`practicum.core.guide.settings`), not here.
Source: Bengio 2012, section 3; each field's key is written beside its value in a saved file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.settings import SETTINGS
from practicum.recipe.checks import Own, checked, show
from practicum.recipe.combinations import check_combination
from practicum.recipe.yaml_file import read_mapping, write_recipe

FORMAT = 1

Schedule = Literal["power", "exponential", "inverse", "linear", "cosine", "one_cycle"]
UpdateRuleName = Literal[
    "sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "schedule_free_sgd", "schedule_free_adamw"
]


DEFAULTS: Mapping[str, Any] = {name: row.default for name, row in SETTINGS.items()}


def _setting(name: str) -> Any:
    """Return the pydantic field for a row of the guide's settings."""
    row = SETTINGS[name]
    default = Own(row.default) if row.scale == "mapping" else row.default
    return Field(default=default, description=f"{row.description} [{row.guide}]")


class Recipe(BaseModel):
    """The hyper-parameters of one trial, trained once.

    Equal recipes on equal data give equal bits. To vary one, use :meth:`changed`; nothing can be assigned.

    Raises:
        ConfigError: if a key is unknown, a type wrong or a value impossible.

    Source:
        Bengio 2012, section 3; ``practicum guide KEY`` tells more about each field's key.

    Example:
        >>> recipe = Recipe(learning_rate=0.1, hidden_sizes=(64,))
        >>> recipe.batch_size, recipe.changed(batch_size=1).batch_size
        (32, 1)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    preprocess: Literal["standardise", "uniformise", "unit", "none"] = _setting("preprocess")
    tails: Literal["none", "log", "sqrt"] = _setting("tails")
    pca_variance: float | None = _setting("pca_variance")
    categories: Literal["one_hot", "embedding"] = _setting("categories")

    num_folds: int | None = _setting("num_folds")
    fold: int = _setting("fold")
    bagging: bool = _setting("bagging")
    input_fraction: float = _setting("input_fraction")

    hidden_sizes: tuple[int, ...] = _setting("hidden_sizes")
    activation: Literal["tanh", "sigmoid", "relu", "hard_tanh", "softsign"] = _setting("activation")
    init_scale: float = _setting("init_scale")
    init_distribution: Literal["uniform", "normal"] = _setting("init_distribution")
    init_range: Literal["glorot", "fan_in"] = _setting("init_range")
    dropout: float = _setting("dropout")
    corruption: Literal["masking", "gaussian", "salt_and_pepper"] = _setting("corruption")
    corruption_level: float = _setting("corruption_level")
    model: Own = _setting("model")

    learning_rate: float = _setting("learning_rate")
    schedule: Schedule = _setting("schedule")
    decay_start_step: int | Literal["auto"] | None = _setting("decay_start_step")
    decay_exponent: float = _setting("decay_exponent")
    decay_threshold: float = _setting("decay_threshold")
    decay_rate: float = _setting("decay_rate")
    schedule_steps: int | None = _setting("schedule_steps")
    final_rate_ratio: float = _setting("final_rate_ratio")
    warm_up_steps: int = _setting("warm_up_steps")
    layer_rate_multipliers: tuple[float, ...] | None = _setting("layer_rate_multipliers")
    bias_rate_multiplier: float = _setting("bias_rate_multiplier")

    update_rule: UpdateRuleName = _setting("update_rule")
    momentum: float = _setting("momentum")
    nesterov: bool = _setting("nesterov")
    initial_momentum: float | None = _setting("initial_momentum")
    momentum_ramp_steps: int = _setting("momentum_ramp_steps")
    first_moment_decay: float = _setting("first_moment_decay")
    second_moment_decay: float | None = _setting("second_moment_decay")
    stabiliser: float | None = _setting("stabiliser")
    decoupled_decay: float = _setting("decoupled_decay")
    clip_norm: float | None = _setting("clip_norm")
    averaging: float = _setting("averaging")

    batch_size: int = _setting("batch_size")
    batch_order: Literal["reshuffle", "shuffle_once", "fixed"] = _setting("batch_order")

    l2_penalty: float | tuple[float, ...] = _setting("l2_penalty")
    l1_penalty: float | tuple[float, ...] = _setting("l1_penalty")
    penalise_biases: bool = _setting("penalise_biases")
    l1_step: Literal["plain", "proximal"] = _setting("l1_step")
    max_norm: float | None = _setting("max_norm")
    sparsity_penalty: float = _setting("sparsity_penalty")
    sparsity_form: Literal["l1", "student_t", "target", "kl"] = _setting("sparsity_form")
    sparsity_target: float = _setting("sparsity_target")
    label_smoothing: float = _setting("label_smoothing")

    early_stopping: bool = _setting("early_stopping")
    stop_on: Literal["loss", "error"] = _setting("stop_on")
    patience_steps: int = _setting("patience_steps")
    patience_increase: float = _setting("patience_increase")
    improvement_threshold: float = _setting("improvement_threshold")
    significant_only: bool = _setting("significant_only")
    validate_every_steps: int | None = _setting("validate_every_steps")
    num_steps: int | None = _setting("num_steps")
    seed: int = _setting("seed")

    if not TYPE_CHECKING:  # the type checker keeps pydantic's own signature

        def __init__(self, /, **values: Any) -> None:
            super().__init__(**_validated(values, ""))

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Yield what differs from the defaults, for a short ``repr``."""
        for name, value in self:
            if value != DEFAULTS[name]:
                yield name, value

    def changed(self, **values: Any) -> Self:
        """Return a validated copy with some fields replaced.

        Raises:
            ConfigError: as for the class.
        """
        return type(self)(**{**self.model_dump(), **values})

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], source: str = "") -> Self:
        """Return the recipe that ``mapping`` describes; absent fields take their defaults.

        Args:
            mapping: fields, and optionally ``format``, e.g. from a file.
            source: where it comes from, for messages.

        Raises:
            ConfigError: if it is no mapping, of another format, or as for the class.
        """
        where = f"in {source}" if source else ""
        place = f" ({where})" if where else ""
        if not isinstance(mapping, Mapping):
            raise ConfigError(
                f"`recipe` must be a mapping of names to values, but got {show(mapping)}{place}.",
                recipe=mapping,
            )
        values = dict(mapping)
        version = values.pop("format", FORMAT)
        if not isinstance(version, int) or isinstance(version, bool) or version != FORMAT:
            raise ConfigError(
                f"`format` must be {FORMAT}, but got format={show(version)}{place}. "
                "Another version of practicum wrote this recipe; use that version, or remove the line "
                "and see which settings are still known.",
                format=version,
            )
        return cls(**_validated(values, where))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a recipe from a YAML file.

        Raises:
            ConfigError: if the file is absent or not YAML, or as for :meth:`from_mapping`.
        """
        return cls.from_mapping(read_mapping(Path(path)), source=str(path))

    def save(self, path: str | Path) -> None:
        """Write the recipe as YAML, each value with the key of its recommendation.

        Raises:
            ConfigError: if the file cannot be written.
        """
        write_recipe(Path(path), FORMAT, self.model_dump())


def _validated(values: Mapping[Any, Any], where: str) -> dict[str, Any]:
    """Return clean values for known fields, or raise the one message that says what is wrong."""
    place = f" ({where})" if where else ""
    for key in values:
        if key not in SETTINGS:
            raise ConfigError(
                f"A recipe must have known keys only, but got {show(key)}{place}."
                f"{nearest(str(key), SETTINGS)}",
                key=key,
            )
    clean = {name: checked(SETTINGS[name], value, where) for name, value in values.items()}
    check_combination({**DEFAULTS, **clean}, place)
    return clean
