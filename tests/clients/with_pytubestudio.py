"""Somebody's program on PyTubeStudio, whose models look at every field of an answer. Arguments: address, token file."""

import asyncio
import json
import sys
from urllib.parse import urlsplit

from PyTubeStudio.client import PyTubeStudio
from VtsModels import models

SILENT = {"BaseRequest", "APIStateRequest", "AuthenticationTokenRequest", "AuthenticationRequest"}


async def main(url, token):
    client = PyTubeStudio(port=urlsplit(url).port, token_path=token, ws_ip="127.0.0.1")
    await client.connect()
    await client.authenticate()
    said = {}

    async def ask(kind, **data):
        request, response = (getattr(models, f"{kind}{part}") for part in ("Request", "Response"))
        made = request(data=getattr(models, f"{kind}RequestData")(**data)) if data else request()
        answer = await client.request(made)
        response.model_validate_json(answer)
        said[kind] = json.loads(answer)["messageType"]

    for name in dir(models):
        if name.endswith("Request") and name not in SILENT:
            try:
                getattr(models, name)()
            except ValueError:
                continue  # it needs data
            await ask(name.removesuffix("Request"))
    await ask("HotkeyTrigger", hotkey_id="Wave")
    await ask("ExpressionActivation", expression_file="cry.exp3.json", active=True)
    await ask("ParameterValue", name="FaceAngleX")
    value = models.ParameterValue(id="FaceAngleX", value=12)
    await ask("InjectParameterData", parameter_values=[value])
    await client.close()
    print(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
