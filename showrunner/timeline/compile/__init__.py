"""Making cues of nodes: a cue is compiled once, with what the checks need to know of it, and kept while it holds."""
