// Shows what the reader chooses before the page has run anew: a route answers for the map alone, while the
// page still reckons. The page then brings the words, and puts right what the route did not answer or got wrong.

/** @import { End } from "./calendar.js" */
/** @import { AheadAnswer, Control, MonthsFile } from "./state.js" */
/** @import { MapState, WardMap } from "./map.js" */
/** @import { Choice, Months } from "./months.js" */
/** @typedef {NonNullable<MapState["ahead"]>} AheadState */

import { keep } from "./geometry.js";
import { daysOf, linkOf, readMonths, shownOf } from "./months.js";
import { Timeline } from "./timeline.js";

const CHOICE = "pw-choice";
/** How long what the page brings may wait for a later choice before it counts after all. */
const PATIENCE_MS = 3000;
/** A code of a district is shorter than one of a ward, which boundaries may give to another ward. */
const DISTRICT = /^\d{3}$/;

/** Tell that parameters of the page's link were chosen. @param {Choice} choice */
export const choose = (choice) => document.dispatchEvent(new CustomEvent(CHOICE, { detail: choice }));

/** A link as a text. @param {AheadState["asks"]} asks */
const textOf = (asks) => new URLSearchParams(asks).toString();

/** What is asked but for the days and the boundaries that go with them. @param {AheadState["asks"]} asks */
const restOf = (asks) => textOf(linkOf({ ...asks, from: undefined, to: undefined, vintage: undefined }));

/** What of a link a choice ends. @param {Choice} choice @param {AheadState["asks"]} before @param {boolean} follows @returns {Choice} */
function goneWith({ vintage }, before, follows) {
  if (vintage && vintage !== before.vintage) return { ward: undefined };
  return follows && !before.area ? { vintage: undefined } : {};
}

/** @type {Map<string, Promise<MonthsFile>>} By address. */
const files = new Map();

/** Fetch months, once as long as they are among the last few. @param {string} address @returns {Promise<MonthsFile>} */
function loadMonths(address) {
  const known = files.get(address);
  if (known) return known;
  const pending = fetch(new URL(address, location.origin)).then((answer) => {
    if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
    return answer.json();
  });
  pending.catch(() => files.delete(address));
  return keep(files, address, pending);
}

/** What a widget of Streamlit stands at; nothing where it is not on the page. @param {Control} control */
function valueOf({ key, values }) {
  const place = document.querySelector(`.st-key-${key}`);
  const input = place?.querySelector("input");
  if (!Array.isArray(values)) return input ? /** @type {Record<string, string>} */ (values)[input.value] : undefined;
  if (input) return values[Number(input.checked)];
  return values[[...(place?.querySelectorAll("[role=radio]") ?? [])].findIndex((one) => one.ariaChecked === "true")];
}

/** The widgets of a page, which tell a choice as soon as they stand at it. */
class Controls {
  /** @type {Record<string, Control>} */ #controls = {};
  /** @type {Choice} */ #values = {};
  #address = "";

  /** Take what the widgets of a page are. @param {string} address */
  async take(address) {
    if (address !== this.#address) {
      this.#address = address;
      const controls = await (await fetch(new URL(address, location.origin))).json();
      if (address === this.#address) this.#controls = controls;
    }
  }

  /** Read anew what the widgets stand at; return what has changed. @returns {Choice} */
  read() {
    /** @type {Choice} */ const changed = {};
    for (const [name, control] of Object.entries(this.#controls)) {
      const value = valueOf(control);
      if (value !== undefined && value !== this.#values[name]) this.#values[name] = changed[name] = value;
    }
    return changed;
  }
}

export class Ahead {
  #controls = new Controls();
  #ending = new AbortController();
  /** Links of what was shown before the last choice: what the page brings of them is late. @type {Set<string>} */
  #past = new Set();
  /** @type {AheadState["asks"] | null} What was chosen last and the page has not brought yet. */ #chosen = null;
  /** @type {MapState | undefined} What the map shows. */ state;
  #number = 0;
  /** @type {MonthsFile | null} The months of what the map shows. */ #months = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #waiting;

  /** @param {WardMap} map @param {(period: Record<End, string>) => void} onPeriod called with the days that the timeline was left at */
  constructor(map, onPeriod) {
    this.map = map;
    this.timeline = new Timeline(map.stage, (months) => this.#sweep(months), ([since, until]) => {
      this.#choose({ from: since, to: until });
      onPeriod({ since, until });
    });
    const { signal } = this.#ending;
    document.addEventListener(CHOICE, (event) => this.#choose(/** @type {CustomEvent<Choice>} */ (event).detail), { signal });
    // Between the two Streamlit draws what was clicked or typed; what it draws later is not the reader's doing.
    const before = (/** @type {Event} */ event) => {
      // A click without a pointer comes from the keyboard, from what reads the screen, or from a label: then the box that
      // it ticks is ticked already.
      const isSilent = event instanceof MouseEvent && event.detail === 0 && !(event.target instanceof HTMLInputElement);
      if (event.type !== "click" || isSilent) this.#controls.read();
    };
    const after = () => setTimeout(() => this.#look());
    // Streamlit's widgets let no event go further than themselves.
    const options = { signal, capture: true };
    for (const kind of ["pointerdown", "keydown", "click"]) document.addEventListener(kind, before, options);
    for (const kind of ["pointerup", "click", "keydown", "keyup"]) document.addEventListener(kind, after, options);
  }

  /** Show what the page brings, unless something else was chosen since. @param {MapState} state */
  show(state) {
    clearTimeout(this.#waiting);
    const { ahead } = state;
    if (!ahead) return this.map.show(state);
    if (this.#chosen && this.#past.has(textOf(ahead.asks))) {
      this.#waiting = setTimeout(() => this.#settle(state), PATIENCE_MS);
      return undefined;
    }
    return this.#settle(state);
  }

  /** @param {MapState} state */
  #settle(state) {
    this.#chosen = null;
    this.#past.clear();
    this.#number++;
    this.#months = null;
    this.state = state;
    this.map.figure.classList.remove("pw-swept");
    if (state.ahead) this.#controls.take(state.ahead.controls).catch(console.error);
    const shown = this.map.show(state);
    shown.then(() => this.#tell(state));
    this.#takeMonths(state.ahead).catch(console.error);
    return shown;
  }

  /** Tell on the map which page and link it shows, once the page has brought that. @param {MapState} state */
  #tell(state) {
    const { ahead } = state;
    if (ahead && this.state === state && !this.#chosen) {
      this.map.figure.dataset.link = `${ahead.route.split("/").pop()}?${textOf(ahead.asks)}`;
    }
  }

  /** Fetch the months of what is shown, once it is, and let the reader move along them. @param {MapState["ahead"]} ahead */
  async #takeMonths(ahead) {
    const address = ahead?.months;
    this.timeline.box.hidden = !address;
    if (!address) return;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const months = await loadMonths(address);
    if (this.state?.ahead !== ahead) return;
    this.#months = months;
    this.timeline.show(months, daysOf(months, ahead.asks));
  }

  /** Show other months; the boundaries stay what they are. @param {Months} months */
  #sweep(months) {
    const { state } = this;
    delete this.map.figure.dataset.link;
    if (!this.#months || !state) return null;
    this.map.figure.classList.add("pw-swept");
    const shown = { ...state, ...shownOf(this.#months, months, state.palette), values: [] };
    this.map.show(shown);
    return shown;
  }

  /** What a link asks for, where that is other months alone. @param {AheadState["asks"]} asks */
  #read(asks) {
    const ahead = this.state?.ahead;
    return this.#months && ahead && restOf(asks) === restOf(ahead.asks) ? readMonths(this.#months, asks, ahead.follows) : null;
  }

  /** Answer for months. @param {NonNullable<ReturnType<typeof readMonths>>} read */
  #reckon({ months, asks, follows }) {
    const shown = this.#sweep(months);
    this.#number++;
    if (shown?.ahead) this.state = { ...shown, ahead: { ...shown.ahead, asks, follows } };
  }

  #look() {
    const choice = this.#controls.read();
    if (Object.keys(choice).length) this.#choose(choice);
  }

  /** @param {Choice} choice */
  #choose(choice) {
    const { state } = this;
    delete this.map.figure.dataset.link;
    // What is played has many moments, and what was picked by a ward's code may be gone with the boundaries.
    if (!state?.ahead || state.frames || state.ahead.asks.area?.split(",").some((code) => !DISTRICT.test(code))) return;
    const { asks: shown, follows, route } = state.ahead;
    const before = this.#chosen ?? shown;
    const asked = linkOf({ ...before, ...choice, ...goneWith(choice, before, follows) });
    const read = this.#read(asked);
    const wanted = read?.asks ?? asked;
    if (textOf(wanted) === textOf(before)) {
      // A handle of the timeline may have come back.
      if (this.#chosen) this.map.show(state);
      else this.#settle(state);
      return;
    }
    this.#past.add(textOf(before));
    // What is chosen again is not late.
    this.#past.delete(textOf(wanted));
    this.#chosen = wanted;
    if (read) this.#reckon(read);
    else this.#ask(`${route}?${textOf(wanted)}`, ++this.#number);
  }

  /** @param {string} address @param {number} number */
  async #ask(address, number) {
    try {
      const answer = await fetch(new URL(address, location.origin), { signal: this.#ending.signal });
      // Where there is no answer, the page brings it.
      if (answer.ok) this.#take(await answer.json(), number);
    } catch (error) {
      if (!this.#ending.signal.aborted) console.warn(error);
    }
  }

  /** @param {AheadAnswer} answer @param {number} number */
  #take({ asks, follows, circles, former, ...changed }, number) {
    const { state } = this;
    if (!state?.ahead || !this.#chosen) return;
    if (number !== this.#number) {
      this.#past.add(textOf(asks));
      return;
    }
    this.#past.delete(textOf(asks));
    this.#chosen = asks;
    if (changed.geometry !== state.geometry || restOf(asks) !== restOf(state.ahead.asks)) this.#months = null;
    this.map.figure.classList.remove("pw-swept");
    const selected = changed.geometry === state.geometry ? state.selected : null;
    this.state = {
      ...state,
      ...changed,
      selected,
      values: [],
      circles: circles ?? undefined,
      former: former ?? undefined,
      ahead: { ...state.ahead, asks, follows },
    };
    this.map.show(this.state);
  }

  destroy() {
    this.#ending.abort();
    clearTimeout(this.#waiting);
    this.timeline.destroy();
    this.map.destroy();
  }
}
