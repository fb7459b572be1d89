"""Slips, in plain words, by the thing looked at: what was meant, and what to write.

A function that takes a ``Halt`` looks at one place where the reading of a row stopped, and gives the slip it knows, or
None; ``explain`` asks them in order. The others word what is only known when a row is read, or rows are put together.
"""
