"""Facts about the summary's part on nested cross-validation."""

from practicum.core.nested import Nested, OuterFold


def test_it_is_whole_when_every_fold_was_done():
    """Ctrl-C may have come in between."""
    fold = OuterFold(num_rows=10, error=0.2)

    assert Nested(num_folds=2, folds=[fold, fold]).is_whole
    assert not Nested(num_folds=2, folds=[fold]).is_whole


def test_it_survives_its_way_through_json():
    """A number that is not finite is null there."""
    nested = Nested(num_folds=1, folds=[OuterFold(num_rows=10, error=0.2, decisions={"cut": {}})], error=0.2)

    assert '"deviation":null' in nested.model_dump_json()
    again = Nested.model_validate_json(nested.model_dump_json())
    assert again.folds[0].decisions == {"cut": {}}
