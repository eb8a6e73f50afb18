// Shows what the reader chooses before the page has run anew: a route answers for the map alone, while the
// page still reckons. The page then brings the words, and puts right what the route did not answer or got wrong.

/** @import { AheadAnswer, Control } from "./state.js" */
/** @import { MapState, WardMap } from "./map.js" */
/** @typedef {Record<string, string | undefined>} Choice  parameters of a link, those without a value being dropped */
/** @typedef {NonNullable<MapState["ahead"]>} AheadState */

const CHOICE = "pw-choice";
/** How long what the page brings may wait for a later choice before it counts after all. */
const PATIENCE_MS = 3000;
/** A code of a district is shorter than one of a ward, which boundaries may give to another ward. */
const DISTRICT = /^\d{3}$/;

/** Tell that parameters of the page's link were chosen. @param {Choice} choice */
export const choose = (choice) => document.dispatchEvent(new CustomEvent(CHOICE, { detail: choice }));

/** A link as a text. @param {AheadState["asks"]} asks */
const textOf = (asks) => new URLSearchParams(asks).toString();

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
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #waiting;

  /** @param {WardMap} map */
  constructor(map) {
    this.map = map;
    const { signal } = this.#ending;
    document.addEventListener(CHOICE, (event) => this.#choose(/** @type {CustomEvent<Choice>} */ (event).detail), { signal });
    // Between the two Streamlit draws what was clicked or typed; what it draws later is not the reader's doing.
    const before = (/** @type {Event} */ event) => {
      // A click without a pointer comes from the keyboard or from what reads the screen.
      if (event.type !== "click" || (event instanceof MouseEvent && event.detail === 0)) this.#controls.read();
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
    this.state = state;
    if (state.ahead) this.#controls.take(state.ahead.controls).catch(console.error);
    return this.map.show(state);
  }

  #look() {
    const choice = this.#controls.read();
    if (Object.keys(choice).length) this.#choose(choice);
  }

  /** @param {Choice} choice */
  #choose(choice) {
    const { state } = this;
    // What is played has many moments, and what was picked by a ward's code may be gone with the boundaries.
    if (!state?.ahead || state.frames || state.ahead.asks.area?.split(",").some((code) => !DISTRICT.test(code))) return;
    const { asks: shown, follows, route } = state.ahead;
    const before = this.#chosen ?? shown;
    /** @type {Choice} */ const asks = { ...before, ...choice };
    if (choice.vintage && choice.vintage !== before.vintage) delete asks.ward;
    else if (follows && !before.area) delete asks.vintage;
    const wanted = /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(asks).filter(([, value]) => value)));
    if (textOf(wanted) === textOf(before)) return;
    this.#past.add(textOf(before));
    this.#chosen = wanted;
    this.#ask(`${route}?${textOf(this.#chosen)}`, ++this.#number);
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
    this.#chosen = asks;
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
    this.map.destroy();
  }
}
