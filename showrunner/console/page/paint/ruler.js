// The dial: the ruler at the top of the timeline's picture, with the names of the segments and the breaks.

import { FONT, label, line } from "./brush.js";
import { RULER } from "./lanes.js";
import { stepOf } from "./scale.js";
import { clockText } from "../model/words.js";

/** The breaks that can be seen. */
export function visibleBreaks({ ruler, from, until }) {
  return ruler.sorted.map((one, index) => ({ ...one, width: ruler.widths[index] }))
    .filter((one) => one.plan >= from && one.plan <= until);
}

/** Paint the ruler. */
export function paintRuler(view) {
  const { context, colours, width, model, ruler } = view;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, RULER);
  context.save();
  context.beginPath();
  context.rect(view.gutter, 0, width - view.gutter, RULER);
  context.clip();
  const step = stepOf(ruler.scale, 72) * 1e6;
  const small = step < 1e6 ? 1 : 0;
  const gaps = visibleBreaks(view).filter((one) => one.width > 16)
    .map((one) => ({ from: view.x(one.plan), until: view.x(one.plan) + one.width }));
  for (const one of visibleBreaks(view)) {
    context.fillStyle = colours.gap;
    context.fillRect(view.x(one.plan), 22, one.width, RULER - 22);
  }
  for (let at = Math.floor(view.from / step) * step; at <= Math.min(view.until, model.score.end); at += step) {
    const x = Math.round(view.x(at, true)) + 0.5;
    if (gaps.some((gap) => gap.from < x + 38 && gap.until > x)) continue;
    line(view, x, RULER - 7, x, RULER, colours.edge);
    label(view, clockText(at, small), x + 4, RULER - 12, 66, colours.dim);
  }
  const { segments } = model.score;
  segments.forEach((segment, index) => {
    if (segment.at === null) return;
    const x = view.x(segment.at, true);
    const next = segments[index + 1]?.at;
    const right = next === undefined || next === null ? view.x(model.score.end) : view.x(next, true);
    if (right < view.gutter || x > width) return;
    if (right - x > 3) {
      context.fillStyle = segment.name === model.segment ? colours.realsoft : colours.plan;
      context.fillRect(x + 1, 2, right - x - 2, 19);
    }
    const shown = Math.max(x, view.gutter);
    label(view, segment.title ?? segment.name, shown + 7, 12, right - shown - 12, colours.ink);
  });
  for (const one of visibleBreaks(view)) {
    if (one.width < 22) continue;
    const x = view.x(one.plan);
    const text = one.extra ? shortLength(one.extra) : "❚❚";
    context.fillStyle = one.live ? colours.go : colours.dim;
    context.textAlign = "center";
    context.font = "10px system-ui, sans-serif";
    context.fillText(text, x + one.width / 2, RULER - 12, one.width - 2);
    context.textAlign = "left";
    context.font = FONT;
    view.hits.push({ x, y: 0, w: one.width, h: RULER, gap: one });
  }
  context.restore();
  line(view, 0, RULER - 0.5, width, RULER - 0.5, colours.edge);
}

/** How long a break was, short enough to stand in it: `0.8 s`, `12 s`, `2:05`. */
function shortLength(micros) {
  const seconds = micros / 1e6;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.round(seconds)} s` : clockText(micros, 0).replace(/^0/, "");
}
