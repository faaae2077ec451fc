"""What is looked at before and during training: gradients compared with finite differences."""
