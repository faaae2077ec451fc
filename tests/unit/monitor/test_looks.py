"""Facts about looks that are made when somebody asks."""

from tests.made_facts import a_look

from practicum.monitor.looks import Looks


def test_a_look_is_made_once_when_it_is_asked_for():
    """Not before, and not again."""
    made = []

    def later():
        made.append(1)
        return a_look(step=7)

    looks = Looks()
    looks.add(later)
    assert (len(looks), made) == (1, [])
    assert looks[0] is looks[-1] is next(iter(looks))
    assert made == [1]


def test_what_is_forgotten_is_never_made():
    """Nor counted."""
    looks = Looks()
    for _ in range(6):
        looks.add(lambda: 1 / 0)
    del looks[1:-1:2]

    assert len(looks) == 4


def test_they_are_a_list():
    """Slices, changes and comparison."""
    one, two, three = (a_look(step=step) for step in (1, 2, 3))
    looks = Looks([one, two])
    looks.append(three)
    looks.insert(0, three)
    looks[1] = two

    assert looks == [three, two, two, three] == looks[:]
    assert looks[1:3] == [two, two]
    assert looks != [one]
    assert looks != 7
