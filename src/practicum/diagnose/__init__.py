"""What the numbers of a run mean: verdicts with their evidence and the chapter's advice."""
