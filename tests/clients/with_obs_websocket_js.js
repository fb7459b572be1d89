// Somebody's program on obs-websocket-js. Arguments: json or msgpack, address, password.

import { EventSubscription } from "obs-websocket-js";

const [encoding, url, password] = process.argv.slice(2);
const { default: OBSWebSocket } = await import(`obs-websocket-js/${encoding}`);
const obs = new OBSWebSocket();

const once = (kind, right = () => true) =>
  new Promise((resolve) =>
    obs.on(kind, function hear(data) {
      if (right(data)) {
        obs.off(kind, hear);
        resolve([kind, data]);
      }
    }),
  );

const ask = (kind, data) =>
  obs.call(kind, data).then(
    (answer) => [kind, answer ?? null],
    (error) => [kind, error.code, error.message],
  );

const said = [];
const entered = await obs.connect(url, password);
said.push([entered.rpcVersion, entered.negotiatedRpcVersion]);
said.push(await ask("GetSceneList"));
const there = once("CurrentProgramSceneChanged", (data) => data.sceneName === "Song");
const over = once("SceneTransitionVideoEnded");
said.push(await ask("SetCurrentProgramScene", { sceneName: "Song" }), await there, await over);
const started = once("MediaInputPlaybackStarted");
const ended = once("MediaInputPlaybackEnded");
const restart = { inputName: "Clip", mediaAction: "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART" };
said.push(await ask("TriggerMediaInputAction", restart), await started);
said.push(await ask("GetMediaInputStatus", { inputName: "Clip" }));
said.push(await ended, await ask("GetMediaInputStatus", { inputName: "Clip" }));
said.push(await ask("SetCurrentProgramScene", { sceneName: "Nowhere" }));
said.push(await ask("SetInputVolume", { inputName: "Clip" }));
said.push(await ask("NoSuchRequest"));
const requests = [
  { requestType: "SetSceneSceneTransitionOverride", requestData: { sceneName: "Talk", transitionName: "Cut" } },
  { requestType: "SetCurrentProgramScene", requestData: { sceneName: "Talk" } },
  { requestType: "SetSceneSceneTransitionOverride", requestData: { sceneName: "Talk", transitionName: null } },
];
const back = once("CurrentProgramSceneChanged", (data) => data.sceneName === "Talk");
said.push(await obs.callBatch(requests, { haltOnFailure: true }), await back);
said.push(await obs.reidentify({ eventSubscriptions: EventSubscription.General }));
const custom = once("CustomEvent");
said.push(await ask("BroadcastCustomEvent", { eventData: { lights: "up", level: 0.5 } }), await custom);
const gone = once("ConnectionClosed");
await obs.disconnect();
said.push((await gone)[0]);
console.log(JSON.stringify(said));
