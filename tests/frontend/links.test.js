// A link carries the frame's choice from the address that is shown, and what was last chosen on its page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address } from "../../dashboard/frontend/links.js";

const state = /** @type {any} */ ({ root: "/city/", frame: ["lang", "from"], current: "compare" });
const page = { path: "ward_map", title: "", own: "figure=days", bare: false };

test("to another page go the frame's parameters and that page's own", () => {
  assert.equal(address(page, state, "?from=2024-01-01&units=a"), "/city/ward_map?from=2024-01-01&figure=days");
});

test("the page that is shown keeps its whole address", () => {
  assert.equal(address({ ...page, path: "compare", own: "" }, state, "?lang=en&units=a"), "/city/compare?lang=en&units=a");
});

test("a bare page's link carries nothing, and without a choice there is no query", () => {
  assert.equal(address({ ...page, path: "wall", bare: true }, state, "?lang=en"), "/city/wall");
  assert.equal(address({ ...page, own: "" }, state, "?units=a"), "/city/ward_map");
});
