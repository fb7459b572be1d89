// The page on which one writes a show. The program answers from a worker; what it says becomes text, never markup, but
// for the timeline and the stage, which stand in frames that may run nothing of this page.

const $ = (name) => document.getElementById(name);
const text = $("try-text");
const STORED = "showrunner-try";
const PAUSE = 300; // milliseconds without a key before it is looked at

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
let asked = 0;
let waiting = 0;

function ask() {
  asked += 1;
  $("try-state").textContent = "looking …";
  worker.postMessage({ id: asked, text: text.value });
  try {
    localStorage.setItem(STORED, text.value);
  } catch {
    // A browser that keeps nothing forgets the text; that is all.
  }
}

worker.onerror = (event) => say(`Python could not be started here. ${event.message ?? ""}`);
worker.onmessage = ({ data }) => {
  if (data.ready) return;
  if (data.broken) return say(data.broken);
  if (data.id !== asked) return; // something newer is being looked at
  const errors = data.findings.filter((one) => one.severity === "error").length;
  const warnings = data.findings.length - errors;
  say(
    errors ? `${errors} ${errors === 1 ? "error" : "errors"}`
      : warnings ? `it plays; ${warnings} ${warnings === 1 ? "warning" : "warnings"}`
        : data.page ? "it plays" : data.said,
  );
  list(data.findings);
  if (!data.page) {
    $("try-shown").classList.add("old");
    return;
  }
  $("try-shown").classList.remove("old");
  $("try-plan").textContent = data.plan;
  framed("try-timeline", `<meta charset="utf-8"><style>body{margin:0;background:#fff}</style>${data.timeline}`);
  framed("try-stage", data.page);
};

function say(words) {
  $("try-state").textContent = words;
}

/** Shows a page in a frame of its own, with no rights here. */
function framed(name, page) {
  if ($(name).srcdoc !== page) $(name).srcdoc = page;
}

function list(findings) {
  $("try-findings").replaceChildren(...findings.map((one) => {
    const item = document.createElement("li");
    const jump = document.createElement("button");
    jump.type = "button";
    jump.textContent = `line ${one.line}: ${one.message}`;
    jump.onclick = () => select(one);
    const code = document.createElement("a");
    code.href = `../findings/${one.code}/`;
    code.textContent = one.code;
    item.className = one.severity;
    item.append(code, " ", jump);
    if (one.help) {
      const help = document.createElement("small");
      help.textContent = one.help;
      item.append(help);
    }
    if (one.fix) {
      const mend = document.createElement("button");
      mend.type = "button";
      mend.textContent = `write it: ${one.fix.text}`;
      mend.className = "mend";
      mend.onclick = () => replace(one.fix);
      item.append(mend);
    }
    return item;
  }));
}

/** The place of a finding in the text; columns are code points, those of a text area are not. */
function range({ line, column, length }) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const points = [...(lines[line - 1] ?? "")];
  const start = before + points.slice(0, column - 1).join("").length;
  return [start, start + points.slice(column - 1, column - 1 + length).join("").length];
}

function select(finding) {
  const [start, end] = range(finding);
  text.focus();
  text.setSelectionRange(start, end);
}

function replace(fix) {
  const [start, end] = range(fix);
  text.setRangeText(fix.text, start, end, "end");
  text.focus();
  ask();
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});

for (const tab of document.querySelectorAll("#try-tabs [role=tab]")) {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...document.querySelectorAll("#try-tabs [role=tab]")];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });
}

function open(tab) {
  for (const one of document.querySelectorAll("#try-tabs [role=tab]")) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    $(one.getAttribute("aria-controls")).hidden = !chosen;
  }
}

for (const choice of document.querySelectorAll("#try-examples option")) choice.dataset.text ??= "";
$("try-examples").addEventListener("change", (event) => {
  const chosen = document.getElementById(`try-example-${event.target.value}`);
  if (chosen) {
    text.value = chosen.textContent;
    ask();
  }
});

try {
  text.value = localStorage.getItem(STORED) || text.value;
} catch {
  // As above.
}
ask();
