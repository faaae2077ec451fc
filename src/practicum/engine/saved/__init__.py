"""What is written down while packs train and goes over the wire: one codec, files that are whole or not there."""
