"""A show on disk, made ready: script and parts, stage file, catalogue, pictures, and what is kept for this user."""
