"""A show as a picture: what the plan says will happen, laid out like a score. No file, no browser, no clock."""
