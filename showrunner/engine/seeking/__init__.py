"""Seeking: what is past is played silently in an imaginary world, and the stage is brought to where it would be."""
