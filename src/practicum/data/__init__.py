"""From a file or a frame to tensors: read, understand the columns, split, prepare."""
