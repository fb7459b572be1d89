"""Tests of shows: a `.showtest` played on the virtual clock, and what its journal says of it judged."""
