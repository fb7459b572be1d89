// @ts-check
// A long list of which only what can be seen is on the page. Knows nothing of what a row shows.

/** So many rows more than can be seen are kept above and below. */
const MARGIN = 6;

/** After somebody has scrolled, the list stays where it is for so long (milliseconds). */
const REST = 8000;

/** @typedef {{node: HTMLElement}} RowParts What there is of a row: its node, and whatever is written into. */

/** @template {RowParts} T */
export class LongList {
  /**
   * @param {HTMLElement} host scrolls
   * @param {number} height that of each row, in pixels
   * @param {() => T} make gives an empty row
   * @param {(row: T, index: number) => void} fill writes into it; again whenever `refresh` is called
   */
  constructor(host, height, make, fill) {
    this.host = host;
    this.height = height;
    this.make = make;
    this.fill = fill;
    this.length = 0;
    /** @type {Map<number, T>} */
    this.shown = new Map();
    /** @type {T[]} */
    this.spare = [];
    this.waiting = false;
    this.touched = -Infinity;
    this.space = document.createElement("div");
    this.space.className = "rows";
    this.space.setAttribute("role", "list");
    host.append(this.space);
    host.addEventListener("scroll", () => this.soon(), { passive: true });
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      host.addEventListener(kind, () => this.touch(), { passive: true });
    }
    new ResizeObserver(() => this.soon()).observe(host);
  }

  /** Somebody reads here: nothing is moved for a while. */
  touch() {
    this.touched = performance.now();
  }

  /** Nobody reads here any more. */
  release() {
    this.touched = -Infinity;
  }

  /** Whether somebody reads here. */
  get inUse() {
    return performance.now() - this.touched < REST;
  }

  /**
   * There are so many rows now.
   * @param {number} length
   */
  count(length) {
    this.length = length;
    this.space.style.height = `${length * this.height}px`;
    this.refresh();
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.place(false);
    });
  }

  /** Write all visible rows anew. */
  refresh() {
    this.place(true);
  }

  /** @param {boolean} anew */
  place(anew) {
    const view = this.host.clientHeight;
    if (view === 0) return;
    const first = Math.max(0, Math.floor(this.host.scrollTop / this.height) - MARGIN);
    const last = Math.min(this.length, Math.ceil((this.host.scrollTop + view) / this.height) + MARGIN);
    for (const [index, row] of this.shown) {
      if (index >= first && index < last) continue;
      if (row.node.contains(document.activeElement)) this.host.focus({ preventScroll: true });
      this.shown.delete(index);
      row.node.remove();
      this.spare.push(row);
    }
    for (let index = first; index < last; index += 1) {
      const there = this.shown.get(index);
      const row = there ?? this.spare.pop() ?? this.make();
      if (!there) {
        row.node.style.transform = `translateY(${index * this.height}px)`;
        row.node.dataset.index = String(index);
        row.node.setAttribute("aria-posinset", String(index + 1));
        this.shown.set(index, row);
      }
      row.node.setAttribute("aria-setsize", String(this.length));
      if (!there || anew) this.fill(row, index);
      // Readers that go by the order of the page shall meet the rows in their order.
      if (!there) this.insert(row, index);
    }
  }

  /**
   * @param {T} row
   * @param {number} index
   */
  insert(row, index) {
    const above = this.shown.get(index - 1);
    if (above?.node.isConnected) above.node.after(row.node);
    else this.space.prepend(row.node);
  }

  /**
   * The index of a row that is shown.
   * @param {T} row
   */
  indexOf(row) {
    return Number(row.node.dataset.index);
  }

  /**
   * Whether a row can be seen.
   * @param {number} index
   */
  sees(index) {
    const top = index * this.height;
    return top >= this.host.scrollTop && top + this.height <= this.host.scrollTop + this.host.clientHeight;
  }

  /**
   * Bring a row into view, a `share` of the height down from the top.
   * @param {number} index
   * @param {number} share
   */
  show(index, share) {
    // Whole rows at the top: half a line is hard to read.
    const top = Math.max(0, index - Math.round((this.host.clientHeight * share) / this.height)) * this.height;
    if (Math.abs(top - this.host.scrollTop) < 2) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const near = Math.abs(top - this.host.scrollTop) < this.host.clientHeight * 2;
    this.host.scrollTo({ top, behavior: calm || !near ? "instant" : "smooth" });
  }
}
