"""Somebody's program on AnimazePy: every request that it can make, one after the other. Argument: address."""

import inspect
import json
import sys

from AnimazePy import AnimazeWrapper

VALUES = {
    "message": "Hello",
    "avatar_name": "AvatarBomb",
    "anim_name": "Emote_Wave",
    "scene_name": "Stream",
    "fov": 45.0,
    "pos_x": 0.5,
    "pos_y": 1.5,
    "pos_z": 2.5,
    "rot_x": 0.0,
    "rot_y": 0.0,
    "rot_z": 0.0,
    "rot_w": 1.0,
    "frequency": 0.5,
    "amplitude": 0.5,
    "choice": True,
    "value": True,
    "index": 0,
    "pose_index": 0,
    "scene_index": 0,
}
"""What each argument of its methods is called with; the rest are offsets."""

client = AnimazeWrapper("dev", sys.argv[1])
if client.connect() is None:
    sys.exit("it has not connected")
replies = {}
for name, method in inspect.getmembers(client, inspect.ismethod):
    if name not in {"__init__", "connect", "disconnect", "send_command"}:
        replies[name] = method(**{one: VALUES.get(one, 0.5) for one in inspect.signature(method).parameters})
print(json.dumps([replies, client.disconnect()]))
