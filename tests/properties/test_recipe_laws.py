"""Laws of the recipe: saving and loading is the identity; nothing but a recipe or a ConfigError comes out."""

import contextlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.core.guide.model import LARGEST
from practicum.core.guide.settings import SETTINGS
from practicum.recipe import Recipe

FRACTIONS = st.floats(0, 1, exclude_max=True)
COUNTS = st.integers(1, LARGEST)
SHARES = st.floats(0, 1, exclude_min=True)
PENALTIES = st.floats(0, 1e300)
CHOICES = {name: st.sampled_from(row.choices) for name, row in SETTINGS.items() if row.scale == "choice"}
FLAGS = {name: st.booleans() for name, row in SETTINGS.items() if row.scale == "flag"}
NUMBERS = {
    "pca_variance": st.none() | SHARES,
    "init_scale": st.floats(0, 1e300),
    "learning_rate": st.floats(0, 1e300, exclude_min=True),
    "decay_start_step": st.none() | st.just("auto") | COUNTS,
    "decay_exponent": SHARES,
    "decay_threshold": FRACTIONS,
    "momentum": FRACTIONS,
    "averaging": FRACTIONS,
    "batch_size": COUNTS,
    "patience_steps": COUNTS,
    "patience_increase": st.floats(1, 1e300),
    "improvement_threshold": FRACTIONS,
    "validate_every_steps": st.none() | COUNTS,
    "num_steps": st.none() | COUNTS,
    "seed": st.integers(0, LARGEST),
    "dropout": FRACTIONS,
    "corruption_level": st.floats(0, 1),
    "model": st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | FRACTIONS | st.text(), max_size=3
    ),
    "decay_rate": PENALTIES,
    "schedule_steps": st.none() | COUNTS,
    "final_rate_ratio": st.floats(0, 1),
    "warm_up_steps": st.integers(0, LARGEST),
    "bias_rate_multiplier": PENALTIES,
    "initial_momentum": st.none() | FRACTIONS,
    "momentum_ramp_steps": COUNTS,
    "first_moment_decay": FRACTIONS,
    "second_moment_decay": st.none() | FRACTIONS,
    "stabiliser": st.none() | st.floats(0, 1e300, exclude_min=True),
    "decoupled_decay": PENALTIES,
    "clip_norm": st.none() | st.floats(0, 1e300, exclude_min=True),
    "max_norm": st.none() | st.floats(0, 1e300, exclude_min=True),
    "sparsity_penalty": PENALTIES,
    "sparsity_target": st.floats(0, 1, exclude_min=True, exclude_max=True),
    "label_smoothing": FRACTIONS,
}
ENDING = ("linear", "cosine", "one_cycle")


def reconciled(values):
    """Return the values with what contradicts another left out, as `recipe/combinations.py` says."""
    values = dict(values)
    if values.get("update_rule", "sgd") != "sgd":
        values |= {"momentum": 0.0, "nesterov": False}
    if values.get("update_rule", "").startswith("schedule_free"):
        values |= {"averaging": 0.0, "max_norm": None, "l1_step": "plain"}
    if not values.get("momentum"):
        values |= {"nesterov": False, "initial_momentum": None}
    if (values.get("initial_momentum") or 0) > values.get("momentum", 0):
        values["initial_momentum"] = None
    if values.get("schedule") in ENDING and not (values.get("schedule_steps") or values.get("num_steps")):
        values["schedule_steps"] = 10
    if values.get("schedule", "power") != "power":
        values["decay_start_step"] = None
    return values


@st.composite
def recipes(draw):
    """Any possible recipe."""
    widths = tuple(draw(st.lists(st.integers(1, 65536), max_size=30)))
    per_layer = st.tuples(*[PENALTIES] * (len(widths) + 1))
    values = draw(st.fixed_dictionaries({}, optional={**CHOICES, **FLAGS, **NUMBERS}))
    penalties = {name: draw(PENALTIES | per_layer) for name in ("l1_penalty", "l2_penalty")}
    penalties["layer_rate_multipliers"] = draw(st.none() | per_layer)
    return Recipe(hidden_sizes=widths, **reconciled(values), **penalties)


@given(recipes())
@settings(deadline=None, max_examples=60)
def test_a_recipe_saved_and_loaded_is_the_same(tmp_path_factory, recipe):
    """Every number comes back to the last bit."""
    path = tmp_path_factory.mktemp("recipe") / "recipe.yaml"

    recipe.save(path)

    assert Recipe.load(path) == recipe
    assert Recipe.load(path).model_dump() == recipe.model_dump()


@given(recipes(), recipes())
@settings(deadline=None, max_examples=30)
def test_changing_every_field_gives_the_other_recipe(one, other):
    """`changed` sets exactly what it is told."""
    assert one.changed(**other.model_dump()) == other
    assert one.changed() == one


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = SCALARS | st.lists(SCALARS, max_size=4) | st.dictionaries(st.text(), SCALARS, max_size=2)
KEYS = st.sampled_from([*SETTINGS, "format"]) | st.text() | st.integers()


@given(st.dictionaries(KEYS, VALUES, max_size=6) | VALUES)
@settings(deadline=None)
def test_any_mapping_gives_a_recipe_or_a_config_error(mapping):
    """Nothing else escapes, whatever the keys and values."""
    with contextlib.suppress(ConfigError):
        assert isinstance(Recipe.from_mapping(mapping), Recipe)


LINES = st.lists(st.builds("{}: {}".format, KEYS, st.text() | VALUES.map(repr)), max_size=5).map("\n".join)


@given((st.text() | LINES).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary())
@example(b"&a [*a]")
@example(b"? [1]\n: 2")
@example(b"? {a: 1}\n: 2")
@example(b"<<: 3")
@example(b"learning_rate: &a [*a]")
@example(b"seed: 0x")
@example(b"--- 1\n--- 2")
@settings(deadline=None, max_examples=200)
def test_any_file_gives_a_recipe_or_a_config_error(tmp_path_factory, content):
    """The reader is safe for every content."""
    path = tmp_path_factory.mktemp("recipe") / "recipe.yaml"
    path.write_bytes(content)

    with contextlib.suppress(ConfigError):
        assert isinstance(Recipe.load(path), Recipe)
