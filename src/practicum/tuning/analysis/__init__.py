"""What finished trials say: which settings matter, how sure the best is, whether to go on."""
