"""What of a recipe decides its prepared rows."""

from practicum.data.key import DataKey
from practicum.recipe import Recipe


def test_what_a_trial_sees_of_its_rows_is_not_in_the_key():
    """Seed, bag and part of the inputs are chosen among the same rows."""
    assert DataKey.of(Recipe()) == DataKey.of(Recipe(seed=3, bagging=True, input_fraction=0.5, dropout=0.5))


def test_every_setting_of_the_preparation_is_in_the_key():
    """And so are the folds."""
    others = [
        {"preprocess": "unit"},
        {"tails": "log"},
        {"pca_variance": 0.9},
        {"categories": "embedding"},
        {"num_folds": 5},
        {"num_folds": 5, "fold": 1},
    ]

    assert len({DataKey.of(Recipe(**values)) for values in [{}, *others]}) == 7


def test_without_folds_the_preparation_stays():
    """The split held out has no folds."""
    key = DataKey.of(Recipe(tails="log", num_folds=5, fold=2))

    assert key.held_out() == DataKey.of(Recipe(tails="log"))
