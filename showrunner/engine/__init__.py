"""Calls the cue list: what happened goes in, what to do comes out. Owns no clock and no socket."""
