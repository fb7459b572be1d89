// @ts-check
// The console's page: what the server sends goes into the store, the store onto the page, presses to the desk.

import { boot } from "./boot.js";
import { Store } from "./model/store.js";
import { Desk } from "./net/desk.js";
import { Page } from "./view/page.js";

const store = new Store(() => performance.now());
const desk = new Desk((sentence) => store.complain(sentence));
await boot(store, new Page(store, (action, more) => desk.press(action, more)));
