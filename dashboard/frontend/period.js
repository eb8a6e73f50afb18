// The choice of a range of days: ranges by name, two fields to type into, and a calendar with the names of
// months and weekdays in the reader's language, which Streamlit's own does not have.
//
// `Picker` knows no host; the default export serves Streamlit.

/** @import { End, Range } from "./calendar.js" */
/** @import { PickerState } from "./state.js" */

import { choose } from "./ahead.js";
import { dateOf, dayOf, ENDS, faultOf, fromIso, monthOf, monthsOn, partsOf, picked, read, toIso, walked, write } from "./calendar.js";
import { element, hosted, icon, iconButton } from "./component.js";

let pickers = 0;

export class Picker {
  /** @type {PickerState} */ state;
  /** What is typed or picked but not applied. @type {Range} */ range = { since: null, until: null };
  /** The end that the calendar picks. @type {End} */ end = "since";
  /** The day where the keyboard enters the calendar. */
  at = 0;
  extent = { least: 0, most: 0 };
  #text = "";
  // What the dialog holds while it is open: closed it is empty.
  /** @type {HTMLElement} */ fault;
  /** @type {Record<End, HTMLInputElement>} */ fields;
  /** @type {HTMLButtonElement} */ previous;
  /** @type {HTMLButtonElement} */ next;
  /** @type {HTMLSelectElement} */ month;
  /** @type {HTMLSelectElement} */ year;
  /** @type {HTMLElement} */ grid;
  /** @type {HTMLElement} */ body;
  /** @type {(day: number) => string} */ fullName;
  /** @type {(day: number) => string} */ monthTitle;

  /** @param {Element} root element to fill @param {(period: { since: string, until: string }) => void} onPeriod given ISO text */
  constructor(root, onPeriod) {
    this.onPeriod = onPeriod;
    this.root = root;
    this.chip = element("button", "hp-chip", root);
    icon("M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3", this.chip);
    this.chipText = element("span", "", this.chip);
    this.chip.setAttribute("aria-haspopup", "dialog");
    this.dialog = element("div", "hp-period", root);
    this.dialog.popover = "auto";
    this.dialog.setAttribute("role", "dialog");
    this.chip.popoverTargetElement = this.dialog;
    this.faultId = `hp-period-${++pickers}-fault`;
    this.dialog.addEventListener("beforetoggle", (event) => event.newState === "open" && this.#fill());
    this.dialog.addEventListener("toggle", (event) => this.#toggled(event.newState === "open"));
    this.onResize = () => this.#place();
    addEventListener("resize", this.onResize);
  }

  /** Draw the dialog, in which nothing is typed or picked yet. */
  #fill() {
    const { texts, language } = this.state;
    this.dialog.replaceChildren();
    this.#offer(element("div", "hp-presets", this.dialog));
    const ends = element("div", "hp-ends", this.dialog);
    this.fault = element("p", "hp-fault", this.dialog);
    this.fault.id = this.faultId;
    this.fault.setAttribute("role", "alert");
    this.fields = { since: this.#field("since", ends), until: this.#field("until", ends) };
    const bar = element("div", "hp-month", this.dialog);
    this.previous = iconButton("M10 3L5 8l5 5", bar, () => this.#look(monthsOn(this.at, -1)));
    this.month = element("select", "", bar);
    this.year = element("select", "", bar);
    this.next = iconButton("M6 3l5 5-5 5", bar, () => this.#look(monthsOn(this.at, 1)));
    for (const select of [this.month, this.year]) {
      select.addEventListener("change", () => this.#look(dayOf(+this.year.value, +this.month.value, 1)));
    }
    for (const name of /** @type {const} */ (["previous", "next", "month", "year"])) {
      this[name].setAttribute("aria-label", texts[name]);
    }
    const form = (/** @type {Intl.DateTimeFormatOptions} */ options) => {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
      return (/** @type {number} */ day) => format.format(dateOf(day));
    };
    this.fullName = form({ dateStyle: "full" });
    this.monthTitle = form({ month: "long", year: "numeric" });
    const monthName = form({ month: "long" });
    for (let month = 0; month < 12; month++) {
      const name = monthName(dayOf(2020, month, 1));
      this.month.add(new Option(name.charAt(0).toUpperCase() + name.slice(1), String(month)));
    }
    const [from, to] = [this.extent.least, this.extent.most].map((day) => partsOf(day).year);
    for (let year = from; year <= to; year++) this.year.add(new Option(String(year), String(year)));
    this.grid = element("table", "hp-days", this.dialog);
    this.grid.setAttribute("role", "grid");
    const head = element("tr", "", element("thead", "", this.grid));
    const [weekday, shortWeekday] = [form({ weekday: "long" }), form({ weekday: language === "vi" ? "narrow" : "short" })];
    // 5 January 1970 was a Monday.
    for (let day = 4; day < 11; day++) {
      Object.assign(element("th", "", head, shortWeekday(day)), { scope: "col", abbr: weekday(day) });
    }
    this.body = element("tbody", "", this.grid);
    this.body.addEventListener("click", (event) => this.#pick(event));
    this.body.addEventListener("keydown", (event) => this.#walk(event));
    element("button", "hp-apply", this.dialog, texts.apply).addEventListener("click", () => this.#apply());
    const since = fromIso(this.state.since);
    this.#take({ since, until: fromIso(this.state.until) }, "since", since);
  }

  /** Draw the ranges that have a name; the one that is shown, or else the first, has the focus. @param {Element} parent */
  #offer(parent) {
    const { presets, since, until } = this.state;
    const isShown = (/** @type {typeof presets[number]} */ one) => one.since === since && one.until === until;
    const focused = presets.find(isShown) ?? presets[0];
    for (const preset of presets) {
      const button = element("button", "", parent, preset.name);
      button.setAttribute("aria-pressed", String(isShown(preset)));
      button.autofocus = preset === focused;
      button.addEventListener("click", () => this.#choose(preset.since, preset.until));
    }
  }

  /** @param {End} end @param {Element} parent */
  #field(end, parent) {
    const label = element("label", "", parent);
    element("span", "", label, this.state.texts[end]);
    const input = element("input", "", label);
    input.autocomplete = "off";
    input.placeholder = this.state.texts.form;
    input.setAttribute("aria-describedby", this.faultId);
    input.addEventListener("focus", () => this.#enter(end));
    input.addEventListener("input", () => this.#typed(end));
    input.addEventListener("keydown", (event) => event.key === "Enter" && this.#apply());
    return input;
  }

  /** @param {PickerState} state */
  show(state) {
    const text = JSON.stringify(state);
    if (text === this.#text) return;
    this.#text = text;
    // It runs with the page, and stands in the frame.
    (document.querySelector(".hp-days") ?? this.root).append(this.chip);
    this.state = state;
    this.extent = { least: fromIso(state.least), most: fromIso(state.most) };
    this.#showRange();
    this.dialog.setAttribute("aria-label", state.texts.dialog);
    if (this.dialog.matches(":popover-open")) this.#fill();
  }

  #showRange() {
    const { texts, since, until } = this.state;
    /** @type {Record<string, string>} */
    const bold = { "{since}": since, "{until}": until };
    const parts = texts.range.split(/(\{since\}|\{until\})/);
    this.chipText.replaceChildren(
      ...parts.map((part) => (part in bold ? element("b", "", null, write(fromIso(bold[part]))) : part)),
    );
  }

  /** Show a range that was not typed, of which the calendar picks an end next. @param {Range} range @param {End} end @param {number} at */
  #take(range, end, at) {
    this.range = range;
    for (const one of ENDS) this.fields[one].value = range[one] === null ? "" : write(range[one]);
    this.#tell("");
    this.#activate(end);
    this.#look(at);
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    this.chip.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#place();
    else this.dialog.replaceChildren();
  }

  #place() {
    if (!this.dialog.matches(":popover-open")) return;
    const chip = this.chip.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.dialog;
    const within = (/** @type {number} */ value, /** @type {number} */ most) => `${Math.max(8, Math.min(value, most - 8))}px`;
    this.dialog.style.left = within(chip.left, innerWidth - width);
    this.dialog.style.top = within(chip.bottom + 6, innerHeight - height);
  }

  /** @param {End} end */
  #activate(end) {
    this.end = end;
    for (const one of ENDS) this.fields[one].classList.toggle("hp-active", one === end);
  }

  /** @param {End} end */
  #enter(end) {
    this.#activate(end);
    const day = this.range[end];
    if (day !== null) this.#look(day);
  }

  /** @param {End} end */
  #typed(end) {
    const day = read(this.fields[end].value);
    this.#tell("");
    this.range[end] = day;
    if (day !== null && day >= this.extent.least && day <= this.extent.most) this.#look(day);
    else this.#draw();
  }

  /** Turn the calendar to the month of a day, which then is where the keyboard enters it. @param {number} day */
  #look(day) {
    this.at = Math.min(Math.max(day, this.extent.least), this.extent.most);
    this.#draw();
  }

  #draw() {
    const { year, month, first, last, weeks } = monthOf(this.at);
    this.month.value = String(month);
    this.year.value = String(year);
    this.grid.setAttribute("aria-label", this.monthTitle(first));
    this.previous.disabled = first <= this.extent.least;
    this.next.disabled = last >= this.extent.most;
    this.body.replaceChildren(
      ...weeks.map((week) => {
        const row = element("tr");
        for (const day of week) this.#drawDay(day, element("td", "", row));
        return row;
      }),
    );
  }

  /** @param {number | null} day @param {HTMLElement} cell */
  #drawDay(day, cell) {
    if (day === null) return;
    const { since, until } = this.range;
    cell.classList.toggle("hp-within", since !== null && until !== null && since <= day && day <= until);
    cell.classList.toggle("hp-first", day === since);
    cell.classList.toggle("hp-last", day === until);
    cell.setAttribute("aria-selected", String(day === since || day === until));
    const button = element("button", "", cell, partsOf(day).date);
    button.dataset.day = String(day);
    button.tabIndex = day === this.at ? 0 : -1;
    button.setAttribute("aria-label", this.fullName(day));
    if (day < this.extent.least || day > this.extent.most) button.setAttribute("aria-disabled", "true");
  }

  /** @param {Event} event */
  #pick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || button.getAttribute("aria-disabled")) return;
    const day = Number(button.dataset.day);
    this.#take(picked(this.range, this.end, day), this.end === "since" ? "until" : "since", day);
    this.#focusDay();
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const day = walked(event.key, this.at);
    if (day === null) return;
    event.preventDefault();
    this.#look(day);
    this.#focusDay();
  }

  #focusDay() {
    /** @type {HTMLElement | null} */ (this.body.querySelector('[tabindex="0"]'))?.focus();
  }

  /** Tell of a fault, or of none. @param {string} fault @param {End[]} ends where it lies */
  #tell(fault, ends = []) {
    this.fault.textContent = fault;
    this.fault.hidden = !fault;
    for (const end of ENDS) this.fields[end].setAttribute("aria-invalid", String(ends.includes(end)));
    if (ends.length) this.fields[ends[0]].focus();
  }

  #apply() {
    for (const end of ENDS) this.range[end] = read(this.fields[end].value);
    const { since, until } = this.range;
    const fault = faultOf(this.range, this.extent);
    if (fault) {
      const value = this.fields[fault.ends[0]].value;
      this.#tell(this.state.texts[fault.name].replace("{value}", () => value), fault.ends);
    } else if (since !== null && until !== null) {
      this.#choose(toIso(since), toIso(until));
    }
  }

  /** @param {string} since @param {string} until */
  #choose(since, until) {
    this.dialog.hidePopover();
    if (since === this.state.since && until === this.state.until) return;
    choose({ from: since, to: until });
    this.onPeriod({ since, until });
  }

  destroy() {
    removeEventListener("resize", this.onResize);
    this.chip.remove();
    this.dialog.remove();
  }
}

export default hosted((root, send) => new Picker(root, (period) => send("period", period)));
