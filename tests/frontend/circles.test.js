// Circles over wards: their area grows with the number.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LARGEST, radiusOf } from "../../dashboard/frontend/circles.js";

test("the area of a circle grows with its number", () => {
  assert.equal(radiusOf(200, 200), LARGEST);
  assert.equal(radiusOf(50, 200), LARGEST / 2);
  const area = (/** @type {number} */ value) => radiusOf(value, 200) ** 2;
  assert.ok(Math.abs(area(120) / area(40) - 3) < 1e-9);
});

test("nothing has no circle, and the smallest number one that can be seen", () => {
  assert.equal(radiusOf(0, 200), 0);
  assert.equal(radiusOf(5, 0), 0);
  assert.equal(radiusOf(0.001, 200), 1.5);
});
