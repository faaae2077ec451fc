"""A run on disk: one folder of plain files, written whole or not at all, read without pickle."""
