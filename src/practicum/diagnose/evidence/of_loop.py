"""A watched loop as what experiments begin with."""

from __future__ import annotations

from practicum.diagnose.evidence.subject import Subject
from practicum.monitor.facts import Facts


def subject_of(facts: Facts) -> Subject | str:
    """Return the loop that the facts are of, with the rows that were kept; or why nothing can be tried on it.

    Example:
        >>> subject_of(Facts())
        'nothing was seen'
    """
    trained, sample = facts.trained, facts.sample
    if trained is None or not facts.num_steps:
        return "nothing was seen"
    if trained.loss_fn is None:
        return "`loss_fn` was not given to the monitor"
    inputs, targets = sample.first.inputs(), sample.first.targets()
    if inputs is None or targets is None:
        return "no inputs and targets of one shape were given to `step`"
    valid_inputs, valid_targets = sample.valid.inputs(), sample.valid.targets()
    known = valid_inputs is not None and valid_targets is not None
    return Subject(
        model=trained.model,
        optimizer=trained.optimizers,
        loss_fn=trained.loss_fn,
        inputs=inputs,
        targets=targets,
        valid_inputs=valid_inputs if known else None,
        valid_targets=valid_targets if known else None,
        batch_size=max(1, facts.batch_size),
        start=None if trained.start is None else trained.start.state_dict(),
    )
