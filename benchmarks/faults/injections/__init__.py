"""The faults, by chapter of the catalogue."""

from benchmarks.faults.fault import Fault
from benchmarks.faults.injections import architecture, data, evaluation, loop, loss, optimiser

FAULTS: dict[str, Fault] = {
    one.id: one for module in (data, loss, architecture, optimiser, loop, evaluation) for one in module.FAULTS
}
"""By id, in the order of the catalogue."""
