"""A preparation on disk: JSON for a person, safetensors for arrays; no pickle.

JSON keeps every float exactly, so a loaded preparation transforms to the same bits.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from practicum.core.errors import ConfigError, RecordError
from practicum.data.categorical import Levels
from practicum.data.encode import ColumnPlan
from practicum.data.numeric import Scaling
from practicum.data.pca import Projection
from practicum.data.prepare import Preparation
from practicum.data.schema import Schema

FORMAT = 1
JSON_NAME = "preparation.json"
ARRAYS_NAME = "preparation.safetensors"

Arrays = dict[str, NDArray[Any]]


def names(number: int = 0) -> tuple[str, str]:
    """Return the names of the two files of preparation ``number`` of a run.

    Example:
        >>> names(), names(1)[0]
        (('preparation.json', 'preparation.safetensors'), 'preparation-1.json')
    """
    if number == 0:
        return JSON_NAME, ARRAYS_NAME
    return JSON_NAME.replace(".", f"-{number}."), ARRAYS_NAME.replace(".", f"-{number}.")


def save_preparation(preparation: Preparation, folder: Path, number: int = 0) -> None:
    """Write the two files (:func:`names`) of preparation ``number`` into ``folder``, which exists."""
    json_name, arrays_name = names(number)
    arrays: Arrays = {}
    plans = [_plan_out(plan, f"plans.{number}", arrays) for number, plan in enumerate(preparation.plans)]
    projection = preparation.projection
    if projection is not None:
        arrays |= {"projection.weight": projection.weight, "projection.bias": projection.bias}
    blob = save_arrays(arrays)
    content = {
        "format": FORMAT,
        "arrays_digest": _digest(blob),
        "schema": preparation.schema.model_dump(),
        "plans": plans,
        "projection": None if projection is None else {"kept": projection.kept},
        "target_mean": preparation.target_mean,
        "target_scale": preparation.target_scale,
        "notes": list(preparation.notes),
    }
    (folder / arrays_name).write_bytes(blob)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    (folder / json_name).write_text(text, encoding="utf-8")


def load_preparation(folder: Path, number: int = 0) -> Preparation:
    """Read what :func:`save_preparation` wrote.

    Raises:
        RecordError: if a file is absent, damaged or of another version.
    """
    json_name, arrays_name = names(number)
    path = folder / json_name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        blob = (folder / arrays_name).read_bytes()
    except OSError as error:
        raise RecordError(
            f"`run` must hold {json_name} and {arrays_name}, but {error.filename} cannot be read:"
            f" {error.strerror}. Give the folder of a finished run.",
            path=str(error.filename),
        ) from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        got = content.get("format") if isinstance(content, dict) else None
        raise RecordError(
            f"`format` must be {FORMAT}, but got format={got!r} ({path}). Read the run with the version of practicum"
            " that wrote it.",
            format=got,
        )
    if content.get("arrays_digest") != _digest(blob):
        raise _damaged(folder / arrays_name, "its content does not match its digest")
    try:
        return _preparation_in(content, load_arrays(blob), path)
    except (KeyError, TypeError, ValueError, AttributeError, ConfigError, SafetensorError) as error:
        raise _damaged(path, error) from None


def _preparation_in(content: dict[str, Any], arrays: Arrays, path: Path) -> Preparation:
    projection = None
    if content["projection"] is not None:
        kept = float(content["projection"]["kept"])
        projection = Projection(arrays["projection.weight"], arrays["projection.bias"], kept)
    plans = [_plan_in(plan, f"plans.{number}", arrays) for number, plan in enumerate(content["plans"])]
    return Preparation(
        Schema.parse(content["schema"], str(path)),
        tuple(plans),
        projection,
        float(content["target_mean"]),
        float(content["target_scale"]),
        tuple(str(note) for note in content["notes"]),
    )


_PLAIN = ("name", "kind", "format", "lenient", "hours", "embedded")
_ARRAYS = ("knots", "heights")


def _plan_out(plan: ColumnPlan, key: str, arrays: Arrays) -> dict[str, Any]:
    content = {name: getattr(plan, name) for name in _PLAIN}
    content["scalings"] = {
        name: _scaling_out(scaling, f"{key}.{place}", arrays)
        for place, (name, scaling) in enumerate(plan.scalings.items())
    }
    content["indicator"] = _scaling_out(plan.indicator, key, arrays) if plan.indicator else None
    levels = plan.levels
    content["levels"] = levels and {
        "names": list(levels.names),
        "has_missing": levels.has_missing,
    }
    return content


def _plan_in(content: dict[str, Any], key: str, arrays: Arrays) -> ColumnPlan:
    scalings = {
        name: _scaling_in(scaling, f"{key}.{place}", arrays)
        for place, (name, scaling) in enumerate(content["scalings"].items())
    }
    indicator, levels = content["indicator"], content["levels"]
    return ColumnPlan(
        **{name: content[name] for name in _PLAIN},
        scalings=scalings,
        indicator=None if indicator is None else _scaling_in(indicator, key, arrays),
        levels=None if levels is None else Levels(tuple(levels["names"]), bool(levels["has_missing"])),
    )


def _scaling_out(scaling: Scaling, key: str, arrays: Arrays) -> dict[str, Any]:
    for name in _ARRAYS:
        values = getattr(scaling, name)
        if values is not None:
            arrays[f"{key}.{name}"] = np.ascontiguousarray(values)
    return {
        field.name: getattr(scaling, field.name) for field in fields(scaling) if field.name not in _ARRAYS
    }


def _scaling_in(content: dict[str, Any], key: str, arrays: Arrays) -> Scaling:
    knots, heights = (arrays.get(f"{key}.{name}") for name in _ARRAYS)
    return Scaling(**content, knots=knots, heights=heights)


def _digest(blob: bytes) -> str:
    return hashlib.blake2b(blob, digest_size=16).hexdigest()


def _damaged(path: Path, reason: object) -> RecordError:
    return RecordError(
        f"`run` must hold an undamaged preparation, but {path} is not: {reason}. Restore the file, or train again.",
        path=str(path),
    )
