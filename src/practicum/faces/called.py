"""What a command line can name of a user's own: a function in a module or a file, and arrays in a file."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from practicum.core.errors import ConfigError, DataError, nearest

if TYPE_CHECKING:
    from torch import Tensor


def is_called(text: str) -> bool:
    """Return whether ``text`` names a function, as in "package.module:build" or "file.py:build".

    Example:
        >>> is_called("models/net.py:build"), is_called("table.csv")
        (True, False)
    """
    place, colon, name = text.rpartition(":")
    return bool(colon and place) and name.isidentifier() and not os.path.exists(text)  # noqa: PTH110 (never raises)


def function_called(text: str) -> Callable[..., Any]:
    """Return the function that "package.module:name" or "file.py:name" names; its module is imported.

    Raises:
        ConfigError: if there is none, or if its module cannot be imported.

    Example:
        >>> function_called("math:sqrt")(9.0)
        3.0
    """
    place, _, name = text.rpartition(":")
    try:
        module = _from_file(Path(place).resolve()) if place.endswith(".py") else _from_path(place)
    except (Exception, SystemExit) as error:  # whatever a user's module raises while it is imported
        raise ConfigError(
            f"`{place}` must be importable, but importing it raised {type(error).__name__}: {error}. Name it as "
            "package.module:function or file.py:function, from the folder you are in.",
            model=text,
        ) from error
    found = getattr(module, name, None)
    if not callable(found):
        offered = [one for one, value in vars(module).items() if callable(value) and not one.startswith("_")]
        raise ConfigError(
            f"`{name}` must be a function of {place}, but there is none of that name.{nearest(name, offered)}",
            model=text,
        )
    function: Callable[..., Any] = found
    return function


def arrays_in(path: Path) -> dict[str, Tensor]:
    """Return the arrays of an NPZ or safetensors file as tensors, by name; nothing pickled is ever loaded.

    Raises:
        DataError: if the file is absent, damaged, of another kind, or lacks "x" or "y", or they differ in rows.
    """
    try:
        arrays = _arrays(path)
    except OSError as error:
        raise DataError(
            f"`data` must be a file that can be read, but got {path}: {error.strerror or error}.",
            data=str(path),
        ) from error
    except Exception as error:  # zip, zlib, NumPy's and safetensors' readers: a damaged file may raise any
        raise DataError(
            f"`data` must be an NPZ or safetensors file of numbers, but reading {path} raised {type(error).__name__}: "
            f"{error}. Save it by `numpy.savez(path, x=…, y=…)`.",
            data=str(path),
        ) from error
    for name in ("x", "y"):
        if name not in arrays:
            raise DataError(
                f'`data` must hold arrays "x" and "y", but {path} has {", ".join(arrays) or "none"}. Save it by '
                "`numpy.savez(path, x=…, y=…)`.",
                data=str(path),
            )
        if arrays[name].ndim == 0:
            raise DataError(
                f'"{name}" must have rows, but {path} has a single number. One row is one example.',
                data=str(path),
            )
    if len(arrays["x"]) != len(arrays["y"]):
        raise DataError(
            f'"x" and "y" must have the same number of rows, but {path} has {len(arrays["x"]):,} and '
            f"{len(arrays['y']):,}. One row is one example.",
            data=str(path),
        )
    return arrays


def _arrays(path: Path) -> dict[str, Tensor]:
    """Return what is in the file: doubles in single precision, as weights are, whole numbers as losses take them."""
    import torch

    if path.suffix == ".safetensors":
        from safetensors.torch import load

        found = dict(load(path.read_bytes()))
    else:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            found = {str(name): torch.from_numpy(np.array(archive[name])) for name in archive.files}
    usual = {torch.float64: torch.float32, torch.int32: torch.int64, torch.int16: torch.int64}
    return {name: one.to(usual.get(one.dtype, one.dtype)) for name, one in found.items()}


@functools.cache
def _from_file(path: Path) -> Any:
    """Return the module in a file; it is run once."""
    name = f"_called_{path.stem}"  # its own name might be that of another module
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no Python file {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _on_path(path.parent)
    spec.loader.exec_module(module)
    return module


def _from_path(name: str) -> Any:
    """Return the module of a dotted name, also from the folder one is in."""
    _on_path(Path.cwd())
    return importlib.import_module(name)


def _on_path(folder: Path) -> None:
    """Let modules in ``folder`` be imported, as `python` does for a script: now, and when its functions run."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
