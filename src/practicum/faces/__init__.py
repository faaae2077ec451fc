"""What users import: `fit`, `load` and the run that both give."""
