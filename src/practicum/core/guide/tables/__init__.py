"""The texts of the guide: one file a section of the chapter, then errata, faults and older systems."""

from __future__ import annotations

from practicum.core.guide.model import Entry
from practicum.core.guide.tables import (
    errata,
    faults_data,
    faults_model,
    faults_run,
    section_1,
    section_2,
    section_3_1,
    section_3_2_criterion,
    section_3_2_model,
    section_3_3,
    section_3_4,
    section_4,
    section_5,
    section_6,
    systems_pylearn2,
    systems_pylearn2_models,
    systems_results,
    systems_theano,
    systems_tutorials,
)

ENTRIES: tuple[Entry, ...] = (
    *section_1.ENTRIES,
    *section_2.ENTRIES,
    *section_3_1.ENTRIES,
    *section_3_2_criterion.ENTRIES,
    *section_3_2_model.ENTRIES,
    *section_3_3.ENTRIES,
    *section_3_4.ENTRIES,
    *section_4.ENTRIES,
    *section_5.ENTRIES,
    *section_6.ENTRIES,
    *errata.ENTRIES,
    *faults_data.ENTRIES,
    *faults_model.ENTRIES,
    *faults_run.ENTRIES,
    *systems_results.ENTRIES,
    *systems_tutorials.ENTRIES,
    *systems_pylearn2.ENTRIES,
    *systems_pylearn2_models.ENTRIES,
    *systems_theano.ENTRIES,
)
