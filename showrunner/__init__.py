"""showrunner: plays text timelines on Animaze, the Live2D Cubism Editor and AITuberKit."""

__version__ = "0.1.0"
