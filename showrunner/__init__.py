"""showrunner: plays text timelines on Animaze, Live2D, AITuberKit, OBS, VTube Studio, OSC and VMC.

From a program of your own: `from showrunner import prepare, check, plan, dry_run`; each says of itself what it gives.
Importing the package alone costs next to nothing: what is behind these names is read when one of them is asked for.
"""

__version__ = "0.1.0"

__all__ = ["Checked", "DryRun", "Plan", "Prepared", "Refusal", "check", "dry_run", "plan", "prepare"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from showrunner.running.front_door import Checked, DryRun, Plan, Prepared, Refusal, check, dry_run, plan, prepare


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from showrunner.running import front_door

    found: object = getattr(front_door, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
