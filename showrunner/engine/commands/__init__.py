"""The commands' side: runs, lanes, held and moving values with their frames, and how devices are silenced."""
