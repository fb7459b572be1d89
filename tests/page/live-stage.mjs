// What the console's page makes of a show's scenes and entries at their instants, for `test_console_stage.py`.
import { readFileSync } from "node:fs";
import { readScore } from "../../showrunner/console/page/model/score.js";
import { newShow, take } from "../../showrunner/console/page/model/show.js";
import { stageAt } from "../../showrunner/console/page/model/stage.js";

const { score, tables, entries, scenes } = JSON.parse(readFileSync(0, "utf-8"));
const show = newShow(readScore(score), new Set());
const found = [];
for (const { scene, at, upto } of scenes) {
  for (const entry of entries.splice(0, upto - (show.seq + 1))) take(show, entry, JSON.stringify(entry));
  found.push(stageAt(show, tables, scene, at).devices.flatMap(({ puppet }) => (puppet ? [puppet] : [])));
}
process.stdout.write(JSON.stringify(found));
