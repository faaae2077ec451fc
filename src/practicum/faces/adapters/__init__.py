"""Callbacks that put `practicum.Monitor` around the training loops of other libraries, one a file."""
