"""Facts about the words on nested cross-validation."""

from __future__ import annotations

import pytest

from practicum.core.nested import Nested, OuterFold
from practicum.report.nested_text import in_turn, name_of_test, nested_words

FOLDS = [OuterFold(num_rows=50, error=error, valid_error=0.1) for error in (0.2, 0.3)]
WHOLE = Nested(
    num_folds=2, folds=FOLDS, mean=0.25, deviation=0.0707, error=0.25, interval=(0.18, 0.34), num_rows=100
)


def test_every_fold_and_all_rows_together_are_told(make_summary) -> None:
    """And how optimistic the choice was."""
    told = " ".join(nested_words(make_summary(nested=WHOLE, test_source=None)))

    assert "error of each outer fold: 20.0%, 30.0%; mean 25.0% ± 7.1 points." in told
    assert "All 100 rows together: 25.0% (18.0% to 34.0%)" in told
    assert "had reached 10.0% on average: choosing makes that optimistic" in told
    assert "Interrupted" not in told
    assert "copy" not in told


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_folds": 5}, "Interrupted: 2 of 5 outer folds were whole."),
        ({"num_copies": 1}, "1 row has an exact copy that its networks had learned from."),
        ({"folds": []}, "Not one outer fold was whole when it was interrupted: nothing here was tested."),
    ],
)
def test_what_makes_the_estimate_weaker_is_told(make_summary, change, message) -> None:
    """The reader must know."""
    nested = WHOLE.model_copy(update=change)

    assert message in nested_words(make_summary(nested=nested))


def test_without_outer_folds_nothing_is_told(make_summary) -> None:
    """The test rows are called so."""
    assert nested_words(make_summary()) == []
    assert name_of_test(make_summary()) == "test"


def test_the_test_rows_are_named(make_summary) -> None:
    """The folds in turn, or the table that was given."""
    assert name_of_test(make_summary(nested=WHOLE, test_source=None)) == "test (2 outer folds in turn)"
    assert in_turn(make_summary(nested=WHOLE, test_source=None)) == " (2 outer folds in turn)"
    assert name_of_test(make_summary(nested=WHOLE, test_source="t.csv")) == "test"
