// Streamlit's words are told as wholes; what ends in a space stands for a beginning.

import assert from "node:assert/strict";
import { test } from "node:test";

import { instead } from "../../dashboard/frontend/host_words.js";

const words = { Open: "Mở danh sách", "Remove ": "Bỏ chọn " };

test("a word is told as a whole, never as a part of another text", () => {
  assert.equal(instead("Open", words), "Mở danh sách");
  assert.equal(instead("Open data", words), undefined);
  assert.equal(instead(null, words), undefined);
});

test("a beginning keeps what follows it", () => {
  assert.equal(instead("Remove Quận Lê Chân", words), "Bỏ chọn Quận Lê Chân");
});
