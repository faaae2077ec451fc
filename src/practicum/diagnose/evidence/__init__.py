"""Short experiments on copies of a run: whether what a rule advises helps, beside random changes."""
