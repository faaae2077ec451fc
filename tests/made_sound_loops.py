"""Loops of many kinds, as textbooks have them, without a mistake: none may have a finding."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from practicum.faces.monitor import Monitor

Run = Callable[[], Monitor]


def _rows(num: int = 256, width: int = 6) -> tuple[Tensor, Tensor]:
    x = torch.randn(num, width)
    return x, (x[:, 0] + 0.5 * x[:, 1] > 0).long()


def gan() -> Monitor:
    """Watch the discriminator while the generator's gradients flow through it and are thrown away."""
    generator, judge = nn.Linear(4, 6), nn.Sequential(nn.Linear(6, 16), nn.LeakyReLU(), nn.Linear(16, 1))
    optimizers = [torch.optim.Adam(one.parameters(), lr=1e-3) for one in (judge, generator)]
    loss_fn = nn.BCEWithLogitsLoss()
    x, _ = _rows()
    with Monitor(judge, optimizers[0], loss_fn=loss_fn) as monitor:
        for rows in torch.randperm(256).split(16) * 3:
            optimizers[0].zero_grad()
            with torch.no_grad():
                fake = generator(torch.randn(16, 4))
            loss = loss_fn(judge(x[rows]), torch.ones(16, 1)) + loss_fn(judge(fake), torch.zeros(16, 1))
            loss.backward()
            optimizers[0].step()
            optimizers[1].zero_grad()
            loss_fn(judge(generator(torch.randn(16, 4))), torch.ones(16, 1)).backward()
            optimizers[1].step()
            monitor.step(loss, inputs=x[rows], targets=torch.ones(16, 1))
    return monitor


def several_critics() -> Monitor:
    """Watch both nets of a pair whose second is updated every third time only."""
    pair = nn.ModuleDict({"critic": nn.Linear(6, 1), "maker": nn.Linear(4, 6)})
    critic, maker = (torch.optim.SGD(pair[name].parameters(), lr=0.01) for name in ("critic", "maker"))
    x, _ = _rows()
    with Monitor(pair, [critic, maker]) as monitor:
        for count, rows in enumerate(torch.randperm(256).split(16) * 2):
            critic.zero_grad()
            loss = (
                pair["critic"](pair["maker"](torch.randn(16, 4)).detach()).mean()
                - pair["critic"](x[rows]).mean()
            )
            loss.backward()
            critic.step()
            if count % 3 == 2:
                maker.zero_grad()
                (-pair["critic"](pair["maker"](torch.randn(16, 4))).mean()).backward()
                maker.step()
            monitor.step(loss)
    return monitor


def closures() -> Monitor:
    """Full batches and L-BFGS, whose closure runs several times a step."""
    model, loss_fn = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 2)), nn.CrossEntropyLoss()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)
    x, y = _rows(64)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        return loss

    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for _ in range(20):
            monitor.step(optimizer.step(closure), inputs=x, targets=y)
            with torch.no_grad():
                monitor.validate(float(loss_fn(model(x[:32]), y[:32])))
    return monitor


def full_batches() -> Monitor:
    """Gradient descent on all rows, validated on a few, again and again."""
    model, loss_fn = nn.Linear(6, 2), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    x, y = _rows(128)
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for _ in range(40):
            optimizer.zero_grad()
            loss = loss_fn(model(x[:96]), y[:96])
            loss.backward()
            optimizer.step()
            monitor.step(loss, inputs=x[:96], targets=y[:96])
            with torch.no_grad():
                monitor.validate(float(loss_fn(model(x[96:]), y[96:])))
    return monitor


def pictures() -> Monitor:
    """Pictures whose borders are all alike, and a copy of the best model after each epoch."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
    optimizer, loss_fn = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    x = torch.zeros(1280, 1, 28, 28)
    x[:, :, 8:20, 8:20] = torch.rand(1280, 1, 12, 12)
    y = (x.sum((1, 2, 3)) > 72).long()
    best: nn.Module | None = None
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for _ in range(2):
            model.train()
            for rows in torch.randperm(1280).split(64):
                optimizer.zero_grad()
                loss = loss_fn(model(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
                monitor.step(loss, inputs=x[rows], targets=y[rows])
            model.eval()
            with torch.inference_mode():
                monitor.validate(float(loss_fn(model(x[:640]), y[:640])))
            best = copy.deepcopy(model)
    assert best is not None
    best(x[:2])
    return monitor


def tokens() -> Monitor:
    """Sparse gradients, and a loss of outputs that are reshaped."""
    model = nn.Sequential(nn.Embedding(50, 8, sparse=True), nn.Linear(8, 50))
    optimizers = [
        torch.optim.SparseAdam(model[0].parameters(), lr=1e-2),
        torch.optim.Adam(model[1].parameters(), lr=1e-2),
    ]
    loss_fn = nn.CrossEntropyLoss()
    words = torch.randint(50, (320, 9))
    words[:, 0] = 1  # every sentence begins alike
    with Monitor(model, optimizers, loss_fn=loss_fn) as monitor:
        for rows in torch.randperm(320).split(8):
            for one in optimizers:
                one.zero_grad()
            loss = loss_fn(model(words[rows, :-1]).view(-1, 50), words[rows, 1:].reshape(-1))
            loss.backward()
            for one in optimizers:
                one.step()
            monitor.step(loss, inputs=words[rows], targets=words[rows, 1:])
    return monitor


def squeezed() -> Monitor:
    """A column of outputs that is squeezed before the loss sees it."""
    model, loss_fn = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1)), nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    x, _ = _rows()
    y = x[:, 0] - x[:, 1]
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for rows in torch.randperm(256).split(16):
            optimizer.zero_grad()
            loss = loss_fn(model(x[rows]).squeeze(1), y[rows])
            loss.backward()
            optimizer.step()
            monitor.step(loss, inputs=x[rows], targets=y[rows])
    return monitor


def twice_a_step() -> Monitor:
    """Sharpness-aware: two passes over each batch, one update."""
    model, loss_fn = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 2)), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = _rows()
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for rows in torch.randperm(256).split(8):
            loss = loss_fn(model(x[rows]), y[rows])
            loss.backward()
            moves = [0.01 * one.grad for one in model.parameters()]
            with torch.no_grad():
                for one, move in zip(model.parameters(), moves, strict=True):
                    one.add_(move)
            optimizer.zero_grad()
            loss_fn(model(x[rows]), y[rows]).backward()
            with torch.no_grad():
                for one, move in zip(model.parameters(), moves, strict=True):
                    one.sub_(move)
            optimizer.step()
            optimizer.zero_grad()
            monitor.step(loss, inputs=x[rows], targets=y[rows])
    return monitor


def fine_tuned() -> Monitor:
    """A head is trained on a body whose batch statistics are frozen on purpose."""
    body = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU())
    model = nn.Sequential(body, nn.Linear(8, 2))
    optimizer, loss_fn = torch.optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()
    x, y = _rows()
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        model.eval()
        model[1].train()
        for rows in torch.randperm(256).split(16):
            optimizer.zero_grad()
            loss = loss_fn(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            monitor.step(loss, inputs=x[rows], targets=y[rows])
    return monitor


def scaled() -> Monitor:
    """A loss that is scaled, and updates that are now and then left out."""
    model, loss_fn = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 2)), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = _rows()
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for count, rows in enumerate(torch.randperm(256).split(8)):
            optimizer.zero_grad()
            loss = loss_fn(model(x[rows]), y[rows])
            (1024 * loss).backward()
            for one in model.parameters():
                one.grad /= 1024
            if count not in (0, 1, 2, 9):
                optimizer.step()
            monitor.step(loss, inputs=x[rows], targets=y[rows])
    return monitor


def layers_left_out() -> Monitor:
    """A layer that rests at every other step."""
    model = nn.ModuleList([nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)])
    optimizer, loss_fn = torch.optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()
    x, y = _rows()
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for count, rows in enumerate(torch.randperm(256).split(8)):
            optimizer.zero_grad()
            hidden = model[0](x[rows])
            hidden = model[1](hidden) if count % 2 else hidden
            loss = loss_fn(model[2](hidden), y[rows])
            loss.backward()
            optimizer.step()
            monitor.step(loss, inputs=x[rows], targets=y[rows])
    return monitor


def mapped_inputs() -> Monitor:
    """A model that takes a mapping."""

    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(6, 2)

        def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
            return {"logits": self.head(batch["x"])}

    model, loss_fn = Two(), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = _rows()
    with Monitor(model, optimizer, loss_fn=loss_fn) as monitor:
        for rows in torch.randperm(256).split(8):
            optimizer.zero_grad()
            loss = loss_fn(model({"x": x[rows]})["logits"], y[rows])
            loss.backward()
            optimizer.step()
            monitor.step(loss, inputs={"x": x[rows]}, targets=y[rows])
    assert len(set(monitor.facts.batches)) == 32
    return monitor


SOUND_LOOPS: tuple[Run, ...] = (
    gan,
    several_critics,
    closures,
    full_batches,
    pictures,
    tokens,
    squeezed,
    twice_a_step,
    fine_tuned,
    scaled,
    layers_left_out,
    mapped_inputs,
)
