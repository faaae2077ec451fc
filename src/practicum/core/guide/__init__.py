"""The guide as data: every recommendation once, with its text, settings, code, test and status."""
