// Whether the server still speaks to the wall: it sends a beat every 5 s. Streamlit connects anew by itself; where
// it does not though the server answers, the page is loaded anew.

/** After so long without a beat the server is asked, and the connection lost. */
const ASK_AFTER_MS = 8_000;
const LOST_AFTER_MS = 15_000;
const RELOAD_AFTER_MS = 14_000;
const ASK_EVERY_MS = 3_000;
const HEALTH = new URL("../../../_stcore/health", import.meta.url).href;

export class Connection {
  isLost = false;
  #heard = performance.now();
  #asked = -Infinity;
  /** Since when the server answers without sending beats. @type {number | null} */ #answered = null;

  /** @param {() => void} onChange called when the connection was lost or is there again */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /** A beat has come. */
  hear() {
    this.#heard = performance.now();
    this.#answered = null;
    this.#setLost(false);
  }

  /** @param {boolean} isLost */
  #setLost(isLost) {
    if (isLost === this.isLost) return;
    this.isLost = isLost;
    this.onChange();
  }

  /** See how long the server has been silent. */
  check() {
    const now = performance.now();
    const silent = now - this.#heard;
    if (silent < ASK_AFTER_MS) return;
    if (silent > LOST_AFTER_MS) this.#setLost(true);
    if (now - this.#asked >= ASK_EVERY_MS) {
      this.#asked = now;
      this.#ask();
    }
  }

  async #ask() {
    const status = await fetch(HEALTH, { cache: "no-store", signal: AbortSignal.timeout(ASK_EVERY_MS) }).then(
      (answer) => answer.status,
      () => 0,
    );
    // The token of this screen, or the session of who looks at it, has ended: the server says so in its own page.
    if (status === 401 || status === 403) location.reload();
    const isThere = status === 200;
    this.#answered = isThere ? (this.#answered ?? performance.now()) : null;
    // Only once it has just answered: what is loaded from no server stays an empty page.
    if (this.isLost && this.#answered !== null && performance.now() - this.#answered > RELOAD_AFTER_MS) location.reload();
  }
}
