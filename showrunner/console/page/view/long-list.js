// Rows: a long list of which only what can be seen is on the page. Knows nothing of what a row shows.

/** So many rows more than can be seen are kept above and below. */
const MARGIN = 6;

export class Rows {
  /**
   * `host` scrolls; `height` is that of each row in pixels; `make()` gives an empty row, `fill(row, index)` writes into
   * it, and again whenever `refresh` is called.
   */
  constructor(host, height, make, fill) {
    this.host = host;
    this.height = height;
    this.make = make;
    this.fill = fill;
    this.length = 0;
    this.shown = new Map();
    this.spare = [];
    this.waiting = false;
    this.by = 0;
    this.space = document.createElement("div");
    this.space.className = "rows";
    this.space.setAttribute("role", "list");
    host.append(this.space);
    host.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.soon()).observe(host);
  }

  /** There are so many rows now. */
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

  place(anew) {
    const view = this.host.clientHeight;
    if (view === 0) return;
    const first = Math.max(0, Math.floor(this.host.scrollTop / this.height) - MARGIN);
    const last = Math.min(this.length, Math.ceil((this.host.scrollTop + view) / this.height) + MARGIN);
    for (const [index, row] of this.shown) {
      if (index >= first && index < last) continue;
      if (row.contains(document.activeElement)) this.host.focus({ preventScroll: true });
      this.shown.delete(index);
      row.remove();
      this.spare.push(row);
    }
    for (let index = first; index < last; index += 1) {
      let row = this.shown.get(index);
      const fresh = row === undefined;
      if (fresh) {
        row = this.spare.pop() ?? this.make();
        row.style.transform = `translateY(${index * this.height}px)`;
        row.setAttribute("aria-posinset", index + 1);
        this.shown.set(index, row);
      }
      row.setAttribute("aria-setsize", this.length);
      if (fresh || anew) this.fill(row, index);
      // Readers that go by the order of the page shall meet the rows in their order.
      if (fresh) this.insert(row, index);
    }
  }

  insert(row, index) {
    const above = this.shown.get(index - 1);
    if (above?.isConnected) above.after(row);
    else this.space.prepend(row);
  }

  /** Whether a row can be seen. */
  sees(index) {
    const top = index * this.height;
    return top >= this.host.scrollTop && top + this.height <= this.host.scrollTop + this.host.clientHeight;
  }

  /** Bring a row into view, a `share` of the height down from the top. */
  show(index, share = 0.3) {
    // Whole rows at the top: half a line is hard to read.
    const top = Math.max(0, index - Math.round((this.host.clientHeight * share) / this.height)) * this.height;
    if (Math.abs(top - this.host.scrollTop) < 2) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const near = Math.abs(top - this.host.scrollTop) < this.host.clientHeight * 2;
    this.by = performance.now();
    this.host.scrollTo({ top, behavior: calm || !near ? "instant" : "smooth" });
  }
}
