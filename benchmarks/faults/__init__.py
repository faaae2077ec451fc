"""A test bed: known faults are planted into plain PyTorch programs, each run is watched, what is said is scored."""
