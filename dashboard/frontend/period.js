// The choice of a range of days: ranges by name, two fields to type into, and a calendar with the names of
// months and weekdays in the reader's language, which Streamlit's own does not have.
//
// `createPicker` knows no host; the default export serves Streamlit. The state is that of
// dashboard/period.py's `picker_state`. Days are numbers here, whole days since 1970, so that no time zone can
// move one.

import { unpacked } from "./unpacked.js";

const SVG = "http://www.w3.org/2000/svg";
const MS = 86_400_000;
const WRITTEN = [
  [/^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/, [3, 2, 1]],
  [/^(\d{2})(\d{2})(\d{4})$/, [3, 2, 1]],
  [/^(\d{4})-(\d{1,2})-(\d{1,2})$/, [1, 2, 3]],
];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
let pickers = 0;

const two = (number) => String(number).padStart(2, "0");
const dayOf = (year, month, date) => Date.UTC(year, month, date) / MS;
const fromIso = (text) => Date.parse(`${text}T00:00:00Z`) / MS;
const toIso = (day) => new Date(day * MS).toISOString().slice(0, 10);
const weekday = (day) => (new Date(day * MS).getUTCDay() + 6) % 7;

function partsOf(day) {
  const date = new Date(day * MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
}

function write(day) {
  const { year, month, date } = partsOf(day);
  return `${two(date)}/${two(month + 1)}/${year}`;
}

/** The day that a text names, day first as it is written here; null where it names none. */
export function read(text) {
  for (const [form, order] of WRITTEN) {
    const found = form.exec(text.trim());
    if (!found) continue;
    const [year, month, date] = order.map((place) => Number(found[place]));
    const day = dayOf(year, month - 1, date);
    const { month: m, date: d } = partsOf(day);
    return m === month - 1 && d === date ? day : null;
  }
  return null;
}

/** The same date in another month, or the last one of a month that is shorter. */
function inMonth(year, month, date) {
  return Math.min(dayOf(year, month, date), dayOf(year, month + 1, 0));
}

function element(name, className, parent) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (name === "button") node.type = "button";
  parent?.appendChild(node);
  return node;
}

function icon(parent, path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.appendChild(line);
  parent.appendChild(svg);
}

class Picker {
  constructor(root, onPeriod) {
    const id = `hp-period-${++pickers}`;
    this.onPeriod = onPeriod;
    this.chip = element("button", "hp-chip", root);
    icon(this.chip, "M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3");
    this.chipText = element("span", "", this.chip);
    this.chip.setAttribute("aria-haspopup", "dialog");
    this.dialog = element("div", "hp-period", root);
    this.dialog.popover = "auto";
    this.dialog.setAttribute("role", "dialog");
    this.chip.popoverTargetElement = this.dialog;
    this.presets = element("div", "hp-presets", this.dialog);
    const ends = element("div", "hp-ends", this.dialog);
    this.fault = element("p", "hp-fault", this.dialog);
    this.fault.id = `${id}-fault`;
    this.fault.setAttribute("role", "alert");
    this.fields = {};
    for (const end of ["since", "until"]) {
      const label = element("label", "", ends);
      const name = element("span", "", label);
      const input = element("input", "", label);
      input.autocomplete = "off";
      input.setAttribute("aria-describedby", this.fault.id);
      input.addEventListener("focus", () => this.#enter(end));
      input.addEventListener("input", () => this.#typed(end));
      input.addEventListener("keydown", (event) => event.key === "Enter" && this.#apply());
      this.fields[end] = { name, input };
    }
    const bar = element("div", "hp-month", this.dialog);
    this.previous = element("button", "", bar);
    icon(this.previous, "M10 3L5 8l5 5");
    this.month = element("select", "", bar);
    this.year = element("select", "", bar);
    this.next = element("button", "", bar);
    icon(this.next, "M6 3l5 5-5 5");
    this.previous.addEventListener("click", () => this.#turn(-1));
    this.next.addEventListener("click", () => this.#turn(1));
    for (const select of [this.month, this.year]) {
      select.addEventListener("change", () => this.#look(inMonth(+this.year.value, +this.month.value, 1)));
    }
    const table = element("table", "hp-days", this.dialog);
    table.setAttribute("role", "grid");
    this.grid = table;
    this.head = element("tr", "", element("thead", "", table));
    this.body = element("tbody", "", table);
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

  show(state) {
    const text = JSON.stringify(state);
    if (text === this.text) return;
    this.text = text;
    this.state = state;
    this.least = fromIso(state.least);
    this.most = fromIso(state.most);
    this.#showRange();
    const { texts, language, presets, least, most } = state;
    const words = JSON.stringify([texts, language, presets, least, most]);
    if (words !== this.words) this.#setTexts();
    this.words = words;
    this.#markPreset();
    if (this.dialog.matches(":popover-open")) this.#reset();
  }

  #showRange() {
    const { texts } = this.state;
    const bold = { "{since}": this.state.since, "{until}": this.state.until };
    this.chipText.replaceChildren(
      ...texts.range.split(/(\{since\}|\{until\})/).map((part) => {
        if (!(part in bold)) return part;
        const node = element("b");
        node.textContent = write(fromIso(bold[part]));
        return node;
      }),
    );
  }

  #setTexts() {
    const { texts, language, presets } = this.state;
    this.dialog.setAttribute("aria-label", texts.dialog);
    for (const [end, { name, input }] of Object.entries(this.fields)) {
      name.textContent = texts[end];
      input.placeholder = texts.form;
    }
    this.previous.setAttribute("aria-label", texts.previous);
    this.next.setAttribute("aria-label", texts.next);
    this.month.setAttribute("aria-label", texts.month);
    this.year.setAttribute("aria-label", texts.year);
    this.apply.textContent = texts.apply;
    const form = (options) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
    this.monthName = form({ month: "long" });
    this.fullName = form({ dateStyle: "full" });
    this.monthTitle = form({ month: "long", year: "numeric" });
    const sentence = (name) => name.charAt(0).toUpperCase() + name.slice(1);
    this.month.replaceChildren(
      ...Array.from({ length: 12 }, (_, month) => new Option(sentence(this.monthName.format(Date.UTC(2020, month, 1))), month)),
    );
    const years = [];
    for (let year = partsOf(this.least).year; year <= partsOf(this.most).year; year++) years.push(new Option(year, year));
    this.year.replaceChildren(...years);
    // 5 January 1970 was a Monday.
    this.head.replaceChildren(
      ...Array.from({ length: 7 }, (_, index) => {
        const cell = element("th");
        cell.scope = "col";
        cell.abbr = form({ weekday: "long" }).format((4 + index) * MS);
        cell.textContent = form({ weekday: language === "vi" ? "narrow" : "short" }).format((4 + index) * MS);
        return cell;
      }),
    );
    this.presets.replaceChildren(
      ...presets.map(({ name, since, until }) => {
        const button = element("button");
        button.textContent = name;
        Object.assign(button.dataset, { since, until });
        button.addEventListener("click", () => this.#choose(since, until));
        return button;
      }),
    );
  }

  #markPreset() {
    for (const button of this.presets.children) {
      const { since, until } = button.dataset;
      button.setAttribute("aria-pressed", String(since === this.state.since && until === this.state.until));
      button.removeAttribute("autofocus");
    }
    (this.presets.querySelector('[aria-pressed="true"]') ?? this.presets.firstElementChild)?.setAttribute("autofocus", "");
  }

  /** Forget what was typed and picked but not applied. */
  #reset() {
    this.since = fromIso(this.state.since);
    this.until = fromIso(this.state.until);
    for (const end of ["since", "until"]) this.fields[end].input.value = write(this[end]);
    this.#tell("");
    this.#activate("since");
    this.#look(this.since);
  }

  #toggled(isOpen) {
    this.chip.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#place();
  }

  #place() {
    if (!this.dialog.matches(":popover-open")) return;
    const chip = this.chip.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.dialog;
    const within = (value, most) => `${Math.max(8, Math.min(value, most - 8))}px`;
    this.dialog.style.left = within(chip.left, innerWidth - width);
    this.dialog.style.top = within(chip.bottom + 6, innerHeight - height);
  }

  #activate(end) {
    this.active = end;
    for (const [name, { input }] of Object.entries(this.fields)) input.classList.toggle("hp-active", name === end);
  }

  #enter(end) {
    this.#activate(end);
    if (this[end] !== null) this.#look(this[end]);
  }

  #typed(end) {
    const day = read(this.fields[end].input.value);
    this.#tell("");
    this[end] = day;
    if (day !== null && day >= this.least && day <= this.most) this.#look(day);
    else this.#draw();
  }

  /** Turn the calendar to the month of a day, which then is where the keyboard enters it. */
  #look(day) {
    this.at = Math.min(Math.max(day, this.least), this.most);
    this.#draw();
  }

  #turn(months) {
    const { year, month, date } = partsOf(this.at);
    this.#look(inMonth(year, month + months, date));
  }

  #draw() {
    const { year, month } = partsOf(this.at);
    this.month.value = month;
    this.year.value = year;
    this.grid.setAttribute("aria-label", this.monthTitle.format(dayOf(year, month, 1) * MS));
    const first = dayOf(year, month, 1);
    const last = dayOf(year, month + 1, 0);
    this.previous.disabled = first <= this.least;
    this.next.disabled = last >= this.most;
    const rows = [];
    for (let monday = first - weekday(first); monday <= last; monday += 7) {
      const row = element("tr");
      for (let day = monday; day < monday + 7; day++) this.#drawDay(day, day >= first && day <= last, row);
      rows.push(row);
    }
    this.body.replaceChildren(...rows);
  }

  #drawDay(day, isOfMonth, row) {
    const cell = element("td", "", row);
    if (!isOfMonth) return;
    const { since, until } = this;
    const isEnd = day === since || day === until;
    if (since !== null && until !== null && since <= day && day <= until) cell.classList.add("hp-within");
    cell.classList.toggle("hp-first", day === since);
    cell.classList.toggle("hp-last", day === until);
    cell.setAttribute("aria-selected", String(isEnd));
    const button = element("button", "", cell);
    button.textContent = partsOf(day).date;
    button.dataset.day = day;
    button.tabIndex = day === this.at ? 0 : -1;
    button.setAttribute("aria-label", this.fullName.format(day * MS));
    if (day < this.least || day > this.most) button.setAttribute("aria-disabled", "true");
  }

  #pick(event) {
    const button = event.target.closest("button[data-day]");
    if (!button || button.getAttribute("aria-disabled")) return;
    const day = Number(button.dataset.day);
    const other = this.active === "since" ? "until" : "since";
    // A first day after the last begins a new range; a last day before the first becomes the first.
    if (this.active === "since") {
      this.since = day;
      if (this.until === null || this.until < day) this.until = day;
    } else if (this.since !== null && day < this.since) {
      this.until = this.since;
      this.since = day;
    } else {
      this.until = day;
    }
    for (const end of ["since", "until"]) this.fields[end].input.value = this[end] === null ? "" : write(this[end]);
    this.#tell("");
    this.#activate(other);
    this.#look(day);
    this.#focusDay();
  }

  #walk(event) {
    const { year, month, date } = partsOf(this.at);
    let to = null;
    if (event.key in STEPS) to = this.at + STEPS[event.key];
    else if (event.key === "Home") to = this.at - weekday(this.at);
    else if (event.key === "End") to = this.at + 6 - weekday(this.at);
    else if (event.key === "PageUp") to = inMonth(year, month - 1, date);
    else if (event.key === "PageDown") to = inMonth(year, month + 1, date);
    if (to === null) return;
    event.preventDefault();
    this.#look(to);
    this.#focusDay();
  }

  #focusDay() {
    this.body.querySelector('[tabindex="0"]').focus();
  }

  #tell(fault, ends = []) {
    this.fault.textContent = fault;
    this.fault.hidden = !fault;
    for (const [end, { input }] of Object.entries(this.fields)) input.setAttribute("aria-invalid", String(ends.includes(end)));
    this.fields[ends[0]]?.input.focus();
  }

  #apply() {
    const { texts } = this.state;
    for (const end of ["since", "until"]) {
      const { value } = this.fields[end].input;
      this[end] = read(value);
      if (this[end] === null) return this.#tell(texts.noDay.replace("{value}", () => value), [end]);
      if (this[end] < this.least || this[end] > this.most) return this.#tell(texts.outside, [end]);
    }
    if (this.since > this.until) return this.#tell(texts.backwards, ["until", "since"]);
    this.#choose(toIso(this.since), toIso(this.until));
  }

  #choose(since, until) {
    this.dialog.hidePopover();
    if (since !== this.state.since || until !== this.state.until) this.onPeriod({ since, until });
  }

  destroy() {
    this.gone = true;
    removeEventListener("resize", this.onResize);
    this.chip.remove();
    this.dialog.remove();
  }
}

/**
 * Make a picker inside an element.
 *
 * @param root element to fill
 * @param onPeriod called with `{ since, until }`, ISO text, when another range was chosen
 * @returns an object with `show(state)` and `destroy()`
 */
export function createPicker(root, onPeriod) {
  return new Picker(root, onPeriod);
}

const mounted = new WeakMap();

export default function streamlit({ data, parentElement, setTriggerValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, createPicker(parentElement, () => {}));
  const picker = mounted.get(parentElement);
  picker.onPeriod = (period) => setTriggerValue("period", period);
  picker.newest = data;
  unpacked(data).then((state) => picker.newest === data && !picker.gone && picker.show(state));
  return () => {
    picker.destroy();
    mounted.delete(parentElement);
  };
}
