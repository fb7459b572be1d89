"""What is looked at when a list, a segment or a show is compiled: a table of checks, and the checks."""
