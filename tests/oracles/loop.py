"""The slow twin of training: one trial, plain autograd, every rule written as its formula or left to `torch.optim`.

Nothing is batched over trials, nothing is padded, nothing is kept in buffers. Shared with the engine are only the
initial values, the order of examples, bags of them, the choice of inputs, the noise and the module that a user gets
back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from practicum.core.shapes import padded
from practicum.data.dataset import Dataset
from practicum.models.activations import ACTIVATIONS
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.views import bag, seen_inputs
from practicum.training.noise import Noise
from practicum.training.order import Order


@dataclass(frozen=True)
class Trained:
    """Parameters and their running average after training, named as in the module."""

    parameters: dict[str, Tensor]
    average: dict[str, Tensor]


def untrained(network: Network, recipe: Recipe, dtype: torch.dtype = torch.float64) -> MLP:
    """Return the module at its initial values, which are not rounded to float32 on the way."""
    module = MLP(network).to(dtype)
    values = initial_parameters(
        network, recipe.seed, recipe.init_scale, recipe.init_distribution, recipe.init_range
    )
    module.load_state_dict({name: torch.from_numpy(value) for name, value in values.items()})
    with torch.no_grad():
        module.layers[0].weight.mul_(seen(network, recipe))
    return module


def seen(network: Network, recipe: Recipe) -> Tensor:
    """Return 1 for the inputs that the trial sees, 0 for the others, (I,) [3.2-37]."""
    return torch.from_numpy(seen_inputs(network, recipe).astype(float))


def mean_loss(task: str, logits: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    """Return −log likelihood, or ½ squared error summed over outputs, averaged over examples [3.2-26]."""
    if task == "multiclass":
        return F.cross_entropy(logits, target.argmax(1), label_smoothing=smoothing)
    if task == "binary":
        return F.binary_cross_entropy_with_logits(logits, target * (1 - smoothing) + smoothing / 2)
    return 0.5 * ((logits - target) ** 2).sum(1).mean()


def learning_rate(recipe: Recipe, t: int) -> float:
    """Return the rate of update t, counted from 1 [3.1-03/04, system-P16]."""
    rate, n = recipe.learning_rate, t - 1
    length = recipe.schedule_steps or recipe.num_steps or 1
    part, final = min(n / length, 1), recipe.final_rate_ratio
    if recipe.schedule == "power" and recipe.decay_start_step is not None:
        tau = recipe.decay_start_step
        rate *= (tau / max(t, tau)) ** recipe.decay_exponent
    if recipe.schedule == "exponential":
        rate *= math.exp(-recipe.decay_rate * n)
    if recipe.schedule == "inverse":
        rate /= 1 + recipe.decay_rate * n
    if recipe.schedule == "linear":
        rate *= 1 - (1 - final) * part
    if recipe.schedule == "cosine":
        rate *= final + (1 - final) * (1 + math.cos(math.pi * part)) / 2
    if recipe.warm_up_steps:
        rate *= min(1, t / recipe.warm_up_steps)
    return rate


def momentum(recipe: Recipe, t: int) -> float:
    """Return μ of update t, counted from 1: it rises evenly to its last value."""
    if recipe.initial_momentum is None:
        return recipe.momentum
    part = min((t - 1) / recipe.momentum_ramp_steps, 1)
    return recipe.initial_momentum + part * (recipe.momentum - recipe.initial_momentum)


def layer_of(name: str) -> int:
    """Return a parameter's layer; an embedding belongs to the first."""
    kind, index, _ = name.split(".")
    return int(index) if kind == "layers" else 0


def penalties(recipe: Recipe, name: str, num_rows: int) -> tuple[float, float]:
    """Return λ₁/T and λ₂/T of a parameter, 0 for a bias that is spared [3.2-05..07, erratum E6]."""
    if name.endswith("bias") and not recipe.penalise_biases:
        return 0.0, 0.0
    layer = layer_of(name)
    l1, l2 = (p[layer] if isinstance(p, tuple) else p for p in (recipe.l1_penalty, recipe.l2_penalty))
    return l1 / num_rows, l2 / num_rows


def rate_factor(recipe: Recipe, name: str) -> float:
    """Return the product of a parameter's multipliers [3.1-18/19]."""
    factor = recipe.bias_rate_multiplier if name.endswith("bias") else 1.0
    layers = recipe.layer_rate_multipliers
    return factor if layers is None else factor * layers[layer_of(name)]


def corrupted(recipe: Recipe, x: Tensor, step: int) -> Tensor:
    """Return the inputs with the noise of update ``step`` [1.2-04..06]."""
    level = torch.tensor([recipe.corruption_level], dtype=torch.float64)
    shape = (padded(recipe.batch_size), x.shape[1])
    which, value = (Noise([recipe.seed], f"corruption{part}", shape, x) for part in ("", "/value"))
    if recipe.corruption == "gaussian":
        return x + recipe.corruption_level * which.normal(step)[0, : len(x)]
    kept = which.uniform_at_least(step, level)[0, : len(x)]
    if recipe.corruption == "masking":
        return x * kept
    ones = value.uniform_at_least(step, torch.tensor([0.5]))[0, : len(x)]
    return torch.where(kept, x, ones.to(x))


def sparsity(recipe: Recipe, h: Tensor) -> Tensor:
    """Return the penalty on the activations (B, H) of one layer [3.2-17, erratum E12]."""
    rho, mean = recipe.sparsity_target, h.mean(0)
    if recipe.sparsity_form == "l1":
        return h.abs().mean(0).sum()
    if recipe.sparsity_form == "student_t":
        return torch.log(1 + h**2).mean(0).sum()
    if recipe.sparsity_form == "target":
        return ((rho - mean) ** 2).sum()
    return (-rho * torch.log(mean) - (1 - rho) * torch.log(1 - mean)).sum()


def training_loss(module: MLP, recipe: Recipe, data: Dataset, rows: Tensor, step: int) -> Tensor:
    """Return what update ``step`` descends, parameter penalties apart: noise, smoothing and sparsity included."""
    dtype = module.layers[0].weight.dtype
    x, target = data.x[rows].to(dtype), data.target[rows].to(dtype)
    if recipe.corruption_level:
        x = corrupted(recipe, x, step)
    looked_up = [table(data.codes[rows][:, column]) for column, table in enumerate(module.embeddings)]
    h = torch.cat([x, *looked_up], 1) * seen(module.network, recipe).to(dtype)
    penalty = torch.zeros((), dtype=dtype)
    for number, layer in enumerate(module.layers[:-1]):
        h = ACTIVATIONS[module.network.activation].function(layer(h))
        penalty = penalty + sparsity(recipe, h) if recipe.sparsity_penalty else penalty
        if recipe.dropout:
            shape = (padded(h.shape[1]), padded(recipe.batch_size))
            noise = Noise([recipe.seed], f"dropout/{number}", shape, h)
            h = (
                h
                * noise.kept(step, torch.tensor([recipe.dropout], dtype=torch.float64))[
                    0, : h.shape[1], : len(h)
                ].T
            )
    loss = mean_loss(module.network.task, module.layers[-1](h), target, recipe.label_smoothing)
    return loss + recipe.sparsity_penalty * penalty


def optimizer_of(recipe: Recipe, module: MLP) -> torch.optim.Optimizer:
    """Return the optimiser that the recipe's rule is named after, a group a parameter; sgd is not among them."""
    import schedulefree

    groups = [{"params": [p], "name": name} for name, p in module.named_parameters()]
    beta, second = recipe.first_moment_decay, recipe.second_moment_decay
    eps = {} if recipe.stabiliser is None else {"eps": recipe.stabiliser}
    if recipe.update_rule == "adagrad":
        return torch.optim.Adagrad(groups, **eps)
    if recipe.update_rule == "adadelta":
        return torch.optim.Adadelta(groups, rho=second or 0.9, **eps)
    if recipe.update_rule == "rmsprop":
        return torch.optim.RMSprop(groups, alpha=second or 0.99, **eps)
    betas = (beta, second or 0.999)
    if recipe.update_rule == "adam":
        return torch.optim.Adam(groups, betas=betas, **eps)
    decay = recipe.decoupled_decay
    if recipe.update_rule == "adamw":
        return torch.optim.AdamW(groups, betas=betas, weight_decay=decay, **eps)
    if recipe.update_rule == "schedule_free_sgd":
        return schedulefree.SGDScheduleFree(groups, momentum=beta)
    return schedulefree.AdamWScheduleFree(groups, betas=betas, weight_decay=decay, **eps)


def constrain(recipe: Recipe, name: str, value: Tensor, rate: float, num_rows: int) -> None:
    """Do what acts on a parameter itself: the proximal step of L1, the largest norm of a unit's weights."""
    l1, _ = penalties(recipe, name, num_rows)
    if recipe.l1_step == "proximal" and l1:
        value.copy_(value.sign() * (value.abs() - rate * l1).clamp(min=0))
    if recipe.max_norm is not None and value.dim() >= 2 and name.startswith("layers"):
        norms = value.flatten(1).norm(dim=1).clamp(min=1e-30)
        value.mul_((recipe.max_norm / norms).clamp(max=1).view(-1, *[1] * (value.dim() - 1)))


def train(
    network: Network, recipe: Recipe, data: Dataset, num_steps: int, dtype: torch.dtype = torch.float64
) -> Trained:
    """Return what ``num_steps`` updates on ``data`` make of one trial."""
    module = untrained(network, recipe, dtype)
    order = Order(len(data), recipe.batch_size, recipe.seed, recipe.batch_order)
    named, num_rows = dict(module.named_parameters()), len(data)
    rows = torch.from_numpy(bag(recipe.seed, num_rows)) if recipe.bagging else torch.arange(num_rows)
    velocity = {name: torch.zeros_like(p) for name, p in named.items()}
    average = {name: p.detach().clone() for name, p in named.items()}
    optimizer = None if recipe.update_rule == "sgd" else optimizer_of(recipe, module)
    if recipe.update_rule.startswith("schedule_free"):
        optimizer.train()
    for i in range(num_steps):
        rate, mu = learning_rate(recipe, i + 1), momentum(recipe, i + 1)
        loss = training_loss(module, recipe, data, rows[order.batches(i, 1)[0]], i)
        gradients = torch.autograd.grad(loss, list(named.values()))
        with torch.no_grad():
            for (name, value), gradient in zip(named.items(), gradients, strict=True):
                l1, l2 = penalties(recipe, name, num_rows)
                value.grad = gradient + 2 * l2 * value
                if recipe.l1_step == "plain":
                    value.grad += l1 * value.sign()
            if recipe.clip_norm is not None:
                torch.nn.utils.clip_grad_norm_(named.values(), recipe.clip_norm)
            if optimizer is not None:
                for group in optimizer.param_groups:
                    group["lr"] = rate * rate_factor(recipe, group["name"])
                optimizer.step()
            for name, value in named.items():
                own_rate = rate * rate_factor(recipe, name)
                if optimizer is None:
                    velocity[name] = mu * velocity[name] + (1 - mu) * value.grad
                    ahead = (1 - mu) * value.grad + mu * velocity[name]
                    value.sub_(own_rate * (ahead if recipe.nesterov else velocity[name]))
                constrain(recipe, name, value, own_rate, num_rows)
                weight = 1 - min(recipe.averaging, i / (i + 1))
                average[name] = (1 - weight) * average[name] + weight * value
    if recipe.update_rule.startswith("schedule_free"):
        parameters = {name: p.detach().clone() for name, p in named.items()}
        optimizer.eval()
        return Trained(parameters, {name: p.detach().clone() for name, p in named.items()})
    return Trained({name: p.detach().clone() for name, p in named.items()}, average)
