"""Facts about the measurement that decides how many trials share a program."""

import itertools

import pytest

from practicum.engine.plans.crossover import Cache, Crossover, key_of, measure, measured


class Time:
    """A clock that only the steps move."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def step(self, seconds):
        """Return a step that takes so long."""

        def run():
            self.now += seconds

        return run


def crossover(alone, packed, num_trials=64):
    """Return what is measured where one update takes so long, and how long measuring took."""
    time = Time()
    found = measure(lambda: time.step(alone), lambda size: time.step(packed(size)), num_trials, clock=time)
    return found, time.now


def test_where_packing_is_free_the_largest_pack_wins():
    """A pack costs as much as one trial."""
    found, _ = crossover(1e-3, lambda size: 1e-3)

    assert found.size == 64


def test_where_packing_costs_trials_run_one_by_one():
    """Twice as long per trial, at every size."""
    found, _ = crossover(1e-3, lambda size: 2e-3 * size)

    assert found.size == 1


def test_beyond_the_cache_larger_packs_are_not_chosen_nor_all_tried():
    """Fastest at eight; the search ends soon after."""
    found, _ = crossover(1e-3, lambda size: (1e-4 if size <= 8 else 9e-4) * size)

    assert found.size == 8
    assert max(found.packed_seconds) == 16


def test_it_takes_less_than_two_seconds():
    """Whatever is measured, as long as a step is short."""
    for step in (1e-5, 1e-3, 3e-3):
        _, taken = crossover(step, lambda size, step=step: step * size**0.5)

        assert 0 < taken < 2


def test_no_pack_is_larger_than_the_trials_there_are():
    """Five trials: packs of two, four and five."""
    found, _ = crossover(1e-3, lambda size: 1e-3, num_trials=5)

    assert sorted(found.packed_seconds) == [2, 4, 5]


def test_what_was_measured_is_measured_once(tmp_path):
    """The second time it is read."""
    cache, calls = Cache(tmp_path / "deep" / "file.json"), itertools.count()

    def run():
        next(calls)
        return Crossover(1.0, {2: 0.6, 8: 0.5})

    first = measured(cache, "key", [8], run)
    again = measured(Cache(cache.path), "key", [8], run)

    assert (first, again.size, next(calls)) == (again, 8, 1)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"key/8": 3}', '{"key/8": {"alone": "x"}}'])
def test_a_damaged_cache_is_no_matter(tmp_path, content):
    """It is measured again."""
    path = tmp_path / "file.json"
    path.write_text(content)

    assert measured(Cache(path), "key", [8], lambda: Crossover(1.0, {8: 0.5})).size == 8


def test_an_unwritable_cache_is_no_matter(tmp_path):
    """Nothing is kept, nothing raised."""
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache.json")
    cache.put("key", Crossover(1.0, {}))

    assert cache.get("key") is None


def test_another_shape_has_another_key():
    """And the same shape the same."""
    assert key_of("a", 1) == key_of("a", 1) != key_of("a", 2)
