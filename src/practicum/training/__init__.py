"""Training K trials as one program: layout, order of examples, one step, evaluation, stopping, the loop."""
