"""What was meant: rows that could not be read, and rows in the wrong place, in plain words."""
