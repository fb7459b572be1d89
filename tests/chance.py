"""How many random programs a test tries: its usual number, or as many as `SHOWRUNNER_EXAMPLES` says."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


def examples(usual: int) -> settings:
    """Give the settings of a test over random programs: they are large, and some are thrown away."""
    many = int(os.environ.get("SHOWRUNNER_EXAMPLES", usual))
    return settings(max_examples=many, suppress_health_check=list(HealthCheck))
