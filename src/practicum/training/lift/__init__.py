"""A user's own module: built for one trial, lifted to K, or run alone."""
