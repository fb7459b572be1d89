"""The score's side: lists of cues and their turns, what they stand at, segments, and what the operator asks."""
