// What the parts of a map reckon without a page: lines of a picture, ink, lengths, arrows, the tooltip.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wrapped } from "../../dashboard/frontend/canvas.js";
import { inkOn } from "../../dashboard/frontend/legend.js";
import { roundLength } from "../../dashboard/frontend/orientation.js";
import { linesOf } from "../../dashboard/frontend/tooltip.js";
import { halfWay, signOf } from "../../dashboard/frontend/ways.js";

test("a text of a picture breaks between words and never within one", () => {
  const widthOf = (/** @type {string} */ text) => text.length;
  assert.deepEqual(wrapped("phường An Đông và Thủy Tây", 10, widthOf), ["phường An", "Đông và", "Thủy Tây"]);
  assert.deepEqual(wrapped("a verylongword b", 4, widthOf), ["a", "verylongword", "b"]);
  assert.deepEqual(wrapped("", 4, widthOf), [""]);
});

test("figures are dark on light colours and white on dark ones", () => {
  assert.equal(inkOn("#f3f1ea"), "#14213d");
  assert.equal(inkOn("#0b3c78"), "#ffffff");
});

test("a scale is 1, 2 or 5 of a power of ten, no longer than there is room", () => {
  assert.deepEqual([99, 100, 199, 200, 4_999, 5_000].map(roundLength), [50, 100, 100, 200, 2_000, 5_000]);
});

test("an arrow stands half way along a line, and on a short one none", () => {
  assert.deepEqual(halfWay([{ x: 7, y: 0 }, { x: 7, y: 20 }, { x: 7, y: 100 }]), { x: 7, y: 50, turn: 90 });
  assert.equal(halfWay([{ x: 0, y: 0 }, { x: 40, y: 0 }]), null);
});

test("a start has another sign than a visit, and both in one another", () => {
  const stop = /** @type {const} */ ({ label: "", colour: "#1D5695", form: "square" });
  const [visit, start, both] = /** @type {const} */ (["visit", "start", "both"]).map((kind) => signOf({ ...stop, kind }));
  assert.equal(visit.length, 1);
  assert.equal(visit[0].fill, "#1D5695");
  assert.equal(start.length, 2);
  assert.equal(both.length, 3);
});

test("the tooltip says class, figure with its unit, and ticks of a ward", () => {
  const ward = { code: "1", name: "An", kind: "phường", district: "Quận Đông", at: [0, 0], polygons: [] };
  const look = /** @type {const} */ ({ count: "", colour: "#fff", pattern: "", outlined: false });
  const state = /** @type {any} */ ({
    palette: [{ ...look, label: "trên 5", faded: false }, { ...look, label: "ngoài", faded: true }],
    ticks: [{ label: "Được kiểm tra", codes: ["1"], count: "1", is_partly: false }],
    key: { title: "", unit: "ngày", about: [], histogram: { counts: [], places: [], classes: [], ends: [] } },
  });
  const told = (/** @type {number} */ number, /** @type {string | undefined} */ value) =>
    linesOf(state, /** @type {any} */ (ward), number, value).map(({ text }) => text);
  assert.deepEqual(told(0, "1.300"), ["Quận Đông", "trên 5", "1.300 ngày", "Được kiểm tra"]);
  assert.deepEqual(told(0, undefined), ["Quận Đông", "trên 5", "Được kiểm tra"]);
  assert.deepEqual(told(1, "1.300"), ["Quận Đông", "ngoài", "Được kiểm tra"]);
  state.key.unit = "%";
  assert.equal(told(0, "12,5 %")[2], "12,5 %");
});
