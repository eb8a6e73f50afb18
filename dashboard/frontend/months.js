// What a map shows of whole months, reckoned from the counts of each. These are the server's operations in the
// server's order (geodata/indicators), so both come to the same figures to the last digit.

/** @import { Circles, MonthsFile, PaletteEntry } from "./state.js" */
/** @typedef {{ first: number, last: number }} Months  by their places in the file */
/** @typedef {Record<string, string | undefined>} Choice  parameters of a link, those without a value being dropped */

import { fromIso, toIso } from "./calendar.js";

const DAYS_OF_YEAR = 365.25;
const above0 = (/** @type {number} */ number) => (number > 0 ? number : NaN);

/** A link without what has no value, in the server's order. @param {Choice} choice */
export const linkOf = (choice) =>
  /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(choice).filter(([, value]) => value).sort()));

/** First and last day that a link asks for. @param {MonthsFile} file @param {Choice} asks */
export const daysOf = ({ starts }, { from, to }) =>
  [from ? fromIso(from) : starts[0], (to ? fromIso(to) : starts[starts.length - 1] - 1)];

/**
 * The months that a link asks for, and the link as the server writes it; none where it cuts a month or is of
 * other boundaries, which `follows` the days unless others are chosen.
 *
 * @param {MonthsFile} file @param {Record<string, string>} asks @param {boolean} follows
 */
export function readMonths(file, asks, follows) {
  const [since, until] = daysOf(file, asks);
  const [first, last, all] = [file.starts.indexOf(since), file.starts.indexOf(until + 1) - 1, file.starts.length - 2];
  const isUsual = file.isUsual[last];
  const vintage = asks.vintage ?? (isUsual ? file.vintage : "");
  if (first < 0 || last < first) return null;
  if (vintage !== file.vintage || (follows && !isUsual)) return null;
  const days = last - first === all ? { from: undefined, to: undefined } : { from: toIso(since), to: toIso(until) };
  const told = [asks.area, asks.ward, !isUsual].some(Boolean) ? vintage : undefined;
  return { months: { first, last }, follows: isUsual, asks: linkOf({ ...asks, ...days, vintage: told }) };
}

/**
 * The figure of each ward, NaN where it is missing, and whether it reported enough.
 *
 * @param {MonthsFile} file @param {Months} months
 */
export function figuresOf({ starts, counts, exposures, factor, least, places }, { first, last }) {
  const days = starts[last + 1] - starts[first];
  return places.map((_, ward) => {
    let [sum, reported] = [0, 0];
    for (let month = first; month <= last; month++) {
      const count = counts[month][ward];
      if (count === null) continue;
      sum += count;
      reported += starts[month + 1] - starts[month];
    }
    const value = reported ? sum : NaN;
    const figure = exposures ? (factor * value) / above0((reported / DAYS_OF_YEAR) * (exposures[ward] ?? NaN)) : value;
    return { figure, isEnough: (100 * reported) / days >= least };
  });
}

/**
 * What changes of a map: its classes with their counts, and what lies over it.
 *
 * @param {MonthsFile} file @param {Months} months @param {PaletteEntry[]} palette of the same figure
 */
export function shownOf(file, months, palette) {
  const { bounds, places, starts, isIllustrative, texts, circles, pilots } = file;
  const figures = figuresOf(file, months);
  const tooLittle = bounds.length + 1;
  const classes = figures.map(({ figure, isEnough }, ward) => {
    if (!places[ward]) return tooLittle + 2;
    if (!Number.isFinite(figure)) return tooLittle + 1;
    return isEnough ? bounds.filter((bound) => bound < figure).length : tooLittle;
  });
  const counts = new Array(tooLittle + 2).fill(0);
  classes.forEach((number, ward) => places[ward] === 1 && counts[number]++);
  const { format } = new Intl.NumberFormat(file.language);
  const { codes } = pilots.findLast(({ since }) => since < starts[months.last + 1]) ?? { codes: [] };
  return {
    classes,
    palette: palette.map((entry, number) => (number in counts ? { ...entry, count: format(counts[number]) } : entry)),
    badge: isIllustrative.slice(months.first, months.last + 1).includes(true) ? texts.illustrative : "",
    labels: codes,
    outlined: codes,
    circles: circles ? circlesOf(circles, figures.map(({ figure }, ward) => (classes[ward] ? 0 : figure))) : undefined,
  };
}

/** @param {NonNullable<MonthsFile["circles"]>} sizes @param {number[]} totals @returns {Circles} */
function circlesOf(sizes, totals) {
  const values = totals.map((total) => (total > 0 ? Math.floor(10 * total + 0.5) / 10 : 0));
  const greatest = Math.max(0, ...values);
  const sized = sizes.find(({ most }) => greatest <= most * (1 + 1e-9)) ?? { most: greatest, sizes: [] };
  return { values, frames: [], ...sized };
}
