// Waits: which of those that stand are meant by GO and by SKIP.

/** Who waits for GO: the wait that has stood longest, or null. */
export function goWait(model) {
  return model.waits.find((wait) => /^go\b/.test(wait.for)) ?? null;
}

/** What SKIP would end: the wait that has stood longest, of those that stand for more than a cue above. */
export function skipWait(model) {
  return model.waits.find((wait) => wait.for !== "then") ?? model.waits[0] ?? null;
}
