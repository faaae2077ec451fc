"""What the network predicted on the test rows against what was true: a table of classes, or a cloud of values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.metrics import Task
from practicum.core.seeds import stream
from practicum.report.charts import Figure, Trace, safe

MAX_CLASSES = 30
MAX_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Predictions:
    """Truth and prediction of the test rows, row by row.

    Attributes:
        target: class numbers, or values in the target's unit, shape (N,).
        predicted: the same of the committee, shape (N,).
    """

    target: npt.NDArray[np.generic]
    predicted: npt.NDArray[np.generic]


def predicted_figure(
    task: Task, target: str, classes: list[str] | None, predictions: Predictions
) -> Figure | None:
    """Return a confusion matrix, or predicted over true values; None with too many classes to read."""
    if task == "regression":
        return _cloud(target, predictions)
    if classes is None or len(classes) > MAX_CLASSES or not len(predictions.target):
        return None
    return _matrix(target, classes, predictions)


def _matrix(target: str, classes: list[str], predictions: Predictions) -> Figure:
    count = len(classes)
    truth, predicted = (
        np.asarray(side).astype(np.int64) for side in (predictions.target, predictions.predicted)
    )
    counts = np.bincount(truth * count + predicted, minlength=count * count).reshape(count, count)
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = counts - np.diag(np.diag(counts))
    if wrong.any():
        row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
        title = f"The most frequent mistake: {classes[row]} taken for {classes[column]} ({wrong[row, column]:,} rows)."
    else:
        title = "Not one test row is misclassified."
    names = [safe(name) for name in classes]
    trace: Trace = {
        "type": "heatmap",
        "x": names,
        "y": names,
        "z": shares.round(2).tolist(),
        "text": [[f"{number:,}" for number in row] for row in counts.tolist()],
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[0, "--ground"], [1, "--shade"]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "true %{y}, predicted %{x}<br>%{text} rows, %{z:.1f}%<extra></extra>",
    }
    if count <= 12:
        trace |= {"texttemplate": "%{text}"}
    return Figure(
        name="predicted",
        title=title,
        caption="Rows of the test set by true class (down) and predicted class (across). The shade is the share of "
        "the true class, the number counts rows.",
        guide=(),
        data=[trace],
        layout={
            "xaxis": {"title": {"text": f"predicted {safe(target)}"}, "type": "category", "automargin": True},
            "yaxis": {
                "title": {"text": f"true {safe(target)}"},
                "type": "category",
                "autorange": "reversed",
                "automargin": True,
            },
        },
        height=180 + min(26 * count + 60, 620),
    )


def _cloud(target: str, predictions: Predictions) -> Figure | None:
    truth, predicted = (
        np.asarray(side, dtype=np.float64) for side in (predictions.target, predictions.predicted)
    )
    kept = np.isfinite(truth) & np.isfinite(predicted)
    truth, predicted = truth[kept], predicted[kept]
    if not len(truth):
        return None
    total = len(truth)
    if total > MAX_ROWS:
        some = np.sort(stream(0, "report").choice(total, MAX_ROWS, replace=False))
        truth, predicted = truth[some], predicted[some]
    ends = [float(min(truth.min(), predicted.min())), float(max(truth.max(), predicted.max()))]
    shown = f" {MAX_ROWS:,} of {total:,} rows are drawn." if total > MAX_ROWS else ""
    return Figure(
        name="predicted",
        title="The closer to the line, the better the prediction.",
        caption=f"Each mark is a test row: its true value across, its prediction up.{shown}",
        guide=(),
        data=[
            {
                "type": "scatter",
                "mode": "markers",
                "name": "test rows",
                "x": [float(f"{value:.5g}") for value in truth],
                "y": [float(f"{value:.5g}") for value in predicted],
                "marker": {"color": "--network", "size": 5, "opacity": 0.4},
                "hovertemplate": "true %{x:.4~g}, predicted %{y:.4~g}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "name": "perfect",
                "x": ends,
                "y": ends,
                "line": {"color": "--muted", "dash": "dash", "width": 1.5},
                "hoverinfo": "skip",
            },
        ],
        layout={
            "xaxis": {"title": {"text": f"true {safe(target)}"}},
            "yaxis": {"title": {"text": f"predicted {safe(target)}"}},
        },
        height=420,
    )
