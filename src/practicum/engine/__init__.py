"""Where packs run: on one worker per core, each with one thread of its own."""
