"""Findings: what they are, what their codes mean, how they are shown. Knows no shows and no devices."""
