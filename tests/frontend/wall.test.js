// The wall's clock stands in Vietnam, its hours may run over midnight, and on paper it is light.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lightened } from "../../dashboard/frontend/wall.js";
import { clock, isNight } from "../../dashboard/frontend/wall_clock.js";

test("the clock shows Vietnam's time wherever it stands", () => {
  const moment = new Date("2026-11-21T17:05:00Z");
  assert.deepEqual(clock(moment, "vi"), { day: "Chủ Nhật, 22/11/2026", time: "00:05" });
  assert.deepEqual(clock(moment, "en"), { day: "Sunday, 22/11/2026", time: "00:05" });
});

test("scenes are shown within the hours", () => {
  const day = { from: "06:00", to: "22:00" };
  assert.deepEqual(["05:59", "06:00", "21:59", "22:00"].map((time) => isNight(time, day)), [true, false, false, true]);
  const night = { from: "22:00", to: "06:00" };
  assert.deepEqual(["05:59", "06:00", "21:59", "22:00"].map((time) => isNight(time, night)), [false, true, true, false]);
  assert.equal(isNight("03:00", null), false);
});

test("a scene on paper has the light colour of each dark one, others as they are", () => {
  const scene = /** @type {any} */ ({ body: '<i style="--colour:#2c5478"></i>', map: { palette: [{ colour: "#1D2B3A" }] } });
  const light = lightened(scene, { "#2C5478": "#CFE0F1" });
  assert.equal(light.body, '<i style="--colour:#CFE0F1"></i>');
  assert.equal(light.map?.palette[0].colour, "#1D2B3A");
});
