"""What is measured while a network trains: one statistic a file, each a function of tensors with a trial axis K."""
