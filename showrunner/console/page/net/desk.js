// @ts-check
// The desk: what the operator presses, sent to the show. What comes of it is in the journal, not here.

/** Longer than this no press is waited for (milliseconds). */
const PATIENCE = 5000;

export class Desk {
  /** @param {(sentence: string | null) => void} complain is told why something was not done; null with each new press */
  constructor(complain) {
    this.complain = complain;
  }

  /**
   * Ask for an action: `press("seek", {to: "two+00:10"})`.
   * @param {string} action
   * @param {Record<string, unknown>} more
   */
  async press(action, more = {}) {
    this.complain(null);
    try {
      const answer = await fetch("/api/do", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ action, ...more }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) return;
      const said = await answer.json().catch(() => null);
      this.complain(said?.message ?? `${action} was refused (${answer.status}); open the printed address again`);
    } catch {
      this.complain(`${action} did not reach the show: no connection`);
    }
  }
}
