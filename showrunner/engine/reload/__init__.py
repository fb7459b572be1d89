"""Reload: a show that plays goes on with a new text: what stands where in it, what comes, glides or is closed."""
