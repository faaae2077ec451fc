"""Facts about the list of checks; what they find is in `test_model_check.py`."""

from practicum.checks.parts import EXPLAINED, PARTS


def test_what_is_explained_by_other_findings_comes_after_them():
    order = list(PARTS)

    assert set(order) >= EXPLAINED
    assert min(order.index(title) for title in EXPLAINED) > order.index("Gradients")


def test_titles_are_short():
    assert all(len(title) <= 20 and not title.endswith(".") for title in PARTS)
