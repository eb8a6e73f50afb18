// Outlines come as whole numbers, each vertex as its difference from the one before, lon before lat.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, decodeLine, keep } from "../../dashboard/frontend/geometry.js";

test("a line is the sum of its steps, latitude first", () => {
  assert.deepEqual(decodeLine([10_668_000, 2_086_000, 500, -250, -1_000, 0], 100_000), [
    [20.86, 106.68],
    [20.8575, 106.685],
    [20.8575, 106.675],
  ]);
  assert.deepEqual(decodeLine([], 100_000), []);
});

test("a file becomes wards, rivers and corners in degrees", () => {
  const ward = { code: "1", name: "An", kind: "phường", district: "", at: [10, 20], polygons: [[[0, 0, 10, 0, 0, 10]]] };
  const file = {
    ...{ vintage: "2025-07-01", scale: 10, wards: [ward], water: [{ width: 7, line: [5, 5, 5, 5] }] },
    ...{ bounds: [106, 20, 107, 21], main: [106.2, 20.2, 106.8, 20.8] },
  };
  const geometry = decode(file);
  assert.deepEqual(geometry.bounds, [[20, 106], [21, 107]]);
  assert.deepEqual(geometry.main, [[20.2, 106.2], [20.8, 106.8]]);
  assert.deepEqual(geometry.wards[0].at, [2, 1]);
  assert.deepEqual(geometry.wards[0].polygons, [[[[0, 0], [0, 1], [1, 1]]]]);
  assert.deepEqual(geometry.water, [{ width: 7, line: [[0.5, 0.5], [1, 1]] }]);
});

test("of more than four geometries the oldest is forgotten", () => {
  const kept = new Map();
  for (const name of ["a", "b", "c", "d", "e"]) assert.equal(keep(kept, name, name.toUpperCase()), name.toUpperCase());
  assert.deepEqual([...kept.keys()], ["b", "c", "d", "e"]);
});
