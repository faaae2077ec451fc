"""A zoo of small modules as users write them: what can be lifted, what cannot, and liars that lift silently wrong.

``ZOO`` is a table: every test that holds for any module runs over it. Data are tiny and come from named streams.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from practicum.core.seeds import stream
from practicum.data.tree import Tree, mapped
from practicum.recipe import Recipe
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask

NUM_TRAIN, NUM_VALID, NUM_CLASSES = 48, 24, 3


@dataclass(frozen=True)
class Case:
    """A module with its data.

    Attributes:
        build: as a user writes it.
        loss: name of the loss, or the user's own.
        data: from rows and a name of the stream to a tree.
        refused: what the reason must say why it cannot be lifted; empty if it can.
        smooth: whether training is stable enough for tight comparisons over hundreds of steps.
    """

    build: Callable[[Recipe], nn.Module]
    loss: Any
    data: Callable[[int, str], Tree]
    refused: str = ""
    smooth: bool = True

    @property
    def liftable(self) -> bool:
        """Whether K trials of it can be one program."""
        return not self.refused

    def task(self, dtype: torch.dtype = torch.float32, **changes: Any) -> ModelTask:
        """Return what is trained, in float32 or float64."""

        def build(recipe: Recipe) -> nn.Module:
            return self.build(recipe).to(dtype)

        def converted(values: Tensor) -> Tensor:
            return values.to(dtype) if values.is_floating_point() else values

        loss = named_loss(self.loss) if isinstance(self.loss, str) else self.loss
        train, valid = self.data(NUM_TRAIN, "train"), self.data(NUM_VALID, "valid")
        task = ModelTask(build, loss, None, mapped(train, converted), mapped(valid, converted))
        return replace(task, **changes)


def zoo_recipes(count: int, **values: Any) -> list[Recipe]:
    """Return recipes that differ in seed only."""
    return [Recipe(**{"batch_size": 8, "learning_rate": 0.05, "seed": k, **values}) for k in range(count)]


def draw(shape: tuple[int, ...], name: str) -> Tensor:
    """Return normal numbers of a named stream, rounded to float32."""
    return torch.from_numpy(stream(0, f"zoo/{name}").standard_normal(shape)).float()


def vectors(count: int, part: str) -> Tree:
    """Return rows of five numbers in three classes."""
    x = draw((count, 5), f"vectors/{part}")
    return {"x": x, "y": (x.sin() @ draw((5, NUM_CLASSES), "vectors/mix")).argmax(1)}


def pictures(count: int, part: str) -> Tree:
    """Return pictures of 8 by 8 in three classes."""
    x = draw((count, 1, 8, 8), f"pictures/{part}")
    return {"x": x, "y": (x.flatten(1) @ draw((64, NUM_CLASSES), "pictures/mix")).argmax(1)}


def tokens(count: int, part: str) -> Tree:
    """Return sequences of six tokens out of eleven, in three classes."""
    x = torch.from_numpy(stream(0, f"zoo/tokens/{part}").integers(0, 11, (count, 6)))
    return {"x": x, "y": x.sum(1) % NUM_CLASSES}


def sequences(count: int, part: str) -> Tree:
    """Return sequences of five vectors of three numbers, in three classes."""
    x = draw((count, 5, 3), f"sequences/{part}")
    return {"x": x, "y": x.sum(1).argmax(1)}


def unlabelled(count: int, part: str) -> Tree:
    """Return rows of five numbers in [0, 1], to be coded and decoded."""
    return {"x": torch.sigmoid(draw((count, 5), f"unlabelled/{part}"))}


def numbers(count: int, part: str) -> Tree:
    """Return rows of five numbers and two targets."""
    x = draw((count, 5), f"numbers/{part}")
    return {"x": x, "y": x.sin() @ draw((5, 2), "numbers/mix")}


def yes_or_no(count: int, part: str) -> Tree:
    """Return rows of five numbers and a coin for each."""
    x = draw((count, 5), f"yes_or_no/{part}")
    return {"x": x, "y": (x.sum(1) > 0).float()}


def nested(count: int, part: str) -> Tree:
    """Return two inputs beside each other, and a target."""
    x = draw((count, 5), f"nested/{part}")
    return {"inputs": {"x": x, "scale": x[:, :1].exp()}, "target": x.sum(1)}


def mlp(recipe: Recipe) -> nn.Module:
    """Two layers, tanh."""
    return nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, NUM_CLASSES))


def prelu(recipe: Recipe) -> nn.Module:
    """A slope for all and a slope for each unit, learned."""
    return nn.Sequential(nn.Linear(5, 8), nn.PReLU(), nn.Linear(8, 6), nn.PReLU(6), nn.Linear(6, NUM_CLASSES))


def convolutional(recipe: Recipe) -> nn.Module:
    """Two convolutions with pooling."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 5, 3),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(5, NUM_CLASSES),
    )


def strided(recipe: Recipe) -> nn.Module:
    """Strided convolutions, normalised by groups."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2),
        nn.GroupNorm(2, 4),
        nn.SiLU(),
        nn.Conv2d(4, 6, 2, stride=2),
        nn.GELU(),
        nn.Flatten(),
        nn.Linear(6, NUM_CLASSES),
    )


class Residual(nn.Module):
    """Two residual blocks with LayerNorm."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(5, 8)
        self.norms = nn.ModuleList(nn.LayerNorm(8) for _ in range(2))
        self.blocks = nn.ModuleList(nn.Linear(8, 8) for _ in range(2))
        self.outer = nn.Linear(8, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        h = self.inner(x)
        for norm, block in zip(self.norms, self.blocks, strict=True):
            h = h + F.gelu(block(norm(h)))
        return self.outer(h)


def batch_norm(recipe: Recipe) -> nn.Module:
    """BatchNorm with running statistics, and without."""
    return nn.Sequential(
        nn.Linear(5, 8),
        nn.BatchNorm1d(8),
        nn.Tanh(),
        nn.Linear(8, 6),
        nn.BatchNorm1d(6, track_running_stats=False),
        nn.Tanh(),
        nn.Linear(6, NUM_CLASSES),
    )


class Attention(nn.Module):
    """Embedded tokens that look at each other in two heads."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.table, self.dropout = nn.Embedding(11, 8), dropout
        self.place = nn.Parameter(torch.zeros(6, 8))
        self.all_three, self.out = nn.Linear(8, 24), nn.Linear(8, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        h = self.table(x) + self.place
        parts = self.all_three(h).unflatten(-1, (3, 2, 4)).permute(2, 0, 3, 1, 4)
        rate = self.dropout if self.training else 0.0
        seen = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], dropout_p=rate, is_causal=True)
        return self.out((h + seen.transpose(1, 2).flatten(2)).mean(1))


class PlainGRU(nn.Module):
    """A gated recurrent cell in plain operations."""

    def __init__(self) -> None:
        super().__init__()
        self.gates, self.candidate = nn.Linear(3 + 6, 12), nn.Linear(3 + 6, 6)
        self.out = nn.Linear(6, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        h = x.new_zeros(x.shape[0], 6)
        for x_t in x.unbind(1):
            update, reset = self.gates(torch.cat([x_t, h], 1)).sigmoid().chunk(2, 1)
            new = self.candidate(torch.cat([x_t, reset * h], 1)).tanh()
            h = update * h + (1 - update) * new
        return self.out(h)


class CellOverTime(nn.Module):
    """One of torch's own recurrent cells, a step at a time."""

    def __init__(self, cell: Any) -> None:
        super().__init__()
        self.cell, self.out = cell(3, 4), nn.Linear(4, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
        return self.out(state[0] if isinstance(state, tuple) else state)


class Tied(nn.Module):
    """An auto-encoder whose decoder is its encoder transposed, and a head tied to an embedding of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.again = nn.Linear(5, 4), nn.Linear(5, 4, bias=False)
        self.again.weight = self.encoder.weight
        self.visible = nn.Parameter(torch.zeros(5))

    def forward(self, x: Tensor) -> Tensor:
        h = torch.sigmoid(self.encoder(x) + self.again(x))
        return F.linear(h, self.encoder.weight.t(), self.visible)


def reconstruction(model: Any, batch: Any) -> Tensor:
    """Return the squared error of each example's reconstruction."""
    return (model(batch["x"]) - batch["x"]).square().sum(1)


class Dropped(nn.Module):
    """Dropout as a module and as a function."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.out = nn.Linear(5, 8), nn.Linear(8, 8), nn.Linear(8, NUM_CLASSES)
        self.drop = nn.Dropout(0.4)

    def forward(self, x: Tensor) -> Tensor:
        h = self.drop(self.one(x).tanh())
        h = F.dropout(self.two(h).tanh(), 0.2, self.training)
        return self.out(h)


def own_rates(recipe: Recipe) -> nn.Module:
    """Dropout at a rate of each trial's own, on units and on channels."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.Dropout2d(0.1 * recipe.seed),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(recipe.dropout),
        nn.Linear(144, NUM_CLASSES),
    )


class InPlace(nn.Module):
    """Writes into its input."""

    def __init__(self) -> None:
        super().__init__()
        self.shift, self.out = nn.Parameter(torch.full((5,), 0.1)), nn.Linear(5, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x += self.shift
        return self.out(x.tanh())


class Frozen(nn.Module):
    """A fixed random layer below a learned one."""

    def __init__(self) -> None:
        super().__init__()
        self.below, self.out = nn.Linear(5, 8), nn.Linear(8, NUM_CLASSES)
        self.below.requires_grad_(False)
        self.unused = nn.Parameter(torch.ones(2))

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.below(x).tanh())


class Replaced(nn.Module):
    """Keeps a running mean by putting a new tensor in the place of its buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.out = nn.Linear(5, 8), nn.Linear(8, NUM_CLASSES)
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("passing", torch.ones(2), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        h = self.one(x)
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * h.detach().mean(0)
        return self.out((h - self.mean).tanh() * self.passing[0])


class TwoInputs(nn.Module):
    """Called by keywords, on two inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.out = nn.Linear(5, 6), nn.Linear(6, 1)

    def forward(self, x: Tensor, scale: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() * scale).squeeze(1)


def smooth_slope(model: Any, batch: Any) -> Tensor:
    """Return a squared error plus a penalty on the slope of the output at the input."""
    inputs = batch["inputs"]

    def total(x: Tensor) -> Tensor:
        return model(x, scale=inputs["scale"]).sum()

    slope = torch.func.grad(total)(inputs["x"])
    return (model(inputs["x"], scale=inputs["scale"]) - batch["target"]).square() + 0.1 * slope.square().sum(
        1
    )


class LSTM(nn.Module):
    """Not liftable: a fused recurrent net."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.out = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.cell(x)[0][:, -1])


class Decides(nn.Module):
    """Not liftable: goes one way or the other, by its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.out = nn.Linear(5, 8), nn.Linear(8, NUM_CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        h = self.one(x)
        return self.out(h.tanh() if h.mean() > 0 else h.sigmoid())


class Reads(Decides):
    """Not liftable: takes a number out of a tensor."""

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() * self.one.weight.abs().max().item())


class Assigns(Decides):
    """Not liftable: writes where a mask says."""

    def forward(self, x: Tensor) -> Tensor:
        h = self.one(x) * 1
        h[h < 0] = 0.1
        return self.out(h)


class Noisy(Decides):
    """Not liftable: draws random numbers."""

    def forward(self, x: Tensor) -> Tensor:
        h = self.one(x)
        return self.out((h + 0.1 * torch.randn_like(h) * self.training).tanh())


def slopes(recipe: Recipe) -> nn.Module:
    """A liar: a constant differs between the trials."""
    return nn.Sequential(nn.Linear(5, 8), nn.LeakyReLU(0.1 + 0.3 * recipe.seed), nn.Linear(8, NUM_CLASSES))


class Remembers(Decides):
    """A liar: a number computed from its first weights."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = float(self.one.weight.detach().norm())

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() / self.scale)


class Views(Decides):
    """A liar: a view of its weights under another name."""

    def __init__(self) -> None:
        super().__init__()
        self.view = self.one.weight.data

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() + F.linear(x, self.view).sin())


class Encloses(Decides):
    """A liar: a function has closed over a view of its weights."""

    def __init__(self) -> None:
        super().__init__()
        weight = self.one.weight.data
        self.curve = lambda x: F.linear(x, weight).sin()

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() + self.curve(x))


class Caches(Decides):
    """A liar: what it computed in its first pass it uses in all others."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.cache is None:
            self.cache = self.one.weight.detach().norm()
        return self.out(self.one(x).tanh() / self.cache)


class Counts(Decides):
    """A liar: a counter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return self.out(self.one(x).tanh() / self.calls)


COUNTER = itertools.count(1)


class CountsForAll(Decides):
    """A liar: a counter that all trials share."""

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.one(x).tanh() / (1 + next(COUNTER) % 7))


class Listed(Decides):
    """A liar: parameters are used from a list that nobody swaps."""

    def __init__(self) -> None:
        super().__init__()
        self.all = [self.one.weight, self.one.bias]

    def forward(self, x: Tensor) -> Tensor:
        return self.out(F.linear(x, *self.all).tanh())


def enclosing_recipe(recipe: Recipe) -> nn.Module:
    """A liar: its class, defined here, reads the recipe."""

    class Net(Decides):
        def forward(self, x: Tensor) -> Tensor:
            return self.out(self.one(x).tanh() * (1 + recipe.seed))

    return Net()


def of(kind: Callable[[], nn.Module]) -> Callable[[Recipe], nn.Module]:
    """Return a build function that ignores the recipe."""
    return lambda recipe: kind()


CLASSES = "cross_entropy"

ZOO: dict[str, Case] = {
    "mlp": Case(mlp, CLASSES, vectors),
    "prelu": Case(prelu, CLASSES, vectors),
    "convolutional": Case(convolutional, CLASSES, pictures),
    "strided_group_norm": Case(strided, CLASSES, pictures),
    "residual_layer_norm": Case(of(Residual), CLASSES, vectors),
    "batch_norm": Case(batch_norm, CLASSES, vectors),
    "attention": Case(of(Attention), CLASSES, tokens),
    "attention_dropout": Case(of(lambda: Attention(0.2)), CLASSES, tokens),
    "plain_gru": Case(of(PlainGRU), CLASSES, sequences),
    "tied": Case(of(Tied), reconstruction, unlabelled),
    "dropout": Case(of(Dropped), CLASSES, vectors),
    "own_dropout_rates": Case(own_rates, CLASSES, pictures),
    "in_place": Case(of(InPlace), CLASSES, vectors),
    "frozen": Case(of(Frozen), CLASSES, vectors),
    "replaced_buffer": Case(of(Replaced), CLASSES, vectors),
    "input_gradient": Case(of(TwoInputs), smooth_slope, nested),
    "regression": Case(lambda recipe: nn.Linear(5, 2), "squared_error", numbers),
    "binary": Case(lambda recipe: nn.Linear(5, 1), "binary_cross_entropy", yes_or_no),
    "gru_cell": Case(of(lambda: CellOverTime(nn.GRUCell)), CLASSES, sequences),
    "lstm_cell": Case(of(lambda: CellOverTime(nn.LSTMCell)), CLASSES, sequences),
    "lstm": Case(of(LSTM), CLASSES, sequences, "nn.LSTM"),
    "decides": Case(of(Decides), CLASSES, vectors, "decides"),
    "reads": Case(of(Reads), CLASSES, vectors, "number out of a tensor"),
    "assigns": Case(of(Assigns), CLASSES, vectors, "torch.vmap cannot run"),
    "noisy": Case(of(Noisy), CLASSES, vectors, "random numbers"),
    "liar_slopes": Case(slopes, CLASSES, vectors, "negative_slope: 0.1 against 0.4"),
    "liar_remembers": Case(of(Remembers), CLASSES, vectors, "differ in scale"),
    "liar_views": Case(of(Views), CLASSES, vectors, "view"),
    "liar_encloses": Case(of(Encloses), CLASSES, vectors, "curve"),
    "liar_caches": Case(of(Caches), CLASSES, vectors, "alone|vmap"),
    "liar_counts": Case(of(Counts), CLASSES, vectors, "changes itself"),
    "liar_counts_for_all": Case(of(CountsForAll), CLASSES, vectors, "another than alone"),
    "liar_listed": Case(of(Listed), CLASSES, vectors, "another than alone"),
    "liar_encloses_recipe": Case(enclosing_recipe, CLASSES, vectors, "seed"),
}


LIFTABLE = tuple(name for name, case in ZOO.items() if case.liftable)
REFUSED = tuple(name for name, case in ZOO.items() if not case.liftable)


def bowl(curvature, lifted=True):
    """Return a task of one number w with the loss ½ h (w − 1)², where the rate 1/h is the best."""

    class Point(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1))

        def forward(self, x):
            return self.w + 0 * x

    def loss(model, batch):
        return curvature * (model(batch["x"]) - 1).square().sum(1) / 2

    rows = {"x": torch.zeros(64, 1)}
    return ModelTask(lambda recipe: Point(), loss, None, rows, {"x": torch.zeros(8, 1)}, lifted=lifted)
