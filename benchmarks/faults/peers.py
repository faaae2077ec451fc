"""The same runs watched by others: torchmortem, torch-audit, neural-observatory, torchdiag, as their READMEs say.

Their alarms are mapped to the catalogue as generously as is fair: an alarm that fits several causes names them all,
the likeliest first; hints about speed and tidiness count as nothing. Install them apart, with the folder on the path:

    pip install --no-deps --target PEERS torchmortem==0.1.1 torch-audit==0.3.0
    pip install --no-deps --target PEERS neural-observatory==0.5.1 torchdiag==0.1.0
    PYTHONPATH=PEERS python -m benchmarks.faults run --watchers torchmortem,torch-audit --out peers.jsonl
"""

from __future__ import annotations

import contextlib
import copy
import io
import logging
from collections.abc import Iterable
from typing import Any, ClassVar

import torch
from benchmarks.faults.watchers import Watcher

Found = dict[str, Any]


def finding(rule: str, severity: str, causes: Iterable[str], evidence: str) -> Found:
    """Return an alarm in the form of our findings; probabilities are not stated, so all are the same."""
    ids = list(causes)
    return {
        "rule": rule,
        "severity": severity,
        "causes": [{"fault": one, "probability": 1 / len(ids)} for one in ids],
        "evidence": evidence[:200],
    }


def ranked(found: list[Found]) -> tuple[list[Found], list[tuple[str, float]], list[str]]:
    """Return findings, the gravest first, and their causes by how often and how gravely they are named first."""
    weight = {"critical": 2, "warning": 1, "info": 0}
    found = sorted(found, key=lambda one: -weight[one["severity"]])
    votes: dict[str, float] = {}
    for one in found:
        if one["severity"] == "info":
            continue
        for place, cause in enumerate(one["causes"]):
            votes[cause["fault"]] = max(votes.get(cause["fault"], 0.0), weight[one["severity"]] / (1 + place))
    order = sorted(votes.items(), key=lambda pair: -pair[1])
    return found, [(cause, 1 / max(1, len(order))) for cause, _ in order], []


def by_words(text: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the causes of the first entry whose words are in a text."""
    lowered = text.lower()
    return next((causes for words, causes in table.items() if words in lowered), ())


class Torchmortem(Watcher):
    """`torchmortem.Autopsy`, with its default sampling."""

    TABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "vanishing": ("A4", "A2", "A7"),
        "exploding": ("A5", "A3", "O1"),
        "stalling": ("A4", "A6", "O2"),
        "ratio too low": ("O2", "O13", "C2"),
        "ratio too high": ("O1", "A2", "O9"),
        "saturation": ("A7", "A3", "A4"),
        "dead units": ("A6", "O1", "A3"),
        "noise": ("O8", "O7", "D6"),
        "norm explosion": ("O1", "A5", "O9"),
        "stagnant": ("O2", "C2", "C3"),
        "imbalance": ("A3", "A2", "A14"),
        "divergence": ("O1", "O3", "O9"),
        "plateau": ("O2", "D5", "O5"),
        "rank collapse": ("A14", "A9", "A1"),
    }

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Attach."""
        from torchmortem import Autopsy

        self._autopsy = Autopsy(model, optimizer=optimizer)
        self._autopsy.attach()

    def step(self, loss: Any, x: Any, y: Any) -> None:
        """Tell the loss."""
        self._autopsy.step(loss=float(loss.detach()))

    def close(self) -> None:
        """Detach, which analyses."""
        self._autopsy.detach()

    def findings(self) -> tuple[list[Found], list[tuple[str, float]], list[str]]:
        """Return what the report says."""
        report = self._autopsy.get_report()
        found = [
            finding(one.detector, one.severity.name.lower(), by_words(one.title, self.TABLE), one.title)
            for one in (report.findings if report is not None else [])
        ]
        return ranked([one for one in found if one["causes"] or one["severity"] != "info"])


class TorchAudit(Watcher):
    """`torch_audit.autopatch`, each 50 steps; its hints about hardware, biases and kernels count as nothing."""

    TABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "TA100": ("O15", "D3", "O1"),
        "TA102": ("A5", "O1", "A3"),
        "TA103": ("A6",),
        "TA104": ("C3", "A10", "A12"),
        "TA105": ("A6", "A3"),
        "TA301": ("D1", "D4"),
        "TA302": ("D2",),
        "TA303": ("L9",),
        "TA304": ("A13", "O8"),
        "TA305": ("D3",),
        "TA401": ("O11",),
        "TA402": ("O12", "O11"),
        "TA403": ("O12", "O11"),
        "TA405": ("A6",),
        "TA500": ("A10",),
        "TA501": ("L9",),
    }

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Patch model and optimiser."""
        from torch_audit import autopatch

        self._auditor = autopatch(
            model,
            optimizer=optimizer,
            every_n_steps=50,
            run_static=True,
            run_init=True,
            suppress_internal_errors=True,
        )

    def close(self) -> None:
        """Undo the patches."""
        self._result = self._auditor.finish(report=False)
        self._auditor.unpatch()

    def findings(self) -> tuple[list[Found], list[tuple[str, float]], list[str]]:
        """Return its findings, each rule once."""
        levels = {"INFO": "info", "WARN": "warning", "ERROR": "critical", "FATAL": "critical"}
        found = {
            one.rule_id: finding(
                one.rule_id, levels[one.severity.value], self.TABLE[one.rule_id], one.message
            )
            for one in self._result.findings
            if one.rule_id in self.TABLE
        }
        return ranked(list(found.values()))


class NeuralObservatory(Watcher):
    """`neural_observatory.Observatory`, with its defaults."""

    TABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "nan": ("O15", "D3", "O1"),
        "inf detected": ("O15", "O1", "D3"),
        "inf in": ("O15", "O1", "D3"),
        "saturation": ("A7", "A3"),
        "norm collapsed": ("A4", "A6", "O5"),
        "vanish": ("A4", "A2", "O2"),
        "explod": ("A5", "A3", "O1"),
        "dead": ("A6", "O1", "A3"),
        "sparsity": ("A6",),
        "drift": ("O1", "O9"),
        "step-to-step": ("O1", "O9", "A2"),
        "near zero": ("O11", "A14", "A1"),
        "spike": ("O1", "A5", "O3"),
        "collapse": ("A14", "A4", "A6"),
    }

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Begin to watch."""
        from neural_observatory import Observatory

        logging.getLogger("neural_observatory").setLevel(logging.CRITICAL)
        self._per_epoch = plan.steps_per_epoch
        self._observatory = Observatory(model)
        self._observatory.watch()

    def before(self, step: int) -> None:
        """Tell the step, before the forward pass as its README asks."""
        self._observatory.step(step=step - 1, epoch=(step - 1) // self._per_epoch)

    def close(self) -> None:
        """Stop, and report."""
        self._observatory.stop()
        self._report = self._observatory.report()

    def findings(self) -> tuple[list[Found], list[tuple[str, float]], list[str]]:
        """Return warnings of layers, one a kind."""
        found: dict[tuple[str, ...], Found] = {}
        for one in self._report.results:
            if one.status.value.lower() not in ("warning", "critical"):
                continue
            for text in one.warnings:
                causes = by_words(text, self.TABLE)
                made = finding(
                    one.analyzer_name, one.status.value.lower(), causes, f"{one.layer_name}: {text}"
                )
                if causes not in found or made["severity"] == "critical":
                    found[causes] = made
        return ranked(list(found.values()))


class Torchdiag(Watcher):
    """`torchdiag`: `verify_step` on a copy at the start; gradients and dead units at every tenth of the run."""

    def open(self, plan: Any, model: Any, optimizer: Any, loss_fn: Any) -> None:
        """Verify a step on a copy."""
        import torchdiag

        self._torchdiag, self._model = torchdiag, model
        self._every = max(1, plan.num_steps // 10)
        self._looks = 0
        self._found: dict[str, Found] = {}
        rows = slice(0, min(plan.batch_size, len(plan.rows.train[0])))
        self._x, y = plan.rows.train[0][rows], plan.rows.train[1][rows]
        twin, twin_optimizer = copy.deepcopy((model, optimizer))
        with _quietly():
            told = torchdiag.verify_step(twin, twin_optimizer, loss_fn, self._x, y)
        if told.get("params_updated") == 0:
            self._note("verify", "critical", ("C2", "C3", "A12"), "no parameter changed")
        if not torch.isfinite(
            torch.tensor(told.get("loss", 0.0) if isinstance(told.get("loss"), float) else 0.0)
        ):
            self._note("verify", "critical", ("O15", "D3"), "the loss is not finite")

    def _note(self, rule: str, severity: str, causes: tuple[str, ...], text: str) -> None:
        self._found.setdefault(rule + text, finding(rule, severity, causes, text))

    def after_backward(self, step: int) -> None:
        """Check gradients and, on a copy, dead units."""
        if step % self._every:
            return
        with _quietly():
            stats = self._torchdiag.check_gradients(self._model)
            dead = self._torchdiag.check_dead_neurons(copy.deepcopy(self._model), self._x)
        states = {one["status"] for one in stats.values()}
        if "EXPLODE" in states:
            self._note("gradients", "critical", ("A5", "O1", "A3"), "a gradient explodes")
        if "VANISH" in states:
            self._note("gradients", "warning", ("A4", "A2", "A6"), "a gradient vanishes")
        if "no_grad" in states:
            self._note("gradients", "critical", ("A10", "C3", "A12"), "a parameter has no gradient")
        worst = max((one["dead_pct"] for one in dead.values()), default=0.0)
        if worst > 20:
            self._note("dead", "critical" if worst > 50 else "warning", ("A6", "O1", "A3"), "units are dead")

    def findings(self) -> tuple[list[Found], list[tuple[str, float]], list[str]]:
        """Return what any of its looks said."""
        return ranked(list(self._found.values()))


@contextlib.contextmanager
def _quietly() -> Any:
    """Print nothing, draw nothing that the run would draw."""
    with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng(devices=[]):
        yield


PEERS: dict[str, type[Watcher]] = {
    "torchmortem": Torchmortem,
    "torch-audit": TorchAudit,
    "neural-observatory": NeuralObservatory,
    "torchdiag": Torchdiag,
}
