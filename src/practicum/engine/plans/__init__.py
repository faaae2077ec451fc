"""Which trials train together, and how many: grouped by shape, measured, fitted into the memory."""
