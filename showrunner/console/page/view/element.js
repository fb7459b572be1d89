// One way to make a piece of the page. Everything that comes from a show goes in as text, never as markup.

/** Signs that nobody sees and that turn the reading direction or are not text: controls, overrides, marks. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text with such signs spelled out, as the terminal does it: what a script or a device says reads as it is. */
export function visible(text) {
  return text.replace(UNSEEN, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
}

/**
 * Make an element: `element("p", {class: "dim", title: "x"}, "words", child)`.
 * Properties that begin with `on` are listeners, `data` holds data attributes, false and null leave an attribute away.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(made.dataset, value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined)
    .map((child) => (typeof child === "string" ? visible(child) : child)));
  return made;
}

/** Set a text only where it differs: no layout and no announcement for what is already there. */
export function say(node, text) {
  const shown = visible(text);
  if (node.textContent !== shown) node.textContent = shown;
}

/** Set or take away an attribute only where it differs. */
export function mark(node, name, value) {
  const wanted = value === null || value === undefined || value === false ? null : value === true ? "" : String(value);
  if (node.getAttribute(name) === wanted) return;
  if (wanted === null) node.removeAttribute(name);
  else node.setAttribute(name, wanted);
}

/** Put children in place of those there were, only where something about them changed (`key` says what they show). */
export function renew(node, key, make) {
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  node.replaceChildren(...make());
}
