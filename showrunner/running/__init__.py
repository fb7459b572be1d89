"""One run of a show: on doubles, on a virtual clock, for real, in rehearsal, or again from its journal."""
