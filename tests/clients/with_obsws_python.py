"""Somebody's program on obsws-python, one connection for requests and one for events. Arguments: address, password."""

import json
import queue
import sys
from urllib.parse import urlsplit

import obsws_python as obs
from obsws_python.error import OBSSDKRequestError

address = urlsplit(sys.argv[1])
door = {"host": address.hostname, "port": address.port, "password": sys.argv[2], "timeout": 20}
asks, hears = obs.ReqClient(**door), obs.EventClient(**door)
heard = queue.Queue()


def on_current_program_scene_changed(data):
    heard.put(["CurrentProgramSceneChanged", data.scene_name])


def on_input_mute_state_changed(data):
    heard.put(["InputMuteStateChanged", data.input_name, data.input_muted])


def on_scene_item_enable_state_changed(data):
    heard.put(["SceneItemEnableStateChanged", data.scene_name, data.scene_item_id, data.scene_item_enabled])


hears.callback.register(
    [on_current_program_scene_changed, on_input_mute_state_changed, on_scene_item_enable_state_changed]
)
version = asks.get_version()
said = [version.obs_web_socket_version, version.rpc_version, len(version.available_requests) > 100]
said.append(asks.get_scene_list().scenes)
said.append(asks.get_input_list().inputs)
asks.set_current_program_scene("Song")
said.append(heard.get(timeout=20))
asks.set_input_mute("Clip", True)
said += [heard.get(timeout=20), asks.get_input_mute("Clip").input_muted]
asks.toggle_input_mute("Clip")
said.append(heard.get(timeout=20))
number = asks.get_scene_item_id("Talk", "Title").scene_item_id
for shown in (False, True):
    asks.set_scene_item_enabled("Talk", number, shown)
    said += [heard.get(timeout=20)[3], asks.get_scene_item_enabled("Talk", number).scene_item_enabled]
asks.set_input_settings("Title", {"text": "Good evening"}, True)
said.append(asks.get_input_settings("Title").input_settings["text"])
asks.set_scene_item_transform("Talk", number, {"positionX": 20.5, "rotation": 90})
moved = asks.get_scene_item_transform("Talk", number).scene_item_transform
said += [moved["positionX"], moved["rotation"], sorted(moved)]
asks.set_source_filter_enabled("Back", "Tint", False)
said.append(asks.get_source_filter("Back", "Tint").filter_enabled)
try:
    asks.set_current_program_scene("Nowhere")
except OBSSDKRequestError as refused:
    said.append([refused.req_name, refused.code, str(refused)])
asks.set_current_program_scene("Talk")
said.append(heard.get(timeout=20))
for client in (asks, hears):
    client.disconnect()
print(json.dumps(said))
