// What the page's program says of a stage at the instants that come on standard input, for `test_preview.py`.
import { readFileSync } from "node:fs";
import { moment, values } from "../../showrunner/drawing/stage/puppet.js";

const asked = JSON.parse(readFileSync(0, "utf-8"));
const { stage } = asked;
const names = stage.devices.map((one) => one.name);
process.stdout.write(JSON.stringify({
  values: asked.values.map((at) => Object.fromEntries(
    names.map((name) => [name, Object.fromEntries(values(stage, name, at, true))]))),
  moments: asked.moments.map((at) => moment(stage, at)),
  turns: asked.turns.map((turn) => moment(stage, 0, turn, Math.floor(turn.length / 3))),
}));
