// The wall's clock stands in Vietnam, its hours may run over midnight, on paper it is light, and it notices when the
// server is silent.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";

import { lightened } from "../../dashboard/frontend/wall.js";
import { clock, isNight } from "../../dashboard/frontend/wall_clock.js";
import { Connection } from "../../dashboard/frontend/wall_connection.js";

test("the clock shows the time of its zone wherever it stands", () => {
  const moment = new Date("2026-11-21T17:05:00Z");
  assert.deepEqual(clock(moment, "vi", "Asia/Ho_Chi_Minh"), { day: "Chủ Nhật, 22/11/2026", time: "00:05" });
  assert.deepEqual(clock(moment, "en", "Asia/Ho_Chi_Minh"), { day: "Sunday, 22/11/2026", time: "00:05" });
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

/** Let a server be silent, asked once a second; return at which second the wall was told what. @param {boolean} answers */
async function silence(answers, seconds = 40, beats = [0]) {
  let now = 0;
  /** @type {Record<string, number[]>} */
  const told = { lost: [], found: [], asked: [], reloaded: [] };
  mock.method(performance, "now", () => now * 1000);
  mock.method(globalThis, "fetch", async () => told.asked.push(now) && { status: answers ? 200 : 503 });
  const reload = () => told.reloaded.push(now);
  Object.defineProperty(globalThis, "location", { value: { reload }, configurable: true });
  const connection = new Connection(() => told[connection.isLost ? "lost" : "found"].push(now));
  for (; now <= seconds && !told.reloaded.length; now++) {
    if (beats.includes(now)) connection.hear();
    connection.check();
    await settled();
  }
  mock.restoreAll();
  return told;
}

test("without a beat the server is asked, after 15 s the connection is lost, and a beat finds it again", async () => {
  const told = await silence(false, 22, [0, 20]);
  assert.deepEqual(told, { asked: [8, 11, 14, 17], lost: [16], found: [20], reloaded: [] });
});

test("where the server answers and yet sends no beat, the page is loaded anew; where it does not, never", async () => {
  assert.deepEqual((await silence(true)).reloaded, [23]);
  assert.deepEqual((await silence(false, 200)).reloaded, []);
});
