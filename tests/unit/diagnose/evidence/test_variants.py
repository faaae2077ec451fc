"""Facts about the table of what can be tried: keys are faults, names are distinct, chance is fair."""

import numpy as np
import pytest
from tests.made_subjects import made_subject

from practicum.core.guide import GUIDE
from practicum.diagnose.evidence.course import Course
from practicum.diagnose.evidence.subject import CannotTryError
from practicum.diagnose.evidence.variants import RANDOM, VARIANTS, random_changes


@pytest.mark.parametrize("cause", VARIANTS)
def test_each_cause_is_a_fault_of_the_guide_with_something_to_try(cause):
    """And names say one thing each."""
    names = [one.name for one in VARIANTS[cause]]

    assert f"fault-{cause}" in GUIDE
    assert names == list(dict.fromkeys(names)) != []


def test_one_name_is_one_change_wherever_it_stands():
    """Otherwise a comparison could be taken for another."""
    by_name = {}
    for one in (*RANDOM, *(one for some in VARIANTS.values() for one in some)):
        kept = by_name.setdefault(one.name, one)
        assert kept.afresh == one.afresh
        assert kept.change.__code__ is one.change.__code__


@pytest.mark.parametrize("variant", {one.name: one for some in VARIANTS.values() for one in some}.values())
def test_each_variant_trains_or_says_why_not(variant):
    """On an ordinary net."""
    course = Course(made_subject(num_steps=3), afresh=variant.afresh)
    try:
        loss = course.run(variant, 0, 2).loss
    except CannotTryError as error:
        loss = len(str(error))

    assert loss > 0


def test_changes_at_random_are_drawn_without_those_that_are_tested():
    """All others come up, and those that must begin afresh only where all do."""
    names = {one.name for one in random_changes(np.random.default_rng(1), 99, {RANDOM[0].name})}
    every = {one.name for one in random_changes(np.random.default_rng(1), 99, afresh=True)}

    assert names == {one.name for one in RANDOM if not one.afresh} - {RANDOM[0].name}
    assert every == {one.name for one in RANDOM}
