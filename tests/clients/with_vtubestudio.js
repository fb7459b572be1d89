// Somebody's program on vtubestudio. Argument: address.

import { ApiClient } from "vtubestudio";
import WebSocket from "ws";

const [url] = process.argv.slice(2);
let token = null;
const client = new ApiClient({
  authTokenGetter: () => token,
  authTokenSetter: (given) => (token = given),
  pluginName: "Somebody's plugin",
  pluginDeveloper: "Somebody",
  url,
  webSocketFactory: (address) => new WebSocket(address),
});

const ask = (name, data) =>
  client[name](data).then(
    (answer) => [name, answer ?? null],
    (error) => [name, error.data?.errorID ?? error.errorID ?? String(error)],
  );

await new Promise((resolve) => client.on("connect", resolve));
const said = [[token !== null]];
const animations = [];
const over = new Promise((resolve) =>
  client.events.modelAnimation.subscribe(
    (data) => {
      animations.push(data.animationEventType);
      if (data.animationEventType === "End") resolve();
    },
    { ignoreIdleAnimations: true, ignoreLive2DItems: true },
  ),
);
const loaded = new Promise((resolve) =>
  client.events.modelLoaded.subscribe((data) => data.modelLoaded && resolve(["modelLoaded", data.modelName])),
);
said.push(await ask("hotkeysInCurrentModel", {}));
said.push(await ask("hotkeyTrigger", { hotkeyID: "Wave" }));
await over;
said.push(animations);
said.push(await ask("moveModel", { timeInSeconds: 0.2, valuesAreRelativeToModel: false, rotation: 10 }));
said.push(await ask("injectParameterData", { mode: "set", parameterValues: [{ id: "FaceAngleX", value: 12 }] }));
said.push(await ask("injectParameterData", { parameterValues: [{ id: "ParamAngleX", value: 1 }] }));
said.push(await ask("expressionActivation", { expressionFile: "cry.exp3.json", active: true }));
const { availableModels } = await client.availableModels();
said.push(await ask("modelLoad", { modelID: availableModels[1].modelID }), await loaded);
said.push(await ask("statistics"));
client.disconnect();
console.log(JSON.stringify(said));
process.exit(0);
