// Moments are played one after the other up to the last, and stop where the reader stops them.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Playback } from "../../dashboard/frontend/player.js";

/** @type {number[]} */
let shown;
/** @type {Playback} */
let playback;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
  shown = [];
  playback = new Playback(() => shown.push(playback.at), () => {});
  playback.last = 2;
});

test("it plays to the last moment and then rests there", () => {
  playback.play();
  assert.ok(playback.isPlaying);
  mock.timers.tick(10_000);
  assert.deepEqual(shown, [1, 2]);
  assert.ok(!playback.isPlaying);
});

test("from the end it begins anew", () => {
  playback.goTo(2);
  playback.play();
  mock.timers.tick(900);
  assert.deepEqual(shown, [2, 0, 1]);
});

test("paused it stays where it is", () => {
  playback.play();
  mock.timers.tick(900);
  playback.pause();
  mock.timers.tick(10_000);
  assert.deepEqual(shown, [1]);
  assert.equal(playback.at, 1);
});

test("it tells when it begins and ends to play", () => {
  /** @type {boolean[]} */
  const turns = [];
  const told = new Playback(() => {}, () => turns.push(told.isPlaying));
  told.last = 1;
  told.play();
  mock.timers.tick(1_800);
  assert.deepEqual(turns, [true, false]);
});
