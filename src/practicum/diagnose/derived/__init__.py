"""What follows from the facts of a loop: computed when a rule first asks, kept for the others."""
