// Labels stand where they cover nothing, or say that they have no place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeLabels } from "../../dashboard/frontend/label_placement.js";

/** @import { Box, Item, Point } from "../../dashboard/frontend/label_placement.js" */

const FRAME = { left: 0, top: 0, right: 800, bottom: 600 };

/** @param {number} x @param {number} y @returns {Item} */
function ward(x, y, width = 90) {
  /** @type {Point[]} */
  const ring = [[x - 20, y - 20], [x + 20, y - 20], [x + 20, y + 20], [x - 20, y + 20]];
  return { x, y, width, height: 19, rings: [ring] };
}

/** @param {Box} a @param {Box} b */
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const group = [ward(380, 300), ward(422, 300), ward(380, 342), ward(422, 342), ward(464, 320), ward(340, 320)];

test("labels of neighbours lie beside each other and inside the frame", () => {
  const places = placeLabels(group, FRAME, []);
  assert.ok(places.every(({ clear }) => clear));
  places.forEach(({ box }, index) => {
    assert.ok(box.left >= 0 && box.right <= 800 && box.top >= 0 && box.bottom <= 600);
    for (const other of places.slice(index + 1)) assert.ok(!meet(box, other.box));
    for (const { x, y } of group) assert.ok(!meet(box, { left: x, right: x, top: y, bottom: y }));
  });
});

test("a leader ends at its ward and starts at its label's rim", () => {
  for (const [index, { box, start, end }] of placeLabels(group, FRAME, []).entries()) {
    assert.deepEqual(end, [group[index].x, group[index].y]);
    assert.ok(start[0] >= box.left && start[0] <= box.right && start[1] >= box.top && start[1] <= box.bottom);
  }
});

test("the same wards are labelled alike each time", () => {
  assert.deepEqual(placeLabels(group, FRAME, []), placeLabels(group.map((one) => ({ ...one })), FRAME, []));
});

test("a label keeps away from what lies over the map", () => {
  const [free] = placeLabels([ward(100, 100)], FRAME, []);
  const [place] = placeLabels([ward(100, 100)], FRAME, [free.box]);
  assert.ok(place.clear && !meet(place.box, free.box));
});

test("where there is no room a label says so", () => {
  const tight = { left: 60, top: 80, right: 140, bottom: 120 };
  assert.deepEqual(placeLabels([ward(100, 100, 200)], tight, []).map(({ clear }) => clear), [false]);
});

test("larger labels stand farther off", () => {
  const length = (/** @type {number} */ zoom) => {
    const [{ start, end }] = placeLabels([ward(400, 300)], FRAME, [], zoom);
    return Math.hypot(start[0] - end[0], start[1] - end[1]);
  };
  assert.ok(length(2) > length(1));
});
