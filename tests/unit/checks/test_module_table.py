"""The table of modules: rows, totals, what is unused or frozen."""

import torch
from torch import nn

from practicum.checks.module_table import module_table

X = torch.ones(5, 3)


class Idle(nn.Module):
    """Has a layer that it never calls, and one that it cuts off."""

    def __init__(self):
        super().__init__()
        self.last, self.cut, self.idle = nn.Linear(3, 2), nn.Linear(3, 3), nn.Linear(3, 7)

    def forward(self, x):
        return self.last(self.cut(x).detach())


def test_rows_come_in_the_order_of_calls_and_shared_ones_once():
    """Names, shapes, own parameters, uses."""
    shared = nn.Linear(4, 4)
    table = module_table(nn.Sequential(nn.Linear(3, 4), shared, nn.Tanh(), shared), X)

    assert [(row.name, row.kind, row.shape, row.num_parameters, row.uses) for row in table.rows] == [
        ("0", "Linear", (5, 4), 16, 1),
        ("1", "Linear", (5, 4), 20, 2),
        ("2", "Tanh", (5, 4), 0, 1),
    ]
    assert (table.num_parameters, table.num_trainable, table.depth) == (36, 36, 3)
    assert table.findings == ()


def test_what_is_unused_is_named():
    """A layer that is never called comes last; one that is called but cut off is found by its gradient [A10]."""
    table = module_table(Idle(), X)
    (finding,) = table.findings

    assert [row.name for row in table.rows] == ["cut", "last", "idle"]
    assert [row.uses for row in table.rows] == [1, 1, 0]
    assert (finding.severity, finding.causes[0][0]) == ("warning", "A10")
    assert "4 of 6 parameters: `cut.weight`, `cut.bias`, `idle.weight`, `idle.bias`" in finding.evidence
    assert "never called: `idle`." in finding.evidence
    assert finding.places[1:3] == (("parameter", "cut.bias"), ("parameter", "idle.weight"))


def test_a_part_whose_parameters_are_used_without_a_call_is_not_unused():
    """As attention does with its last layer."""

    class Attending(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

        def forward(self, x):
            return self.attention(x, x, x)[0]

    table = module_table(Attending(), torch.ones(2, 3, 4))

    assert table.findings == ()
    assert {row.name: row.uses for row in table.rows} == {"attention": 1, "attention.out_proj": 0}


def test_frozen_parameters_are_worth_knowing_and_all_of_them_critical():
    """Fault A12; the rows say where."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))
    model[0].requires_grad_(False)
    some = module_table(model, X)
    every = module_table(model.requires_grad_(False), X)

    assert [(one.severity, one.causes[0][0]) for one in some.findings] == [("info", "A12")]
    assert "2 of 4 parameters are frozen: `0.weight`, `0.bias`." in some.findings[0].evidence
    assert [row.num_trainable for row in some.rows] == [0, 5]
    assert some.num_trainable == 5
    assert [one.severity for one in every.findings] == ["critical"]


def test_an_unusual_precision_is_told():
    """Beside the module that has it."""

    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 1).double()

        def forward(self, x):
            return self.second(self.first(x).double())

    table = module_table(nn.Sequential(nn.Linear(3, 3), Mixed()), X)

    assert [row.unusual for row in table.rows] == ["", "", "cpu float64"]
    assert "cpu float64" in table.text


def test_the_model_stays_as_it_was():
    """Statistics, gradients, hooks, the mode and the random generator."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    module_table(model, torch.randn(5, 3, generator=torch.Generator().manual_seed(0)))

    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert torch.equal(state, torch.get_rng_state())
    assert all(one.grad is None for one in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())
    assert model.training


def test_many_names_are_cut_short_and_the_model_itself_has_a_name():
    """Five, and how many more; dictionaries of outputs are taken."""

    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3))
            self.idle = nn.ModuleList(nn.Linear(1, 1) for _ in range(4))

        def forward(self, x):
            return {"out": x * self.weight, "number": 3}

    table = module_table(Flat(), X)

    assert "8 of 9 parameters" in table.findings[0].evidence
    assert "and 3 more" in table.findings[0].evidence
    assert table.text.splitlines()[1].split() == ["(model)", "Flat", "5×3", "3", "3", "1"]
