"""`showrunner double`: a switch of the doubles that a `simulate` plays."""

from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Examples:
  showrunner double live2d allow on
  showrunner double live2d mode Physics
  showrunner double animaze event ChatbotSpeechEnded
  showrunner double aituber stop
  showrunner double live2d fault silent 3

\b
Switches of each kind of device (a second one of a kind goes by its own name):
  animaze  profile stable|next, avatar NAME, event NAME (AvatarChanged, ChatbotSpeechStarted,
           ChatbotSpeechEnded), events before|after (the reply they belong to)
  live2d   allow on|off [NAME] (each program's own box), model open|close, mode NAME (Physics,
           Modeling, Animation, ModelingMeshEdit, FormAnimation), event NAME (NotifyChangeEditMode,
           ...), expiry parameter|buffer, version NUMBER (1.1.0 to 0.9.0), twice on|off (registering
           is answered twice), edit-approval on|off (GetIsEditApproval is known before 1.1.0)
  aituber  type TEXT, cancel, stop, reload, gesture on|off (the page was clicked), voice on|off,
           legacy on|off (a page that knows no v2)
  each     fault silent [N], fault error [N] TEXT (not the page), fault garbage, fault drop"""

NOT_DONE = 4


def command(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="Whose switch.")],
    switch: Annotated[str, typer.Argument(metavar="SWITCH", help="Which: a wrong one lists them all.")],
    value: Annotated[list[str] | None, typer.Argument(metavar="[VALUE]...", help="What it is set to.")] = None,
) -> None:
    """Flip a switch of the doubles that a `simulate` on this machine is playing."""
    from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are, visible
    from showrunner.show import user_files
    from showrunner.wires import control

    running = control.posts(user_files.folder())
    if not running:
        message = "no `showrunner simulate` of yours runs on this machine"
        raise Refusal(message, "start one in another terminal", exit=NOT_DONE)
    post = next((one for one in running if device in one.devices), None)
    if post is None:
        played = list(dict.fromkeys(name for one in running for name in one.devices))
        way_out = did_you_mean(nearest(device, played), there_are(map(quoted, played)))
        raise Refusal(f"the `simulate` that runs plays no `{device}`", way_out, exit=NOT_DONE)
    words = " ".join(value) if value else None
    try:
        wrong = control.order(post, device, switch, words)
    except OSError as error:
        way_out = "look at its terminal; end it and start it again"
        raise Refusal("the `simulate` that runs gave no answer", way_out, exit=NOT_DONE) from error
    if wrong is not None:
        near = nearest(switch, _known(wrong)) or nearest(words or "", _known(wrong))
        raise Refusal(wrong, did_you_mean(near), exit=NOT_DONE)
    output.say(visible(f"{device}: {switch}{f' {words}' if words else ''}"))


def _known(wrong: str) -> list[str]:
    """Give what a double's own words list, without what stands behind each."""
    if "there are " not in wrong:
        return []
    return [word.split()[0] for word in wrong.rpartition("there are ")[2].split(",") if word.strip()]
