// @ts-check
// One way to make a piece of the page. Everything that comes from a show goes in as text, never as markup.

import { visible } from "../model/words.js";

/**
 * The piece of the page with this id, which `index.html` has.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`there is no ${kind.name} called ${id}`);
  return found;
}

/**
 * Make an element: `element("p", {class: "dim", title: "x"}, "words", child)`.
 * False and null leave an attribute or a child away.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | boolean | null>} attributes
 * @param {(Node | string | null)[]} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) mark(made, key, value);
  for (const child of children) if (child !== null) made.append(typeof child === "string" ? visible(child) : child);
  return made;
}

/**
 * A sentence whose words of the language stand in backticks, with those made out.
 * @param {string} text
 */
export function sentence(text) {
  return text.split("`").map((piece, index) => (index % 2 ? element("code", {}, piece) : piece));
}

/**
 * Make a button.
 * @param {string | null} kind its class
 * @param {() => void} act
 * @param {(Node | string)[]} children
 */
export function button(kind, act, ...children) {
  const made = element("button", { type: "button", class: kind }, ...children);
  made.addEventListener("click", act);
  return made;
}

/**
 * Set a text only where it differs: no layout and no announcement for what is already there.
 * @param {Element} node
 * @param {string} text
 */
export function say(node, text) {
  const shown = visible(text);
  if (node.textContent !== shown) node.textContent = shown;
}

/**
 * Set or take away an attribute only where it differs.
 * @param {Element} node
 * @param {string} name
 * @param {string | boolean | null} value
 */
export function mark(node, name, value) {
  const wanted = value === null || value === false ? null : value === true ? "" : value;
  if (node.getAttribute(name) === wanted) return;
  if (wanted === null) node.removeAttribute(name);
  else node.setAttribute(name, wanted);
}

/**
 * Put children in place of those there were, only where something about them changed (`key` says what they show).
 * @param {HTMLElement} node
 * @param {string} key
 * @param {() => Node[]} make
 */
export function renew(node, key, make) {
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  node.replaceChildren(...make());
}
