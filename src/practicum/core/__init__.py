"""What every room stands on: errors, seeds, events, the record, the guide as data."""
