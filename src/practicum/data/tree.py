"""Trees: a tensor, or a nested dict of tensors, whose first axis counts examples.

A user's data come as they are: pictures, tokens with their lengths, several inputs beside each other. Nothing here
knows what they mean; they only share their number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import torch
from torch import Tensor

from practicum.core.errors import DataError, ShapeError
from practicum.core.seeds import stream

Tree: TypeAlias = "Tensor | Mapping[str, Tree]"


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors of ``tree`` with their paths, in order; a bare tensor's path is empty.

    Example:
        >>> [path for path, _ in leaves({"x": {"tokens": torch.ones(2)}, "y": torch.ones(2)})]
        ['x.tokens', 'y']
    """
    if isinstance(tree, Tensor):
        yield path, tree
    else:
        for name, branch in tree.items():
            yield from leaves(branch, f"{path}.{name}" if path else name)


def mapped(tree: Tree, change: Callable[[Tensor], Tensor]) -> Tree:
    """Return a tree of the same form whose tensors are ``change`` of those of ``tree``."""
    if isinstance(tree, Tensor):
        return change(tree)
    return {name: mapped(branch, change) for name, branch in tree.items()}


def num_rows(tree: Tree) -> int:
    """Return the number of examples N of a checked tree.

    Example:
        >>> num_rows({"x": torch.zeros(7, 2), "y": torch.zeros(7)})
        7
    """
    return next(leaves(tree))[1].shape[0]


def holds_nan(tree: Tree) -> bool:
    """Return whether a floating-point tensor of ``tree`` holds a nan.

    Example:
        >>> holds_nan({"x": torch.tensor([1.0, torch.nan]), "y": torch.tensor([1, 2])})
        True
    """
    return any(bool(values.isnan().any()) for _, values in leaves(tree) if values.is_floating_point())


def take(tree: Tree, indices: Tensor) -> Tree:
    """Return the examples at ``indices``, in new memory.

    Args:
        tree: of N rows.
        indices: row numbers, any shape: (B,) gives (B, …), (K, B) gives (K, B, …).

    Example:
        >>> take(torch.arange(3) * 10, torch.tensor([[2, 0]])).tolist()
        [[20, 0]]
    """

    def chosen(values: Tensor) -> Tensor:
        # No view of the chosen rows: a module may write into its input, and made here it would be refused.
        return values.index_select(0, indices) if indices.dim() == 1 else values[indices]

    return mapped(tree, chosen)


def to(tree: Tree, device: torch.device) -> Tree:
    """Return ``tree`` on ``device``."""
    return mapped(tree, lambda values: values.to(device))


def check_tree(tree: object, name: str) -> Tree:
    """Return ``tree`` if it can be trained on.

    Args:
        tree: what the user gave.
        name: what it is called in messages, e.g. "train".

    Raises:
        DataError: if it is not a tensor or a nested dict of tensors, is empty, holds another type of number than
            floats, integers or booleans, or a tensor that is part of a computation.
        ShapeError: if the first axes differ.

    Example:
        >>> check_tree({"x": torch.zeros(4, 2), "y": torch.zeros(3)}, "train")
        Traceback (most recent call last):
            ...
        practicum.core.errors.ShapeError: `train` must have one row for each example in every tensor, but got \
x: 4 rows, y: 3 rows. Cut them to the same examples.
    """
    found = list(_checked(tree, name, ""))
    if not found:
        raise DataError(f"`{name}` must hold at least one tensor, but got an empty dict.", name=name)
    counts = {path: values.shape[0] for path, values in found}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{path}: {count} rows" for path, count in counts.items())
        raise ShapeError(
            f"`{name}` must have one row for each example in every tensor, but got {listed}. "
            "Cut them to the same examples.",
            rows=counts,
        )
    if not found[0][1].shape[0]:
        raise DataError(f"`{name}` must hold at least one example, but got 0 rows.", name=name)
    return tree  # type: ignore[return-value]  # _checked has seen every part of it


def _checked(tree: object, name: str, path: str) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors of ``tree`` that can be used, or raise at the first that cannot."""
    place = f" (at {path})" if path else ""
    if isinstance(tree, Mapping):
        for key, branch in tree.items():
            if not isinstance(key, str):
                raise DataError(
                    f"`{name}` must have strings as keys, but got {key!r}{place}. Name its parts, e.g. "
                    '"x" and "y".',
                    key=key,
                )
            yield from _checked(branch, name, f"{path}.{key}" if path else key)
        return
    if not isinstance(tree, Tensor):
        raise DataError(
            f"`{name}` must be a tensor or a nested dict of tensors, but got {type(tree).__name__}{place}. "
            "Convert arrays with torch.from_numpy.",
            path=path,
        )
    if tree.dim() == 0:
        raise DataError(
            f"`{name}` must have a first axis that counts examples, but got a single number{place}.",
            path=path,
        )
    if tree.is_complex() or tree.is_quantized or tree.layout != torch.strided:
        raise DataError(
            f"`{name}` must hold dense floats, integers or booleans, but got {tree.dtype}, {tree.layout}{place}.",
            path=path,
        )
    if tree.requires_grad:
        raise DataError(
            f"`{name}` must hold plain values, but got a tensor that requires a gradient{place}. Pass its .detach().",
            path=path,
        )
    yield path, tree


def held_out(tree: Tree, fraction: float, seed: int = 0) -> tuple[Tree, Tree]:
    """Return ``tree`` split at random into rows to train on and rows to validate with.

    Args:
        tree: of N rows.
        fraction: of the rows that validate; at least one row goes to each part.
        seed: names the stream "split" that deals the rows out.

    Raises:
        DataError: if there is only one row.

    Example:
        >>> kept, out = held_out(torch.arange(10), 0.2)
        >>> len(kept), len(out)
        (8, 2)
    """
    count = num_rows(tree)
    if count < 2:
        raise DataError(
            "`data` must hold at least 2 examples, one to train on and one to validate with, but got 1. "
            "Give `valid` rows of their own."
        )
    num_valid = min(max(1, round(fraction * count)), count - 1)
    order = torch.from_numpy(stream(seed, "split").permutation(count))
    device = next(leaves(tree))[1].device
    valid, train = order[:num_valid].sort().values, order[num_valid:].sort().values
    return take(tree, train.to(device)), take(tree, valid.to(device))


def check_same_form(one: Tree, other: Tree) -> None:
    """Raise unless two trees have the same names, types and shapes of a row.

    Raises:
        ShapeError: if they differ; the message names the first place.

    Example:
        >>> check_same_form(torch.zeros(3, 2), torch.zeros(5, 2))
    """
    mine = {path: (values.dtype, tuple(values.shape[1:])) for path, values in leaves(one)}
    theirs = {path: (values.dtype, tuple(values.shape[1:])) for path, values in leaves(other)}
    for path in (*mine, *(path for path in theirs if path not in mine)):
        if mine.get(path) != theirs.get(path):
            place = f" (at {path})" if path else ""
            first, second = (
                f"{form[0]} rows of shape {form[1]}" if form else "nothing"
                for form in (mine.get(path), theirs.get(path))
            )
            raise ShapeError(
                f"`valid` must have the form of `data`, but got {second} where `data` has {first}{place}.",
                path=path,
            )
