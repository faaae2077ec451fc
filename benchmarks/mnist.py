"""MNIST by the command line: logistic regression, and 500 tanh units within six minutes.

References (Deep Learning Tutorials): 7.49 % and 1.65 % (97 minutes then). Run:

    python benchmarks/mnist.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"

RECIPES = {
    "logistic regression": ("hidden_sizes: []\nlearning_rate: 0.03\npreprocess: unit\n", "90s", 1),
    "500 tanh units": (
        # The tutorial's L2 is 1e-4 on the mean loss: times 48,000 rows, as a penalty of the total loss.
        "hidden_sizes: [500]\nactivation: tanh\nlearning_rate: 0.1\npreprocess: unit\nl2_penalty: 4.8\n"
        "stop_on: error\n",
        "340s",
        2,
    ),
}


def main() -> None:
    """Print a line a model: test error of the committee and of its members, and seconds of the whole command."""
    for name, (recipe, budget, seeds) in RECIPES.items():
        with tempfile.TemporaryDirectory() as home:
            file = Path(home) / "recipe.yaml"
            file.write_text(recipe)
            command = [sys.executable, "-m", "practicum", "fit", str(HOME / "train-images-idx3-ubyte.gz")]
            command += ["--target", "label", "--test", str(HOME / "t10k-images-idx3-ubyte.gz")]
            command += ["--recipe", str(file), "--budget", budget, "--seeds", str(seeds)]
            command += ["--out", str(Path(home) / "run"), "--json"]
            start = time.monotonic()
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds = time.monotonic() - start
        summary = json.loads(done.stdout)
        row = {
            "model": name,
            "test_error_percent": round(100 * summary["test"]["error"], 2),
            "interval_percent": [round(100 * end, 2) for end in summary["test"]["interval"]],
            "members_percent": [round(100 * error, 2) for error in summary["test"]["members"]],
            "seconds": round(seconds, 1),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
