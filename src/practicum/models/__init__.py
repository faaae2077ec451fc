"""Networks for one trial: shapes, activations, output units, initial values, the plain module."""
