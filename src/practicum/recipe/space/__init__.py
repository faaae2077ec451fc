"""Spaces: which hyper-parameters a search varies, in what range and on what scale."""
