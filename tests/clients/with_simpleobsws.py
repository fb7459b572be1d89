"""Somebody's program on simpleobsws, which speaks MessagePack. Arguments: address, password."""

import asyncio
import json
import sys

import simpleobsws
from simpleobsws import Request


async def main(url, password):
    client = simpleobsws.WebSocketClient(url, password)
    heard = asyncio.Queue()

    async def hear(kind, data):
        await heard.put([kind, data])

    async def until(kind, **fields):
        while True:
            event = await asyncio.wait_for(heard.get(), 20)
            if event[0] == kind and fields.items() <= event[1].items():
                return event

    async def ask(kind, **data):
        answer = await client.call(Request(kind, data or None))
        status = answer.requestStatus
        return [kind, status.code, status.comment, answer.responseData]

    client.register_event_callback(hear)
    await client.connect()
    await client.wait_until_identified()
    said = [
        await ask("GetVersion"),
        await ask("GetSceneList"),
        await ask("SetCurrentProgramScene", sceneName="Song"),
        await until("CurrentProgramSceneChanged", sceneName="Song"),
        await ask("SetInputVolume", inputName="Clip", inputVolumeDb=-6),
        await until("InputVolumeChanged", inputName="Clip"),
        await ask("GetInputVolume", inputName="Clip"),
        await ask("SetCurrentProgramScene", sceneName="Nowhere"),
        await ask("NoSuchRequest"),
    ]
    batch = [Request("GetStudioModeEnabled"), Request("Sleep", {"sleepMillis": 50}), Request("GetInputMute", {})]
    results = await client.call_batch([*batch, Request("GetVersion")], halt_on_failure=True)
    said += [[one.requestType, one.requestStatus.code, one.requestStatus.comment, one.responseData] for one in results]
    said += [
        await ask("StartRecord"),
        await until("RecordStateChanged", outputState="OBS_WEBSOCKET_OUTPUT_STARTED"),
        await ask("StopRecord"),
        await until("RecordStateChanged", outputState="OBS_WEBSOCKET_OUTPUT_STOPPED"),
        await ask("SetCurrentProgramScene", sceneName="Talk"),
        await until("CurrentProgramSceneChanged", sceneName="Talk"),
    ]
    await client.disconnect()
    print(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
