"""A side of `packs.py` as a process of its own: reads a command a line, answers a line. Threads are process-wide."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

from packs_cells import Net


class Opened(Protocol):
    """A net, ready to be trained."""

    def run(self, num_steps: int) -> None:
        """Do so many updates (of every trial of it)."""

    def close(self) -> None:
        """Let go of what it holds."""


def serve(open_net: Callable[[Net, dict[str, Any]], Opened], **extra: Callable[[], float]) -> None:
    """Answer commands until the input ends.

    `open` (name, net, options) makes something ready under a name, `run` (name, num_steps) trains it, `forget` closes
    all; further commands are those of ``extra``.
    """
    opened: dict[str, Opened] = {}
    for line in sys.stdin:
        command = json.loads(line)
        answer: dict[str, Any] = {}
        if command["do"] == "open":
            try:
                opened[command["name"]] = open_net(Net.from_json(command["net"]), command["options"])
            except NotImplementedError as error:
                answer["absent"] = str(error)
        elif command["do"] == "run":
            opened[command["name"]].run(command["num_steps"])
        elif command["do"] == "forget":
            _close(opened)
        else:
            answer["value"] = extra[command["do"]]()
        print(json.dumps(answer), flush=True)
    _close(opened)


def _close(opened: dict[str, Opened]) -> None:
    while opened:
        opened.popitem()[1].close()
