// The notices: what everybody must see now. A lost connection, standby, a refused save, what a reload changed.

import { element, renew } from "./element.js";
import { shine } from "./devices.js";
import { reloadText } from "../model/words.js";

/** What a reload changed matters for so long of show time, unless it is put away before (microseconds). */
const MATTERS = 120_000_000;

export class Notices {
  /** `press` asks the desk; `open(path, line)` opens the book. */
  constructor(host, press, open) {
    this.host = host;
    this.press = press;
    this.open = open;
    this.read = -1;
    this.complaints = [];
  }

  /** A press that was not done: said until something else is pressed, or it is put away. */
  complain(sentence) {
    this.complaints = sentence ? [sentence] : [];
  }

  show({ model, at, lost, refused, findings, missing, started, undo, redo, readonly, barred }) {
    const list = [];
    if (barred) {
      list.push(["bad", "barred", "This address is not let in any more", ["Open the address that showrunner prints."], []]);
    } else if (lost && model.ended !== null) {
      list.push(["warn", "gone", "showrunner has ended", ["What you see is how the show ended. This page comes back by itself when it is started again."], []]);
    } else if (lost) {
      list.push(["bad", "lost", "Connection lost", ["What you see is the last that was heard. The show plays on; trying to come back …"], []]);
    }
    for (const text of this.complaints) {
      list.push(["warn", `c${text}`, "Not done", [text], [["put away", () => this.complain(null)]]]);
    }
    const away = Object.entries(missing ?? {});
    if (!started && away.length) {
      list.push(["warn", `m${JSON.stringify(missing)}`, "Standby: not everything is ready",
        away.map(([name, what]) => `${name}: ${what}`), []]);
    }
    for (const one of model.begun && model.ended === null && !lost ? model.devices.values() : []) {
      if (shine(one.state) !== "lost") continue;
      list.push(["bad", `d${one.name}${one.state}${one.detail}`, `${one.name} ${one.state}${one.detail ? `: ${one.detail}` : ""}`, [], []]);
    }
    if (refused) {
      const errors = findings.filter((one) => one.severity === "error");
      list.push(["bad", `r${findings.map((one) => `${one.line}${one.message}`)}`,
        `Your save was refused: ${errors.length === 1 ? "1 error" : `${errors.length} errors`}. The show plays on as it was.`,
        [], findings.slice(0, 6).map((one) => [`${fileOf(one.path)}:${one.line}  ${one.message}${one.help ? ` — ${one.help}` : ""}`,
          () => this.open(one.path, one.near ?? one.line), "found"])]);
    }
    const { reload } = model;
    if (!refused && reload && reload.ok !== false && reload.seq > this.read && at !== null && at - reload.at < MATTERS) {
      const keys = [["put away", () => { this.read = reload.seq; }]];
      if (redo && !readonly) keys.unshift(["redo reload", () => this.press("redo-reload")]);
      if (undo && !readonly) keys.unshift(["undo reload", () => this.press("undo-reload")]);
      list.push(["good", `l${reload.seq}${undo}${redo}`, sentence(reloadText(reload)), (reload.report ?? []).slice(0, 10), keys]);
    }
    renew(this.host, list.map(([, key]) => key).join("\n"), () => list.map((one) => this.notice(...one)));
  }

  notice(tone, _key, title, lines, keys) {
    const found = keys.filter((key) => key[2]);
    const other = keys.filter((key) => !key[2]);
    return element("div", { class: `notice ${tone}` },
      element("div", { class: "notice-text" }, element("strong", {}, title),
        ...lines.map((line) => element("p", {}, line)),
        ...found.map(([text, act]) => element("p", {}, element("button", { type: "button", class: "finding", onclick: act }, text)))),
      other.length ? element("div", { class: "notice-keys" },
        ...other.map(([text, act]) => element("button", { type: "button", class: "small", onclick: act }, text))) : null);
  }
}

function fileOf(path) {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
