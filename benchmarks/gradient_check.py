"""Does the gradient check find planted mistakes, name the module, and leave right gradients alone?

Small networks with hand-written backward passes (the tests' own): a wrong sign, a wrong factor, a missing term or
indices off by one, in weights, biases, inputs, a squashing or a softmax, at two depths; and the same networks without
the mistake. Run:

    python benchmarks/gradient_check.py             # about a minute
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import count, islice
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from tests.oracles.wrong_backwards import MISTAKES, planted

from practicum.checks.gradient_check import check_gradients


def does_harm(number: int) -> bool:
    """Return whether the mistake changes any gradient: of a unit that is dead nothing is missed."""
    gradients = []
    for right in (False, True):
        model, _, loss, x, y = planted(number, right=right)
        gradients.append(torch.autograd.grad(loss(model(x), y), list(model.parameters())))
    return any(not torch.equal(one, other) for one, other in zip(*gradients, strict=True))


def main() -> None:
    """Print what was found, by mistake, and how many alarms there were."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=200, help="of wrong and of right gradients")
    options = parser.parse_args()
    torch.set_num_threads(1)
    begun = time.monotonic()
    found = dict.fromkeys(MISTAKES, 0)
    named = dict.fromkeys(MISTAKES, 0)
    alarms = 0
    for number in islice(filter(does_harm, count()), options.number):
        model, name, loss, x, y = planted(number)
        check = check_gradients(model, loss, x, y)
        found[MISTAKES[number % 4]] += not check.passed
        named[MISTAKES[number % 4]] += check.modules == (name,)
        model, _, loss, x, y = planted(number, right=True)
        alarms += not check_gradients(model, loss, x, y).passed
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"wrong": options.number, "found": found, "module_named": named}))
    print(json.dumps({"right": options.number, "alarms": alarms, "seconds": seconds}))


if __name__ == "__main__":
    main()
