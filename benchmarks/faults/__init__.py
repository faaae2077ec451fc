"""A test bed of faults: known ones are planted into plain PyTorch programs, each run is watched, and what is said is scored."""
