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
  #words = "";

  /** @param {Element} root element to fill @param {(period: { since: string, until: string }) => void} onPeriod given ISO text */
  constructor(root, onPeriod) {
    this.onPeriod = onPeriod;
    this.chip = element("button", "hp-chip", root);
    icon("M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3", this.chip);
    this.chipText = element("span", "", this.chip);
    this.chip.setAttribute("aria-haspopup", "dialog");
    this.dialog = element("div", "hp-period", root);
    this.dialog.popover = "auto";
    this.dialog.setAttribute("role", "dialog");
    this.chip.popoverTargetElement = this.dialog;
    this.presets = element("div", "hp-presets", this.dialog);
    const ends = element("div", "hp-ends", this.dialog);
    this.fault = element("p", "hp-fault", this.dialog);
    this.fault.id = `hp-period-${++pickers}-fault`;
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
    this.grid = element("table", "hp-days", this.dialog);
    this.grid.setAttribute("role", "grid");
    this.head = element("tr", "", element("thead", "", this.grid));
    this.body = element("tbody", "", this.grid);
    this.body.addEventListener("click", (event) => this.#pick(event));
    this.body.addEventListener("keydown", (event) => this.#walk(event));
    this.apply = element("button", "hp-apply", this.dialog);
    this.apply.addEventListener("click", () => this.#apply());
    // A closed dialog is not kept up to date: it is drawn as it opens.
    this.dialog.addEventListener("beforetoggle", (event) => event.newState === "open" && this.#reset());
    this.dialog.addEventListener("toggle", (event) => this.#toggled(event.newState === "open"));
    this.onResize = () => this.#place();
    addEventListener("resize", this.onResize);
  }

  /** @param {End} end @param {Element} parent */
  #field(end, parent) {
    const label = element("label", "", parent);
    const name = element("span", "", label);
    const input = element("input", "", label);
    input.autocomplete = "off";
    input.setAttribute("aria-describedby", this.fault.id);
    input.addEventListener("focus", () => this.#enter(end));
    input.addEventListener("input", () => this.#typed(end));
    input.addEventListener("keydown", (event) => event.key === "Enter" && this.#apply());
    return { name, input };
  }

  /** @param {PickerState} state */
  show(state) {
    const text = JSON.stringify(state);
    if (text === this.#text) return;
    this.#text = text;
    this.state = state;
    this.extent = { least: fromIso(state.least), most: fromIso(state.most) };
    this.#showRange();
    const { texts, language, presets, least, most } = state;
    const words = JSON.stringify([texts, language, presets, least, most]);
    if (words !== this.#words) this.#setTexts();
    this.#words = words;
    this.#markPreset();
    if (this.dialog.matches(":popover-open")) this.#reset();
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

  #setTexts() {
    const { texts, language, presets } = this.state;
    this.dialog.setAttribute("aria-label", texts.dialog);
    for (const end of ENDS) {
      this.fields[end].name.textContent = texts[end];
      this.fields[end].input.placeholder = texts.form;
    }
    for (const name of /** @type {const} */ (["previous", "next", "month", "year"])) {
      this[name].setAttribute("aria-label", texts[name]);
    }
    this.apply.textContent = texts.apply;
    const form = (/** @type {Intl.DateTimeFormatOptions} */ options) => {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
      return (/** @type {number} */ day) => format.format(dateOf(day));
    };
    this.fullName = form({ dateStyle: "full" });
    this.monthTitle = form({ month: "long", year: "numeric" });
    const monthName = form({ month: "long" });
    this.month.replaceChildren(
      ...Array.from({ length: 12 }, (_, month) => {
        const name = monthName(dayOf(2020, month, 1));
        return new Option(name.charAt(0).toUpperCase() + name.slice(1), String(month));
      }),
    );
    const [from, to] = [this.extent.least, this.extent.most].map((day) => partsOf(day).year);
    this.year.replaceChildren(...Array.from({ length: to - from + 1 }, (_, i) => new Option(String(from + i), String(from + i))));
    const [weekday, shortWeekday] = [form({ weekday: "long" }), form({ weekday: language === "vi" ? "narrow" : "short" })];
    this.head.replaceChildren(
      ...Array.from({ length: 7 }, (_, index) => {
        // 5 January 1970 was a Monday.
        const cell = element("th", "", null, shortWeekday(4 + index));
        return Object.assign(cell, { scope: "col", abbr: weekday(4 + index) });
      }),
    );
    this.presets.replaceChildren(
      ...presets.map(({ name, since, until }) => {
        const button = element("button", "", null, name);
        Object.assign(button.dataset, { since, until });
        button.addEventListener("click", () => this.#choose(since, until));
        return button;
      }),
    );
  }

  #markPreset() {
    const buttons = [...this.presets.querySelectorAll("button")];
    const isShown = (/** @type {HTMLElement} */ { dataset }) =>
      dataset.since === this.state.since && dataset.until === this.state.until;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(isShown(button)));
      button.removeAttribute("autofocus");
    }
    (buttons.find(isShown) ?? buttons[0])?.setAttribute("autofocus", "");
  }

  /** Forget what was typed and picked but not applied. */
  #reset() {
    const since = fromIso(this.state.since);
    this.#take({ since, until: fromIso(this.state.until) }, "since", since);
  }

  /** Show a range that was not typed, of which the calendar picks an end next. @param {Range} range @param {End} end @param {number} at */
  #take(range, end, at) {
    this.range = range;
    for (const one of ENDS) this.fields[one].input.value = range[one] === null ? "" : write(range[one]);
    this.#tell("");
    this.#activate(end);
    this.#look(at);
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    this.chip.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#place();
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
    for (const one of ENDS) this.fields[one].input.classList.toggle("hp-active", one === end);
  }

  /** @param {End} end */
  #enter(end) {
    this.#activate(end);
    const day = this.range[end];
    if (day !== null) this.#look(day);
  }

  /** @param {End} end */
  #typed(end) {
    const day = read(this.fields[end].input.value);
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
    this.grid.setAttribute("aria-label", this.monthTitle?.(first) ?? "");
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
    button.setAttribute("aria-label", this.fullName?.(day) ?? "");
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
    for (const end of ENDS) this.fields[end].input.setAttribute("aria-invalid", String(ends.includes(end)));
    if (ends.length) this.fields[ends[0]].input.focus();
  }

  #apply() {
    for (const end of ENDS) this.range[end] = read(this.fields[end].input.value);
    const { since, until } = this.range;
    const fault = faultOf(this.range, this.extent);
    if (fault) {
      const value = this.fields[fault.ends[0]].input.value;
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
