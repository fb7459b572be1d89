"""What is read off a plan or a journal: intervals, points, curves, voices, failures."""
