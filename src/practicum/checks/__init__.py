"""What is looked at before training, on a model, a loss and a batch: each check is a function and what it found."""
