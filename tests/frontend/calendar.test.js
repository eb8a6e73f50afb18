// Days are read as they are written here, and a range is chosen by typing, picking and walking.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as calendar from "../../dashboard/frontend/calendar.js";

const day = calendar.fromIso;

test("a day is read day first, in several forms, and written in one", () => {
  for (const text of ["6/5/2024", "06.05.2024", "6-5-2024", " 06 05 2024 ", "06052024", "2024-05-06", "2024-5-6"]) {
    assert.equal(calendar.read(text), day("2024-05-06"), text);
  }
  assert.equal(calendar.write(day("2024-05-06")), "06/05/2024");
  assert.equal(calendar.toIso(day("2024-05-06")), "2024-05-06");
});

test("what is no day is none", () => {
  for (const text of ["", "31/02/2023", "29/2/2023", "32/1/2023", "1/13/2023", "6/5/24", "soon", "2024-02-30"]) {
    assert.equal(calendar.read(text), null, text);
  }
  assert.equal(calendar.read("29/2/2024"), day("2024-02-29"));
});

test("a month later is the same date, or the last one of a shorter month", () => {
  assert.equal(calendar.monthsOn(day("2024-01-31"), 1), day("2024-02-29"));
  assert.equal(calendar.monthsOn(day("2024-03-31"), -1), day("2024-02-29"));
  assert.equal(calendar.monthsOn(day("2024-12-15"), 1), day("2025-01-15"));
  assert.equal(calendar.monthsOn(day("2024-01-15"), -1), day("2023-12-15"));
});

test("a month has weeks from Monday, with nothing outside it", () => {
  const { year, month, first, last, weeks } = calendar.monthOf(day("2024-02-15"));
  assert.deepEqual([year, month, first, last], [2024, 1, day("2024-02-01"), day("2024-02-29")]);
  assert.equal(weeks.length, 5);
  assert.deepEqual(weeks[0], [null, null, null, first, first + 1, first + 2, first + 3]);
  assert.deepEqual(weeks.flat().filter((one) => one !== null), Array.from({ length: 29 }, (_, i) => first + i));
});

test("keys walk by days, weeks, months and to the ends of a week", () => {
  const wednesday = day("2024-05-15");
  const places = {
    ...{ ArrowLeft: "2024-05-14", ArrowRight: "2024-05-16", ArrowUp: "2024-05-08", ArrowDown: "2024-05-22" },
    ...{ Home: "2024-05-13", End: "2024-05-19", PageUp: "2024-04-15", PageDown: "2024-06-15" },
  };
  for (const [key, place] of Object.entries(places)) assert.equal(calendar.walked(key, wednesday), day(place), key);
  assert.equal(calendar.walked("Enter", wednesday), null);
});

test("days are picked in either order", () => {
  const range = { since: 10, until: 20 };
  assert.deepEqual(calendar.picked(range, "since", 15), { since: 15, until: 20 });
  assert.deepEqual(calendar.picked(range, "since", 25), { since: 25, until: 25 });
  assert.deepEqual(calendar.picked(range, "until", 15), { since: 10, until: 15 });
  assert.deepEqual(calendar.picked(range, "until", 5), { since: 5, until: 10 });
  assert.deepEqual(calendar.picked({ since: null, until: null }, "since", 5), { since: 5, until: 5 });
  assert.deepEqual(calendar.picked({ since: null, until: null }, "until", 5), { since: null, until: 5 });
});

test("a fault of what was typed is told of the end in which it lies", () => {
  const extent = { least: 0, most: 100 };
  assert.equal(calendar.faultOf({ since: 0, until: 100 }, extent), null);
  assert.deepEqual(calendar.faultOf({ since: 1, until: null }, extent), { name: "noDay", ends: ["until"] });
  assert.deepEqual(calendar.faultOf({ since: -1, until: 5 }, extent), { name: "outside", ends: ["since"] });
  assert.deepEqual(calendar.faultOf({ since: 1, until: 101 }, extent), { name: "outside", ends: ["until"] });
  assert.deepEqual(calendar.faultOf({ since: 9, until: 8 }, extent), { name: "backwards", ends: ["until", "since"] });
});
