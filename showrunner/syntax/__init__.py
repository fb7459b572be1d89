"""Text to nodes and back: the tree, the reader, the printer. Knows no devices and no clock."""
