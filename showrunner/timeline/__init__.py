"""Nodes to a cue list or to findings, and what follows from a cue list alone. Pure."""
