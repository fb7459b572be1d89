"""Somebody's program on VTubeBridge, some of whose requests do not exist. Argument: address."""

import asyncio
import json
import sys

from vtstudio.client import VTubeStudioClient


async def main(url):
    client = VTubeStudioClient(uri=url, plugin_name="Somebody's plugin", plugin_developer="Somebody")
    await client.connect()
    models = await client.get_models()
    answers = [
        models,
        await client.load_model(models["data"]["availableModels"][0]["modelID"]),
        await client.trigger_hotkey("Wave"),
        await client.set_parameter("FaceAngleX", 3),
    ]
    await client.websocket.close()
    print(json.dumps([[one["messageType"], one["data"].get("errorID")] for one in answers]))


asyncio.run(main(*sys.argv[1:]))
