// The desk: what the operator presses, sent to the show. What comes of it is in the journal, not here.

/** Longer than this no press is waited for (milliseconds). */
const PATIENCE = 5000;

export class Desk {
  /** `complain(sentence)` is told why something was not done. */
  constructor(complain) {
    this.complain = complain;
    this.readonly = false;
  }

  /** Ask for an action: `press("seek", {to: "two+00:10"})`. Tells whether it was done. */
  async press(action, more = {}) {
    if (this.readonly) return false;
    try {
      const answer = await fetch("/api/do", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ action, ...more }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) return true;
      const said = await answer.json().catch(() => null);
      this.complain(said?.message ?? `${action} was refused (${answer.status}); open the printed address again`);
    } catch {
      this.complain(`${action} did not reach the show: no connection`);
    }
    return false;
  }
}
