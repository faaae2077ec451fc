"""What makes a page work offline and safely: figures as JSON, the plot library inside, nothing else may run."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from practicum.report.charts import Figure


def embedded(figures: list[Figure]) -> str:
    """Return the figures as JSON that may stand inside a script element: no character of it can end or open one.

    Example:
        >>> "</script>" in embedded([Figure("a", "</script><!--", "", (), [])])
        False
    """
    kept = [
        {key: value for key, value in asdict(each).items() if key not in ("caption", "guide")}
        for each in figures
    ]
    text = json.dumps(kept, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def policy(*scripts: str) -> str:
    """Return the content security policy: only these scripts, nothing fetched from anywhere."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:"


@cache
def own_text(name: str) -> str:
    """Return a text file that lies beside this module."""
    return files("practicum.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def plotly_script() -> str:
    """Return the plot library."""
    from plotly.offline import get_plotlyjs

    text: str = get_plotlyjs()
    return text
