"""Calls the cue list: what happened goes in, what to do comes out. Owns no clock and no socket.

Floors, each of which knows only those below: the state of a show (``play``), what becomes of commands (``commands``)
and of lists and segments (``score``), a beginning at some point (``seeking``), a new text (``reload``), and who is told
what happened (``caller``).
"""
