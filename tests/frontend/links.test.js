// A link carries the frame's choice from the address that is shown, and what was last chosen on its page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address } from "../../dashboard/frontend/links.js";

const state = /** @type {any} */ ({ root: "/city/", current: "compare" });
const page = { path: "ward_map", title: "", own: "figure=days", frame: ["lang", "from"] };

test("to another page go the frame's parameters and that page's own", () => {
  assert.equal(address(page, state, "?from=2024-01-01&units=a"), "/city/ward_map?from=2024-01-01&figure=days");
});

test("the page that is shown keeps its whole address", () => {
  assert.equal(address({ ...page, path: "compare", own: "" }, state, "?lang=en&units=a"), "/city/compare?lang=en&units=a");
});

test("a page carries what it takes of the frame, its own before that, and without a choice there is no query", () => {
  const wall = { ...page, path: "wall", own: "vintage=2020-02-01", frame: ["facts", "vintage"] };
  assert.equal(address(wall, state, "?facts=all&from=2024-01-01"), "/city/wall?facts=all&vintage=2020-02-01");
  assert.equal(address(wall, state, "?vintage=2025-07-01"), "/city/wall?vintage=2020-02-01");
  assert.equal(address({ ...page, own: "" }, state, "?units=a"), "/city/ward_map");
});
