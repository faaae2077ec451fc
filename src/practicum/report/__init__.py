"""A run put into words and pictures: the terminal's summary and the report page."""
