// A strip of months below a map, between whose two handles lies what the map shows. The handles are ranges of
// the browser, so that the arrow keys, Home and End move them, month by month.

/** @import { MonthsFile } from "./state.js" */
/** @import { Months } from "./months.js" */

import { partsOf, toIso } from "./calendar.js";
import { element } from "./component.js";

/** So long a handle has to rest until it counts as left: keys come one by one. */
const REST_MS = 300;

/** @param {number} day */
function nameOf(day) {
  const { year, month } = partsOf(day);
  return `${String(month + 1).padStart(2, "0")}/${year}`;
}

export class Timeline {
  /** @type {MonthsFile["starts"]} */ #starts = [0, 1];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #resting;
  #isHeld = false;

  /**
   * @param {Element} stage below which it stands
   * @param {(months: Months) => void} onMove called with each range that a handle comes to
   * @param {(days: string[]) => void} onLeft called with the days, as ISO text, that it is left at
   */
  constructor(stage, onMove, onLeft) {
    this.onMove = onMove;
    this.onLeft = onLeft;
    this.box = element("div", "pw-timeline");
    this.box.hidden = true;
    // It keeps its place until its months have come.
    this.box.inert = true;
    stage.after(this.box);
    const first = element("span", "", this.box);
    this.track = element("div", "pw-track", this.box);
    this.names = [first, element("span", "", this.box)];
    this.handles = [0, 1].map((at) => {
      const handle = Object.assign(element("input", "", this.track), { type: "range", min: "0" });
      handle.addEventListener("pointerdown", ({ pointerId }) => handle.setPointerCapture(pointerId));
      handle.addEventListener("input", () => this.#move(at));
      for (const kind of ["change", "pointerup", "keyup", "blur"]) handle.addEventListener(kind, () => this.#rest());
      return handle;
    });
  }

  /** Stand at days that are shown, unless the reader moves a handle. @param {MonthsFile} file @param {number[]} days */
  show({ starts, texts }, days) {
    if (this.#isHeld) return;
    this.box.inert = false;
    this.#starts = starts;
    this.handles.forEach((handle, at) => {
      handle.max = String(starts.length - 2);
      handle.value = String(Math.max(0, starts.slice(0, -1).findLastIndex((start) => start <= days[at])));
      handle.setAttribute("aria-label", [texts.first, texts.last][at]);
    });
    this.#mark();
  }

  get months() {
    const [first, last] = this.handles.map(({ value }) => Number(value));
    return { first, last };
  }

  /** @param {number} at the handle that was moved, which stops at the other one */
  #move(at) {
    clearTimeout(this.#resting);
    this.#isHeld = true;
    const { first, last } = this.months;
    if (first > last) this.handles[at].value = this.handles[1 - at].value;
    this.#mark();
    this.onMove(this.months);
  }

  #rest() {
    clearTimeout(this.#resting);
    if (this.#isHeld) this.#resting = setTimeout(() => this.#leave(), REST_MS);
  }

  #leave() {
    this.#isHeld = false;
    const { first, last } = this.months;
    this.onLeft([this.#starts[first], this.#starts[last + 1] - 1].map(toIso));
  }

  #mark() {
    const { first, last } = this.months;
    [first, last].forEach((month, at) => {
      this.names[at].textContent = nameOf(this.#starts[month]);
      this.handles[at].setAttribute("aria-valuetext", nameOf(this.#starts[month]));
      this.track.style.setProperty(["--first", "--last"][at], String(month / (this.#starts.length - 2)));
    });
    // Where both stand at the end, only the first one can go on.
    this.handles[0].classList.toggle("pw-upper", 2 * first > this.#starts.length);
  }

  destroy() {
    clearTimeout(this.#resting);
    this.box.remove();
  }
}
