// The course of a track: which instant of the plan it has come to, at which instant it really did. Pure.
//
// Between two anchors the plan is followed at the speed of the show. Where the show takes longer than the plan, it stands
// in front of the next point, and what is over is `extra`: a break in the ruler.

/** A break shorter than this is not worth drawing (microseconds). */
export const BREAK = 250_000;

/** Begin a course: `points` are the planned instants of its thread, ascending; `end` is where its segment ends. */
export function begin(points, end, real, plan) {
  return { points, end, anchors: [{ real, plan }], standing: 0 };
}

/** The track has come to an instant of the plan. Gives how much longer than planned that took (negative: shorter). */
export function anchor(course, real, plan) {
  const last = course.anchors.at(-1);
  if (last.plan === plan && last.real === real) return 0;
  course.anchors.push({ real, plan });
  return real - last.real - (plan - last.plan);
}

/** Where on the plan a real instant lies: {plan, extra, after}. `after`: behind what stands at that instant. */
export function locate(course, real) {
  const { anchors } = course;
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (anchors[middle].real <= real) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return { plan: anchors[0].plan, extra: 0, after: false };
  const from = anchors[low - 1];
  const here = from.plan + (real - from.real);
  const limit = low < anchors.length ? anchors[low].plan : ahead(course, from.plan);
  if (here <= limit) return { plan: here, extra: 0, after: here === from.plan };
  return { plan: Math.max(limit, from.plan), extra: here - Math.max(limit, from.plan), after: false };
}

/** Whether the track had already stood when it was at a real instant: what ends then ends behind the break, not before. */
export function stood({ anchors }, real) {
  const index = anchors.findLastIndex((one) => one.real <= real);
  if (index < 1) return false;
  const [before, here] = [anchors[index - 1], anchors[index]];
  return here.real - before.real - (here.plan - before.plan) > BREAK;
}

/** The next instant of the plan that the thread of this track has to reach; its place while it stands for the world. */
export function ahead(course, plan) {
  if (course.standing) return plan;
  const { points } = course;
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle] <= plan) low = middle + 1;
    else high = middle;
  }
  return low < points.length ? points[low] : Math.max(course.end, plan);
}

/** Whether the thread has anything left to come to. */
export function hasMore(course) {
  return course.points.length > 0 && course.points.at(-1) > course.anchors.at(-1).plan;
}
