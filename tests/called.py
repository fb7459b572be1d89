"""A show called in an imaginary world, as a plan is made: for tests that look into it between its steps."""

from showrunner.devices.vocabulary import Condition
from showrunner.engine import imagined
from showrunner.engine.messages import Write

MOST = 20_000
"""So many steps are called at most."""


def called(caller, show, seen=lambda _effect, _now: None):
    """Call a show to its end; yield each stretch in which nothing comes, from one step to the next (microseconds).

    ``show`` has its `cues`, `fixtures` and `inventories`; ``seen`` is told every effect, with its instant.
    """
    coming, now = [], 0

    def take(effects):
        for effect in effects:
            seen(effect, now)
            if not isinstance(effect, Write):
                for delay, device, output in imagined.answers(effect, show.fixtures, show.inventories):
                    coming.append((now + delay, len(coming), device, output))

    for device in show.cues.devices:
        take(caller.hear(device, Condition("ready"), 0))
    take(caller.start(0))
    for _ in range(MOST):
        if caller.ended:
            return
        coming.sort(key=lambda one: one[0])
        due = caller.due()
        then = min(at for at in (due, coming[0][0] if coming else None) if at is not None)
        if then - now > 1:
            yield now, then
        now = then
        if coming and (due is None or coming[0][0] <= due):
            _, _, device, output = coming.pop(0)
            take(caller.hear(device, output, now))
        else:
            take(caller.step(now))
