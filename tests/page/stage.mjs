// What the page's puppet says of a stage at the instants that come on standard input, for `test_preview.py`.
import { readFileSync } from "node:fs";
import { moment } from "../../showrunner/drawing/stage/puppet.js";

const { stage, instants } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(instants.map((at) => moment(stage, at))));
