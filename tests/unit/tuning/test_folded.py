"""Facts about folds before a judge: `test_arena.py` has them in trainings."""

from practicum.tuning.folded import Folded


def test_a_judge_of_settings_sees_means_and_decides_for_all_folds():
    """Two settings of two folds, numbered from 10 on."""
    asked = []

    def judge(rung, errors):
        asked.append((rung, dict(errors)))
        return {1}

    folded = Folded(judge, 2, 10)

    assert folded(0, {10: 0.25, 11: 0.75, 12: 0.5, 13: 0.25}) == {12, 13}
    assert asked == [(0, {0: 0.5, 1: 0.375})]


def test_folds_that_come_later_are_not_asked_about_again():
    """The first pack's decided at this rung; at another rung they are asked about anew."""
    folded = Folded(lambda rung, errors: {number for number, error in errors.items() if error < 0.5}, 2, 0)

    assert folded(0, {0: 0.4}) == {0}
    assert folded(0, {1: 0.9}) == {1}
    assert folded(1, {1: 0.9}) == set()
