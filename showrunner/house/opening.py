"""A show made ready for a house: what its first record says, and its texts for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.messages import Options
from showrunner.house.member import Show
from showrunner.house.messages import Opening
from showrunner.house.played import options_said
from showrunner.house.texts import digest, parcel
from showrunner.house.words import tables, version
from showrunner.show.prepare import Prepared


def show_of(
    prepared: Prepared,
    held: Mapping[str, Fixture],
    hands: Mapping[str, str],
    options: Options,
    *,
    zone: int,
    bill: Mapping[str, object] | None = None,
) -> Show:
    """Give a show that is to be opened. ``held``: its devices as they stand, ``hands`` who has each.

    ``bill``: what the first entry of its journal says besides; ``zone`` as in ``Opening``.
    """
    data = parcel(prepared, held).data
    opening = Opening(
        version=version(),
        tables=tables({name: one.device for name, one in held.items()}),
        texts=digest(data),
        script=prepared.path,
        hands=hands,
        seed=options.seed,
        epoch=options.epoch,
        zone=zone,
        options=options_said(options),
        bill=bill or {},
    )
    return Show(opening, prepared, data)
