// Days, and the choice of a range of them, without a page: as they are written, on a calendar and by the keyboard.
// Days are numbers, whole days since 1970, so that no time zone can move one.

/** @typedef {"since" | "until"} End */
/** @typedef {Record<End, number | null>} Range */

const MS = 86_400_000;
/** How a day is written, and where in it year, month and date stand. @type {[RegExp, number[]][]} */
const WRITTEN = [
  [/^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/, [3, 2, 1]],
  [/^(\d{2})(\d{2})(\d{4})$/, [3, 2, 1]],
  [/^(\d{4})-(\d{1,2})-(\d{1,2})$/, [1, 2, 3]],
];
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
/** @type {End[]} */
export const ENDS = ["since", "until"];

const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
export const dateOf = (/** @type {number} */ day) => new Date(day * MS);
export const fromIso = (/** @type {string} */ text) => Date.parse(`${text}T00:00:00Z`) / MS;
export const toIso = (/** @type {number} */ day) => dateOf(day).toISOString().slice(0, 10);
/** The number of days since a week began, on Monday. @param {number} day */
const weekday = (day) => (dateOf(day).getUTCDay() + 6) % 7;

/** Months count from 0, and may lie outside the year. @param {number} year @param {number} month @param {number} date */
export const dayOf = (year, month, date) => Date.UTC(year, month, date) / MS;

/** @param {number} day */
export function partsOf(day) {
  const date = dateOf(day);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
}

/** @param {number} day */
export function write(day) {
  const { year, month, date } = partsOf(day);
  return `${two(date)}/${two(month + 1)}/${year}`;
}

/** The day that a text names, day first as it is written here; null where it names none. @param {string} text */
export function read(text) {
  for (const [form, order] of WRITTEN) {
    const found = form.exec(text.trim());
    if (!found) continue;
    const [year, month, date] = order.map((place) => Number(found[place]));
    const day = dayOf(year, month - 1, date);
    const parts = partsOf(day);
    return parts.month === month - 1 && parts.date === date ? day : null;
  }
  return null;
}

/** The same date some months on, or the last one of a month that is shorter. @param {number} day @param {number} months */
export function monthsOn(day, months) {
  const { year, month, date } = partsOf(day);
  return Math.min(dayOf(year, month + months, date), dayOf(year, month + months + 1, 0));
}

/** The month of a day: its first and last day, and its weeks, whose days outside the month are null. @param {number} day */
export function monthOf(day) {
  const { year, month } = partsOf(day);
  const [first, last] = [dayOf(year, month, 1), dayOf(year, month + 1, 0)];
  /** @type {(number | null)[][]} */
  const weeks = [];
  for (let monday = first - weekday(first); monday <= last; monday += 7) {
    weeks.push(Array.from({ length: 7 }, (_, i) => (monday + i >= first && monday + i <= last ? monday + i : null)));
  }
  return { year, month, first, last, weeks };
}

/** Where a key leads to from a day; null for any other key. @param {string} key @param {number} day */
export function walked(key, day) {
  if (key in STEPS) return day + STEPS[key];
  if (key === "Home") return day - weekday(day);
  if (key === "End") return day + 6 - weekday(day);
  if (key === "PageUp") return monthsOn(day, -1);
  return key === "PageDown" ? monthsOn(day, 1) : null;
}

/**
 * A range after a day of the calendar was picked for one of its ends: a first day after the last begins a new
 * range, a last day before the first becomes the first.
 *
 * @param {Range} range @param {End} end @param {number} day
 * @returns {Range}
 */
export function picked({ since, until }, end, day) {
  if (end === "since") return { since: day, until: until === null || until < day ? day : until };
  return since !== null && day < since ? { since: day, until: since } : { since, until: day };
}

/**
 * What is wrong with a range that was typed: the sentence that says so, and the ends that it speaks of; null for
 * nothing.
 *
 * @param {Range} range @param {{ least: number, most: number }} extent what there is
 * @returns {{ name: "noDay" | "outside" | "backwards", ends: End[] } | null}
 */
export function faultOf(range, { least, most }) {
  for (const end of ENDS) {
    const day = range[end];
    if (day === null) return { name: "noDay", ends: [end] };
    if (day < least || day > most) return { name: "outside", ends: [end] };
  }
  const isBackwards = Number(range.since) > Number(range.until);
  return isBackwards ? { name: "backwards", ends: ["until", "since"] } : null;
}
