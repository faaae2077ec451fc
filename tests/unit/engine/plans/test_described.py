"""Facts about functions as text."""

import functools
import os
import subprocess
import sys

import pytest

from practicum.engine.plans.described import described


def outer(bound):
    """Return a function with another inside."""

    def inner(x):
        return [value for value in x if value > bound]

    return inner


def test_equal_code_gives_equal_text_wherever_it_stands():
    """Also of functions inside, whose addresses differ from run to run."""
    assert described(outer(1)) == described(outer(2))
    assert "0x" not in described(outer(1))


def test_other_code_gives_another_text():
    """A constant, a name or an operation."""
    texts = {described(f) for f in (lambda x: x + 1, lambda x: x + 2, lambda x: x - 1, lambda x: -x * 2)}

    assert len(texts) == 4


def test_partials_methods_and_objects_are_described():
    """By what they call and with what."""

    class Loss:
        def __call__(self, model, batch):
            return model(batch)

        def other(self, model, batch):
            return 2 * model(batch)

    assert described(functools.partial(outer, 1)) != described(functools.partial(outer, 2))
    assert described(Loss()) != described(Loss().other)
    assert described(Loss()) == described(Loss())
    assert described(None) == described(None)


@pytest.mark.parametrize(
    "function",
    ["lambda x: x in {'a', 'b', 'c', 'd'}", "functools.partial(sorted, key=lambda x: -x)"],
)
def test_the_text_is_the_same_in_every_process(function):
    """Whatever order a set of words has there, and wherever a function lies."""
    code = (
        "import functools; from practicum.engine.plans.described import described; "
        f"print(described({function}))"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert texts[0] == texts[1]
    assert "0x" not in texts[0]
