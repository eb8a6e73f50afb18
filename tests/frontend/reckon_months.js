// Reckons maps of months as the browser does, for tests/reckoned.py: cases as JSON in, what is shown as JSON out.

import { readFileSync } from "node:fs";

import { figuresOf, shownOf } from "../../dashboard/frontend/months.js";

/** @import { MonthsFile, PaletteEntry } from "../../dashboard/frontend/state.js" */
/** @typedef {{ file: MonthsFile, ranges: [number, number][], palette: PaletteEntry[] }} Case */

/** @type {Case[]} */ const cases = JSON.parse(readFileSync(0, "utf8"));
const shown = cases.map(({ file, ranges, palette }) =>
  ranges.map(([first, last]) => ({
    ...shownOf(file, { first, last }, palette),
    // What is missing is null in JSON.
    figures: figuresOf(file, { first, last }).map(({ figure }) => figure),
  })),
);
process.stdout.write(JSON.stringify(shown));
