"""Ways to train beside the plain one: the monitor changes no bit, finds nothing in sound loops, and what is planted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.made_batches import BATCH_SIZE, faults, hooks_left, net, rows, same_bits
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from practicum.faces.monitor import Monitor

ROOT = Path(__file__).resolve().parents[2]
LOSS = nn.CrossEntropyLoss()

# Dynamo asks every tensor for its gradient; it hides this warning, but not where warnings are errors.
pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf Tensor")


class Loop:
    """One of the ways to train.

    Args:
        watched: whether there is a monitor.
        mistake: whether something is wrong.
    """

    FAULT = "C1"

    def __init__(self, *, watched: bool, mistake: bool) -> None:
        self.mistake = mistake
        self.model: nn.Module = self.make_model()
        self.optimizers = self.make_optimizers()
        self.monitor = Monitor(self.given(), self.optimizers, loss_fn=LOSS) if watched else None

    def make_model(self) -> nn.Module:
        """Return the model that is trained."""
        return net()

    def make_optimizers(self) -> list[torch.optim.Optimizer]:
        """Return what updates it."""
        return [torch.optim.SGD(self.model.parameters(), lr=0.05)]

    def given(self) -> nn.Module:
        """Return the model that the monitor is given."""
        return self.model

    def data(self) -> tuple[Tensor, Tensor]:
        """Return all rows."""
        return rows()

    def zero_grad(self) -> None:
        """Reset the gradients."""
        if not self.mistake:
            for one in self.optimizers:
                one.zero_grad()

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the loss."""
        return LOSS(self.model(x), y)

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Train on a minibatch."""
        self.zero_grad()
        loss = self.forward(x, y)
        loss.backward()
        self.optimizers[0].step()
        return loss

    def run(self) -> Loop:
        """Train for three epochs, and return itself."""
        if self.monitor is None:
            self._run()
        else:
            with self.monitor:
                self._run()
        return self

    def _run(self) -> None:
        x, y = self.data()
        for _ in range(3):
            self.model.train()
            for chosen in self._order(len(x)):
                loss = self.step(x[chosen], y[chosen])
                if self.monitor is not None:
                    self.monitor.step(loss, inputs=x[chosen], targets=y[chosen])
            self.model.eval()
            with torch.no_grad():
                loss = self.forward(x[:128], y[:128])
            if self.monitor is not None:
                self.monitor.validate(float(loss))

    def _order(self, number: int) -> Iterator[Tensor]:
        yield from torch.randperm(number).split(BATCH_SIZE)


class Autocast(Loop):
    """Half precision where it is safe."""

    def forward(self, x, y):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return LOSS(self.model(x), y)


class Scaled(Loop):
    """A scaler of gradients in half precision that begins so high that it leaves the first updates out."""

    def __init__(self, **given):
        super().__init__(**given)
        self.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**40, backoff_factor=2.0**-8)
        self.skipped = 0
        self.was_skipped = True

    def zero_grad(self):
        """Forget it once updates are made: inf would stay."""
        if not self.mistake or self.was_skipped:
            self.optimizers[0].zero_grad()

    def forward(self, x, y):
        with torch.autocast("cpu", dtype=torch.float16):
            return LOSS(self.model(x), y)

    def step(self, x, y):
        self.zero_grad()
        loss = self.forward(x, y)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizers[0])
        before = self.scaler.get_scale()
        self.scaler.update()
        self.was_skipped = self.scaler.get_scale() < before
        self.skipped += self.was_skipped
        return loss


class Overflowing(Scaled):
    """A gradient that is never a number, so that the scaler never lets an update through; the loss is one."""

    FAULT = "O15"

    def zero_grad(self):
        self.optimizers[0].zero_grad()

    def forward(self, x, y):
        loss = super().forward(x, y)
        if not self.mistake:
            return loss
        return loss + (0 * next(self.model.parameters()).sum()).pow(2).sqrt()  # √0 has no slope


class Accumulated(Autocast):
    """An update every fourth minibatch; the mistake is a layer that is not called."""

    FAULT = "A10"
    count = 0

    def make_model(self):
        return net(spare=self.mistake)

    def step(self, x, y):
        loss = self.forward(x, y)
        (loss / 4).backward()
        self.count += 1
        if self.count % 4 == 0:
            self.optimizers[0].step()
            self.optimizers[0].zero_grad()
        return loss


class Pair(Loop):
    """Two nets against each other, each with its optimiser."""

    def make_model(self):
        return nn.ModuleDict(
            {"judge": nn.Linear(6, 1), "maker": nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 6))}
        )

    def make_optimizers(self):
        return [torch.optim.Adam(one.parameters(), lr=1e-3) for one in self.model.values()]

    def forward(self, x, y):
        judged = self.model["judge"](self.model["maker"](x[:, :4]))
        return nn.functional.softplus(-judged).mean()

    def step(self, x, y):
        judge, maker = self.optimizers
        if not self.mistake:
            judge.zero_grad()
        fake = self.model["maker"](torch.randn(len(x), 4))
        loss = nn.functional.softplus(-self.model["judge"](x)).mean()
        loss = loss + nn.functional.softplus(self.model["judge"](fake.detach())).mean()
        loss.backward()
        judge.step()
        maker.zero_grad()
        nn.functional.softplus(-self.model["judge"](fake)).mean().backward()
        maker.step()
        return loss


class Compiled(Loop):
    """A compiled model, which is given to the monitor too; any break of its graph would be an error."""

    BACKEND = "aot_eager"

    def make_model(self):
        torch._dynamo.reset()
        return torch.compile(net(), backend=self.BACKEND, fullgraph=True)


class CompiledElsewhere(Compiled):
    """The same, but the monitor is given the model inside."""

    def given(self):
        return self.model._orig_mod


class CompiledPart(Compiled):
    """A part of the model is compiled."""

    def make_model(self):
        torch._dynamo.reset()
        model = net()
        model.body = torch.compile(model.body, backend=self.BACKEND, fullgraph=True)
        return model


class CompiledFunction(Compiled):
    """A function in the model is compiled, which no module shows."""

    def make_model(self):
        torch._dynamo.reset()
        model = net()
        curved = torch.compile(nn.functional.gelu, backend=self.BACKEND, fullgraph=True)
        model.body[2].forward = curved
        return model


class CompiledInPlace(Compiled):
    """The model is compiled in place."""

    def make_model(self):
        torch._dynamo.reset()
        model = net()
        model.compile(backend=self.BACKEND, fullgraph=True)
        return model


class Closure(Loop):
    """L-BFGS, which calls a closure several times an update."""

    def make_optimizers(self):
        return [torch.optim.LBFGS(self.model.parameters(), lr=0.001, max_iter=3)]

    def make_model(self):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))

    def step(self, x, y):
        def closure():
            self.zero_grad()
            loss = self.forward(x, y)
            loss.backward()
            return loss

        return self.optimizers[0].step(closure)


class Sparse(Loop):
    """An embedding with sparse gradients."""

    def make_model(self):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return nn.Sequential(nn.EmbeddingBag(40, 8, sparse=True), nn.Linear(8, 3))

    def make_optimizers(self):
        return [
            torch.optim.SparseAdam(self.model[0].parameters(), lr=1e-2),
            torch.optim.Adam(self.model[1].parameters(), lr=1e-2),
        ]

    def data(self):
        words = torch.randint(40, (256, 5), generator=torch.Generator().manual_seed(2))
        return words, words[:, 0] % 3

    def step(self, x, y):
        loss = super().step(x, y)
        self.optimizers[1].step()
        return loss


class Parametrised(Loop):
    """Weights that are computed from others: weight norm, spectral norm."""

    def make_model(self):
        model = net()
        parametrizations.weight_norm(model.body[0])
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            parametrizations.spectral_norm(model.head)
        return model


class Tied(Loop):
    """One matrix for two layers; the mistake is an optimiser that has not got it."""

    FAULT = "A11"

    def make_model(self):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            model = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 3))
        model[2].weight = model[0].weight
        return model

    def make_optimizers(self):
        chosen = [
            one for name, one in self.model.named_parameters() if not (self.mistake and name == "0.weight")
        ]
        return [torch.optim.SGD(chosen, lr=0.05)]

    def zero_grad(self):
        self.model.zero_grad()


LOOPS: tuple[type[Loop], ...] = (
    Autocast,
    Scaled,
    Overflowing,
    Accumulated,
    Pair,
    Compiled,
    CompiledElsewhere,
    CompiledPart,
    CompiledFunction,
    CompiledInPlace,
    Closure,
    Sparse,
    Parametrised,
    Tied,
)


def trained(kind: Callable[..., Loop], *, watched: bool = True, mistake: bool = False) -> Loop:
    """Return a loop that has been run, from the same seed each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return kind(watched=watched, mistake=mistake).run()


def hooks_on(optimizers: list[Any]) -> int:
    """Return the number of hooks on optimisers."""
    return sum(len(one._optimizer_step_post_hooks) + len(one._optimizer_step_pre_hooks) for one in optimizers)


@pytest.mark.parametrize("kind", LOOPS, ids=lambda kind: kind.__name__)
def test_nothing_is_found_changed_or_left_behind(kind):
    beside, alone = trained(kind), trained(kind, watched=False)
    monitor = beside.monitor

    assert faults(monitor) == [], [one.text for one in monitor.findings()]
    assert monitor.facts.failures == ()
    assert monitor.facts.num_steps == 48
    assert same_bits(beside.model, alone.model)
    assert hooks_left(beside.model) + hooks_on(beside.optimizers) == 0


@pytest.mark.parametrize("kind", LOOPS, ids=lambda kind: kind.__name__)
def test_what_is_planted_is_named(kind):
    monitor = trained(kind, mistake=True).monitor

    assert faults(monitor) == [kind.FAULT], [one.text for one in monitor.findings()]
    assert monitor.facts.failures == ()


def test_updates_that_a_scaler_leaves_out_are_no_mistake():
    loop = trained(Scaled)

    assert loop.skipped >= 2
    assert loop.monitor.facts.num_updates == 48 - loop.skipped
    assert loop.monitor.facts.overflows == loop.skipped


PROCESS = """
import json, sys, torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from tests.made_batches import BATCH_SIZE, faults, hooks_left, net, rows, same_bits
from practicum.faces.monitor import Monitor

rank, store, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
torch.set_num_threads(1)
torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)

def run(watched, inside=False, zero=True):
    model, loss_fn = DistributedDataParallel(net()), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    monitor = Monitor(model.module if inside else model, optimizer, loss_fn=loss_fn)
    if watched:
        monitor.__enter__()
    torch.manual_seed(rank)
    x, y = (part[rank::2] for part in rows())
    for _ in range(4):
        model.train()
        for chosen in torch.randperm(len(x)).split(BATCH_SIZE):
            if zero:
                optimizer.zero_grad()
            loss = loss_fn(model(x[chosen]), y[chosen])
            loss.backward()
            optimizer.step()
            if watched:
                monitor.step(loss, inputs=x[chosen], targets=y[chosen])
        model.eval()
        with torch.no_grad():
            valid = loss_fn(model(x), y)
        if watched:
            monitor.validate(float(valid))
    hooks = hooks_left(model.module)
    if watched:
        monitor.__exit__()
    return model.module, monitor, hooks

alone, _, _ = run(False)
told = []
for given in ({}, {"inside": True}, {"zero": False}):
    model, monitor, hooks = run(True, **given)
    told.append({
        "faults": faults(monitor), "steps": monitor.facts.num_steps, "text": str(monitor),
        "failures": monitor.facts.failures, "rows": monitor.facts.looked_rows, "frozen": monitor.facts.frozen,
        "page": monitor.report(f"{out}.html").exists(),
        "same": same_bits(model, alone), "hooks": hooks, "left": hooks_left(model),
    })
open(out, "w").write(json.dumps(told))
torch.distributed.destroy_process_group()
"""


@pytest.fixture(scope="module")
def two_processes(tmp_path_factory):
    """Return what each of two processes that train together says of three loops; the last has a mistake."""
    folder = tmp_path_factory.mktemp("ddp")
    if not torch.distributed.is_gloo_available():
        pytest.skip("this PyTorch has no gloo")
    path = os.pathsep.join([str(ROOT), *([os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else [])])
    environment = os.environ | {"PYTHONPATH": path, "GLOO_SOCKET_IFNAME": "lo"}
    outs = [folder / f"{rank}.json" for rank in range(2)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(rank), str(folder / "store"), str(out)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank, out in enumerate(outs)
    ]
    errors = [one.communicate(timeout=300)[1] for one in running]
    assert [one.returncode for one in running] == [0, 0], "\n".join(errors)
    return [json.loads(out.read_text(encoding="utf-8")) for out in outs]


def test_of_two_processes_the_first_speaks(two_processes):
    plain, inside, mistaken = two_processes[0]

    assert [one["faults"] for one in (plain, inside, mistaken)] == [[], [], ["C1"]]
    assert [one["failures"] for one in (plain, inside, mistaken)] == [[], [], []]
    assert [one["rows"] for one in (plain, inside)] == [128, 128]
    assert plain["steps"] == 32
    assert plain["page"]


def test_of_two_processes_the_second_is_quiet(two_processes):
    for one in two_processes[1]:
        assert (one["faults"], one["steps"], one["hooks"]) == ([], 0, 0)
        assert not one["page"]
        assert "process 0 says what is wrong" in one["text"]


def test_the_bits_of_both_processes_are_those_of_unwatched_ones(two_processes):
    assert [[one["same"] for one in each] for each in two_processes] == [[True, True, False]] * 2
    assert [[one["left"] for one in each] for each in two_processes] == [[0, 0, 0]] * 2
