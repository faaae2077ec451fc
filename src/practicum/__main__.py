"""The command `practicum`: sets the process up before torch is imported, then hands over to the command line."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence

# Waiting threads must sleep: spinning ones make a small step up to 180 times slower beside one busy neighbour.
# One thread per worker is also the fastest for small nets, and the one that promises the same bits.
ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": "1"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0, 2 for a mistake of the user, 130 after Ctrl-C.

    Args:
        argv: the words after `practicum`; without them, those of this process.

    Example:
        >>> main(["--version"])
        practicum ...
        0
    """
    called = time.monotonic()
    # With torch in memory this process did other things before, and its age is not the age of the command.
    fresh = argv is None and "torch" not in sys.modules
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)

    try:
        from practicum.cli.app import run
        from practicum.cli.clock import process_start

        return run(sys.argv[1:] if argv is None else argv, process_start(called) if fresh else called)
    except KeyboardInterrupt:  # so early that nothing is there yet to say a word
        return 130
    finally:
        if fresh:
            # The interpreter's last collections would walk through all of torch, a second on a busy machine.
            gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
