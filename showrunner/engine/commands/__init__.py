"""The commands' side: lanes, held and moving values with their frames, and how devices are silenced and made safe."""
