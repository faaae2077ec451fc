"""The command line: `practicum fit`, `predict`, `show` and `guide`. Nothing here imports torch at its top."""
