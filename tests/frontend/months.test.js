// A link is answered from months where it is of whole ones, and of the boundaries that these are of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromIso } from "../../dashboard/frontend/calendar.js";
import { readMonths } from "../../dashboard/frontend/months.js";

const file = /** @type {import("../../dashboard/frontend/state.js").MonthsFile} */ ({
  vintage: "2025-01-01",
  starts: ["2024-11-20", "2024-12-01", "2025-01-01", "2025-02-01", "2025-02-11"].map(fromIso),
  isUsual: [false, false, true, true],
});
const winter = { from: "2024-12-01", to: "2025-01-31" };

test("whole months and the ends of the data are read, a month that is cut is not", () => {
  assert.deepEqual(readMonths(file, winter, true)?.months, { first: 1, last: 2 });
  assert.deepEqual(readMonths(file, { from: "2024-11-20", to: "2025-02-10", vintage: file.vintage }, false)?.months, { first: 0, last: 3 });
  assert.equal(readMonths(file, { ...winter, to: "2025-01-30" }, true), null);
  assert.equal(readMonths(file, { ...winter, from: "2024-12-02" }, true), null);
  assert.equal(readMonths(file, { from: "2025-01-01", to: "2024-12-31" }, true), null);
});

test("boundaries that follow the days to others are left to the server", () => {
  const december = { from: "2024-12-01", to: "2024-12-31" };
  assert.equal(readMonths(file, december, true), null);
  assert.equal(readMonths(file, { ...december, vintage: "2020-02-01" }, false), null);
  assert.equal(readMonths(file, { ...december, vintage: file.vintage }, true), null);
  assert.deepEqual(readMonths(file, { ...december, vintage: file.vintage }, false), {
    months: { first: 1, last: 1 },
    follows: false,
    asks: { ...december, vintage: file.vintage },
  });
});

test("a link says no more than the server's does", () => {
  const whole = readMonths(file, { vintage: file.vintage, to: "2025-02-10", from: "2024-11-20", figure: "fires" }, false);
  assert.deepEqual(whole, { months: { first: 0, last: 3 }, follows: true, asks: { figure: "fires" } });
  const named = readMonths(file, { ...winter, ward: "00001" }, true);
  assert.deepEqual(Object.keys(named?.asks ?? {}), ["from", "to", "vintage", "ward"]);
});
