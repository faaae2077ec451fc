"""Trains neural networks the way Bengio's practical recommendations (2012) say an expert would."""

__version__ = "0.1.0"
