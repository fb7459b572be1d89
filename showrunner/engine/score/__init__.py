"""The score's side: lists of cues and their blocks, what they stand at, segments, and what the operator asks."""
