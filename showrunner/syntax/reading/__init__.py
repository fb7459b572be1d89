"""Reading: rows to nodes, nodes to blocks, and what is taken over from the last reading (``unchanged``)."""
