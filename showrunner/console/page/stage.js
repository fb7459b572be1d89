// @ts-check
// The stage on a page alone, for a second monitor: nothing is pressed here.

import { boot } from "./boot.js";
import { Store } from "./model/store.js";
import { StagePage } from "./view/stage-page.js";

const store = new Store(() => performance.now());
await boot(store, new StagePage(store));
