"""Our own multi-layer perceptron, trained by hand: layout, rows, forward, backward, evaluation, in kept buffers."""
