"""Where a module keeps its tensors, so that others can be put there for the length of one call.

A tied weight has one name and several places. Tensors are put straight into the modules' own stores, at less cost
than `torch.func.functional_call`, which looks every name up anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from practicum.training.program import Role

Store = dict[str, Any]


class Places:
    """The places of a module's tensors.

    Args:
        module: of one trial.

    Attributes:
        learned: names of its trainable parameters, each once.
        others: names of its frozen parameters and buffers, each once.
        tensors: its own tensors by these names.
        state_names: these names by the keys of its state dict, in which a tied tensor has several.
        viewed: whether some attribute of the module is a view of one of its tensors.

    Example:
        >>> places = Places(nn.BatchNorm1d(2))
        >>> places.learned, places.others
        (('weight', 'bias'), ('running_mean', 'running_var', 'num_batches_tracked'))
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        parameters = dict(module.named_parameters())
        self.learned = tuple(name for name, value in parameters.items() if value.requires_grad)
        frozen = tuple(name for name in parameters if name not in self.learned)
        self.others = (*frozen, *(name for name, _ in module.named_buffers()))
        self.tensors: dict[str, Tensor] = {**parameters, **dict(module.named_buffers())}
        names = {id(tensor): name for name, tensor in self.tensors.items()}
        found: dict[str, list[tuple[Store, str]]] = {name: [] for name in self.tensors}
        for part in module.modules():
            for store in (part._parameters, part._buffers):
                for key, tensor in store.items():
                    if tensor is not None:
                        found[names[id(tensor)]].append((store, key))
        self._found = found
        self._learned = [(found[name], self.tensors[name]) for name in self.learned]
        self._others = [(found[name], self.tensors[name]) for name in self.others]
        memory = {tensor.untyped_storage().data_ptr() for tensor in self.tensors.values() if tensor.numel()}
        self.viewed = any(
            id(tensor) not in names and tensor.untyped_storage().data_ptr() in memory
            for part in module.modules()
            for tensor in _tensors_in(list(vars(part).values()))
        )
        kept = module.state_dict(keep_vars=True)
        self.state_names = {key: names[id(value)] for key, value in kept.items() if id(value) in names}

    @contextmanager
    def holding(self, learned: Sequence[Tensor], others: Sequence[Tensor]) -> Iterator[None]:
        """Let the module hold these tensors, in the order of the names, for a while."""
        try:
            _put(self._learned, learned)
            _put(self._others, others)
            yield
        finally:
            for places, own in (*self._learned, *self._others):
                for store, key in places:
                    store[key] = own

    def bind(self, learned: Sequence[Tensor], others: Sequence[Tensor]) -> None:
        """Let the module's own tensors be these from now on, whoever else refers to them.

        They share the memory of these, or, where an attribute of the module is a view of one, take their values.
        """
        pairs = [*zip(self._learned, learned, strict=True), *zip(self._others, others, strict=True)]
        for (_, own), value in pairs:
            if self.viewed:
                own.data.copy_(value)
            else:
                own.data = value

    def present_others(self) -> list[Tensor]:
        """Return what stands at the places of the others now: a forward pass may have put something new there."""
        return [places[0][0][places[0][1]] for places, _ in self._others]

    def own_others(self) -> list[Tensor]:
        """Return the module's own tensors, in the order of the others."""
        return [own for _, own in self._others]

    def restore_others(self) -> None:
        """Put the module's own tensors back at the places of the others."""
        for places, own in self._others:
            for store, key in places:
                store[key] = own


def _put(places: Sequence[tuple[list[tuple[Store, str]], Tensor]], values: Sequence[Tensor]) -> None:
    for (where, _), value in zip(places, values, strict=True):
        for store, key in where:
            store[key] = value


def _tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors in nested lists and dicts of attributes."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        yield from _tensors_in(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _tensors_in(part)


def roles_of(module: nn.Module) -> Mapping[str, Role]:
    """Return the role of each trainable parameter.

    A layer begins with a module that has a parameter of two axes or more; what has only vectors (normalisation,
    slopes) belongs to the layer before it. Parameters of one axis count as biases.

    Example:
        >>> roles_of(nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1)))["1.weight"]
        Role(layer=0, kind='bias')
    """
    roles: dict[str, Role] = {}
    layer = -1
    wanted = {id(value): name for name, value in module.named_parameters() if value.requires_grad}
    for part in module.modules():
        own = [value for value in part._parameters.values() if value is not None and id(value) in wanted]
        if any(value.dim() >= 2 and wanted[id(value)] not in roles for value in own):
            layer += 1
        table = isinstance(part, nn.Embedding | nn.EmbeddingBag)
        for value in own:
            kind = "bias" if value.dim() < 2 else "embedding" if table else "weight"
            roles.setdefault(wanted[id(value)], Role(max(layer, 0), kind))  # type: ignore[arg-type]
    return roles
